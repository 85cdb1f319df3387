"""The id token: each claim that makes it ours is looked at, and nothing that stands in it makes the reader fail."""

import json
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from bot.web.id_token import LEEWAY_SECONDS, Expected, Untrusted, Vouched, key_id_of, read_id_token

PRIVATE = rsa.generate_private_key(public_exponent=65537, key_size=2048)
OTHER = rsa.generate_private_key(public_exponent=65537, key_size=2048)
KEY = jwt.PyJWK.from_dict(RSAAlgorithm.to_jwk(PRIVATE.public_key(), as_dict=True), algorithm="RS256")
NOW = 1_800_000_000
EXPECTED = Expected("https://slack.com", "1.2", "the nonce")
CLAIMS: dict[str, Any] = {
    "iss": "https://slack.com",
    "sub": "U0ANNA",
    "aud": "1.2",
    "exp": NOW + 300,
    "iat": NOW,
    "nonce": "the nonce",
    "https://slack.com/team_id": "T0ACME",
    "https://slack.com/user_id": "U0ANNA",
    "name": "Anna Larsson",
}
GONE = "left out"


def signed(changes: dict[str, Any], key: Any = PRIVATE, algorithm: str = "RS256") -> str:
    claims = {name: value for name, value in {**CLAIMS, **changes}.items() if value != GONE}
    # Not `jwt.encode`, which refuses some of what a stranger may write.
    return jwt.api_jws.encode(json.dumps(claims).encode(), key, algorithm, {"kid": "a"})


def read(token: str, now: float = NOW) -> Vouched:
    return read_id_token(token, KEY, EXPECTED, now)


def test_it_says_whom_slack_vouches_for() -> None:
    organisation = {"https://slack.com/enterprise_id": "E0ORG"}

    assert Vouched("T0ACME", "", "U0ANNA", "Anna Larsson") == read(signed({}))
    assert Vouched("T0ACME", "E0ORG", "U0ANNA", "Anna Larsson") == read(signed(organisation))
    assert "a" == key_id_of(signed({}))


@pytest.mark.parametrize(
    "changes",
    [
        *({name: GONE} for name in CLAIMS if name not in ("sub", "name")),
        {"iss": "https://evil.example"},
        {"iss": "https://slack.com/"},
        {"iss": ["https://slack.com"]},
        {"aud": "2.1"},
        {"aud": ["1.2"]},
        {"aud": ["2.1", "1.2"]},
        {"nonce": "another"},
        {"nonce": ""},
        {"nonce": ["the nonce"]},
        {"nonce": "\ud800"},
        {"exp": NOW - LEEWAY_SECONDS},
        {"exp": True},
        {"exp": str(NOW + 300)},
        {"exp": float("nan")},
        {"iat": NOW + LEEWAY_SECONDS + 1},
        {"iat": None},
        {"https://slack.com/team_id": ""},
        {"https://slack.com/team_id": "t0acme"},
        {"https://slack.com/team_id": "T0ACME\n"},
        {"https://slack.com/team_id": ["T0ACME"]},
        {"https://slack.com/user_id": "U" * 33},
        {"https://slack.com/enterprise_id": 7},
    ],
    ids=str,
)
def test_what_is_not_said_as_it_should_be_is_not_trusted(changes: dict[str, Any]) -> None:
    with pytest.raises(Untrusted):
        read(signed(changes))


def test_it_must_be_signed_with_slacks_key_and_as_slack_signs() -> None:
    by_hand = jwt.api_jws.PyJWS(algorithms=["none"])
    header, claims, signature = signed({}).split(".")
    others = [
        signed({}, OTHER),
        signed({}, "a text of 32 bytes or more, as HS256 wants it", "HS256"),
        signed({}, PRIVATE, "RS512"),
        signed({}, PRIVATE, "PS256"),
        by_hand.encode(b"{}", "", algorithm="none"),
        f"{header}.{claims}.",
        f"{header}.{claims}",
        f"{header}.{signed({'name': 'Eve'}).split('.')[1]}.{signature}",
    ]

    for token in others:
        with pytest.raises(Untrusted):
            read(token)


@pytest.mark.parametrize(
    "token",
    ["", ".", "..", "a.b.c", "\ud800.a.b", "é.é.é", "x" * 60_000, "W" * 40_000 + ".a.b", "bnVsbA.a.b", "W10.a.b"],
)
def test_what_is_no_token_is_not_trusted(token: str) -> None:
    with pytest.raises(Untrusted):
        key_id_of(token)
    with pytest.raises(Untrusted):
        read(token)


@pytest.mark.parametrize("kid", [7, None, ["a"]])
def test_a_token_that_names_no_key_is_not_trusted(kid: object) -> None:
    header = jwt.utils.base64url_encode(str({"alg": "RS256", "kid": kid}).replace("'", '"').encode()).decode()
    with pytest.raises(Untrusted):
        key_id_of(f"{header}.{signed({}).partition('.')[2]}")


def test_clocks_may_differ_by_a_minute() -> None:
    for now in (NOW - LEEWAY_SECONDS, NOW + 300 + LEEWAY_SECONDS - 1):
        assert "U0ANNA" == read(signed({}), now).user
    for now in (NOW - LEEWAY_SECONDS - 1, NOW + 300 + LEEWAY_SECONDS):
        with pytest.raises(Untrusted):
            read(signed({}), now)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        (GONE, ""),
        (None, ""),
        (["Anna"], ""),
        ("  Anna \n\u202e Larsson\0", "Anna Larsson"),
        ("x" * 200, "x" * 100),
        ("\ud800", ""),
    ],
)
def test_a_name_is_one_line_that_can_be_shown(name: object, shown: str) -> None:
    assert shown == read(signed({"name": name})).name
