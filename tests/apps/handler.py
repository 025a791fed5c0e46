"""A handler of Syncfy Webhooks V3 that stands all of `syncfy-hooks harden`. Needs Flask and PyJWT.

The key is the JWK in SYNCFY_WEBHOOK_SIGNATURE_KEY. FAULT names the one thing that is to be wrong, for the tests.
"""

import base64
import hashlib
import json
import os
import re
import time

import jwt
from flask import Flask, abort, request
from werkzeug.serving import WSGIRequestHandler, make_server

SANDBOX = "574894bf7848066d138b4570"
LONGEST_BODY = 1024 * 1024
TOKEN = re.compile(r"[\w-]+\.[\w-]+\.[\w-]*", re.ASCII)
LEEWAY = 60  # seconds
OLDEST_TOKEN = 300  # seconds
CATALOGUE = {
    "credentials.created", "credentials.updated", "credentials.refreshed", "credentials.deleted", "credentials.refresh",
    "documents.completed", "documents.success", "documents.fail", "documents.failed",
    "payments.chargeback_created", "payments.transaction_created",
}  # fmt: skip

fault = os.environ.get("FAULT")
k = json.loads(os.environ["SYNCFY_WEBHOOK_SIGNATURE_KEY"])["k"]
key = base64.urlsafe_b64decode(k + "=" * (-len(k) % 4))

app = Flask(__name__)
app.config["MAX_CONTENT_LENGTH"] = LONGEST_BODY
seen = set()


def check(is_good, status):
    if not is_good:
        abort(status)


def claims_of(token):
    """The claims of a token that the key has signed, as of now."""
    # A decoder passes over padding and over what follows it.
    if not TOKEN.fullmatch(token):
        raise jwt.DecodeError("it is no JWT")
    options = {"require": ["exp", "iat"], "verify_exp": fault != "expired", "verify_nbf": fault != "not-yet-valid"}
    if fault == "alg-none" and jwt.get_unverified_header(token)["alg"].lower() == "none":
        options["verify_signature"] = False
    claims = jwt.decode(token, key, algorithms=["HS256"], leeway=LEEWAY, options=options)
    times = [claims[name] for name in ("exp", "nbf", "iat") if name in claims]
    if any(type(moment) not in (int, float) for moment in times):
        raise jwt.DecodeError("a time of the token is no number")
    if fault != "stale" and claims["iat"] < time.time() - OLDEST_TOKEN:
        raise jwt.InvalidIssuedAtError("the token is too old")
    return claims


def verify(body):
    # The server joins repeated headers by commas, and no token has one.
    token = request.headers.get("request-signature")
    if fault == "unsigned" and token is None:
        return
    if fault == "two-signatures" and token:
        token = token.split(",")[0].strip()
    try:
        claims = claims_of(token or "")
    except Exception:  # Whatever goes wrong on the way: nothing was proved.
        abort(401)
    check(claims.get("body_sha256") == hashlib.sha256(body).hexdigest() or fault == "tampered-body", 401)


def parse(body):
    try:
        return json.loads(body)
    except ValueError:
        if fault in ("malformed-json", "empty-body") and bool(body) == (fault == "malformed-json"):
            raise
        abort(400)
    except RecursionError:
        if fault == "deep-nesting":
            raise
        abort(400)


def take(event):
    header = event.get("header")
    check(isinstance(header, dict), 400)
    about, user = header.get("event"), header.get("user")
    check(isinstance(about, dict) and isinstance(user, dict), 400)
    name, eid, environment = about.get("name"), about.get("eid"), user.get("id_environment")
    check(all(isinstance(value, str) for value in (name, eid, environment)), 400)
    check(environment == SANDBOX or fault == "other-environment", 403)
    # Syncfy adds events without notice: an unknown one is taken, and left alone.
    check(name in CATALOGUE or fault != "unknown-event", 400)
    check(name != "documents.failed" or fault != "documents-fail-spellings", 400)
    # A repeat is answered as the first one was, and its work is done once.
    check(eid not in seen or fault != "duplicate", 409)
    seen.add(eid)


@app.post("/hook")
def hook():
    if fault == "fast":
        time.sleep(0.15)
    check(fault != "wrong-content-type" or request.is_json, 500)
    body = request.get_data()
    verify(body)
    notification = parse(body)
    events = notification.get("events") if isinstance(notification, dict) else None
    check(isinstance(events, list) and events, 400)
    check(len(events) == 1 or fault != "batch", 400)
    for event in events:
        check(isinstance(event, dict), 400)
        take(event)
    return "", 200


if fault == "get":
    app.get("/hook")(lambda: abort(500))
if fault == "huge-body":
    app.register_error_handler(413, lambda error: ("", 500))

WSGIRequestHandler.protocol_version = "HTTP/1.1"
server = make_server("127.0.0.1", 0, app, threaded=True)
print(f"http://127.0.0.1:{server.server_port}/hook", flush=True)
server.serve_forever()
