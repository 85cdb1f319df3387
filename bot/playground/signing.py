"""Slack's signature of a request, version 0. Nothing here knows what a request says."""

import hashlib
import hmac

USER_AGENT = "Slackbot 1.0 (+https://api.slack.com/robots)"


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """The `X-Slack-Signature` of these bytes at this time, as `v0=` and 64 hexadecimal digits."""
    message = b"v0:" + timestamp.encode() + b":" + body
    return "v0=" + hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()


def signed_headers(secret: str, now: float, body: bytes, content_type: str) -> dict[str, str]:
    """Every header that Slack sends with these bytes."""
    timestamp = str(int(now))
    return {
        "Content-Type": content_type,
        "User-Agent": USER_AGENT,
        "Accept": "application/json,*/*",
        "X-Slack-Request-Timestamp": timestamp,
        "X-Slack-Signature": signature(secret, timestamp, body),
    }
