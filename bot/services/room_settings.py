"""The settings of one's own room: see, save whole or not at all, a new passcode, back to how a new room is."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace

from pydantic import TypeAdapter

from bot.rules import (
    Choice,
    Code,
    Option,
    Passcode,
    Policy,
    Refusal,
    Stance,
    Topic,
    Violation,
    WaitingRoom,
    broken_by_hosts,
    broken_by_locks,
    draw_passcode,
    guarded,
    is_weak,
    parse_passcode,
    parse_topic,
    settled,
)
from bot.services.arrival import arrive
from bot.services.house import House
from bot.services.once import once
from bot.services.people import Actor, Call, Person, Standing
from bot.services.policies import policy_of
from bot.services.refusals import SettingsRefused
from bot.services.room import room_of
from bot.services.room_records import RoomRecords, differences
from bot.services.rooms import Rooms
from bot.services.settings_seen import Glance, Seen, SettingsSaved
from bot.services.tombstones import opaque
from storage import changes, invitations, members, postings, rooms, sessions
from storage.errors import StorageError
from storage.members import MemberRow
from storage.transactions import Transaction

LookUp = Callable[[str], Awaitable[Person]]
"""Asks who somebody is, by Slack id."""


_RUNNING = Refusal("", (Violation(Code.ROOM_RUNNING),))

SETTINGS_SAVED = TypeAdapter(SettingsSaved)
"""How an answer to a change of settings is kept."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for: None, or not in `options`, is what was left as it was shown, since that says nothing."""

    topic: str | None = None
    passcode: str | None = field(default=None, repr=False)
    """Empty takes the passcode away."""
    waiting_room: WaitingRoom | None = None
    options: Mapping[Option, bool] = field(default_factory=dict)
    hosts: tuple[str, ...] | None = None
    version: int | None = None
    """Of the settings as they were shown."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """A wish, read by the rules."""

    wish: Wish
    topic: str | None
    passcode: str | None = field(repr=False)
    broken: tuple[Violation, ...]


class SettingsOfRooms:
    """The use cases of room settings, each under the policy of the room's workspace."""

    def __init__(self, house: House, rooms: Rooms) -> None:
        self._house = house
        self._rooms = rooms
        self._records = RoomRecords(house)

    async def see(self, actor: Actor) -> Seen:
        """The settings of the actor's own room, with its passcode; where there was no need of it yet, of a new room.

        Raises:
            StorageError: the database did not answer as it should.
        """

        def look(tx: Transaction) -> Seen | None:
            person = members.find(tx, actor.workspace, actor.user)
            row = None if person is None else rooms.find(tx, person.id)
            if person is None or row is None:
                return None
            if row.passcode is None and self._records.lacks_passcode(tx, row):
                return None
            return self._seen(tx, person, self._records.choice(row, person), row.version)

        def work(tx: Transaction) -> Seen:
            person = arrive(tx, self._house, actor)
            row = self._records.ensure(tx, person)
            return self._seen(tx, person, self._records.choice(row, person), row.version)

        known = await self._house.store.read(look)
        return await self._house.store.write(work) if known is None else known

    async def glance(self, actor: Actor) -> Glance:
        """The actor's own room with its settings, but for the passcode. Makes nothing but a first contact.

        Raises:
            StorageError: the database did not answer as it should.
        """

        def of(tx: Transaction, person: MemberRow) -> Glance:
            choice = self._records.covered(rooms.find(tx, person.id), person)
            settings = settled(choice, policy_of(tx, self._house, actor.workspace))
            return Glance(room_of(person, self._house.defaults), settings)

        def look(tx: Transaction) -> Glance | None:
            person = members.find(tx, actor.workspace, actor.user)
            return None if person is None else of(tx, person)

        def work(tx: Transaction) -> Glance:
            return of(tx, arrive(tx, self._house, actor))

        known = await self._house.store.read(look)
        return await self._house.store.write(work) if known is None else known

    async def new_passcode(self, actor: Actor) -> str:
        """A passcode by chance that the actor's room could have. Nothing is saved.

        Raises:
            StorageError: the database did not answer as it should.
        """
        return draw_passcode(self._house.below, (await self._rooms.own(actor)).pmi).text

    async def save(self, call: Call, wish: Wish, look_up: LookUp) -> SettingsSaved:
        """Make the wish so, whole or not at all. What it does not speak of stays as it is by then.

        `look_up` asks who the alternative hosts are.

        Raises:
            SettingsRefused: a meeting of theirs runs; or rules, policy or the floor stand against it, each said.
                Nothing was changed.
            StorageError: the database did not answer as it should.
        """
        asked = await self._read(call.actor, wish, look_up)

        def work(tx: Transaction) -> SettingsSaved | Refusal:
            return self._change(tx, arrive(tx, self._house, call.actor), asked)

        try:
            return await self._once(call, work)
        except StorageError:
            if asked.broken:
                # Nothing was to be written, and the rules speak without the database.
                raise SettingsRefused(asked.broken) from None
            raise

    async def reset(self, call: Call) -> SettingsSaved:
        """Make all as in a new room, with a new passcode.

        Raises:
            SettingsRefused: a meeting of theirs runs. Nothing was changed.
            StorageError: the database did not answer as it should.
        """

        def work(tx: Transaction) -> SettingsSaved | Refusal:
            person = arrive(tx, self._house, call.actor)
            if self._meets(tx, person):
                return _RUNNING
            new = Choice(passcode=draw_passcode(self._house.below, person.pmi).text)
            return self._saved(tx, person, new, None)

        return await self._once(call, work)

    async def _once(self, call: Call, work: Callable[[Transaction], SettingsSaved | Refusal]) -> SettingsSaved:
        work_once = once(self._house, call, work, SETTINGS_SAVED)
        result = await self._house.store.write(work_once)
        if isinstance(result, Refusal):
            raise SettingsRefused(result.violations)
        return result

    async def _read(self, actor: Actor, wish: Wish, look_up: LookUp) -> _Asked:
        topic = None if wish.topic is None else parse_topic(wish.topic)
        # Whether it is the PMI is known only when the number is.
        passcode = parse_passcode(wish.passcode, "") if wish.passcode else None
        hosts = () if wish.hosts is None else await self._broken_by(actor, wish.hosts, look_up)
        broken = [
            violation for parsed in (topic, passcode) if isinstance(parsed, Refusal) for violation in parsed.violations
        ]
        return _Asked(
            wish,
            topic.text if isinstance(topic, Topic) else None,
            # One that is refused is one all the same: the floor is not what is wrong then.
            passcode.text if isinstance(passcode, Passcode) else "" if passcode else None,
            (*broken, *hosts),
        )

    async def _broken_by(self, actor: Actor, hosts: tuple[str, ...], look_up: LookUp) -> tuple[Violation, ...]:
        broken = broken_by_hosts(hosts, actor.user)
        if any(violation.code is Code.ROOM_HOSTS_MANY for violation in broken):
            return broken
        people = await asyncio.gather(*(look_up(user) for user in hosts if user != actor.user))
        codes = {Standing.MEMBER: None, Standing.UNKNOWN: Code.ROOM_HOSTS_UNKNOWN}
        judged = [(person, codes.get(person.standing, Code.ROOM_HOSTS_STANDING)) for person in people]
        return (*broken, *(Violation(code, person.name or person.user) for person, code in judged if code is not None))

    def _meets(self, tx: Transaction, person: MemberRow) -> bool:
        """Whether a meeting of theirs runs: on a number of its own too it goes by these settings.

        Whoever starts one locks the member, as this transaction has.
        """
        now = self._house.now()
        return any(running.ends_at > now for running in sessions.running_of_member(tx, person.id))

    def _change(self, tx: Transaction, person: MemberRow, asked: _Asked) -> SettingsSaved | Refusal:
        if self._meets(tx, person):
            return _RUNNING
        policy = policy_of(tx, self._house, person.workspace)
        before = self._records.choice(self._records.ensure(tx, person), person)
        after = self._wished(before, asked, policy)
        wish = asked.wish
        found = [*asked.broken, *broken_by_locks(before, wish.passcode, wish.waiting_room, wish.options, policy)]
        if after.passcode and asked.passcode and is_weak(after.passcode, person.pmi):
            found.append(Violation(Code.ROOM_WEAK_PASSCODE))
        if after.passcode is None and policy.stance(Option.PASSCODE) is Stance.FORCED_ON:
            found.append(Violation(Code.ROOM_PASSCODE_REQUIRED))
        kept = guarded(after, policy)
        if kept is None:
            found.append(Violation(Code.ROOM_OPEN))
        return Refusal("", tuple(found)) if found or kept is None else self._saved(tx, person, kept, wish.version)

    @staticmethod
    def _wished(before: Choice, asked: _Asked, policy: Policy) -> Choice:
        """What is chosen after a wish. What is locked stays as it was chosen."""
        wish, locks = asked.wish, policy.locks
        keeps_passcode = wish.passcode is None or policy.stance(Option.PASSCODE) is Stance.FORCED_OFF
        # Where nothing else guards the room any more, everybody waits, and that is what was shown.
        waited = before.waiting_room if guarded(before, policy) else WaitingRoom.EVERYBODY
        waits = None if Option.WAITING_ROOM in locks else wish.waiting_room
        said = {option: wanted for option, wanted in wish.options.items() if option not in locks}
        return Choice(
            topic=before.topic if asked.topic is None else asked.topic,
            passcode=before.passcode if keeps_passcode else asked.passcode,
            waiting_room=waits or waited,
            options={**before.options, **said},
            hosts=before.hosts if wish.hosts is None else tuple(dict.fromkeys(wish.hosts)),
        )

    def _saved(self, tx: Transaction, person: MemberRow, after: Choice, shown: int | None) -> SettingsSaved:
        row = self._records.ensure(tx, person)
        before = self._records.choice(row, person)
        done = opaque(tx, self._house.keys, person.workspace, differences(before, after))
        version = row.version + 1 if done else row.version
        if before.passcode != after.passcode:
            invitations.revoke_room(tx, person.id, self._house.now())
        if done:
            self._records.keep(tx, row, person, after)
            changes.record(tx, person.workspace, done, self._house.now(), member_id=person.id, actor_id=person.id)
            postings.refresh(tx, person.id, self._house.now())
        now = replace(person, pmi_for_instant=after.options.get(Option.PMI_FOR_INSTANT))
        elsewhere = shown is not None and shown != row.version
        hosts = tuple(sorted({*before.hosts} ^ {*after.hosts}))
        return SettingsSaved(self._seen(tx, now, after, version), bool(done), elsewhere, hosts)

    def _seen(self, tx: Transaction, person: MemberRow, choice: Choice, version: int) -> Seen:
        room, policy = room_of(person, self._house.defaults), policy_of(tx, self._house, person.workspace)
        return Seen(room, settled(choice, policy), policy.locks, version)
