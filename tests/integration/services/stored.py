"""What stands in the tables, read by plain SQL in one transaction."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from storage.tables import (
    change_log,
    change_unsealed,
    meeting_numbers,
    members,
    personal_links,
    seen_requests,
    workspaces,
)
from storage.transactions import Transaction
from tests.integration.services.model import Line, Person

EMPTY_IN_ORDER = (seen_requests, change_log, members, personal_links, meeting_numbers, workspaces)


@dataclass(frozen=True)
class Stored:
    """Everything that there is, as it is kept."""

    rooms: dict[Person, tuple[str, str | None, bool | None, str | None]]
    """PMI, live link key, preference, licence."""
    numbers: dict[str, tuple[Person | None, bool]]
    """Holder, and whether it is live."""
    links: dict[str, tuple[Person | None, str, datetime | None]]
    """Holder, spelling, end of the hold."""
    plans: dict[str, str | None]
    log: Counter[Line]


def everything(tx: Transaction) -> Stored:
    known = tx.execute(sa.select(members)).all()
    people = {row.id: (row.workspace, row.slack_user) for row in known}
    return Stored(
        rooms={people[row.id]: (row.pmi, row.link_key, row.pmi_for_instant, row.licence) for row in known},
        numbers={
            row.digits: (people.get(row.holder_id), row.released_at is None)
            for row in tx.execute(sa.select(meeting_numbers))
        },
        links={
            row.key: (people.get(row.holder_id), row.spelling, row.held_until)
            for row in tx.execute(sa.select(personal_links))
        },
        plans={row.key: row.plan for row in tx.execute(sa.select(workspaces))},
        log=Counter(
            (row.workspace, people.get(row.member_id), people.get(row.actor_id), row.action, row.old, row.new)
            for row in tx.execute(sa.select(change_log))
        ),
    )


_BROKEN = sa.text("""
    SELECT 'a number is live for two people' AS promise, pmi AS row
    FROM member GROUP BY pmi HAVING count(*) > 1
    UNION ALL SELECT 'a link is live for two people', link_key
    FROM member WHERE link_key IS NOT NULL GROUP BY link_key HAVING count(*) > 1
    UNION ALL SELECT 'somebody has several live numbers, or none', m.id
    FROM member m LEFT JOIN meeting_number n ON n.holder_id = m.id AND n.released_at IS NULL
    GROUP BY m.id HAVING count(n.digits) <> 1
    UNION ALL SELECT 'somebody has several live links', holder_id
    FROM personal_link WHERE released_at IS NULL GROUP BY holder_id HAVING count(*) > 1
    UNION ALL SELECT 'the live PMI is not theirs, or given up', m.id
    FROM member m WHERE NOT EXISTS (SELECT 1 FROM meeting_number n
        WHERE n.digits = m.pmi AND n.holder_id = m.id AND n.released_at IS NULL)
    UNION ALL SELECT 'the live link is not theirs, or given up', m.id
    FROM member m WHERE m.link_key IS NOT NULL AND NOT EXISTS (SELECT 1 FROM personal_link l
        WHERE l.key = m.link_key AND l.holder_id = m.id AND l.released_at IS NULL)
    UNION ALL SELECT 'a link is live without somebody who uses it', l.key
    FROM personal_link l WHERE l.released_at IS NULL AND NOT EXISTS (SELECT 1 FROM member m
        WHERE m.link_key = l.key AND m.id = l.holder_id)
    """)


def broken_promises(tx: Transaction) -> list[tuple[str, str]]:
    """Each promise that is broken, with a row that breaks it; empty where all are kept."""
    return [(promise, str(row)) for promise, row in tx.execute(_BROKEN)]


def assigned_number(tx: Transaction, person: Person) -> str | None:
    """The number that somebody was given at first contact, if there was one."""
    wanted = sa.select(change_log.c.new).join(members, members.c.id == change_log.c.member_id)
    mine = (members.c.workspace == person[0], members.c.slack_user == person[1])
    digits: str | None = tx.execute(wanted.where(*mine, change_log.c.action == "pmi.assigned")).scalar()
    return digits


def empty(tx: Transaction) -> None:
    for table in (change_unsealed, *EMPTY_IN_ORDER):
        if table is change_log:
            unguarded(tx, "change_log", lambda: tx.execute(sa.delete(change_log)))
        else:
            tx.execute(sa.delete(table))


def unguarded(tx: Transaction, table: str, act: Callable[[], object]) -> None:
    """Do what the triggers of a table refuse, past them: as somebody may who owns the database."""
    if tx.dialect.name == "postgresql":
        tx.execute(sa.text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
        act()
        tx.execute(sa.text(f"ALTER TABLE {table} ENABLE TRIGGER USER"))
        return
    wanted = sa.text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :t")
    triggers = tx.execute(wanted, {"t": table}).all()
    for name, _ in triggers:
        tx.execute(sa.text(f"DROP TRIGGER {name}"))
    act()
    for _, made in triggers:
        tx.execute(sa.text(made.replace(":", "\\:")))
