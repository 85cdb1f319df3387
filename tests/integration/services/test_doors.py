"""What opens at an address, with a key and with a start link; and that whatever is wrong is the same."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.services.departures import Departure, note_departure
from bot.services.invitations import StartLink, start_key
from bot.services.people import Actor
from bot.services.policies import AddressWish, Policies
from bot.services.ways import Closed, HostWay, NoWay, Way
from storage import meetings, sessions
from storage.tables import attempts
from storage.transactions import Store
from tests.integration.services.entrances import (
    ANNA,
    HERE,
    NUMBER,
    ONE_OFF,
    OTHER,
    SECRET,
    THERE,
    WRONG,
    Entrance,
)
from tests.integration.services.houses import anna, codes_of, new_call

BEN = Actor("T0ACME", "U0BEN")
STRANGER = Actor("T0OTHER", "U0ZOE")


@pytest.fixture
async def door(store: Store) -> Entrance:
    return Entrance(store)


async def at(door: Entrance, address: str, passcode: str = SECRET) -> Way | NoWay:
    """What comes of knocking, each time at another time: none is too soon after another."""
    door.passes(minutes=40)
    kind, _, text = address.lstrip("/").partition("/")
    return await door.doors.by_address("my" if kind == "my" else "j", text, passcode, HERE)


@pytest.mark.parametrize("address", ["/j/{pmi}", "/j/{pmi}/", "/j/{spaced}", "/my/Blue.Harbour", "/my/blue.harbour."])
async def test_a_room_opens_at_its_number_and_link_with_its_passcode(door: Entrance, address: str) -> None:
    await door.has_number()
    await door.has_link("blue.harbour")
    person = await door.has_room()
    found = await at(door, address.format(pmi=NUMBER, spaced="582 904-7316"), f" {SECRET} ")

    assert isinstance(found, Way)
    assert (person.id, None, True, NUMBER) == (
        found.place.member_id,
        found.place.meeting_id,
        found.place.in_room,
        found.place.number,
    )
    assert (False, None, None) == (found.moved, found.invited, found.session_id)
    assert SECRET not in repr(found)


@pytest.mark.parametrize("passcode", ["", WRONG, SECRET.upper(), SECRET + "x", "\0", f"{SECRET}\ud800"])
async def test_any_other_passcode_and_any_other_address_are_the_same(door: Entrance, passcode: str) -> None:
    await door.has_number()
    await door.has_link("blue.harbour")
    await door.has_room()
    await door.meets()

    for address in (f"/j/{NUMBER}", f"/j/{OTHER}", f"/j/{ONE_OFF}", "/my/blue.harbour", "/my/green.harbour", "/j/x\0"):
        assert NoWay(Closed.WRONG) == await at(door, address, passcode)


async def test_no_passcode_opens_what_is_nobodys_or_has_no_room_yet(door: Entrance) -> None:
    person = await door.person()

    for address in (
        f"/j/{person.pmi}",
        f"/j/{OTHER}",
        "/j/",
        "/j/" + "9" * 8000,
        "/my/none",
        "/my/\ud800",
        "/my/a\r\nb",
    ):
        for passcode in ("", SECRET):
            assert NoWay(Closed.WRONG) == await at(door, address, passcode)


async def test_a_room_that_only_its_waiting_room_guards_opens_by_its_address_whatever_is_typed(door: Entrance) -> None:
    person = await door.has_room(None)

    for passcode in ("", WRONG):
        assert isinstance(await at(door, f"/j/{person.pmi}", passcode), Way)


async def test_a_meeting_on_a_number_of_its_own_has_a_passcode_of_its_own(door: Entrance) -> None:
    await door.has_room("otherone77")
    meeting_id = await door.meets()
    found = await at(door, f"/j/{ONE_OFF}")

    assert isinstance(found, Way)
    assert (meeting_id, False, ONE_OFF) == (found.place.meeting_id, found.place.in_room, found.place.number)
    assert NoWay(Closed.WRONG) == await at(door, f"/j/{ONE_OFF}", "otherone77")


async def test_that_a_meeting_was_cancelled_is_told_for_a_right_passcode_alone(door: Entrance) -> None:
    meeting_id = await door.meets()
    key = await door.key(meeting=meeting_id, number=ONE_OFF)
    await door.store.write(lambda tx: meetings.cancel(tx, meeting_id, door.at))

    assert NoWay(Closed.CANCELLED) == await at(door, f"/j/{ONE_OFF}")
    assert NoWay(Closed.WRONG) == await at(door, f"/j/{ONE_OFF}", WRONG)
    assert NoWay(Closed.CANCELLED) == await door.doors.by_key(key)


async def test_a_number_that_was_given_up_leads_to_the_same_room_with_the_notice(door: Entrance) -> None:
    await door.has_number()
    person = await door.has_room()
    await door.has_number(OTHER)
    found = await at(door, f"/j/{NUMBER}")

    assert isinstance(found, Way)
    assert (person.id, OTHER, True) == (found.place.member_id, found.place.number, found.moved)
    assert not (await at(door, f"/j/{OTHER}")).moved  # type: ignore[union-attr]


@pytest.mark.row("R45")
@pytest.mark.parametrize("day", [0, 1, 179, 181])
async def test_what_was_given_up_is_held_and_never_opens_a_strangers_room(door: Entrance, day: int) -> None:
    """Seen red: without `held_until` in the look-up of a link, on day 181 the address still opened while
    nobody else had claimed it."""
    await door.has_number()
    await door.has_link("blue.harbour")
    await door.has_room()
    await door.has_room("zoes7room7", STRANGER)
    await door.has_number(OTHER)
    await door.has_link("green.harbour")
    await note_departure(door.house, ANNA.workspace, "k" * 64, Departure.UNINSTALLED)
    door.passes(days=day)
    is_held = day < 180
    assert is_held is isinstance(await at(door, "/my/blue.harbour"), Way)

    assert ("pmi.taken",) == await codes_of(door.pmis.save(new_call(STRANGER), NUMBER))
    wanted = door.links.save(new_call(STRANGER), "blue.harbour", anna)
    assert (("link.taken",) if is_held else ()) == await codes_of(wanted)
    for address, leads_on in ((f"/j/{NUMBER}", True), ("/my/blue.harbour", is_held)):
        hers, strangers = await at(door, address), await at(door, address, "zoes7room7")
        assert (leads_on, not leads_on) == (isinstance(hers, Way), isinstance(strangers, Way))
        assert leads_on is (isinstance(hers, Way) and hers.moved)

    await door.has_number(NUMBER)
    taken_back = door.links.save(new_call(ANNA), "blue.harbour", anna)
    assert (() if is_held else ("link.taken",)) == await codes_of(taken_back)
    assert is_held is isinstance(await at(door, "/my/blue.harbour"), Way)


async def test_where_a_workspace_does_not_want_it_old_addresses_lead_nowhere(door: Entrance) -> None:
    await door.has_number()
    await door.has_room()
    await door.has_number(OTHER)
    invited = await door.key()
    await door.has_number(NUMBER)
    await Policies(door.house).save_addresses(new_call(ANNA), AddressWish(leads_on=False))

    assert NoWay(Closed.WRONG) == await at(door, f"/j/{OTHER}")
    assert NoWay(Closed.KEY) == await door.doors.by_key(invited)
    assert isinstance(await at(door, f"/j/{NUMBER}"), Way)

    await Policies(door.house).save_addresses(new_call(ANNA), AddressWish(leads_on=True))
    assert isinstance(await door.doors.by_key(invited), Way)


async def test_an_invitation_opens_without_a_passcode_and_knows_whom_it_was_given_to(door: Entrance) -> None:
    person = await door.has_room()
    found = await door.doors.by_key(await door.key(guest="U0GUEST"))

    assert isinstance(found, Way)
    assert (person.id, person.pmi, False, "U0GUEST") == (
        found.place.member_id,
        found.place.number,
        found.moved,
        found.invited,
    )


async def test_an_invitation_leads_on_when_the_number_is_another(door: Entrance) -> None:
    await door.has_number()
    key = await door.key()
    await door.has_number(OTHER)
    found = await door.doors.by_key(key)

    assert isinstance(found, Way)
    assert (OTHER, True) == (found.place.number, found.moved)


@pytest.mark.parametrize("key", ["", "x", "A" * 24, "A" * 8000, "\0" * 24, "\ud800" * 24, "é" * 24])
async def test_what_is_no_key_opens_nothing(door: Entrance, key: str) -> None:
    assert NoWay(Closed.KEY) == await door.doors.by_key(key)
    assert NoWay(Closed.KEY) == await door.doors.by_start_key(key)


async def test_a_key_that_was_taken_back_is_as_none(door: Entrance) -> None:
    person = await door.has_room()
    key = await door.key()
    await door.takes_back(person)

    assert NoWay(Closed.KEY) == await door.doors.by_key(key)


async def test_the_key_of_one_session_opens_nothing_once_it_is_over(door: Entrance) -> None:
    person = await door.has_room()
    session_id = await door.runs(person)
    key = await door.key(session=session_id)
    found = await door.doors.by_key(key)
    await door.store.write(lambda tx: sessions.end(tx, session_id, door.at, None))

    assert isinstance(found, Way)
    assert session_id == found.session_id
    assert NoWay(Closed.OVER) == await door.doors.by_key(key)
    assert not await door.doors.still_opens(found)


async def test_a_start_key_is_its_hosts_for_its_time(door: Entrance) -> None:
    person = await door.has_room()
    link = StartLink(person.workspace, "U0ANNA", person.id, None, door.at + timedelta(hours=24))
    key = start_key(door.house.keys, link)

    assert HostWay(link) == await door.doors.by_start_key(key)
    door.passes(hours=24)
    assert NoWay(Closed.KEY) == await door.doors.by_start_key(key)


async def test_a_way_closes_with_what_opened_it(door: Entrance) -> None:
    person = await door.has_room()
    meeting_id = await door.meets()
    by_passcode, by_key = await at(door, f"/j/{person.pmi}"), await door.doors.by_key(await door.key())
    of_meeting = await at(door, f"/j/{ONE_OFF}")
    ways = [way for way in (by_passcode, by_key, of_meeting) if isinstance(way, Way)]

    assert [True, True, True] == [await door.doors.still_opens(way) for way in ways]

    await door.has_room("another777")
    await door.takes_back(person)
    await door.store.write(lambda tx: meetings.cancel(tx, meeting_id, door.at))
    assert [False, False, False] == [await door.doors.still_opens(way) for way in ways]
    assert not await door.doors.still_opens(replace(ways[0], place=replace(ways[0].place, member_id="0" * 26)))


async def test_a_way_without_a_passcode_closes_once_there_is_one(door: Entrance) -> None:
    person = await door.has_room(None)
    way = await at(door, f"/j/{person.pmi}")
    assert isinstance(way, Way)

    assert await door.doors.still_opens(way)
    await door.has_room(SECRET)
    assert not await door.doors.still_opens(way)


async def test_a_right_passcode_leaves_nothing_in_the_database(door: Entrance) -> None:
    person = await door.has_room()
    await at(door, f"/j/{person.pmi}")

    assert [] == await rows(door)


async def test_what_is_kept_of_wrong_tries_names_neither_place_nor_address(door: Entrance) -> None:
    await at(door, f"/j/{NUMBER}", WRONG)
    await door.doors.by_address("my", "blue.harbour", WRONG, THERE)
    kept = str(await rows(door))

    assert 4 == kept.count("key=")
    for clear in (NUMBER, "blue", HERE.network, "2001", WRONG):
        assert clear not in kept


async def rows(door: Entrance) -> list[str]:
    """What the table of tries holds."""

    return await door.store.read(
        lambda tx: [f"key={row.key} {row.times} {row.last_at}" for row in tx.execute(select(attempts))]
    )
