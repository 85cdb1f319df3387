"""The change log as administrators read it: never that of another workspace."""

from datetime import date, timedelta

from bot.services.change_log import MOST, PAGE, ChangeLog, LogFilter, LogKind, Turn, file_detail
from storage import changes, workspaces
from storage.changes import Change
from storage.ids import first_id, new_id
from storage.transactions import Store, Transaction
from tests.integration.services.houses import START, house_of

ACME, GLOBEX = "T0ACME", "T0GLOBEX"


async def written(store: Store, workspace: str, *actions: str) -> None:
    def work(tx: Transaction) -> None:
        workspaces.ensure(tx, workspace, START)
        for number, action in enumerate(actions):
            at = START + timedelta(minutes=number)
            one = Change(action, None, f"{workspace} {number}")
            changes.record(tx, workspace, [one], at, member_id=None, actor_id=None)

    await store.write(work)


async def test_no_turn_and_no_file_leads_to_another_workspace(store: Store) -> None:
    """Seen red: without the workspace in the statement, a turn from the end of time showed the others' changes."""
    await written(store, ACME, *["plan.changed"] * (PAGE + 2))
    await written(store, GLOBEX, *["plan.changed"] * 3)
    log = ChangeLog(house_of(store))
    pages = [await log.page(GLOBEX, LogFilter(), turn) for turn in (None, Turn("z" * 26, to_newer=False))]
    pages.append(await log.page(GLOBEX, LogFilter(), Turn("0" * 26, to_newer=True)))
    rows = [row async for row in log.rows(GLOBEX, file_detail(LogFilter()))]

    expected = [f"{GLOBEX} {number}" for number in (2, 1, 0)]
    assert [expected] * 3 == [[line.new for line in page.lines] for page in pages]
    assert [(None, None)] * 3 == [(page.older, page.newer) for page in pages]
    assert expected == [row[5] for row in rows[1:]]
    assert len(rows) <= MOST


async def test_every_change_is_of_one_kind(store: Store) -> None:
    """What is of none that is known is about what holds for everybody: such as a change of a later version."""
    known = (
        "pmi.changed",
        "link.set",
        "host.added",
        "meeting.started",
        "licence.changed",
        "app.uninstalled",
        "new.one",
    )
    await written(store, ACME, *known)
    log = ChangeLog(house_of(store))
    found = {kind: [line.action for line in (await log.page(ACME, LogFilter(kind=kind))).lines] for kind in LogKind}

    assert {kind: [action] for kind, action in zip(LogKind, known, strict=True)} == found


async def test_a_day_begins_where_the_reader_is(store: Store) -> None:
    await written(store, ACME, "plan.changed")  # at 9 o'clock UTC on the first of March
    log = ChangeLog(house_of(store))
    found = {
        (day, zone): len((await log.page(ACME, LogFilter(day=date.fromisoformat(day), zone=zone))).lines)
        for day in ("0001-01-01", "2026-03-01", "2026-03-02", "9999-12-31")
        for zone in ("UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago", "Nowhere/At_All", "../x")
    }

    shown = {key for key, count in found.items() if count}
    assert {(day, zone) for day, zone in found if day < "2026-03-02"} - {("2026-03-01", "Pacific/Pago_Pago")} == shown


def test_the_first_id_of_a_moment_stands_before_all_of_it() -> None:
    moments = [START + timedelta(microseconds=number) for number in range(3)]

    assert first_id(moments[0]) < new_id(moments[0]) < first_id(moments[1]) < new_id(moments[1]) < first_id(moments[2])
