"""Whose installation it is, and when it is dead."""

import pytest
from structlog.testing import capture_logs

from bot.handlers.authorisation import DEATHS, Authorisation, Home, Identity, Right
from bot.handlers.events import read_happening

ONE = Identity(Home("T1", "E1"), of_organisation=False)
WHOLE = Identity(Home("E1", "E1"), of_organisation=True)
ALONE = Identity(Home("T1"), of_organisation=False)


@pytest.mark.parametrize(
    ("identity", "happened", "covered"),
    [
        (ALONE, Home("T1"), True),
        (ALONE, Home("T2"), False),
        (ONE, Home("T1", "E1"), True),
        (ONE, Home("T2", "E1"), False),
        (WHOLE, Home("T2", "E1"), True),
        (WHOLE, Home("", "E1"), True),
        (WHOLE, Home("T2", "E2"), False),
        (WHOLE, Home("T2"), False),
    ],
)
def test_an_installation_is_of_a_team_or_of_a_whole_organisation(
    identity: Identity, happened: Home, *, covered: bool
) -> None:
    assert covered is identity.covers(happened)


@pytest.mark.parametrize("word", sorted(DEATHS))
async def test_a_word_that_ends_the_token_ends_it_once(word: str) -> None:
    authorisation = Authorisation("xoxb-secret", lambda: 7.9)

    with capture_logs() as logs:
        for heard in ("ratelimited", word, "app_uninstalled", "token_revoked"):
            await authorisation.heard(Right("xoxb-secret"), heard)

    assert [word] == [line["reason"] for line in logs]
    assert (None, word, None) == (authorisation.token, authorisation.dead, authorisation.result("", "T1").bot_token)
    assert word in str(authorisation.problem())
    assert "xoxb-secret" not in f"{authorisation.problem()}{logs}"


def test_a_living_token_speaks_for_everybody() -> None:
    authorisation = Authorisation("xoxb-secret", lambda: 7.9)

    assert "xoxb-secret" == authorisation.token == authorisation.result(None, "T1").bot_token
    assert authorisation.problem() is None
    assert 7 == authorisation.since


@pytest.mark.parametrize(
    ("answer", "identity"),
    [
        ({"team_id": "T1", "enterprise_id": "E1"}, ONE),
        ({"team_id": "E1", "enterprise_id": "E1", "is_enterprise_install": True}, WHOLE),
        ({"team_id": "T1", "enterprise_id": None, "is_enterprise_install": False}, ALONE),
        ({"team_id": "T1", "is_enterprise_install": "yes"}, ALONE),
        ({}, Identity(Home(""), of_organisation=False)),
    ],
)
def test_what_slack_says_of_the_token_is_remembered(answer: dict[str, object], identity: Identity) -> None:
    authorisation = Authorisation("xoxb-secret", lambda: 7.9)

    assert identity == authorisation.learned(answer) == authorisation.identity


def test_an_event_is_read_whatever_else_is_in_it() -> None:
    body = {"team_id": "T1", "event_id": "Ev1", "event": {"type": "tokens_revoked", "tokens": []}, "event_time": "x"}
    ours = body | {
        "event": {"type": "tokens_revoked", "tokens": {"bot": ["U1"]}},
        "event_time": 5,
        "enterprise_id": "E1",
    }

    found, other = read_happening(body), read_happening(ours)

    assert ("T1", 0, False) == (found.workspace, found.at, found.ours)
    assert ("E1", 5, True) == (other.workspace, other.at, other.ours)
    assert 64 == len(found.once)
    assert found.once != other.once
    assert found.once == read_happening(body | {"token": "other", "event_time": 9}).once
