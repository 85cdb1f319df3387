"""What the administrators of a workspace have said; nothing for most. One row by its primary key."""

from dataclasses import astuple, dataclass, fields
from datetime import datetime

import sqlalchemy as sa

from storage.meeting_tables import meetings, sessions
from storage.policy_tables import policies
from storage.schedule_tables import schedules
from storage.straight import Straight
from storage.transactions import Transaction
from storage.unless_there import InsertUnlessThere


@dataclass(frozen=True, slots=True)
class PolicyRow:
    """A policy as it is kept. An empty stance is the product's default, an empty hold the operator's."""

    workspace: str
    passcode: str | None = None
    waiting_room: str | None = None
    members_only: str | None = None
    host_video: str | None = None
    participant_video: str | None = None
    mute_on_entry: str | None = None
    join_before_host: str | None = None
    pmi_for_instant: str | None = None
    pmi_for_scheduled: str | None = None
    pmis_enabled: bool = True
    who_may_customise: str = "licensed"
    link_hold_days: int | None = None
    old_addresses_lead_on: bool = True


_NAMES = tuple(each.name for each in fields(PolicyRow))
_SAID = _NAMES[1:]
_one = sa.select(*(policies.c[name] for name in _NAMES)).where(policies.c.workspace == sa.bindparam("w"))
_find = Straight(_one)
_lock = Straight(_one.with_for_update())
_add = InsertUnlessThere(policies, "workspace")
_set = (
    sa.update(policies)
    .where(policies.c.workspace == sa.bindparam("w"))
    .values({name: sa.bindparam(f"new_{name}") for name in _SAID})
)
_running_on_pmis = sa.select(sa.func.count()).where(
    sessions.c.workspace == sa.bindparam("w"),
    sessions.c.ended_at.is_(None),
    sessions.c.in_room,
    sessions.c.ends_at > sa.bindparam("at"),
)
_scheduled_on_pmis = (
    sa.select(sa.func.count())
    .select_from(meetings.join(schedules, schedules.c.meeting_id == meetings.c.id))
    .where(
        meetings.c.workspace == sa.bindparam("w"),
        meetings.c.number.is_(None),
        meetings.c.cancelled_at.is_(None),
        schedules.c.last_until > sa.bindparam("at"),
    )
)


def find(tx: Transaction, workspace: str) -> PolicyRow | None:
    """What was said; None where nothing was."""
    rows = _find(tx, {"w": workspace})
    return PolicyRow(*rows[0]) if rows else None


def lock(tx: Transaction, workspace: str) -> PolicyRow:
    """What was said, which nobody else changes until this transaction ends. From here on there is a row."""
    rows = _lock(tx, {"w": workspace}) if tx.dialect.name == "postgresql" else _find(tx, {"w": workspace})
    if not rows:
        _add(tx, dict(zip(_NAMES, astuple(PolicyRow(workspace)), strict=True)))
        rows = _lock(tx, {"w": workspace}) if tx.dialect.name == "postgresql" else _find(tx, {"w": workspace})
    return PolicyRow(*rows[0])


def change(tx: Transaction, row: PolicyRow) -> None:
    """Put what a row holds in the place of what is kept for the same workspace."""
    tx.execute(_set, {"w": row.workspace, **{f"new_{name}": getattr(row, name) for name in _SAID}})


def on_pmis(tx: Transaction, workspace: str, at: datetime) -> tuple[int, int]:
    """How many meetings of a workspace run on PMIs, and how many are scheduled on them and not over."""
    values = {"w": workspace, "at": at}
    return tx.execute(_running_on_pmis, values).scalar_one(), tx.execute(_scheduled_on_pmis, values).scalar_one()
