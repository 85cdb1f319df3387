"""Requests as Slack signs them, by a second, plain implementation."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from urllib.parse import urlencode

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
NOW = 1_700_000_000
FORM = "application/x-www-form-urlencoded"

COMMAND = {
    "token": "gIkuvaNzQIHg97ATvDxqgjtO",
    "team_id": "T0ACME",
    "team_domain": "acme",
    "channel_id": "C0GENERAL",
    "channel_name": "general",
    "user_id": "U0ANNA",
    "user_name": "anna",
    "command": "/pmi",
    "text": "set 582 904 7316",
    "api_app_id": "A0ROOM",
    "is_enterprise_install": "false",
    "response_url": "https://hooks.slack.com/commands/T0ACME/1/canary",
    "trigger_id": "1.2.canary",
}


def sign(raw: bytes, timestamp: str, secret: str = SECRET) -> str:
    return "v0=" + hmac.new(secret.encode(), b"v0:" + timestamp.encode() + b":" + raw, hashlib.sha256).hexdigest()


def signed(
    raw: bytes, content_type: str = FORM, *, at: int = NOW, secret: str = SECRET, **changes: str
) -> dict[str, str]:
    headers = {
        "Content-Type": content_type,
        "X-Slack-Request-Timestamp": str(at),
        "X-Slack-Signature": sign(raw, str(at), secret),
    }
    return {**headers, **changes}


def form(fields: Mapping[str, str]) -> bytes:
    return urlencode(fields).encode()


def payload(body: object) -> bytes:
    return form({"payload": json.dumps(body)})
