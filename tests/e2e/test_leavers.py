"""Who is deactivated in Slack: the room is closed, number and link stay theirs, and all is there when they return."""

import asyncio
from functools import partial

import sqlalchemy as sa

from bot.playground import Fault, Person, events
from bot.playground.delivery import Exchange
from bot.playground.state import Role
from storage.tables import members
from tests.e2e.guests import Guests, guests_before
from tests.e2e.meetings import running, starts_on_pmi
from tests.e2e.reading import FREE, asks, dialog, digits
from tests.e2e.stage import Stage

GONE = "is deactivated"


async def tells(stage: Stage, person: Person, *, deleted: bool | None = None, event_id: str | None = None) -> Exchange:
    """Slack tells of somebody; with `deleted`, what it says of that, however it is."""
    now = stage.slack.world.clock()
    event = events.user_change(person.member, now, stage.slack.world.mint.stamp(now))
    if deleted is not None:
        event["user"]["deleted"] = deleted
    answer = await stage.slack.send_event(stage.acme, event, event_id=event_id)
    assert 200 == answer.status
    return answer


async def leaves(stage: Stage, person: Person) -> None:
    person.member.deleted = True
    await tells(stage, person)


async def comings_of(stage: Stage, person: Person) -> list[str]:
    """What the change log says of leaving and coming back."""
    return [action for action in await stage.actions(person) if action.startswith("member.")]


async def test_whoever_leaves_has_a_closed_room_and_all_of_it_again_on_return(database_url: str) -> None:
    """Seen red: where the doors did not look at who has left, the key of an invitation opened; without the end of what
    runs, the meeting ran on.
    """
    async with guests_before(database_url) as guests:
        stage, anna = guests.stage, guests.stage.anna
        await asks(anna, f"/pmi set {FREE}")
        await asks(anna, "/personal-link set blue.harbour")
        await asks(stage.ben, "/pmi")
        await starts_on_pmi(stage, anna)
        _, passcode = await guests.room(anna)
        open_doors = await doors(guests, passcode)
        ways = (f"/i/{await guests.invitation(anna)}", f"/s/{await guests.start_link(anna)}")
        assert 1 == len(await running(stage, anna))

        await leaves(stage, anna)

        assert [] == await running(stage, anna)
        assert {"member.left", "meeting.ended"} <= set(await stage.actions(anna))
        assert GONE in await asks(stage.ben, "/pmi @anna")
        assert "taken" in await asks(stage.ben, f"/pmi check {FREE}")
        assert "taken" in await asks(stage.ben, "/personal-link check blue.harbour")
        assert [404, 410] == [(await guests.asks(way)).status for way in ways]
        assert [403, 403] == await doors(guests, passcode)

        anna.member.deleted = False
        await tells(stage, anna)

        assert ["member.left", "member.returned"] == await comings_of(stage, anna)
        assert [303, 303] == open_doors == await doors(guests, passcode)
        assert 303 == (await guests.asks(ways[0])).status
        assert digits(FREE) == await stage.pmi(anna)
        assert "blue.harbour" == await stage.link(anna)


async def doors(guests: Guests, passcode: str) -> list[int]:
    """What comes of knocking at Anna's number and at her link."""
    addresses = (f"/j/{digits(FREE)}", "/my/blue.harbour")
    return [(await guests.knocks(address, passcode=passcode)).status for address in addresses]


async def test_events_repeated_and_in_any_order_come_to_what_slack_says_now(stage: Stage) -> None:
    """Seen red: with the word of the event taken for how it is, an event of before closed the room of somebody who was
    back; without the look at what is kept, there were two entries.
    """
    await stage.are_known(stage.anna)
    await tells(stage, stage.anna, deleted=True)
    assert [] == await comings_of(stage, stage.anna)

    stage.anna.member.deleted = True
    await asyncio.gather(*(tells(stage, stage.anna, event_id=f"Ev{each}") for each in (1, 1, 2, 3)))
    await tells(stage, stage.anna, deleted=False)
    assert ["member.left"] == await comings_of(stage, stage.anna)

    stage.anna.member.deleted = False
    await asyncio.gather(*(tells(stage, stage.anna, event_id=f"Ev{each}") for each in (4, 4, 5)))
    await tells(stage, stage.anna, deleted=True)
    assert ["member.left", "member.returned"] == await comings_of(stage, stage.anna)


async def test_whoever_comes_back_without_a_word_from_slack_has_all_again(stage: Stage) -> None:
    """Seen red: without the look at who has left, Ben was shown the card while Slack said nothing, and the next contact
    found the room closed.
    """
    before, _ = await stage.are_known(stage.anna, stage.ben)
    under_way = await stage.unsent(partial(stage.anna.types, "/pmi"))
    await leaves(stage, stage.anna)
    _, said = await stage.sent_to(stage.slack._delivery.url, under_way)
    assert GONE in said.decode()
    assert ["member.left"] == await comings_of(stage, stage.anna)

    await stage.restart()
    stage.slack.faults.set("users.info", Fault.SERVER_ERROR)
    assert GONE in await asks(stage.ben, "/pmi @anna")
    stage.anna.member.deleted = False
    await stage.anna.types("/pmi history")
    shown = stage.anna.private_messages[-1].shown

    assert digits(before) in digits(shown)
    assert ["member.left", "member.returned"] == await comings_of(stage, stage.anna)


async def test_of_somebody_who_was_never_here_nothing_is_kept(stage: Stage) -> None:
    await leaves(stage, stage.carla)

    assert 0 == await stage.store.read(lambda tx: tx.execute(sa.select(sa.func.count()).select_from(members)).scalar())


async def test_a_name_and_a_role_are_asked_for_anew_once_slack_tells_of_a_change(stage: Stage) -> None:
    """Seen red: without forgetting, the role of half a minute ago opened the dialog."""
    await stage.anna.types("/room admin")
    assert "What you set here" in dialog(stage.anna).shown
    await stage.anna.closes()
    stage.anna.member.role = Role.MEMBER
    await tells(stage, stage.anna)

    assert "Only this workspace's owners and admins" in await asks(stage.anna, "/room admin")
