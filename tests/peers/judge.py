"""Signs and verifies with PyJWT: one JSON request per line of standard input, one answer per line of standard output.

A request has `do`: `sign` (`alg`, `key`, `claims`) is answered with `token`, `verify` (`alg`, `key`, `token`) with
`claims`, `signature` (the same) with `payload`, in base64url, whatever that is. What is refused is answered with
`refused`. A key is a JWK, a set of them, or PEM; one that verifies has to be public.
"""

import json
import sys

import jwt
from jwt.utils import base64url_encode


def keys(request):
    """The keys to try, each ready for the algorithm."""
    key, alg = request["key"], request["alg"]
    if isinstance(key, str):
        return [jwt.get_algorithm_by_name(alg).prepare_key(key)]
    members = key.get("keys", [key])
    return [jwt.PyJWK(member, alg) for member in members if fits(member, alg)]


def fits(member, alg):
    kind = {"HS": "oct", "RS": "RSA", "PS": "RSA", "ES": "EC", "Ed": "OKP"}[alg[:2]]
    return member["kty"] == kind


def answer(request):
    alg, ready = request["alg"], keys(request)
    if request["do"] == "sign":
        return {"token": jwt.encode(request["claims"], ready[0], algorithm=alg)}
    refusal = "no key fits"
    for key in ready:
        try:
            if request["do"] == "verify":
                return {"claims": jwt.decode(request["token"], key, algorithms=[alg])}
            payload = jwt.PyJWS().decode(request["token"], key, algorithms=[alg])
            return {"payload": base64url_encode(payload).decode()}
        except jwt.InvalidTokenError as error:
            refusal = f"{type(error).__name__}: {error}"
    return {"refused": refusal}


for line in sys.stdin:
    print(json.dumps(answer(json.loads(line))))
