"""Where a meeting takes place, as an address, a key or a button names it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """A member's room, or a meeting of theirs."""

    workspace: str
    member_id: str
    """Whose room or meeting it is."""
    meeting_id: str | None
    """The meeting; None for the room itself."""
    in_room: bool
    """Whether it takes place on the holder's PMI."""
    number: str
    """As it was named; a session may run on the number that came after it."""
