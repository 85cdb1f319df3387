"""From what somebody typed or holds to a way in. Whatever is wrong takes the same work and says the same."""

import asyncio
import hashlib
import hmac
import math
from dataclasses import dataclass
from typing import Literal
from weakref import WeakValueDictionary

from bot.rules import (
    Option,
    Stance,
    is_a_link_key,
    is_a_number,
    link_key,
    read_link,
    read_number,
    read_plainly,
)
from bot.services.house import House
from bot.services.invitations import InvitationRecords, read_start_key
from bot.services.places import Place
from bot.services.tries import Counted, Tries
from bot.services.ways import Closed, HostWay, NoWay, Source, Way
from storage import doors, invitations, sessions
from storage.doors import Behind
from storage.invitations import InvitationRow
from storage.secrets import Unsealable
from storage.transactions import Transaction

__all__ = ["Closed", "Doors", "HostWay", "Kind", "NoWay", "Source", "Way"]

Kind = Literal["j", "my"]
"""Behind which path an address stands: a number's or a personal link's."""

_NOBODY = "0" * 26
"""An id that nobody has: looked up where there is none, so that it takes the same work."""
_OPEN = "open"
_UNTYPED = "\0"
"""Stands for a passcode that cannot be opened: no form brings it in."""
LANE_SECONDS = 2.0
"""For how long a try waits for others at the same address."""


@dataclass(frozen=True, slots=True)
class _Address:
    kind: Kind
    text: str
    """As it is looked up; what cannot be any is left as it is."""

    @property
    def key(self) -> str:
        """What is looked up: nothing where it cannot be anybody's."""
        fits = is_a_number(self.text) if self.kind == "j" else is_a_link_key(self.text)
        return self.text if fits else ""


class _Opened(Exception):  # noqa: N818 - it carries the way out of a transaction that is to leave nothing behind
    def __init__(self, result: Way | NoWay) -> None:
        super().__init__()
        self.result = result


