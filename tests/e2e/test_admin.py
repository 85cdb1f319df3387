"""`/room admin`: for the owners and admins of a workspace, as Slack names them at that moment."""

from bot.chances import Chances
from bot.handlers.roles import administers
from bot.playground import Fault
from bot.playground.state import Role
from tests.e2e.reading import asks, dialog
from tests.e2e.stage import Stage, at_once, make_stage
from tests.e2e.timing import Clock

ONLY = "Only this workspace's owners and admins can do that. Nothing was changed."


async def test_an_administrator_gets_the_dialog_and_nobody_else_does(stage: Stage) -> None:
    """Seen red: without the check, everybody got the dialog."""
    await stage.anna.types("/room admin")

    assert "What you set here holds for everybody in this workspace." in dialog(stage.anna).shown
    assert ONLY == await asks(stage.ben, "/room admin")
    assert ONLY == await asks(stage.guest, "/room admin")


async def test_a_role_that_was_lost_is_missed_within_the_minute(database_url: str) -> None:
    """Seen red: with a yes kept for five minutes, the dialog opened."""
    clock = Clock()
    async with make_stage(database_url, Chances(clock=clock, monotonic=clock, sleep=at_once)) as stage:
        await stage.start()
        await stage.anna.types("/room admin")
        stage.anna.member.role = Role.MEMBER
        clock.passes(60)

        assert ONLY == await asks(stage.anna, "/room admin")


async def test_where_slack_does_not_say_who_somebody_is_nothing_opens(stage: Stage) -> None:
    await stage.anna.types("/pmi")
    stage.slack.faults.set("users.info", Fault.SERVER_ERROR)

    assert "Slack" in await asks(stage.anna, "/room admin")
    assert stage.anna.view is None


def test_who_administers_an_organisation_is_said_of_all_of_it() -> None:
    """Somebody who runs one of its teams runs nothing of the others."""
    user = {"team_id": "T1", "is_admin": True, "enterprise_user": {"enterprise_id": "E1", "is_admin": False}}

    assert administers("T1", user)
    assert not administers("E1", user)
    assert administers("E1", user | {"enterprise_user": {"enterprise_id": "E1", "is_owner": True}})
    assert not administers("T2", user)
    for mark in ("deleted", "is_bot", "is_stranger", "is_restricted"):
        assert not administers("T1", user | {mark: True})
