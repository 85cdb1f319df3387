"""What goes of a workspace that the app has left, what stays, and who comes back."""

import asyncio
import json
import sys
from asyncio.subprocess import PIPE
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.services.change_chain import ChangeChain
from bot.services.departures import Closings
from bot.services.erasures import NotAList, erase_again, every_erasure, read_list
from bot.services.export import exported
from bot.services.purging import LEASE
from bot.services.upkeep import forget_links_of_the_erased
from bot.services.ways import Closed, NoWay, Way
from bot.services.workspaces import Workspaces
from storage import changes, policies, reserved, sessions
from storage.reserved import Word
from storage.tables import change_log, guests, personal_links
from storage.transactions import Store
from tests.integration.services.entrances import HERE
from tests.integration.services.purged import ANNA, BEN, CANARIES, CARL, ELSEWHERE, Left, member, rows, state, traces

ROOT = Path(__file__).resolve().parents[3]
LATER = timedelta(days=30)


@pytest.fixture
async def left(store: Store) -> Left:
    return Left(store)


async def knocks(left: Left, pmi: str) -> Way | NoWay:
    """What comes of the right passcode at a room's address."""
    left.passes(minutes=40)
    return await left.door.doors.by_address("j", pmi, "canary9pass", HERE)


async def closes(left: Left) -> None:
    """What a process does that looks for what was left."""
    closings = Closings(left.door.house, lambda: None)
    while await closings.close() is not None:
        pass


@pytest.mark.row("R50")
async def test_rooms_of_a_workspace_that_was_left_are_nobodys_and_open_again_when_it_is_back(left: Left) -> None:
    """Seen red: where doors did not look at departures, the right passcode opened the room."""
    await left.fill(ANNA)
    person = await member(left.store, "U0ANNA")
    assert person is not None
    assert isinstance(await knocks(left, person.pmi), Way)
    before = await rows(left.store, "T0ACME")
    await left.leaves()
    assert NoWay(Closed.WRONG) == await knocks(left, person.pmi)
    await closes(left)

    assert () == await left.store.read(lambda tx: sessions.running_of_member(tx, person.id))
    assert ["gone"] == await left.store.read(lambda tx: list(tx.execute(sa.select(guests.c.state)).scalars()))
    assert (True, None) == ((await state(left.store)).closed_at is not None, await left.purges.purge())
    left.passes(days=29)
    await left.installs(ANNA)
    assert isinstance(await knocks(left, person.pmi), Way)
    assert before["room"] == [row for row in (await rows(left.store, "T0ACME"))["room"] if row[0] == person.id]
    left.passes(days=29)
    assert await left.purges.purge() is None


@pytest.mark.row("R50")
async def test_what_is_left_twice_keeps_its_time(left: Left) -> None:
    """Seen red: where a second departure took the place of the first, it was purged a day later."""
    await left.fill(ANNA)
    installed = await left.installations.find("T0ACME")
    assert installed is not None

    assert await left.installations.end(installed)
    assert not await left.installations.end(installed)
    first = await state(left.store)
    left.passes(days=1)
    await left.leaves()
    assert first == await state(left.store)
    assert first.left_at + LATER == first.purge_after


@pytest.mark.row("R51")
async def test_after_a_purge_there_is_no_trace_but_tombstones_and_others_are_unharmed(left: Left) -> None:
    """Seen red: where the change log took people and topics as they were: it had U0DORA still."""
    for actor in (ANNA, BEN, ELSEWHERE):
        await left.fill(actor)
    await left.door.has_link("blue.harbour")
    pmi = (await left.door.person()).pmi
    others = await rows(left.store, "T0OTHER")
    await left.leaves()
    left.passes(days=30, seconds=1)
    purged = await left.purges.purge()

    assert purged is not None
    assert purged.finished
    assert [] == await traces(left.store, *CANARIES)
    erased = await member(left.store, left.mark(ANNA))
    assert erased is not None
    assert (pmi, None, None) == (erased.pmi, erased.link_key, erased.pmi_for_instant)
    assert others == await rows(left.store, "T0OTHER")
    shown = await Workspaces(left.door.house).show("T0ACME")
    assert shown is not None
    assert {"deleted-user#1", "deleted-user#2"} <= {room.user for room in shown.rooms}
    assert (await state(left.store)).purged_at is not None
    assert await left.purges.purge() is None


@pytest.mark.row("R51")
async def test_a_purge_takes_words_and_policy_and_leaves_a_chain_that_holds(left: Left) -> None:
    """Seen red: where the queue of what has no link went too, a change that waited was without one for good."""
    await left.fill(ANNA)
    chain = ChangeChain(left.door.house)
    assert await chain.seal(1) == 1
    await left.store.write(lambda tx: reserved.add(tx, "T0ACME", [Word("ceo", is_prefix=False)]))
    await left.store.write(lambda tx: policies.lock(tx, "T0ACME"))
    await left.leaves()
    left.passes(days=30, seconds=1)
    assert await left.purges.purge() is not None

    kept = await rows(left.store, "T0ACME")
    assert ([], []) == (kept["reserved_name"], kept["workspace_policy"])
    assert await chain.seal(500) > 0
    verified = await chain.verify("T0ACME")
    assert (len(kept["change_log"]), 0, None) == (verified.links, verified.waiting, verified.broken)