class Doors:
    """The use cases of whoever stands at a door."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._tries = Tries(house.keys)
        self._invitations = InvitationRecords(house)
        self._lanes: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._nothing = house.keys.seal("", **_place_of_room("", ""))

    async def by_address(self, kind: Kind, text: str, passcode: str, source: Source) -> Way | NoWay:
        """The way behind an address, with a passcode. Wrong tries are counted, from there and at that address.

        Raises:
            StorageError: the database did not answer as it should.
        """
        address = _read(kind, text)
        counted = self._tries.counted(kind, address.text, source)
        # One try at an address at a time, in this process: who waits for another holds no connection.
        lane = self._lanes.setdefault(counted[0].key, asyncio.Lock())
        try:
            async with asyncio.timeout(LANE_SECONDS):
                await lane.acquire()
        except TimeoutError:
            return NoWay(Closed.SLOW, math.ceil(LANE_SECONDS))
        try:
            return await self._by_address(address, read_plainly(passcode).replace(_UNTYPED, ""), counted)
        finally:
            lane.release()

    async def _by_address(self, address: _Address, passcode: str, counted: tuple[Counted, ...]) -> Way | NoWay:
        store, now = self._house.store, self._house.now

        def work(tx: Transaction) -> NoWay:
            at = now()
            if wait := self._tries.wait_locked(tx, counted, at):
                return NoWay(Closed.SLOW, wait)
            found = self._try(tx, address, passcode)
            if found is not None:
                raise _Opened(found)
            return self._wrong(tx, counted)

        # Read first: whoever is not listened to costs no write.
        if wait := await store.read(lambda tx: self._tries.wait(tx, counted, now())):
            return NoWay(Closed.SLOW, wait)
        try:
            return await store.write(work)
        except _Opened as opened:
            return opened.result

    async def by_key(self, key: str) -> Way | NoWay:
        """The way that an invitation opens, however many tries went wrong.

        Raises:
            StorageError: the database did not answer as it should.
        """

        def work(tx: Transaction) -> Way | NoWay:
            row = self._invitations.find(tx, key)
            return NoWay(Closed.KEY) if row is None else self._invited(tx, row)

        return await self._house.store.read(work)

    async def by_start_key(self, key: str) -> HostWay | NoWay:
        """The way of a host, by the key of a start link."""
        link = read_start_key(self._house.keys, key, self._house.now())
        return NoWay(Closed.KEY) if link is None else HostWay(link)

    async def still_opens(self, way: Way) -> bool:
        """Whether a way that was open is: not once its passcode is another, its key taken back, its meeting cancelled.

        Raises:
            StorageError: the database did not answer as it should.
        """

        def work(tx: Transaction) -> bool:
            if way.proof.startswith("key "):
                row = invitations.find(tx, way.proof.removeprefix("key "))
                return row is not None and isinstance(self._invited(tx, row), Way)
            behind = self._behind(tx, way.place.meeting_id, way.place.member_id)
            if behind is None or behind.cancelled_at is not None or behind.guarded_by is None:
                return False
            return hmac.compare_digest(way.proof, self._proof(behind, self._passcode(behind)))

        return await self._house.store.read(work)

    def _try(self, tx: Transaction, address: _Address, passcode: str) -> Way | NoWay | None:
        """What a passcode opens at an address. The same statements and the same work, whatever is behind it."""
        by_number = address.kind == "j"
        holder = (
            doors.holder_of_number(tx, address.key)
            if by_number
            else doors.holder_of_link(tx, address.key, self._house.now())
        )
        room = doors.room(tx, holder or _NOBODY)
        meeting = doors.meeting(tx, holder or _NOBODY)
        behind = room or meeting
        opens = self._opens(behind, passcode)
        if behind is None or not opens:
            return None
        if behind.cancelled_at is not None:
            return NoWay(Closed.CANCELLED)
        place = _place(behind)
        moved = address.key != (place.number if by_number else behind.link_key)
        if moved and not _leads_on(behind):
            return None
        return Way(place, moved, proof=self._proof(behind, self._passcode(behind)))

    def _wrong(self, tx: Transaction, counted: tuple[Counted, ...]) -> NoWay:
        self._tries.count(tx, counted, self._house.now())
        return NoWay(Closed.WRONG)

    def _opens(self, behind: Behind | None, passcode: str) -> bool:
        """Whether it is the passcode, or none is asked for. One sealed text is opened and compared in any case."""
        is_there = behind is not None and behind.guarded_by is not None
        wanted = self._passcode(behind) if behind is not None and is_there else None
        if wanted is None:
            self._open(self._nothing, _place_of_room("", ""))
        same = hmac.compare_digest(_digest(passcode), _digest(wanted or ""))
        return is_there and (wanted is None or same)

    def _passcode(self, behind: Behind) -> str | None:
        """The passcode; None where none is asked for. What does not open is a passcode that nobody can type."""
        said = behind.passcode_stance
        stance = self._house.policy.stance(Option.PASSCODE) if said is None else Stance(said)
        if behind.passcode is None and stance is Stance.FORCED_ON:
            # Its holder gets one as soon as they come; until then it takes the same work as a wrong one.
            self._open(self._nothing, _place_of_room("", ""))
            return _UNTYPED
        if behind.passcode is None or stance is Stance.FORCED_OFF:
            return None
        place = _place_of_room(behind.workspace, behind.guarded_by or "")
        if behind.guarded_by == behind.meeting_id:
            place = _place_of_meeting(behind.workspace, behind.guarded_by or "")
        return self._open(behind.passcode, place)

    def _open(self, sealed: str, place: dict[str, str]) -> str:
        try:
            return self._house.keys.open(sealed, **place)
        except Unsealable:
            return _UNTYPED

    def _proof(self, behind: Behind, passcode: str | None) -> str:
        """Another one as soon as the passcode is. It is read from what was sealed only."""
        return _OPEN if passcode is None else _digest(f"{behind.guarded_by}\n{passcode}").hex()

    def _invited(self, tx: Transaction, row: InvitationRow) -> Way | NoWay:
        if row.revoked_at is not None:
            return NoWay(Closed.KEY)
        behind = self._behind(tx, row.meeting_id, row.member_id)
        if behind is None:
            return NoWay(Closed.KEY)
        if behind.cancelled_at is not None:
            return NoWay(Closed.CANCELLED)
        if row.session_id is not None:
            session = sessions.find(tx, row.session_id)
            if session is None or session.ended_at is not None:
                return NoWay(Closed.OVER)
        place = _place(behind)
        moved = place.number != row.number
        if moved and row.meeting_id is None and row.session_id is None and not _leads_on(behind):
            return NoWay(Closed.KEY)
        return Way(place, moved, row.guest, row.session_id, f"key {row.key_hash}")

    def _behind(self, tx: Transaction, meeting_id: str | None, member_id: str) -> Behind | None:
        return doors.room(tx, member_id) if meeting_id is None else doors.meeting(tx, meeting_id)


def _read(kind: Kind, text: str) -> _Address:
    """The address as it is looked up. One that ends with a slash is the same, as people and programs add some."""
    bare = text.rstrip("/")
    return _Address(kind, read_number(bare) if kind == "j" else link_key(read_link(bare)))


def _leads_on(behind: Behind) -> bool:
    """Whether addresses that somebody gave up lead on to their room, which they do where nobody says otherwise."""
    return behind.old_addresses_lead_on is not False


def _place(behind: Behind) -> Place:
    return Place(
        workspace=behind.workspace,
        member_id=behind.member_id,
        meeting_id=behind.meeting_id,
        in_room=behind.number is None,
        number=behind.number or behind.pmi,
    )


def _place_of_room(workspace: str, member_id: str) -> dict[str, str]:
    return {"table": "room", "column": "passcode", "workspace": workspace, "key": member_id}


def _place_of_meeting(workspace: str, meeting_id: str) -> dict[str, str]:
    return {"table": "meeting", "column": "passcode", "workspace": workspace, "key": meeting_id}


def _digest(text: str) -> bytes:
    """Of one length, whatever was typed."""
    return hashlib.sha256(text.encode(errors="backslashreplace")).digest()
