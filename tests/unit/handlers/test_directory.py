"""Who somebody is, asked of Slack at most once in five minutes, and what its answer comes to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

import pytest

from bot.handlers import directory
from bot.handlers.directory import Directory
from bot.handlers.slack import Slack, SlackSilent
from bot.services.people import Person, Standing

MEMBER = {"team_id": "T1", "real_name": "Anna Larsson"}


@dataclass
class Answering:
    """A Slack that answers all questions alike, and a clock beside it."""

    answer: Mapping[str, Any] | SlackSilent
    seconds: float = 1000.0
    asked: list[str] = field(default_factory=list)

    def of(self, _workspace: str, _team: str = "") -> "Answering":
        return self

    async def look_up(self, method: str, arguments: Mapping[str, str]) -> Mapping[str, Any]:
        assert "users.info" == method
        self.asked.append(arguments["user"])
        if isinstance(self.answer, SlackSilent):
            raise self.answer
        return self.answer

    def directory(self) -> Directory:
        return Directory(cast("Slack", self), lambda: self.seconds)


@pytest.mark.parametrize(
    ("found", "standing"),
    [
        (MEMBER, Standing.MEMBER),
        ({"team_id": "T2"}, Standing.OUTSIDE),
        ({"team_id": "T2", "enterprise_id": "T1"}, Standing.MEMBER),
        ({"team_id": "T2", "enterprise_user": {"enterprise_id": "T1"}}, Standing.MEMBER),
        ({"team_id": "T2", "enterprise_user": "T1"}, Standing.OUTSIDE),
        (MEMBER | {"is_stranger": True}, Standing.OUTSIDE),
        (MEMBER | {"is_stranger": False}, Standing.MEMBER),
        (MEMBER | {"is_bot": True, "deleted": True}, Standing.BOT),
        (MEMBER | {"is_bot": False}, Standing.MEMBER),
        (MEMBER | {"deleted": True}, Standing.DEACTIVATED),
        (MEMBER | {"deleted": False}, Standing.MEMBER),
        ({}, Standing.OUTSIDE),
        (None, Standing.OUTSIDE),
    ],
)
async def test_somebody_stands_as_slack_says(found: object, standing: Standing) -> None:
    person = await Answering({"user": found}).directory().person("T1", "U1")

    assert standing is person.standing


async def test_slackbot_is_a_bot_though_slack_does_not_say_so() -> None:
    assert Standing.BOT is (await Answering({"user": MEMBER}).directory().person("T1", "USLACKBOT")).standing


@pytest.mark.parametrize(
    ("found", "name"),
    [
        ({"real_name": "Anna", "profile": {"real_name": "Other"}}, "Anna"),
        ({"real_name": "", "profile": {"real_name": "Anna"}}, "Anna"),
        ({"real_name": 5, "profile": {"real_name": "Anna"}}, "Anna"),
        ({"profile": "x"}, ""),
        ({}, ""),
    ],
)
async def test_a_name_is_the_first_that_slack_gives(found: dict[str, Any], name: str) -> None:
    assert name == (await Answering({"user": found}).directory().person("T1", "U1")).name


@pytest.mark.parametrize(
    ("reason", "standing"),
    [
        ("user_not_found", Standing.NOT_FOUND),
        ("user_not_visible", Standing.NOT_FOUND),
        ("timeout", Standing.UNKNOWN),
        ("ratelimited", Standing.UNKNOWN),
    ],
)
async def test_what_slack_does_not_say_is_asked_again(reason: str, standing: Standing) -> None:
    slack = Answering(SlackSilent(reason))
    asked = slack.directory()

    assert [Person("U1", "", standing)] * 2 == [await asked.person("T1", "U1") for _ in range(2)]
    assert ["U1", "U1"] == slack.asked


async def test_what_slack_says_is_remembered_for_five_minutes() -> None:
    slack = Answering({"user": MEMBER})
    asked = slack.directory()
    for later, times in ((0.0, 1), (299.5, 1), (0.5, 2), (299.5, 2), (1.0, 3)):
        slack.seconds += later
        await asked.person("T1", "U1")

        assert times == len(slack.asked)


async def test_one_id_in_two_workspaces_is_asked_about_in_each() -> None:
    slack = Answering({"user": MEMBER})
    asked = slack.directory()

    standings = [(await asked.person(workspace, "U1")).standing for workspace in ("T1", "T2", "T1")]
    assert [Standing.MEMBER, Standing.OUTSIDE, Standing.MEMBER] == standings
    assert 2 == len(slack.asked)


async def test_whoever_was_asked_about_longest_ago_is_forgotten_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(directory, "MOST_KEPT", 2)
    slack = Answering({"user": MEMBER})
    asked = slack.directory()
    await asked.person("T1", "U1")
    slack.seconds += 200
    await asked.person("T1", "U2")
    slack.seconds += 100
    for user in ("U1", "U3", "U1", "U3", "U2"):
        await asked.person("T1", user)

    assert ["U1", "U2", "U1", "U3", "U2"] == slack.asked
