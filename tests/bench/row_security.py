"""What PostgreSQL's row-level security would cost `/pmi set`: run as `python -m tests.bench.row_security`.

The workspace is said in the very message that begins a transaction, so that no way to the server and back is added;
policies on the tables that `/pmi set` touches compare with it. Both kinds of transactions run in turn.
"""

import asyncio
import secrets
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit

from sqlalchemy import Connection

from bot.rules import draw_number
from bot.services.people import Actor, Call
from bot.services.pmis import PMIs
from bot.services.rooms import Rooms
from storage import postgres_driver
from storage.transactions import open_store
from tests.databases import PostgresTemplates, postgres_server, sql
from tests.integration.services.houses import house_of

TABLES = ("member", "change_log", "seen_request", "outbox", "room", "meeting", "session", "posting")
ROUNDS, EACH, PEOPLE = 60, 25, 25
_USUAL = postgres_driver.begin


def _says_workspace(tx: Connection, *, read_only: bool) -> None:
    words = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY" if read_only else "BEGIN"
    postgres_driver._ask(tx, lambda driver: driver.execute(f"{words}; SET LOCAL room.workspace = 'T0BENCH'"))


@contextmanager
def beginning(begin: Callable[..., None]) -> Iterator[None]:
    """Have transactions begin so."""
    postgres_driver.begin = begin
    try:
        yield
    finally:
        postgres_driver.begin = _USUAL


async def walled(url: str) -> str:
    """The URL for somebody whom policies bind, once they are there."""
    statements = [
        "CREATE ROLE tenant LOGIN",
        "GRANT ALL ON ALL TABLES IN SCHEMA public TO tenant",
        *(f"ALTER TABLE {each} ENABLE ROW LEVEL SECURITY" for each in TABLES),
        *(f"CREATE POLICY own ON {each} USING (workspace = current_setting('room.workspace'))" for each in TABLES),
    ]
    await sql(url, *statements)
    return as_tenant(url)


def as_tenant(url: str) -> str:
    """The same database for somebody who may do no more than the program needs."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=f"tenant@{parts.netloc.rpartition('@')[2]}"))


async def times(pmis: PMIs, rounds: int) -> list[float]:
    """Milliseconds of each of so many changes of a number, one after the other."""
    found = []
    for number in range(rounds):
        call = Call(Actor("T0BENCH", f"U0{number % PEOPLE}"), secrets.token_hex(32), None)
        wish = draw_number(secrets.randbelow).digits
        began = time.perf_counter()
        await pmis.save(call, wish)
        found.append((time.perf_counter() - began) * 1000)
    return found


async def measure(plain: str, secured: str) -> str:
    """The times of both, and how much more the wall costs. What else runs here disturbs the quickest least."""
    stores = [await open_store(plain), await open_store(await walled(secured))]
    plain_pmis, walled_pmis = (PMIs(house, Rooms(house)) for house in map(house_of, stores))
    ways = ((plain_pmis, _USUAL), (walled_pmis, _says_workspace))
    found: list[list[float]] = [[], []]
    for round_number in range(ROUNDS + 1):
        for place, (pmis, begin) in enumerate(ways):
            with beginning(begin):
                taken = await times(pmis, EACH)
            if round_number:  # the first is to warm up
                found[place] += taken
    for store in stores:
        await store.close()
    lines = []
    for name, place in (("the quickest tenth", 0), ("the middle", 4)):
        one, other = (statistics.quantiles(each, n=10)[place] for each in found)
        lines.append(
            f"/pmi set, {name}: without policies {one:.2f} ms, with them {other:.2f} ms: {other / one - 1:+.1%}"
        )
    return "\n".join(lines)


def main() -> None:
    """Measure and print."""
    with postgres_server(durable=True) as server:
        templates = PostgresTemplates(server)
        urls = [templates.fresh() for _ in range(2)]
        sys.stdout.write(asyncio.run(measure(*urls)) + "\n")
        for url in urls:
            templates.drop(url)
        templates.close()


if __name__ == "__main__":
    main()
