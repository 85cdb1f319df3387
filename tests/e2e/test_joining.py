"""From a number, a link or a key to a room: what opens, what looks alike, what is slow, and what is told nowhere."""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Sequence

import pytest

from bot.playground import Person
from tests.e2e.guests import Guests, Page, guests_before, look_alike
from tests.e2e.reading import asks
from tests.lengths import short_or_long

MINUTE = 60.0
USED, FREE_NUMBER, LINK = "/j/5829047316", "/j/3141592653", "/my/blue.harbour"


@pytest.fixture
async def guests(database_url: str) -> AsyncIterator[Guests]:
    async with guests_before(database_url) as made:
        yield made


async def every_kind(guests: Guests) -> list[str]:
    """An address of each kind: in use, held, free, and none at all."""
    for line in ("/pmi set 6175550142", "/pmi set 5829047316", "/personal-link set old.harbour"):
        await asks(guests.stage.anna, line)
    await asks(guests.stage.anna, "/personal-link set blue.harbour")
    await guests.room(guests.stage.anna)
    return [
        *(USED, "/j/6175550142", FREE_NUMBER, "/j/555", "/j/%D9%A5%0d%0a"),
        *(LINK, "/my/old.harbour", "/my/green.harbour", "/my/a..%2f%00", "/my/" + "x" * 4000),
    ]


@pytest.mark.row("R40")
async def test_every_address_looks_alike(guests: Guests) -> None:
    """Seen red: with `X-Room: 1` on the page of a number in use, two pages were not the same; with 5 ms more for such a
    number, its times stood out."""
    addresses = await every_kind(guests)
    pages: dict[str, list[Page]] = {address: [] for address in addresses}
    for _ in range(200):
        for address in addresses:
            pages[address].append(await guests.asks(address))

    assert 1 == len({page.same for each in pages.values() for page in each})
    assert 200 == pages[USED][0].status
    for address in addresses[1:]:
        assert look_alike(seconds(pages[USED]), seconds(pages[address])), address


@pytest.mark.row("R40")
async def test_a_wrong_passcode_and_an_address_that_is_nobodys_look_alike(guests: Guests) -> None:
    """Seen red: with the words for a key that opens nothing where an address was nobody's, there were two pages."""
    addresses = await every_kind(guests)
    pages: dict[str, list[Page]] = {address: [] for address in addresses}
    for _ in range(short_or_long(20, 100)):
        guests.clock.passes(31 * MINUTE)
        for address in addresses:
            pages[address].append(await guests.knocks(address))

    assert 1 == len({page.same for each in pages.values() for page in each})
    assert 403 == pages[USED][0].status
    for address in addresses[1:]:
        assert look_alike(seconds(pages[USED]), seconds(pages[address])), address


@pytest.mark.row("R41")
async def test_one_place_is_answered_thirty_times_a_minute_whatever_it_asks_for(guests: Guests) -> None:
    """Seen red: without `limited` around the first page, all 200 were answered; with all 128 bits of an IPv6
    address as its source, so were all 40 addresses of one home."""
    here = [
        (await guests.asks(f"/j/{5829040000 + each}", whence="192.0.2.1")) for each in range(short_or_long(200, 10_000))
    ]
    home = [await guests.asks(f"/j/{each}", whence=f"2001:db8:1:2::{each:x}") for each in range(1, 41)]

    assert {200: 30, 429: len(here) - 30} == Counter(page.status for page in here)
    assert all(0 < int(page.headers["Retry-After"]) <= 60 for page in here[30:])
    assert {200: 30, 429: 10} == Counter(page.status for page in home)
    assert 200 == (await guests.asks(USED, whence="2001:db8:1:3::1")).status
    noted = [json.loads(line) for line in guests.stage.heard.getvalue().splitlines() if "guessing_suspected" in line]
    assert 1 == len(noted)
    assert (100, 1) == (noted[0]["misses"], noted[0]["sources"])
    assert "standing_room_guessing_total 1.0" in (await guests.asks("/metrics")).body
    assert "192.0.2.1" not in guests.stage.heard.getvalue()


@pytest.mark.row("R41")
async def test_what_a_request_says_of_its_way_counts_for_nothing_unless_a_set_proxy_says_it(database_url: str) -> None:
    """Seen red: with every peer taken for a proxy, all 40 were answered, each as if from elsewhere."""
    async with guests_before(database_url, proxies="") as guests:
        found = Counter([(await guests.asks(USED)).status for _ in range(40)])

        assert {200: 30, 429: 10} == found


@pytest.mark.row("R42")
async def test_one_place_is_listened_to_ten_times_in_five_minutes_wherever_it_knocks(guests: Guests) -> None:
    """Seen red: with a window of a millisecond for tries from one place, the eleventh was listened to."""
    pages = [await guests.knocks(f"/j/{5829040000 + each}", whence="192.0.2.1") for each in range(20)]

    assert [403] * 10 + [429] * 10 == [page.status for page in pages]
    assert all(0 < int(page.headers["Retry-After"]) <= 300 for page in pages[10:])
    guests.clock.passes(5 * MINUTE)
    assert 403 == (await guests.knocks("/j/5829040001", whence="192.0.2.1")).status


