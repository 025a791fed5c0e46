"""Fills `corpus` beside it with the tokens, keys and bodies of the tests, for the fuzzer to begin with."""

import hashlib
import json
from pathlib import Path

HERE = Path(__file__).parent
TOKENS = HERE.parent / "tests/it/fixtures/tokens"
BODIES = HERE.parent / "tests/it/fixtures/validate"
# The place of the key in `token.rs`, by the beginning of the file's name.
CHOICE = {"rs": 1, "ps": 1, "es256": 2, "es384": 3, "es512": 4, "ed": 5}


def write(target, seed):
    folder = HERE / "corpus" / target
    folder.mkdir(parents=True, exist_ok=True)
    (folder / hashlib.sha1(seed).hexdigest()).write_bytes(seed)


for path in TOKENS.glob("*.json"):
    choice = next((place for start, place in CHOICE.items() if path.name.startswith(start)), 0)
    for entry in json.loads(path.read_text()):
        write("token", bytes([choice]) + entry["token"].encode())
        if key := entry["key"]:
            write("key", (key if isinstance(key, str) else json.dumps(key)).encode())
for path in (TOKENS / "keys").iterdir():
    write("key", path.read_bytes())
for path in BODIES.glob("*json"):
    for width in [80, 41]:
        write("validate", bytes([width]) + path.read_bytes())
