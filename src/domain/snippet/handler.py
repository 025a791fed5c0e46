# Receives the webhooks of Syncfy, and handles only what Syncfy signed.
#
#   pip install flask pyjwt
#   SYNCFY_WEBHOOK_SIGNATURE_KEY="$(cat syncfy.jwk)" python handler.py

import base64
import hashlib
import json
import os
import re
import sys
import time
from threading import Thread

from flask import Flask, request
from jwt import PyJWS
from werkzeug.serving import make_server

SIGNATURE_HEADER = "__SIGNATURE_HEADER__"
# What a token may be signed with; the token itself has no say in it.
ALGORITHMS = [__ALGORITHMS__]
# How far the clocks may differ, in seconds.
LEEWAY = __LEEWAY__
# Syncfy does not document whether its tokens cover the body: one without the claim `body_sha256`
# proves that the sender knows the key, not that the body is unchanged. `True` refuses such tokens.
REQUIRE_BINDING = __REQUIRE_BINDING__
LONGEST_BODY = 10 * 1024 * 1024


# The JWK that the Syncfy dashboard shows, whose `k` may be another JWK, as an object or as text.
# `syncfy-hooks key show --reveal` makes a plain JWK of a key in any other shape.
def read_key(jwk):
    if isinstance(jwk, str):
        return read_key(json.loads(jwk))
    if jwk.get("kty", "oct") != "oct":
        raise ValueError("not a key for HMAC")
    k = jwk["k"]
    if isinstance(k, str) and re.fullmatch(r"[A-Za-z0-9+/_-]+=*", k):
        return base64.b64decode(k.replace("-", "+").replace("_", "/") + "==")
    return read_key(k)


try:
    KEY = read_key(os.environ["SYNCFY_WEBHOOK_SIGNATURE_KEY"])
except Exception:
    sys.exit("SYNCFY_WEBHOOK_SIGNATURE_KEY must hold the JWK that the Syncfy dashboard shows")


# Returns if Syncfy signed this, and raises otherwise.
# `syncfy-hooks verify` explains why a token is refused.
# A header that comes twice arrives joined by a comma, which no token contains.
def verify(token, body):
    token = re.sub(r"^bearer\s+", "", token, flags=re.IGNORECASE)
    if "=" in token:
        raise ValueError("not base64url")  # PyJWT also takes padding
    claims = json.loads(PyJWS().decode(token, KEY, ALGORITHMS))
    if not isinstance(claims, dict):
        raise ValueError("the claims are not an object")
    now = time.time()
    for name in claims.keys() & {"exp", "nbf", "iat"}:
        at = claims[name]
        if type(at) not in (int, float):
            raise ValueError(f"`{name}` is not a number")
        if not (at > now - LEEWAY if name == "exp" else at < now + LEEWAY):
            raise ValueError(f"the token is not valid now: {name}")

    if "body_sha256" not in claims and REQUIRE_BINDING:
        raise ValueError("the token does not cover the body")
    # Over the bytes as they came: JSON that was parsed and written again has others.
    digest = hashlib.sha256(body).hexdigest()
    if claims.get("body_sha256", digest) != digest:
        raise ValueError("the token is for another body")


# Syncfy does not wait for this.
# An event may come again: `eid` is its idempotency key, so handle each one once.
def work(body):
    for event in json.loads(body)["events"]:
        about = event["header"]["event"]
        print(about["eid"], about["name"], flush=True)


app = Flask(__name__)
app.config["MAX_CONTENT_LENGTH"] = LONGEST_BODY


@app.post("/")
def receive():
    body = request.get_data()
    try:
        verify(request.headers.get(SIGNATURE_HEADER, ""), body)
    except Exception as refused:
        # PyJWT quotes what the token says: no line break of it may begin another line of the log.
        app.logger.warning("refused: %s", "".join(filter(str.isprintable, str(refused))))
        return "", 401
    Thread(target=work, args=[body]).start()
    return "", 200


if __name__ == "__main__":
    server = make_server("127.0.0.1", int(os.environ.get("PORT", 3000)), app, threaded=True)
    print(f"listening on http://127.0.0.1:{server.server_port}", flush=True)
    server.serve_forever()
