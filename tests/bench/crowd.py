"""Load that comes whether or not anybody has been answered: steady, and twice what is carried."""

import sqlite3
import statistics
from collections.abc import Mapping
from contextlib import closing

from storage.engine import sqlite_path
from tests.bench.processes import load, met, target
from tests.databases import sql

STEADY = 200
IN_TIME = 2500.0


async def steady(urls: Mapping[str, str], seconds: float, rounds: int) -> str:
    """The slowest in a hundred at 200 requests a second, beside Bolt with its defaults."""
    kinds = {
        "(b) Bolt, its defaults": (("bolt",), "card"),
        "`/pmi`": (("app", urls["sqlite"]), "card"),
        "`/pmi set`, SQLite": (("app", urls["sqlite"]), "set"),
        "`/pmi set`, PostgreSQL": (("app", urls["postgresql"]), "set"),
    }
    found: dict[str, list[dict[str, float]]] = {title: [] for title in kinds}
    for _ in range(rounds):
        for title, (words, what) in kinds.items():
            async with target(*words) as measured:
                await met(measured.port)
                found[title].append(await load(measured.port, what, STEADY, seconds, opened=True))
    lines = ["| 200 requests a second, open loop | p50 ms | p99 ms |", "|---|---|---|"]
    for title, figures in found.items():
        p50, p99 = (statistics.median(each[name] for each in figures) for name in ("p50", "p99"))
        lines.append(f"| {title} | {p50:.1f} | {p99:.1f} |")
    return "\n".join(lines)


async def twice_as_much(urls: Mapping[str, str], seconds: float) -> str:
    """Twice the load that `/pmi set` carries: who is saved, who is told to come back, and whether that is true."""
    lines = [
        "| twice the load that `/pmi set` carries | carried/s | sent/s | saved/s | told busy/s | slowest ms | lost |",
        "|---|---|---|---|---|---|---|",
    ]
    for kind, url in urls.items():
        async with target("app", url) as measured:
            await met(measured.port)
            carried = (await load(measured.port, "set", 64, seconds))["per_second"]
            rate = int(carried * 2)
            found = await load(measured.port, "set", rate, seconds, opened=True)
        words = found["words"]
        assert found["slowest"] < IN_TIME, found["slowest"]
        assert set(words) <= {"saved", "busy"}, words
        lost = len(set(found["saved"]) - _stored(url)) if kind == "sqlite" else await _lost(url, found["saved"])
        saved, busy = (words.get(word, 0) / seconds for word in ("saved", "busy"))
        lines.append(
            f"| {kind} | {carried:.0f} | {rate} | {saved:.0f} | {busy:.0f} | {found['slowest']:.0f} | {lost} |"
        )
    return "\n".join(lines)


def _stored(url: str) -> set[str]:
    with closing(sqlite3.connect(sqlite_path(url))) as connection:
        return {row[0] for row in connection.execute("SELECT digits FROM meeting_number")}


async def _lost(url: str, saved: list[str]) -> int:
    rows = await sql(url, "SELECT digits FROM meeting_number")
    return len(set(saved) - {str(row[0]) for row in rows})
