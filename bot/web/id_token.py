"""What Slack's id token says of somebody, once every claim that makes it ours has been checked."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import jwt

LEEWAY_SECONDS = 60
"""By which Slack's clock and ours may differ."""
LONGEST_NAME = 100

_ID = re.compile(r"\A[A-Z0-9]{2,32}\Z")
_TEAM, _USER, _ENTERPRISE = (f"https://slack.com/{claim}" for claim in ("team_id", "user_id", "enterprise_id"))


class Untrusted(Exception):  # noqa: N818 - says what the token is
    """The token does not show that Slack vouches for somebody, here and now. The message names what is wrong."""


@dataclass(frozen=True, slots=True)
class Vouched:
    """Somebody for whom Slack vouches."""

    team: str
    enterprise: str
    """Empty where Slack names none."""
    user: str
    name: str


@dataclass(frozen=True, slots=True)
class Expected:
    """What a token must say to be the one that was asked for."""

    issuer: str
    client_id: str
    nonce: str


def key_id_of(token: str) -> str:
    """The id of the key that the token says it is signed with.

    Raises:
        Untrusted: it names none.
    """
    try:
        found = jwt.get_unverified_header(token).get("kid")
    except (jwt.PyJWTError, ValueError, RecursionError):
        raise Untrusted("no_token") from None
    if not isinstance(found, str):
        raise Untrusted("no_key")
    return found


def read_id_token(token: str, key: jwt.PyJWK, expected: Expected, now: float) -> Vouched:
    """Whom the token is about.

    Raises:
        Untrusted: it is not signed with this key, not for us, not about this sign-in, or not of this time.
    """
    try:
        claims = jwt.decode(
            token,
            key,
            algorithms=["RS256"],
            audience=expected.client_id,
            issuer=expected.issuer,
            # The time is checked below, by the clock that the program goes by.
            options={
                "require": ["iss", "aud", "exp", "iat", "nonce"],
                "strict_aud": True,
                "verify_exp": False,
                "verify_iat": False,
                "verify_nbf": False,
            },
        )
    except (jwt.PyJWTError, ValueError, RecursionError) as error:
        raise Untrusted(type(error).__name__) from None
    if claims["nonce"] != expected.nonce:
        raise Untrusted("nonce")
    if not _seconds(claims, "iat") - LEEWAY_SECONDS <= now < _seconds(claims, "exp") + LEEWAY_SECONDS:
        raise Untrusted("time")
    enterprise = claims.get(_ENTERPRISE)
    return Vouched(
        team=_id(claims, _TEAM),
        enterprise=_id(claims, _ENTERPRISE) if enterprise else "",
        user=_id(claims, _USER),
        name=_name(claims.get("name")),
    )


def _seconds(claims: Mapping[str, Any], name: str) -> float:
    value = claims[name]
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Untrusted(name)
    return value


def _id(claims: Mapping[str, Any], name: str) -> str:
    value = claims.get(name)
    if not isinstance(value, str) or not _ID.match(value):
        raise Untrusted(name.rpartition("/")[2])
    return value


def _name(value: object) -> str:
    """What can be shown of it, in one line."""
    shown = "".join(letter if letter.isprintable() else " " for letter in value) if isinstance(value, str) else ""
    return " ".join(shown.split())[:LONGEST_NAME]
