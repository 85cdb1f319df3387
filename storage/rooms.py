"""Rooms: what their holders have chosen. A row is there from the first need of it on, and never an open one."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import sqlalchemy as sa

from storage.any_of import AnyOf
from storage.errors import Conflict
from storage.room_tables import alternative_hosts, rooms
from storage.straight import Straight
from storage.transactions import Transaction
from storage.unless_there import InsertUnlessThere


@dataclass(frozen=True, slots=True)
class RoomRow:
    """A room as it is kept. Empty: nothing was chosen. `version` counts the changes."""

    member_id: str
    workspace: str
    topic: str | None
    passcode: str | None = field(repr=False)
    """Sealed."""
    waiting_room: str | None
    members_only: bool | None
    host_video: bool | None
    participant_video: bool | None
    mute_on_entry: bool | None
    join_before_host: bool | None
    pmi_for_scheduled: bool | None
    version: int
    hosts: tuple[str, ...] = ()
    """Slack ids of the alternative hosts, in order."""


_COLUMNS = tuple(RoomRow.__dataclass_fields__)[:-1]
_CHOSEN = tuple(name for name in _COLUMNS if name not in ("member_id", "workspace", "version"))
_add = InsertUnlessThere(rooms, "member_id")
_find = Straight(sa.select(*(rooms.c[name] for name in _COLUMNS)).where(rooms.c.member_id == sa.bindparam("m")))
_hosts = (
    sa.select(alternative_hosts.c.slack_user)
    .where(alternative_hosts.c.room_id == sa.bindparam("m"))
    .order_by(alternative_hosts.c.place)
)
_hosted = AnyOf(
    sa.select(alternative_hosts.c.room_id, alternative_hosts.c.slack_user)
    .select_from(alternative_hosts.join(rooms, rooms.c.member_id == alternative_hosts.c.room_id))
    .where(rooms.c.workspace == sa.bindparam("w"), alternative_hosts.c.slack_user == sa.bindparam("u")),
    alternative_hosts.c.room_id,
)
_set = (
    sa.update(rooms)
    .where(rooms.c.member_id == sa.bindparam("m"))
    .values({name: sa.bindparam(f"new_{name}") for name in (*_CHOSEN, "version")})
)
_no_hosts = sa.delete(alternative_hosts).where(alternative_hosts.c.room_id == sa.bindparam("m"))
_add_host = sa.insert(alternative_hosts)


def find(tx: Transaction, member_id: str) -> RoomRow | None:
    """The room of a member, once there was a need of it."""
    rows = _find(tx, {"m": member_id})
    if not rows:
        return None
    hosts = tx.execute(_hosts, {"m": member_id}).scalars()
    return replace(RoomRow(*rows[0]), hosts=tuple(hosts))


def hosted_among(tx: Transaction, member_ids: Sequence[str], workspace: str, slack_user: str) -> frozenset[str]:
    """Those of these members of a workspace who have named somebody an alternative host."""
    return frozenset(member_id for member_id, _ in _hosted(tx, member_ids, {"w": workspace, "u": slack_user}))


def add(tx: Transaction, row: RoomRow) -> None:
    """Add the room of a member.

    Raises:
        Conflict: somebody else added it meanwhile.
    """
    if not _add(tx, {name: getattr(row, name) for name in _COLUMNS}):
        raise Conflict
    _set_hosts(tx, row)


def change(tx: Transaction, row: RoomRow) -> None:
    """Put what a row holds in the place of what the same member's holds, the version too."""
    tx.execute(_set, {"m": row.member_id, **{f"new_{name}": getattr(row, name) for name in (*_CHOSEN, "version")}})
    tx.execute(_no_hosts, {"m": row.member_id})
    _set_hosts(tx, row)


def _set_hosts(tx: Transaction, row: RoomRow) -> None:
    listed = [{"room_id": row.member_id, "slack_user": user, "place": place} for place, user in enumerate(row.hosts)]
    if listed:
        tx.execute(_add_host, listed)
