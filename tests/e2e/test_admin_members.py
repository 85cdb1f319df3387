"""Plan and licences: what administrators set, what members have by it, the log, and the list as a file."""

import asyncio

import aiohttp
import sqlalchemy as sa

from bot.playground import Fault
from bot.rules import Licence
from storage.tables import change_log
from storage.transactions import Transaction
from tests.e2e.meetings import link_on
from tests.e2e.reading import asks, dialog
from tests.e2e.stage import BASE, Stage


async def opens_members(stage: Stage) -> None:
    """Anna's way to the dialog."""
    await stage.anna.types("/room admin")
    await stage.anna.presses(action_id="admin_members")
    await stage.slack.until(lambda: stage.anna.view is not None and "Set Licences" in stage.anna.view.shown)


async def noted(stage: Stage) -> list[tuple[str, str | None, str | None, bool, bool]]:
    """What the log says of plan and licences: code, old, new, whether it is of a member, whether Anna did it."""
    anna = await stage.row(stage.anna)
    assert anna is not None
    wanted = sa.select(change_log).where(change_log.c.action.like("%changed")).order_by(change_log.c.id)

    def read(tx: Transaction) -> list[tuple[str, str | None, str | None, bool, bool]]:
        rows = tx.execute(wanted)
        return [(row.action, row.old, row.new, row.member_id is not None, row.actor_id == anna.id) for row in rows]

    return await stage.store.read(read)


async def test_plan_and_default_licence_hold_at_once_for_everybody(stage: Stage) -> None:
    """Seen red: with the operator's default in `room_of`, Ben was licensed; where the kept answer was not looked for,
    the double click was in the log twice.
    """
    await asks(stage.ben, "/personal-link set blue.harbour")
    await opens_members(stage)
    await stage.anna.chooses("plan", "Pro")
    await stage.anna.chooses("default_licence", "basic")
    saved = await stage.anna.submits()
    again = await stage.slack.resend(saved)

    assert 200 == again.status
    assert "The plan is Pro now." in dialog(stage.anna).shown
    assert "this one now: Basic user." in dialog(stage.anna).shown
    assert "Nobody loses a number or a link" in dialog(stage.anna).shown
    assert [
        ("plan.changed", None, "pro", False, True),
        ("default_licence.changed", None, "basic", False, True),
    ] == await noted(stage)
    shown = await asks(stage.ben, "/room")
    assert "Basic user" in shown
    assert "blue.harbour" in shown
    # Of somebody who has no room yet as well.
    assert "licence" in await asks(stage.carla, "/pmi check 582 904 7316")
    await stage.has_licence(stage.ben, Licence.LICENSED)
    assert "Licensed user" in await asks(stage.ben, "/room")

    await stage.anna.closes(everything=True)
    await opens_members(stage)
    await stage.anna.submits()
    assert "It is so already" in dialog(stage.anna).shown
    assert 2 == len(await noted(stage))


async def test_licences_of_people_are_set_for_all_of_them_or_for_none(stage: Stage) -> None:
    """Seen red: without the look at who is here, Ben's licence was set and Carla's was not."""
    await stage.are_known(stage.ben)
    await opens_members(stage)
    await stage.anna.presses("Set Licences")
    await stage.anna.chooses("licence_people", options=["U0BEN", "U0CARLA"])
    await stage.anna.chooses("licence", "basic")
    await stage.anna.submits()

    assert "Not here yet: Carla D\u00edaz." in dialog(stage.anna).errors["licence_people"]
    assert [] == await noted(stage)

    await stage.are_known(stage.carla)
    saved = await stage.unsent(stage.anna.submits)
    url = stage.slack._delivery.url
    await asyncio.gather(*(stage.sent_to(url, saved) for _ in range(4)))

    assert [("licence.changed", None, "basic", True, True)] * 2 == await noted(stage)
    assert "Basic user" in await asks(stage.ben, "/pmi")


async def test_a_list_is_set_whole_or_every_bad_line_is_named(stage: Stage) -> None:
    """Seen red: with the good lines of a bad list set, Ben's licence was another."""
    await stage.are_known(stage.ben, stage.carla)
    await opens_members(stage)
    await stage.anna.presses("Paste a List")
    await stage.anna.fills(
        "licence_list", "user id,licence\nU0BEN,basic\nU0BEN,licensed\nnobody,basic\nU0CARLA,gold\nU0X"
    )
    await stage.anna.fills(
        "licence_list", dialog(stage.anna).values["licence_list"]["licence_list"]["value"] + "\nU0NONE,basic"
    )
    await stage.anna.submits()

    said = dialog(stage.anna).errors["licence_list"]
    assert "Line 6: write a user id" in said
    assert "Line 4: that is no user id" in said
    assert "Line 5: a licence is" in said
    assert "Line 3: an earlier line" in said
    assert "Line 7: nobody" in said
    assert [] == await noted(stage)

    await stage.anna.fills("licence_list", "U0BEN,basic\nU0X")
    await stage.anna.submits()
    assert [] == await noted(stage)

    await stage.anna.fills("licence_list", '\ufeff"U0BEN","basic"\r\n\r\n U0CARLA ; Default \r\n')
    await stage.anna.submits()

    assert "1 member has another licence now" in dialog(stage.anna).shown
    assert [("licence.changed", None, "basic", True, True)] == await noted(stage)


async def test_the_list_comes_as_a_file_from_a_link_for_one_administrator(stage: Stage) -> None:
    (ben,) = await stage.are_known(stage.ben)
    await asks(stage.ben, "/personal-link set blue.harbour")
    await stage.has_licence(stage.ben, Licence.BASIC)
    await opens_members(stage)
    url = link_on(dialog(stage.anna), "Download the List")
    here = stage.slack._delivery.url.removesuffix("/slack/events")
    async with aiohttp.ClientSession() as session, session.get(url.replace(BASE, here)) as response:
        text = await response.text()

    assert 200 == response.status
    assert f"user id,licence,pmi,link,left\r\nU0ANNA,default,{await stage.pmi(stage.anna)},,\r\n" in text
    assert f"U0BEN,basic,{ben},blue.harbour,\r\n" in text
    assert 3 == len(text.splitlines())


async def test_home_shows_the_workspace_to_administrators_alone_and_without_slacks_word_to_nobody(stage: Stage) -> None:
    """Seen red: with the section for everybody, Ben saw it."""
    await stage.are_known(stage.anna, stage.ben)
    for person in (stage.anna, stage.ben):
        await person.opens_home()
    await stage.slack.until(lambda: stage.anna.home is not None and stage.ben.home is not None)

    assert stage.anna.home is not None
    assert stage.ben.home is not None
    assert "Plan: Business. Licence of everybody who has none of their own: Licensed user." in stage.anna.home.shown
    assert "2 members have a room." in stage.anna.home.shown
    assert "Your workspace" not in stage.ben.home.shown

    await stage.anna.presses("Administration", on=stage.anna.home)
    assert "What you set here" in dialog(stage.anna).shown
    await stage.restart()
    stage.slack.faults.set("users.info", Fault.SERVER_ERROR, times=50)
    await stage.anna.opens_home()
    await stage.slack.until(lambda: stage.anna.home is not None and "Your workspace" not in stage.anna.home.shown)
