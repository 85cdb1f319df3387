"""Calendar files: what a second library reads in them is what we meant, over every change of clocks."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from aiohttp import ClientResponse, web
from aiohttp.test_utils import TestClient, TestServer
from yarl import URL

from bot.rules import Repeats
from bot.services.calendars import CalendarFile, Calendars, Place, calendar_file, file_name
from bot.services.hosts import Hosts
from bot.services.invitations import InvitationRecords, Opens
from bot.services.postings import Target
from bot.services.session_records import Beginning, SessionRecords
from bot.services.timetable import Shown
from bot.texts import load_texts
from bot.views.addresses import Addresses
from bot.web.calendar import add_calendars
from bot.web.headers import set_headers
from storage.errors import Busy
from storage.transactions import Store, Transaction
from tests.corpus import Line, lines
from tests.integration.services.houses import new_call
from tests.integration.services.ics import lines_of, read, starts_in
from tests.integration.services.planned import ANNA, BEN, Planner, wish

T = load_texts().for_locale(None)
BASE = "https://rooms.example.org"
ZONES = ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "Africa/Casablanca", "UTC")
WEEKLY: dict[str, Any] = {"repeats": Repeats.WEEKLY, "count": 4}


async def key_of(planner: Planner, meeting: str) -> str:
    card = await planner.cases.card("T0ACME", meeting, Target(user="U0BEN"))
    assert card is not None
    return card.key


async def file_of(planner: Planner, meeting: str) -> CalendarFile:
    key = await key_of(planner, meeting)
    found = await Calendars(planner.cases._house).find(key)
    assert found is not None
    return calendar_file(found, Place(f"{BASE}/i/{key}", BASE, "rooms.example.org"), T)


async def expected(planner: Planner, meeting: str) -> list[datetime]:
    found = await Calendars(planner.cases._house).find(await key_of(planner, meeting))
    assert found is not None
    return sorted(one.start for one in found.kept.occurrences if not one.cancelled)


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("repeats", Repeats)
async def test_a_second_library_reads_the_times_that_we_mean_over_every_change_of_clocks(
    store: Store, zone: str, repeats: Repeats
) -> None:
    planner = Planner(store)
    for clock in ("00:30", "09:30", "23:45"):
        scheduled = await planner.scheduled(date="2026-03-27", time=clock, zone=zone, repeats=repeats)
        meeting = scheduled.shown.meeting_id

        content = (await file_of(planner, meeting)).content

        assert await expected(planner, meeting) == starts_in(content)
        assert scheduled.shown.times == len(starts_in(content))
        lines_of(content)


@pytest.mark.parametrize("zone", ZONES)
async def test_what_was_moved_and_cancelled_is_read_as_such_in_every_zone(store: Store, zone: str) -> None:
    planner = Planner(store)
    asked: dict[str, Any] = {
        "date": "2026-03-20",
        "time": "01:15",
        "zone": zone,
        "repeats": Repeats.WEEKLY,
        "until": "2026-11-30",
    }
    meeting = (await planner.scheduled(**asked)).shown.meeting_id
    moved = wish(date="2026-10-05", time="22:30", zone=zone, topic="Moved")
    await planner.cases.change(new_call(ANNA), meeting, moved, "2026-10-02T01:15")
    for key in ("2026-03-20T01:15", "2026-04-03T01:15", "2026-11-27T01:15"):
        await planner.cases.cancel(new_call(ANNA), meeting, key)

    content = (await file_of(planner, meeting)).content

    assert await expected(planner, meeting) == starts_in(content)
    assert ["4", "4"] == [event.sequence.value for event in read(content).vevent_list]
    assert ["Weekly", "Moved"] == [event.summary.value for event in read(content).vevent_list]


@pytest.mark.parametrize("clock", ["02:00", "02:30", "03:00", "03:30"])
async def test_the_hours_around_a_change_of_clocks_are_read_as_we_mean_them(store: Store, clock: str) -> None:
    planner = Planner(store)
    for day in ("2026-03-29", "2026-10-25"):  # clocks go forward, and back
        meeting = (await planner.scheduled(date=day, time=clock)).shown.meeting_id

        assert await expected(planner, meeting) == starts_in((await file_of(planner, meeting)).content)


async def test_the_same_event_stays_the_same_and_its_sequence_goes_up(store: Store) -> None:
    planner = Planner(store)
    meeting = (await planner.scheduled(**WEEKLY)).shown.meeting_id
    before = read((await file_of(planner, meeting)).content)
    await planner.cases.change(new_call(ANNA), meeting, wish(**WEEKLY, topic="Other"))
    after = read((await file_of(planner, meeting)).content)
    await planner.cases.cancel(new_call(ANNA), meeting)
    gone = await file_of(planner, meeting)

    uids = {each.vevent.uid.value for each in (before, after, read(gone.content))}
    assert {f"{meeting}@rooms.example.org"} == uids
    assert ["0", "1", "2"] == [each.vevent.sequence.value for each in (before, after, read(gone.content))]
    assert ["PUBLISH", "PUBLISH", "CANCEL"] == [each.method.value for each in (before, after, read(gone.content))]
    assert ["CONFIRMED", "CANCELLED"] == [each.vevent.status.value for each in (after, read(gone.content))]
    assert "VALARM" not in gone.content.decode()


async def test_a_file_says_what_it_should_and_holds_no_passcode(store: Store) -> None:
    planner = Planner(store)
    shown = (await planner.scheduled(**WEEKLY)).shown
    content = (await file_of(planner, shown.meeting_id)).content
    key = await key_of(planner, shown.meeting_id)

    found = lines_of(content)

    for line in (
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "METHOD:PUBLISH",
        "TZID:Europe/Berlin",
        "DTSTART;TZID=Europe/Berlin:20260310T093000",
        "DURATION:PT30M",
        "DTSTAMP:20260301T090000Z",
        "RRULE:FREQ=WEEKLY;COUNT=4",
        "SUMMARY:Weekly",
        f"URL:{BASE}/i/{key}",
        f"LOCATION:{BASE}/i/{key}",
        f'ORGANIZER;CN="Standing Room":{BASE}',
        "TRIGGER:-PT10M",
    ):
        assert line in found, line
    assert shown.passcode not in content.decode()
    assert not any(line.startswith("ATTENDEE") for line in found)


async def test_until_is_told_in_utc_and_weekdays_by_name(store: Store) -> None:
    planner = Planner(store)
    asked: dict[str, Any] = {"repeats": Repeats.WEEKDAYS, "until": "2026-04-03"}
    found = lines_of((await file_of(planner, (await planner.scheduled(**asked)).shown.meeting_id)).content)

    assert "RRULE:FREQ=WEEKLY;UNTIL=20260403T073000Z;BYDAY=MO,TU,WE,TH,FR" in found


@pytest.mark.parametrize("line", lines("ics_topic"), ids=str)
async def test_no_topic_makes_a_line_of_its_own(store: Store, line: Line) -> None:
    planner = Planner(store)
    if line.accept is None:
        with pytest.raises(Exception, match=r"|".join(line.refuse)):
            await planner.scheduled(topic=line.value)
        return
    meeting = (await planner.scheduled(topic=line.value)).shown.meeting_id

    file = await file_of(planner, meeting)
    found = lines_of(file.content)

    event = read(file.content).vevent
    assert (line.accept or "Meeting in Standing Room") == event.summary.value
    assert 1 == sum(each.startswith("SUMMARY") for each in found)
    assert 1 == found.count("BEGIN:VALARM")
    assert not any(each.startswith(("ATTENDEE", "X-")) for each in found)


@pytest.mark.parametrize(
    ("topic", "name"),
    [
        ("", "meeting.ics"),
        ("Weekly", "weekly.ics"),
        ('a"; filename="b.exe', "a-filename-b-exe.ics"),
        ("../../etc/passwd", "etc-passwd.ics"),
        ("Köln, 10:00", "k-ln-10-00.ics"),
        ("東京の会議", "meeting.ics"),
        ("x" * 200, "x" * 60 + ".ics"),
        ("R&D\r\nSet-Cookie: a=b", "r-d-set-cookie-a-b.ics"),
    ],
)
def test_a_file_has_a_safe_name(topic: str, name: str) -> None:
    assert name == file_name(topic)


# Over HTTP


class Web:
    """The calendar files over HTTP."""

    def __init__(self, client: TestClient[web.Request, web.Application]) -> None:
        self._client = client

    async def get(self, path: str) -> tuple[ClientResponse, bytes]:
        address = URL(f"http://{self._client.host}:{self._client.port}{path}", encoded=True)
        async with self._client.session.get(address, allow_redirects=False) as response:
            return response, await response.read()


@pytest.fixture
async def planner(store: Store) -> Planner:
    return Planner(store)


@pytest.fixture
async def site(planner: Planner) -> AsyncIterator[Web]:
    app = web.Application()
    app.on_response_prepare.append(set_headers)
    add_calendars(app, T, Addresses(BASE), lambda: Calendars(planner.cases._house), Hosts(planner.cases._house).of)
    async with TestClient(TestServer(app)) as client:
        yield Web(client)


async def test_whoever_has_a_key_gets_the_file(planner: Planner, site: Web) -> None:
    meeting = (await planner.scheduled(topic="Weekly Sync")).shown.meeting_id

    response, body = await site.get(f"/i/{await key_of(planner, meeting)}.ics")

    assert 200 == response.status
    assert "text/calendar; charset=utf-8; method=PUBLISH" == response.headers["Content-Type"]
    assert 'attachment; filename="weekly-sync.ics"' == response.headers["Content-Disposition"]
    assert "no-store" == response.headers["Cache-Control"]
    assert "noindex, nofollow" == response.headers["X-Robots-Tag"]
    assert await expected(planner, meeting) == starts_in(body)


def _session_key(planner: Planner, tx: Transaction, shown: Shown) -> str:
    """The key of a join card in a channel: it opens one session of the meeting alone."""
    house = planner.cases._house
    beginning = Beginning("T0ACME", shown.holder_id, shown.meeting_id, False, shown.number, "", None)
    session = SessionRecords(house).begin(tx, beginning, "fake", "a handle")
    assert session is not None
    opens = Opens("T0ACME", shown.holder_id, shown.number, meeting_id=shown.meeting_id, session_id=session.id)
    return InvitationRecords(house).key(tx, opens)


async def test_every_other_key_gets_one_and_the_same_answer(planner: Planner, site: Web) -> None:
    meeting = (await planner.scheduled()).shown.meeting_id
    await key_of(planner, meeting)
    records = InvitationRecords(planner.cases._house)
    holder = (await planner.cases.see(ANNA, meeting)).shown
    room = await planner.store.write(
        lambda tx: records.key(tx, Opens("T0ACME", holder.holder_id, holder.number, guest="U0BEN"))
    )
    one_session = await planner.store.write(lambda tx: _session_key(planner, tx, holder))
    seen = (await planner.cases.see(BEN, meeting)).shown.key
    await planner.cases.change(new_call(ANNA), meeting, wish(invitees=(), channel=None))
    odd = ("", "x", "a" * 5000, "%00", "%0d%0aSet-Cookie:%20a=b", "..%2f..%2fetc", "%ff", "%C3%A9")
    paths = [room, one_session, seen, "A" * 24, *odd]

    answers = [await site.get(f"/i/{path}.ics") for path in paths]

    assert {404} == {response.status for response, _ in answers}
    assert 1 == len({body for _, body in answers})
    assert all("Set-Cookie" not in response.headers for response, _ in answers)


async def test_while_the_database_is_not_there_one_is_asked_to_come_back(
    planner: Planner, site: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def busy(*_: object) -> None:
        raise Busy("a lock")

    monkeypatch.setattr("bot.services.calendars.Calendars.find", busy)
    response, _ = await site.get("/i/AAAAAAAAAAAAAAAAAAAAAAAA.ics")

    assert (503, "5") == (response.status, response.headers["Retry-After"])


async def test_a_zone_changes_its_clocks_in_the_file_as_it_does(store: Store) -> None:
    planner = Planner(store)
    meeting = (await planner.scheduled(zone="Australia/Lord_Howe", **WEEKLY)).shown.meeting_id

    zone = read((await file_of(planner, meeting)).content).vtimezone.tzinfo

    for at in (datetime(2026, 3, 20, 12, tzinfo=UTC) + timedelta(days=days) for days in range(30)):
        offset = at.astimezone(zone).utcoffset()
        assert timedelta(hours=11 if at < datetime(2026, 4, 4, 15, tzinfo=UTC) else 10.5) == offset


async def test_the_key_of_a_changed_meeting_still_leads_to_its_file(planner: Planner, site: Web) -> None:
    meeting = (await planner.scheduled(**WEEKLY)).shown.meeting_id
    key = await key_of(planner, meeting)
    await planner.cases.change(new_call(ANNA), meeting, replace(wish(**WEEKLY), time="11:00"))

    _, body = await site.get(f"/i/{key}.ics")

    assert await expected(planner, meeting) == starts_in(body)
    await planner.cases.cancel(new_call(ANNA), meeting)
    response, body = await site.get(f"/i/{key}.ics")
    assert ("CANCEL", 200) == (read(body).method.value, response.status)
