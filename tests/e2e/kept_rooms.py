"""Rooms as the database keeps them, with the passcode opened by the keys of a stage."""

from bot.playground import Person
from bot.services.keys import ring_of
from storage import rooms
from storage.rooms import RoomRow
from storage.secrets import KeyRing
from tests.e2e.stage import Stage


async def room(stage: Stage, person: Person) -> RoomRow | None:
    """The row of somebody's room; nothing before there was a need of it."""
    member = await stage.row(person)
    return None if member is None else await stage.store.read(lambda tx: rooms.find(tx, member.id))


async def there(stage: Stage, person: Person) -> RoomRow:
    """The row of a room that is there."""
    row = await room(stage, person)
    assert row is not None
    return row


async def passcode(stage: Stage, person: Person, ring: KeyRing | None = None) -> str | None:
    """The passcode of somebody's room."""
    row = await there(stage, person)
    if row.passcode is None:
        return None
    place = {"table": "room", "column": "passcode", "workspace": row.workspace, "key": row.member_id}
    return (ring or ring_of(stage.settings)).open(row.passcode, **place)
