"""What administrators say of rooms, numbers and addresses, in the dialogs behind `/room admin`."""

import sqlalchemy as sa

from bot.playground import Person
from bot.playground.state import Role
from bot.rules import Option
from storage.tables import change_log
from tests.e2e.guest_browsers import browser, comes, start_path
from tests.e2e.reading import asks, dialog
from tests.e2e.stage import Stage

NOBODYS = "/j/3141592653"


async def opens(person: Person, area: str) -> None:
    """`/room admin`, and the button of an area."""
    await person.types("/room admin")
    await person.presses(action_id=area)


async def said(stage: Stage) -> list[str]:
    """The codes of all that was said, in order."""
    rows = sa.select(change_log.c.action).where(change_log.c.action.like("policy.%")).order_by(change_log.c.id)
    return list(await stage.store.read(lambda tx: tx.execute(rows).scalars().all()))


async def test_options_are_prefilled_saved_whole_and_hold_at_once(stage: Stage) -> None:
    """Seen red: with the policy of the process in the place of the workspace's, Ben's dialog was as before."""
    await asks(stage.ben, "/pmi")
    await opens(stage.anna, "admin_options")
    shown = dialog(stage.anna)
    assert {"default"} == {shown.value(f"policy_{option}")["value"] for option in Option}
    await stage.anna.chooses("policy_mute_on_entry", "forced_on")
    await stage.anna.chooses("policy_waiting_room", "forced_off")
    await stage.anna.chooses("policy_passcode", "forced_off")
    await stage.anna.submits()

    assert "Nothing would guard a room." in str(dialog(stage.anna).errors)
    assert [] == await said(stage)

    await stage.anna.chooses("policy_passcode", "on_unless_chosen")
    await stage.anna.submits()
    assert "Saved." in dialog(stage.anna).shown
    assert "*Mute on entry:* Forced on" in dialog(stage.anna).shown
    assert ["policy.passcode", "policy.waiting_room", "policy.mute_on_entry"] == await said(stage)
    await stage.anna.closes(everything=True)

    await stage.ben.types("/room settings")
    locked = dialog(stage.ben).shown
    assert "*Mute on entry:* Yes. Your workspace's administrators have set this." in locked
    assert "*Waiting room:* Nobody waits. Your workspace's administrators have set this." in locked

    await opens(stage.anna, "admin_options")
    assert "forced_on" == dialog(stage.anna).value("policy_mute_on_entry")["value"]
    await stage.anna.submits()
    assert "Nothing was changed." in dialog(stage.anna).shown
    assert 3 == len(await said(stage))


async def test_what_was_locked_meanwhile_is_refused_in_a_dialog_that_was_open(stage: Stage) -> None:
    await stage.ben.types("/room settings")
    await opens(stage.anna, "admin_options")
    await stage.anna.chooses("policy_host_video", "forced_off")
    await stage.anna.submits()
    await stage.ben.ticks("options", "host_video")
    await stage.ben.submits()

    assert "Host video on: your workspace's administrators have set this by now." in str(dialog(stage.ben).errors)


async def test_without_pmis_every_way_says_why_and_what_runs_goes_on(stage: Stage) -> None:
    """Seen red: with the room's passcode judged as before, a guest came to a page that waits for the host."""
    await asks(stage.anna, "/pmi")
    async with browser(stage) as host:
        await host.opens(await start_path(stage, stage.anna))
    await opens(stage.anna, "admin_addresses")
    before = dialog(stage.anna)
    assert "If you turn PMIs off: meetings that run on PMIs go on" in before.shown
    assert "(1 now)" in before.shown
    await stage.anna.chooses("policy_pmis", "no")
    await stage.anna.fills("policy_hold", "many")
    await stage.anna.submits()
    assert "Type a whole number of days from 0 to 3650" in str(dialog(stage.anna).errors)
    assert [] == await said(stage)

    await stage.anna.fills("policy_hold", "30")
    await stage.anna.submits()
    assert "PMIs are turned off." in dialog(stage.anna).shown
    assert ["policy.pmis_enabled", "policy.link_hold_days"] == await said(stage)
    await stage.anna.closes(everything=True)

    for line in ("/pmi", "/room", "/personal-link"):
        assert "PMIs are turned off in this workspace by its administrators" in await asks(stage.ben, line)
    assert "PMIs are turned off in this workspace." in await asks(stage.ben, "/pmi set 582 904 7316")
    assert "PMIs are turned off in this workspace." in await asks(stage.ben, "/personal-link set blue.harbour")
    assert "so this meeting has a number of its own" in await asks(stage.ben, "/room start")
    async with browser(stage) as guest:
        assert (await comes(stage, guest)).is_gone_on
        assert "This room is closed" in (await comes(stage, guest, to=stage.ben)).text
        form = {"name": "Zoe", "passcode": "wrong7one7"}
        wrong, nobodys = await guest.opens(f"/j/{await stage.pmi(stage.ben)}", form), await guest.opens(NOBODYS, form)
        assert (403, wrong.text) == (nobodys.status, nobodys.text)


async def test_nobody_but_an_administrator_opens_or_saves_a_policy(stage: Stage) -> None:
    await opens(stage.anna, "admin_addresses")
    submitted = await stage.unsent(stage.anna.submits)
    stage.anna.member.role = Role.MEMBER
    await stage.restart()
    status, body = await stage.sent_to(stage.slack._delivery.url, submitted)

    assert 200 == status
    assert b"Only this workspace's owners and admins can do that." in body
    assert [] == await said(stage)
