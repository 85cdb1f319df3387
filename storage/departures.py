"""Departures: a workspace that the app has left, until it comes back; and who purges it, one process at a time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from storage.departure_tables import departures
from storage.transactions import Transaction


@dataclass(frozen=True, slots=True)
class DepartureRow:
    """A departure as it is kept, but for who purges just now."""

    workspace: str
    left_at: datetime
    purge_after: datetime | None
    stays: bool
    begun_at: datetime | None
    closed_at: datetime | None
    purged_at: datetime | None
    returned_at: datetime | None


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to purge a workspace, as long as its generation is the last."""

    workspace: str
    generation: int


_is_away = departures.c.returned_at.is_(None)
_this = departures.c.workspace == sa.bindparam("w")
_mine = (_this, departures.c.generation == sa.bindparam("g"))
_CLEARED = ("begun_at", "leased_until", "closed_at", "returned_at")


def _upsert(insert: "sqlite.Insert | postgresql.Insert") -> sa.Insert:
    new = insert.excluded
    anew = {name: new[name] for name in (*_CLEARED, "left_at", "purge_after", "stays")}
    made: sa.Insert = insert.on_conflict_do_update(
        index_elements=[departures.c.workspace],
        set_=anew | {"generation": departures.c.generation + 1},
        # Whoever is away already left when they left.
        where=departures.c.returned_at.is_not(None),
    )
    return made


_leave: Mapping[str, sa.Insert] = {
    "sqlite": _upsert(sqlite.insert(departures)),
    "postgresql": _upsert(postgresql.insert(departures)),
}
_ask = (
    sa.update(departures)
    .where(_this, _is_away)
    .values(purge_after=sa.bindparam("at"), begun_at=sa.bindparam("at"), stays=sa.bindparam("stay"))
)
_come_back = (
    sa.update(departures)
    .where(_this, _is_away, sa.or_(departures.c.begun_at.is_(None), departures.c.purge_after.is_(None)))
    .values(returned_at=sa.bindparam("at"), purge_after=None, leased_until=None, begun_at=None)
)
_columns = tuple(departures.c[name] for name in DepartureRow.__dataclass_fields__)
_one = sa.select(*_columns).where(_this)
_every = sa.select(*_columns).order_by(departures.c.workspace)
_open = sa.select(departures.c.workspace).where(_is_away, departures.c.closed_at.is_(None)).limit(1)
_anybody = sa.select(sa.exists().where(_is_away))
_close = sa.update(departures).where(_this, _is_away).values(closed_at=sa.bindparam("at"))
_free = sa.or_(departures.c.leased_until.is_(None), departures.c.leased_until <= sa.bindparam("now"))
_due = (
    sa.select(departures.c.workspace)
    .where(departures.c.purge_after <= sa.bindparam("now"), _free)
    .order_by(departures.c.purge_after, departures.c.workspace)
    .limit(1)
)
_claim = (
    sa.update(departures)
    .where(_this, departures.c.purge_after <= sa.bindparam("now"), _free)
    .values(
        leased_until=sa.bindparam("until"),
        begun_at=sa.func.coalesce(departures.c.begun_at, sa.bindparam("now", type_=departures.c.begun_at.type)),
        generation=departures.c.generation + 1,
    )
    .returning(departures.c.workspace, departures.c.generation)
)
_hold = (
    sa.update(departures)
    .where(*_mine, departures.c.purge_after.is_not(None))
    .values(leased_until=sa.bindparam("until"))
    .returning(departures.c.workspace)
)
_let_go = sa.update(departures).where(*_mine).values(leased_until=None)
_finish = (
    sa.update(departures)
    .where(*_mine)
    .values(
        purge_after=None,
        leased_until=None,
        purged_at=sa.bindparam("at"),
        returned_at=sa.bindparam("back"),
        begun_at=None,
        closed_at=sa.func.coalesce(departures.c.closed_at, sa.bindparam("at", type_=departures.c.closed_at.type)),
    )
)


def is_away(workspace: sa.ColumnElement[str]) -> sa.ColumnElement[bool]:
    """Whether the app has left the workspace that a column holds, as a condition."""
    return sa.exists().where(departures.c.workspace == workspace, _is_away)


_has_left = sa.select(is_away(sa.bindparam("k", type_=sa.String)))


def has_left(tx: Transaction, workspace: str) -> bool:
    """Whether the app has left, and has not come back."""
    return bool(tx.execute(_has_left, {"k": workspace}).scalar_one())


def leave(tx: Transaction, workspace: str, at: datetime, purge_after: datetime) -> None:
    """Note that the app has left; nothing changes where that is known."""
    values = {
        "workspace": workspace,
        "left_at": at,
        "purge_after": purge_after,
        "stays": False,
        "generation": 1,
        "purged_at": None,
        **dict.fromkeys(_CLEARED),
    }
    tx.execute(_leave[tx.dialect.name], values)


def ask(tx: Transaction, workspace: str, at: datetime, *, stays: bool) -> None:
    """Have everything go at once, whether or not the app has left; it is closed from now on."""
    leave(tx, workspace, at, at)
    tx.execute(_ask, {"w": workspace, "at": at, "stay": stays})


def come_back(tx: Transaction, workspace: str, at: datetime) -> bool:
    """Open it again: False where it is open, or its purge has begun, which is done to its end first."""
    return tx.execute(_come_back, {"w": workspace, "at": at}).rowcount == 1


def one(tx: Transaction, workspace: str) -> DepartureRow | None:
    """The departure of a workspace, also where it has come back."""
    row = tx.execute(_one, {"w": workspace}).first()
    return None if row is None else DepartureRow(*row)


def every(tx: Transaction) -> tuple[DepartureRow, ...]:
    """All departures, by workspace."""
    return tuple(DepartureRow(*row) for row in tx.execute(_every))


def still_open(tx: Transaction) -> str | None:
    """A workspace that the app has left and where something may still run."""
    found: str | None = tx.execute(_open).scalar()
    return found


def anybody_left(tx: Transaction) -> bool:
    """Whether the app has left any workspace, and has not come back."""
    return bool(tx.execute(_anybody).scalar_one())


def close(tx: Transaction, workspace: str, at: datetime) -> None:
    """Note that nothing runs there any more."""
    tx.execute(_close, {"w": workspace, "at": at})


def claim(tx: Transaction, now: datetime, until: datetime, workspace: str | None = None) -> Claim | None:
    """Take a purge that is due upon oneself: of one workspace, or of any; None where there is none to be had."""
    key = workspace or tx.execute(_due, {"now": now}).scalar()
    row = None if key is None else tx.execute(_claim, {"w": key, "now": now, "until": until}).first()
    return None if row is None else Claim(*row)


def hold(tx: Transaction, claim: Claim, until: datetime) -> bool:
    """Go on for longer; False where somebody else purges by now, or it is done."""
    return tx.execute(_hold, {"w": claim.workspace, "g": claim.generation, "until": until}).first() is not None


def let_go(tx: Transaction, claim: Claim) -> None:
    """Leave the rest to whoever looks next."""
    tx.execute(_let_go, {"w": claim.workspace, "g": claim.generation})


def finish(tx: Transaction, claim: Claim, at: datetime, *, is_back: bool) -> None:
    """Note that all has gone, and whether it is open again."""
    given = {"w": claim.workspace, "g": claim.generation, "at": at, "back": at if is_back else None}
    tx.execute(_finish, given)
