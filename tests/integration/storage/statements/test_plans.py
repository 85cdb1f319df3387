"""What people wait for is found by an index, however many rows there are: PostgreSQL's own plans, as it caches them."""

import re
from collections.abc import Callable
from typing import Any

from sqlalchemy.dialects import postgresql

from storage import doors, links, members, moves, numbers, posting_lanes, requests
from storage.straight import Straight
from tests.databases import sql
from tests.many_rows import digits_of, fill, member_id

ROWS = 20_000
_MIDDLE = ROWS // 2
_THEN = "'2026-06-01 00:00:00Z'"
_DIALECT = postgresql.asyncpg.dialect()  # type: ignore[no-untyped-call]
HOT: dict[str, tuple[Any, tuple[str, ...]]] = {
    "a member by Slack id": (members._find, (f"'T0{_MIDDLE % (ROWS // 25) + 1}'", f"'U0{_MIDDLE}'")),
    "a member, locked": (members._lock, (f"'T0{_MIDDLE % (ROWS // 25) + 1}'", f"'U0{_MIDDLE}'")),
    "a member by id": (members._by_id, (f"'{member_id(_MIDDLE)}'",)),
    "whose number it is": (doors._number_holder, (f"'{digits_of(_MIDDLE)}'",)),
    "whose numbers they are": (numbers._holders._by_length[12], tuple(f"'{digits_of(each)}'" for each in range(12))),
    "the numbers of one": (numbers._of_holder, (f"'{member_id(_MIDDLE)}'",)),
    "a number is claimed, the one before released": (
        moves._at_once,
        (_THEN, f"'{digits_of(_MIDDLE)}'", f"'{member_id(_MIDDLE)}'", "'9999999999'", "NULL"),
    ),
    "a link": (doors._link_holder, (f"'link.{_MIDDLE}'", _THEN)),
    "whose links they are": (links._holders._by_length[3], (_THEN, "'link.1'", "'link.2'", "'link.3'")),
    "a room behind a number": (doors._room, (f"'{member_id(_MIDDLE)}'",)),
    "a request that was seen": (requests._answer, (f"'{_MIDDLE:064}'",)),
    "what is due": (posting_lanes._due, (_THEN, "100")),
    "what is due in a channel": (posting_lanes._due_in_lane, (_THEN, "'C050'", "1")),
    "when the next is due": (posting_lanes._later, (_THEN,)),
}
"""Each statement with what it is given, as SQL says it."""


def text_of(statement: Any) -> str:
    """How PostgreSQL reads it."""
    return statement.text(_DIALECT) if isinstance(statement, Straight) else str(statement.compile(dialect=_DIALECT))


async def test_no_statement_that_people_wait_for_goes_through_a_table(make_database: Callable[..., str]) -> None:
    """Seen red: without the unique constraint over Slack ids, both ways to find a member went through all of them."""
    url = make_database("postgresql")
    await fill(url, ROWS, but=("change_log",))
    scans: dict[str, list[str]] = {}
    for name, (statement, given) in HOT.items():
        plan = await sql(
            url,
            "SET plan_cache_mode = force_generic_plan",
            f"PREPARE hot AS {text_of(statement)}",
            f"EXPLAIN EXECUTE hot({', '.join(given)})",
        )
        words = "\n".join(str(line) for (line,) in plan)
        assert re.search("Index (Only )?Scan", words), (name, words)
        scans[name] = re.findall(r"Seq Scan on (\w+)", words)

    assert {name: [] for name in HOT} == scans
