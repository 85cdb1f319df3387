"""The soak itself, in its short form, and what it would not let pass."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.services.people import Actor
from storage.transactions import Store
from tests.integration.services.houses import new_call, use_cases
from tests.lengths import short_or_long
from tests.soak.hopes import Hope, Hopes, Word, lost, word_in
from tests.soak.report import GRACE_SECONDS, Lag, Report, Sample, Slow, Window, sample
from tests.soak.run import Pace, soak

START = 1_800_000_000.0


def line(event: str, at: float = START, **more: object) -> str:
    return json.dumps({"event": event, "timestamp": datetime.fromtimestamp(at, UTC).isoformat(), **more})


def a_report(*samples: Sample) -> Report:
    return Report("sqlite", 600, 120, START, samples=list(samples))


@pytest.mark.row("R59")
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
async def test_load_with_faults_leaves_nothing_but_what_was_injected(
    make_database: Callable[..., str], tmp_path: Path, kind: str
) -> None:
    """Two or eight faults come and go, and the report names no trouble.

    Seen red: with `once` that neither looks for a kept answer nor keeps one, the report named 12 troubles on SQLite and
    26 on PostgreSQL: repeats answered "There was nothing to change" where they had been told "Saved".
    """
    faults = {"sqlite": 2, "postgresql": 8}[kind]
    pace = Pace(seconds=short_or_long(5, 60), calm=0.1, lasting=0.3)

    report = await soak(kind, make_database(kind), pace, tmp_path)

    assert [] == report.troubles, str(report)
    assert faults == len({window.name for window in report.windows})
    assert min(report.words[Word.SAVED], report.words["repeats"], report.outcomes["done"]) > 0
    assert f"{kind}: {len(report.milliseconds)} requests" in str(report)


def test_what_is_logged_without_its_fault_or_at_all_is_a_trouble() -> None:
    report = a_report()
    report.windows.append(Window("a lock", START, START + 10))

    report.read_log(
        [
            line("serving"),
            line("request", outcome="done"),
            line("request", START + 9, outcome="busy"),
            line("request", START + 10 + GRACE_SECONDS, outcome="unknown"),
        ]
    )
    well = list(report.troubles)
    report.read_log(
        [
            line("request", START + 11 + GRACE_SECONDS, outcome="busy"),
            line("request", outcome="failed"),
            line("late_work_failed"),
            "Task was destroyed but it is pending!",
        ]
    )

    assert [] == well
    assert ["without a fault", "logged", "logged", "logged"] == [each.partition(":")[0] for each in report.troubles]


def test_what_people_are_told_is_read_from_what_they_are_shown() -> None:
    told = {
        "*Saved. Your Personal Meeting ID is now 582 904 7316*": Word.SAVED,
        "Nothing was changed: there is a lot to do just now.": Word.NOTHING,
        "It took too long to know whether this was saved. Look again with `/pmi`.": Word.UNKNOWN,
        "Something went wrong here, and it was noted as 0a1b2c3d. Try again.": Word.FAILED,
        "582 904 7316 is taken.": Word.OTHER,
    }

    assert told == {shown: word_in(shown) for shown in told}


def test_what_may_be_stored_is_what_was_saved_last_or_what_nobody_knows_since() -> None:
    hope = Hope()
    hope.told(Word.UNKNOWN, "1")
    hope.told(Word.SAVED, "2")
    hope.told(Word.UNKNOWN, "3")
    hope.told(Word.NOTHING, "4")

    assert ["2", "3"] == [each for each in ("1", "2", "3", "4", None) if hope.allows(each)]


async def test_what_was_reported_as_saved_and_is_not_there_is_found(store: Store) -> None:
    await use_cases(store).pmis.save(new_call(Actor("T0SOAK", "U1")), "5829047316")
    hopes = {"U1": Hopes(Hope(["5829047316", "6175550142"])), "U2": Hopes(Hope(["2472472471"])), "U3": Hopes()}

    found = await store.read(lambda tx: lost(tx, "T0SOAK", hopes))

    assert [
        "U1 was told of 6175550142 and has 5829047316",
        "U1 does not hold 6175550142",
        "U2 is not known, and was told of 2472472471",
    ] == found


def test_memory_and_descriptors_that_grow_are_troubles_once_they_were_measured_for_long_enough() -> None:
    grown = [Sample(START + second, 100 + second / 30, 20 + second // 20) for second in range(600)]
    flat = [Sample(START + second, 100 if second < 120 else 120, 20) for second in range(600)]
    reports = [a_report(*samples) for samples in (grown, flat, grown[:200])]
    for report in reports:
        report.judge()

    assert ["memory grows by 2.00 MB a minute", "descriptors grow from 29.5 to 45.5"] == reports[0].troubles
    assert [[], []] == [report.troubles for report in reports[1:]]


def test_an_answer_that_is_late_is_a_trouble_unless_the_machine_was_late_itself_meanwhile() -> None:
    report = a_report()
    report.slow = [Slow("/pmi", START + 10, 2600), Slow("/pmi", START + 20, 2600), Slow("/pmi", START + 30, 4000)]
    report.lags = [Lag(START + 9, 0.3), Lag(START + 16, 5.0), Lag(START + 29, 0.5)]
    report.driver_lags = [Lag(START + 28, 0.5)]

    report.judge()

    assert ["/pmi took 2600 ms", "/pmi took 4000 ms"] == report.troubles


def test_what_asyncpg_leaves_behind_where_connecting_is_cut_off_is_known() -> None:
    report = a_report()
    report.windows.append(Window("a black hole", START, START + 10))
    left = "Future exception was never retrieved\nfuture: <Future finished exception="

    report.read_log([line(f"{left}ConnectionError('unexpected connection_lost() call')>"), line(f"{left}OSError()>")])

    assert 1 == report.outcomes["connecting_cut_off"]
    assert 1 == len(report.troubles)


def test_the_process_is_seen_as_its_metrics_show_it() -> None:
    text = "# HELP x\nprocess_resident_memory_bytes 1.2e+08\nprocess_max_fds 1024.0\nprocess_open_fds 37.0\n"

    assert Sample(START, 120.0, 37) == sample(START, text)