@pytest.mark.row("R42")
@pytest.mark.parametrize("there", [True, False])
async def test_an_address_is_listened_to_ten_times_in_half_an_hour_by_all_processes_together(
    database_url: str, *, there: bool
) -> None:
    """Seen red: with the tries looked at without a lock before the passcode was, 22 were heard on PostgreSQL; with the
    newest try alone kept, everybody was."""
    async with guests_before(database_url, processes=2) as guests:
        number, passcode = await guests.room(guests.stage.anna)
        address = f"/j/{number}" if there else FREE_NUMBER
        key = await guests.invitation(guests.stage.anna)
        statuses: Counter[int] = Counter()
        for wave in range(12):
            if wave == 8:
                await guests.restart()
            many = (guests.knocks(address, process=each % len(guests.bases)) for each in range(short_or_long(30, 90)))
            statuses += Counter(page.status for page in await asyncio.gather(*many))
            right = await guests.knocks(address, passcode)
            guests.clock.passes(31.0)

        assert {403, 429} == set(statuses)
        assert 10 == statuses[403]
        assert 429 == right.status
        assert 303 == (await guests.asks(f"/i/{key}")).status
        guests.clock.passes(30 * MINUTE)
        assert (303 if there else 403) == (await guests.knocks(address, passcode)).status


async def test_the_pauses_at_an_address_grow_and_are_told(guests: Guests) -> None:
    number, _ = await guests.room(guests.stage.anna)
    told = []
    for _ in range(9):
        assert 403 == (await guests.knocks(f"/j/{number}")).status
        page = await guests.knocks(f"/j/{number}", "")
        told.append(int(page.headers.get("Retry-After", 0)) if page.status == 429 else 0)
        guests.clock.passes(max(told[-1] - 0.1, 0.0) + 0.2)

    # The second try of the first round is a wrong one as well, since no pause had begun.
    assert [0, 1, 2, 4, 8, 15, 30, 30] == told[:8]


@pytest.mark.row("R49")
async def test_a_passcode_and_a_key_stand_in_no_address_header_page_or_log(guests: Guests) -> None:
    """Seen red: with the passcode in the query of the next address, it stood in Location; with a line logged for each
    invitation that was opened, its key stood in the log; with `Referrer-Policy: origin`, pages had that header."""
    number, passcode = await guests.room(guests.stage.anna)
    key, start = await guests.invitation(guests.stage.anna), await guests.start_link(guests.stage.anna)
    pages = [
        await guests.knocks(f"/j/{number}", passcode),
        await guests.knocks(FREE_NUMBER, passcode),
        await guests.asks(f"/j/{number}?pwd={passcode}"),
        await guests.asks(f"/i/{key}"),
        await guests.asks(f"/i/{key}x"),
        await guests.asks(f"/s/{start}"),
        await guests.asks(f"/s/{start}x"),
    ]
    moved = await guests.asks("/moved")

    assert [303, 403, 200, 303, 404, 303, 410, 303] == [page.status for page in (*pages, moved)]
    everything = "".join(f"{page.headers} {page.body}" for page in pages) + guests.stage.heard.getvalue()
    for secret in (passcode, key, start):
        assert secret not in everything
    for page in pages:
        assert "no-referrer" == page.headers["Referrer-Policy"]
        assert "no-store" == page.headers["Cache-Control"]
        assert "noindex, nofollow" == page.headers["X-Robots-Tag"]
    assert ["/wait", "/wait"] == [pages[place].headers["Location"] for place in (0, 3)]
    assert pages[5].headers["Location"].startswith("https://meet.jit.si/")


async def test_a_guest_comes_in_by_number_by_link_and_by_what_was_given_up(guests: Guests) -> None:
    anna = guests.stage.anna
    await every_kind(guests)
    number, passcode = await guests.room(anna)
    row = await guests.stage.row(anna)
    assert row is not None
    for address, onward in (
        (USED, "/wait"),
        (LINK, "/wait"),
        ("/j/6175550142", "/moved"),
        ("/my/old.harbour", "/moved"),
    ):
        page = await guests.knocks(address, passcode)
        held = guests.held(page)

        assert (303, onward) == (page.status, page.headers["Location"])
        assert held is not None
        assert (row.id, number, "Zoe") == (held.way.place.member_id, held.way.place.number, held.name)


async def test_a_start_link_starts_one_meeting_however_often_it_is_opened(guests: Guests) -> None:
    anna: Person = guests.stage.anna
    await guests.room(anna)
    start = await guests.start_link(anna)
    doors = {(await guests.asks(f"/s/{start}")).headers["Location"].partition("?")[0] for _ in range(3)}

    assert 1 == len(doors)


@pytest.mark.parametrize(
    "tail", ["%0d%0aSet-Cookie:%20a=b", "a%2Fb", "%00", "x" * 8000, "/\\evil.com", "%5Cevil.com", "..", "%ff"]
)
async def test_odd_addresses_get_pages_of_ours(guests: Guests, tail: str) -> None:
    for place in ("j", "my", "i", "s"):
        for page in (await guests.asks(f"/{place}/{tail}"), await guests.knocks(f"/{place}/{tail}")):
            assert page.status in (200, 403, 404, 405, 410)
            assert page.headers.get("Location") is None
            assert not page.cookies


def seconds(pages: Sequence[Page]) -> list[float]:
    """How long each took."""
    return [page.seconds for page in pages]