@pytest.mark.row("R51")
async def test_who_comes_back_is_who_they_were_and_a_link_is_free_after_its_hold(left: Left) -> None:
    """Seen red: where they were added as somebody new all the same, that lost every race."""
    await left.fill(ANNA)
    await left.door.has_link("blue.harbour")
    before = await left.door.person()
    await left.leaves()
    left.passes(days=31)
    await left.purges.purge()
    left.passes(days=200)
    await forget_links_of_the_erased(left.door.house)
    assert [] == await left.store.read(lambda tx: tx.execute(sa.select(personal_links)).all())
    await left.installs(CARL)
    after = await left.door.person()

    assert (before.id, before.pmi) == (after.id, after.pmi)
    assert before.id != (await left.door.person(CARL)).id
    log = await left.store.read(lambda tx: changes.of_member(tx, after.id))
    assert "member.returned" in [change.action for change in log]
    assert (await state(left.store)).returned_at is not None


@pytest.mark.row("R51")
async def test_a_purge_that_is_killed_goes_on_where_it_was_by_one_process(database_url: str, store: Store) -> None:
    """Seen red: where a lease held nobody off, it was purged by another one at once."""
    left = Left(store, at=datetime.now(UTC))
    for actor in (ANNA, BEN):
        await left.fill(actor)
    before = len(await traces(store, *CANARIES))
    await store.write(lambda tx: left.purges.ask(tx, "T0ACME", None))
    words = ("-m", "tests.integration.services.purging_process", database_url)
    process = await asyncio.create_subprocess_exec(sys.executable, *words, cwd=ROOT, stdout=PIPE)
    assert process.stdout is not None
    for _ in range(12):
        await process.stdout.readline()
    process.kill()
    await process.wait()
    half = len(await traces(store, *CANARIES))
    meanwhile = await left.purges.purge()
    left.passes(seconds=LEASE.total_seconds() + 60)
    after = await left.purges.purge()

    assert 0 < half < before
    assert meanwhile is None
    assert after is not None
    assert after.finished
    assert [] == await traces(store, *CANARIES)


@pytest.mark.row("R51")
async def test_one_member_is_erased_and_named_nowhere_and_all_others_stay(left: Left) -> None:
    """Seen red: without the rows of others that name them, U0BEN was installer and invitee still."""
    await left.fill(ANNA)
    await left.fill(BEN)
    told = json.loads(await exported(left.door.house, "T0ACME", "U0BEN") or "{}")
    assert await left.purges.erase("T0ACME", "U0BEN")

    kept = told["kept"]
    assert ["canary9pass"] == [room["passcode"] for room in kept["room"]]
    assert {"Canary weekly"} == {meeting["topic"] for meeting in kept["meeting"]}
    assert {"change_log", "invitee", "alternative_host", "meeting_number", "member"} <= set(kept)
    assert "v1." not in json.dumps(kept)
    assert [] == await traces(left.store, "U0BEN")
    assert "Canary room" in json.dumps(json.loads(await exported(left.door.house, "T0ACME", "U0ANNA") or "{}"))
    assert await exported(left.door.house, "T0ACME", "U0BEN") is None
    assert not await left.purges.erase("T0ACME", "U0NOBODY")
    actions = await left.store.read(lambda tx: set(tx.execute(sa.select(change_log.c.action)).scalars()))
    assert "member.erased" in actions


@pytest.mark.row("R52")
async def test_what_was_erased_is_erased_again_after_a_restore_and_who_is_back_is_left(left: Left) -> None:
    """Seen red: without the comparison of times, the second run erased who had come back."""
    for actor in (ANNA, CARL, ELSEWHERE):
        await left.fill(actor)
    carl = await left.door.person(CARL)
    left.passes(hours=1)
    gone = [f'{{"workspace": "T0ACME", "member": "{carl.id}", "at": "{left.at.isoformat()}"}}']
    gone.append(f'{{"workspace": "T0OTHER", "at": "{left.at.isoformat()}"}}')
    gone.append(f'{{"workspace": "T0GONE", "at": "{left.at.isoformat()}"}}')
    left.passes(hours=1)

    assert (1, 1) == await erase_again(left.door.house, read_list(gone))
    assert [] == await traces(left.store, "Canary", workspace="T0OTHER")
    assert await member(left.store, "U0CARL") is None
    assert await member(left.store, "U0ANNA") is not None
    await left.door.person(CARL)
    printed = [each.line() for each in await every_erasure(left.store)]
    assert (0, 0) == await erase_again(left.door.house, read_list(printed))
    assert await member(left.store, "U0CARL") is not None
    for line in ("x", "[]", '{"workspace": "T0", "at": "2026-01-01"}', '{"workspace": 1, "at": "2026-01-01T00:00Z"}'):
        with pytest.raises(NotAList):
            read_list([line])
