"""`/room admin`, the change log: newest first, filtered, page by page, and as a file."""

import csv
import io
import re
from datetime import UTC, datetime, timedelta

import aiohttp

from bot.playground.blocks import placed
from storage import changes, members
from storage.changes import Change
from storage.transactions import Transaction
from tests.e2e.reading import asks, dialog
from tests.e2e.stage import ACME, BASE, Stage
from tests.e2e.test_tenancy import another_workspace

OLD = datetime(2026, 3, 1, 12, tzinfo=UTC)


async def opens(stage: Stage) -> None:
    await stage.anna.types("/room admin")
    await stage.anna.presses(action_id="admin_log")
    assert "Change log" == dialog(stage.anna).title


async def logged(stage: Stage, count: int, change: Change, workspace: str = ACME) -> None:
    """So many changes of one kind to Anna, or (elsewhere) nobody, a minute apart, from the first of March on."""

    def work(tx: Transaction) -> None:
        anna = members.find(tx, ACME, "U0ANNA")
        member = anna.id if anna is not None and workspace == ACME else None
        for number in range(count):
            one = Change(change.action, change.old, f"{change.new}{number}")
            at = OLD + timedelta(minutes=number)
            changes.record(tx, workspace, [one], at, member_id=member, actor_id=member)

    await stage.store.write(work)


def file_url(stage: Stage) -> str:
    return next(str(one.element["url"]) for one in placed(dialog(stage.anna).blocks) if "url" in one.element)


async def file_of(stage: Stage, where: str) -> list[list[str]]:
    """The rows of the file that the dialog leads to."""
    url = file_url(stage)
    assert url.startswith(f"{BASE}/admin/")
    async with aiohttp.ClientSession() as session, session.get(where + url.removeprefix(BASE)) as response:
        assert 200 == response.status
        return list(csv.reader(io.StringIO(await response.text(), newline="")))


async def test_the_log_tells_who_changed_what_and_pages_both_ways(stage: Stage) -> None:
    """Seen red: with pages that began at the row and not behind it, a line came twice."""
    await stage.are_known(stage.anna, stage.ben)
    await asks(stage.ben, "/pmi set 582 904 7316")
    await asks(stage.ben, "/personal-link set Blue.Harbour")
    await logged(stage, 23, Change("topic.changed", None, "Topic *"))
    await opens(stage)
    first = dialog(stage.anna).shown
    pages = [topics(first)]
    for _ in range(3):
        if any(one.action_id == "admin_log_older" for one in placed(dialog(stage.anna).blocks)):
            await stage.anna.presses(action_id="admin_log_older")
            await stage.slack.until(lambda: topics(dialog(stage.anna).shown) != pages[-1])
            pages.append(topics(dialog(stage.anna).shown))
    await stage.anna.presses(action_id="admin_log_newer")
    await stage.slack.until(lambda: topics(dialog(stage.anna).shown) == pages[-2])

    assert "Personal link: Blue.Harbour" in first
    assert re.search(r"Personal Meeting ID: \d{3} \d{3} \d{4} to 582 904 7316", first)
    assert [number for page in pages for number in page] == list(range(22, -1, -1))
    assert max(len(page) for page in pages) <= 10


def topics(shown: str) -> list[int]:
    """The numbers of the topics that are shown."""
    return [int(found) for found in re.findall(r"Topic: nothing to Topic \*(\d+)", shown)]


async def test_the_log_is_filtered_and_the_file_has_all_of_the_filter(stage: Stage) -> None:
    """Seen red: without the filter in the key of the file, it had every change."""
    where = (await stage.start()).removesuffix("/slack/events")
    globex, _ = another_workspace(stage)
    await stage.are_known(stage.anna, stage.ben, stage.add("U0EVE", "Eve", workspace=globex))
    await asks(stage.ben, "/personal-link set Blue.Harbour")
    await logged(stage, 12, Change("topic.changed", "a\r\nb", "=1+1 "))
    await logged(stage, 1, Change("topic.changed", None, "theirs "), "T0GLOBEX")
    await opens(stage)
    everything = await file_of(stage, where)
    await stage.anna.chooses("admin_log_member", user=stage.ben.member)
    await stage.anna.chooses("admin_log_kind", "links")
    await stage.anna.submits()
    of_ben, bens = dialog(stage.anna).shown, await file_of(stage, where)
    await stage.anna.chooses("admin_log_member", user=stage.carla.member)
    await stage.anna.submits()
    of_carla = dialog(stage.anna).shown
    await stage.anna.closes(everything=True)
    await opens(stage)
    await stage.anna.chooses("admin_log_day", date="2026-03-02")
    await stage.anna.submits()
    later = dialog(stage.anna).shown
    await stage.anna.chooses("admin_log_day", date="2026-03-01")
    await stage.anna.chooses("admin_log_kind", "rooms")
    await stage.anna.submits()

    assert ["when_utc", "whose", "by", "change", "from", "to"] == everything[0]
    assert ["U0ANNA", "U0ANNA", "topic.changed", "a\\r\\nb", "'=1+1 0"] == everything[-1][1:]
    assert 12 == sum(row[3] == "topic.changed" for row in everything)
    assert not any("theirs" in cell for row in everything for cell in row)
    assert [["U0BEN", "U0BEN", "link.set", "", "Blue.Harbour"]] == [row[1:] for row in bens[1:]]
    assert "Personal link: Blue.Harbour" in of_ben
    assert "Personal Meeting ID:" not in of_ben
    assert "There are no changes here." in of_carla
    assert "Blue.Harbour" in later
    assert "Topic: " not in later
    assert "Topic: a\\r\\nb to =1+1 11" in dialog(stage.anna).shown


async def test_a_page_is_turned_by_administrators_only(stage: Stage) -> None:
    """Ben presses Older in a dialog that is before Anna.

    Seen red: with the handlers registered past the check, the page was turned.
    """
    await stage.are_known(stage.anna, stage.ben)
    await logged(stage, 12, Change("topic.changed", None, "ours "))
    await opens(stage)
    older = next(one for one in placed(dialog(stage.anna).blocks) if one.action_id == "admin_log_older")
    before = topics(dialog(stage.anna).shown)
    await stage.ben.presses_this(older, on=dialog(stage.anna))
    await stage.slack.until(lambda: "Only this workspace's owners" in dialog(stage.anna).shown)

    assert before == topics(dialog(stage.anna).shown)
    assert "admin_denied" in stage.heard.getvalue()
