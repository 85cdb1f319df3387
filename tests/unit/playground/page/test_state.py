"""What somebody sees of Slack on the page."""

from typing import Any

from bot.playground import Channel, Member, StandIn, Workspace
from bot.playground.manifest import read_manifest
from bot.playground.page import Seat
from bot.playground.page.seats import Seats
from bot.playground.page.snapshot import MOST_MESSAGES, snapshot
from bot.playground.state import Role
from tests.unit.playground.page.conftest import ANNA, BEN, Browser


async def test_who_is_not_named_is_the_first_of_all(browser: Browser) -> None:
    _, unnamed = await browser.get("/api/state")

    assert ANNA == unnamed["as"]
    assert {"id": "U0ANNA", "name": "anna", "real_name": "Anna Larsson", "role": "admin", "note": "Administrator"} == (
        unnamed["me"]
    )
    assert [(ANNA, "Administrator"), (BEN, "Member")] == [(one["as"], one["note"]) for one in unnamed["people"]]


async def test_nobody_is_told_that_there_is_no_such_person(browser: Browser) -> None:
    for path in ("/api/state", "/api/events"):
        assert (404, {"error": "nobody here is 'T0ACME/U0NOBODY'"}) == (
            await browser.get(path, **{"as": "T0ACME/U0NOBODY"})
        )


async def test_what_only_one_person_sees_is_before_nobody_else(
    slack: StandIn, browser: Browser, general: Channel, anna_member: Member
) -> None:
    slack.world.post(general, {"text": "for all"}, user="U0BEN")
    slack.world.post(general, {"text": "for Anna"}, ephemeral_for=anna_member)

    seen: dict[str, Any] = {who: (await browser.state(who))["messages"]["C0GENERAL"] for who in (ANNA, BEN)}

    assert ["for all", "for Anna"] == [one["text"] for one in seen[ANNA]]
    assert ["for all"] == [one["text"] for one in seen[BEN]]
    assert [(False, False), (True, True)] == [(one["by_app"], one["only_you"]) for one in seen[ANNA]]


async def test_a_message_that_was_deleted_is_gone(slack: StandIn, browser: Browser, general: Channel) -> None:
    slack.world.delete(slack.world.post(general, {"text": "oops"}, user="U0BEN"))

    assert [] == (await browser.state())["messages"]["C0GENERAL"]


async def test_everybody_has_direct_messages_with_the_app_and_nobody_elses(
    slack: StandIn, browser: Browser, acme: Workspace
) -> None:
    slack.world.post(acme.direct_messages_with("U0BEN"), {"text": "hello Ben"})

    anna, ben = await browser.state(ANNA), await browser.state(BEN)

    assert ["D00ANNA"] == [one["id"] for one in anna["channels"] if one["kind"] == "im"]
    assert "hello Ben" == ben["messages"]["D00BEN"][0]["text"]
    assert "hello Ben" not in str(anna)


def test_a_private_channel_is_seen_by_its_members_and_an_open_one_by_all_but_guests(
    slack: StandIn, acme: Workspace, seats: list[Seat], ben_member: Member
) -> None:
    gus = acme.add_member("U0GUS", real_name="Gus Tremblay", role=Role.GUEST)
    acme.add_channel("C0LEADS", "leads", members=[ben_member], private=True)
    acme.add_channel("C0OPEN", "open", members=[ben_member])
    everybody = [*seats, Seat(gus)]

    shown = {seat.member.id: snapshot(slack, Seats(everybody), seat)["channels"] for seat in everybody}

    assert {
        "U0ANNA": [("C0GENERAL", True), ("C0OPEN", False), ("D00ANNA", True)],
        "U0BEN": [("C0GENERAL", True), ("C0LEADS", True), ("C0OPEN", True), ("D00BEN", True)],
        "U0GUS": [("D00GUS", True)],
    } == {who: [(one["id"], one["member"]) for one in channels] for who, channels in shown.items()}


async def test_another_workspace_shows_nothing_of_this_one(
    slack: StandIn, other_workspace: Workspace, seats: list[Seat]
) -> None:
    zoe = Seat(other_workspace.add_member("U0ZOE", real_name="Zoe Marchetti"), "Owner elsewhere")

    seen = snapshot(slack, Seats([*seats, zoe]), zoe)

    assert {"id": "T0GLOBEX", "name": "Globex", "domain": "globex"} == seen["workspace"]
    assert {"U0BOTT0GLOBEX", "U0ZOE", "USLACKBOT"} == set(seen["users"])
    assert ["D00ZOE"] == [one["id"] for one in seen["channels"]]


def test_the_app_is_as_its_manifest_says(slack: StandIn, acme: Workspace, seats: list[Seat]) -> None:
    slack.world.manifest = read_manifest(
        {
            "display_information": {"name": "Rooms"},
            "features": {
                "app_home": {"home_tab_enabled": True, "messages_tab_enabled": False},
                "slash_commands": [{"command": "/pmi", "description": "Yours", "usage_hint": "[edit]"}],
                "shortcuts": [{"name": "Talk", "callback_id": "talk", "type": "message", "description": "There"}],
            },
        }
    )

    seen = snapshot(slack, Seats(seats), seats[0])

    assert {"name": "Rooms", "bot_user": "U0BOTT0ACME", "home_enabled": True, "messages_enabled": False} == seen["app"]
    assert [{"command": "/pmi", "description": "Yours", "usage_hint": "[edit]"}] == seen["commands"]
    assert [{"callback_id": "talk", "name": "Talk", "description": "There", "on_messages": True}] == seen["shortcuts"]


def test_a_long_channel_shows_its_newest_messages(slack: StandIn, general: Channel, seats: list[Seat]) -> None:
    for number in range(MOST_MESSAGES + 5):
        slack.world.post(general, {"text": str(number)}, user="U0BEN")

    texts = [one["text"] for one in snapshot(slack, Seats(seats), seats[0])["messages"]["C0GENERAL"]]

    assert [str(number) for number in range(5, MOST_MESSAGES + 5)] == texts
