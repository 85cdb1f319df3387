"""Nothing in the schema takes it for granted that there is one node; what a cluster would ask for is listed here.

A table that is spread over nodes is spread by one column: every unique key has to hold it (Citus, and PostgreSQL's own
hash partitioning), and a foreign key may only lead where the same column does. CockroachDB and YugabyteDB ask for
neither.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

import storage
from storage.metadata import Table
from tests.databases import sql


@dataclass(frozen=True, slots=True)
class Spread:
    """How a table would be spread."""

    by: str
    to_widen: frozenset[str] = frozenset()
    """Unique and foreign keys that `by` has to be added to. Ids are drawn by chance, and stay unique without it."""
    across: frozenset[str] = frozenset()
    """Foreign keys that lead to another node, and would be for the program alone to keep."""


def spread(by: str, *, to_widen: str = "", across: str = "") -> Spread:
    return Spread(by, frozenset(to_widen.split()), frozenset(across.split()))


SPREAD = {
    "attempt": spread("key"),
    "installation": spread("key"),
    "meeting_number": spread("digits"),
    "oauth_state": spread("hash"),
    "personal_link": spread("key"),
    "posting_lane": spread("lane"),
    "seen_request": spread("key"),
    "vanity_host": spread("host"),
    "workspace": spread("key", to_widen="uq_workspace_vanity_host", across="fk_workspace_vanity_host"),
    "workspace_policy": spread("workspace"),
    "reserved_name": spread("workspace"),
    "departure": spread("workspace"),
    "erasure": spread("workspace", to_widen="fk_erasure_member_id pk_erasure"),
    "change_chain": spread("workspace"),
    "change_key": spread("workspace", to_widen="pk_change_key"),
    "change_unsealed": spread("workspace"),
    "change_log": spread("workspace", to_widen="pk_change_log"),
    "member": spread("workspace", to_widen="pk_member", across="fk_member_link_key_id fk_member_pmi_id"),
    "outbox": spread("request"),
    "posting": spread("workspace", to_widen="pk_posting uq_posting_key"),
    "meeting": spread("workspace", to_widen="fk_meeting_member_id pk_meeting", across="fk_meeting_number_id"),
    "room": spread("workspace", to_widen="fk_room_member_id pk_room"),
    "alternative_host": spread("room_id", across="fk_alternative_host_room_id"),
    "schedule": spread("meeting_id", across="fk_schedule_meeting_id"),
    "session": spread(
        "workspace",
        to_widen="fk_session_meeting_id fk_session_member_id pk_session "
        "uq_session_running_number uq_session_running_room",
    ),
    "guest": spread("workspace", to_widen="fk_guest_meeting_id fk_guest_member_id fk_guest_session_id pk_guest"),
    "invitation": spread(
        "key_hash",
        across="fk_invitation_meeting_id fk_invitation_member_id fk_invitation_session_id fk_invitation_workspace",
    ),
    "invitee": spread("meeting_id"),
    "occurrence": spread("meeting_id"),
}
"""Tables of tenants by their workspace, so that one tenant is on one node; what is looked up by a key that names no
tenant (numbers, links, hosts, invitations, requests) by that key; what hangs on a room or a meeting by its id.
"""
COUNTED_BY_THE_PROGRAM = {
    ("change_chain", "position"): "whoever makes a link counts on from the last one of the same workspace; of two who "
    "do so at once, the primary key lets one pass",
}
"""Numbers in primary keys that no database counts up."""
LOCKED_BY_NUMBER = {
    "chain.py": "who makes links leaves them to who makes them just now; where nodes do not share it, the primary key "
    "over workspace and position decides, and whoever lost looks again on the next round",
    "members.py": "who adds a member waits for who adds the same; where nodes do not share it, the unique key over "
    "workspace and Slack id decides, and whoever lost begins again",
    "migrations/env.py": "who changes the schema waits for who does, over one connection, by an operator",
}
"""Where an advisory lock is taken, and what holds without it."""


def unique_keys(table: sa.Table) -> Iterator[tuple[str, set[str]]]:
    """The name of each unique key of a table, with its columns."""
    for each in table.constraints:
        if isinstance(each, sa.PrimaryKeyConstraint | sa.UniqueConstraint):
            yield str(each.name), set(each.columns.keys())
    for index in table.indexes:
        if index.unique:
            yield str(index.name), set(index.columns.keys())


def as_it_is(table: sa.Table, by: str) -> Spread:
    """What spreading a table by a column comes to."""
    to_widen = {name for name, columns in unique_keys(table) if by not in columns}
    across: set[str] = set()
    for key in table.foreign_key_constraints:
        there = SPREAD[key.referred_table.name].by
        if (by, there) not in [(each.parent.name, each.column.name) for each in key.elements]:
            (to_widen if by == there == "workspace" else across).add(str(key.name))
    return Spread(by, frozenset(to_widen), frozenset(across))


def test_how_each_table_would_be_spread_is_known() -> None:
    """Seen red: with a unique key more, and with a foreign key more, the table was named."""
    tables = {each.name: each for each in Table.metadata.sorted_tables}

    assert set(SPREAD) == set(tables)
    assert SPREAD == {name: as_it_is(tables[name], each.by) for name, each in SPREAD.items()}


def test_keys_are_never_counted_up_by_a_database() -> None:
    tables = Table.metadata.sorted_tables
    numbers = {(t.name, each.name) for t in tables for each in t.primary_key if isinstance(each.type, sa.Integer)}

    assert set(COUNTED_BY_THE_PROGRAM) == numbers
    assert [] == [str(t.autoincrement_column) for t in tables if t.autoincrement_column is not None]


async def test_no_sequence_stands_in_the_database(make_database: Callable[..., str]) -> None:
    url = make_database("postgresql")
    sequences = await sql(url, "SELECT relname FROM pg_class WHERE relkind = 'S'")
    identities = await sql(url, "SELECT attrelid, attname FROM pg_attribute WHERE attidentity <> ''")

    assert ([], []) == (sequences, identities)


def test_locks_that_a_cluster_does_not_share_are_known() -> None:
    home = Path(storage.__path__[0])
    texts = {str(path.relative_to(home)): path.read_text(encoding="utf-8") for path in home.rglob("*.py")}
    found = {name for name, text in texts.items() if re.search("pg_(try_)?advisory", text)}

    assert set(LOCKED_BY_NUMBER) == found
