"""Seeing scheduled meetings: what is coming, one of them, and what its cards and reminders show."""

from collections.abc import Callable
from dataclasses import replace
from typing import TypeAlias, TypeVar

from bot.rules import Code
from bot.services.house import House
from bot.services.invitations import START_LASTS, StartLink, start_key
from bot.services.people import Actor
from bot.services.postings import PostingRecords, Target
from bot.services.refusals import ScheduleRefused
from bot.services.reminders import Reminders
from bot.services.schedule_records import Kept, ScheduleRecords, wish_of
from bot.services.schedule_wishes import refusal
from bot.services.timetable import Coming, Reminded, Seen, Shown
from storage import members, rooms, schedules
from storage.transactions import Transaction

MOST_LOOKED_AT = 200
"""Meetings of one person among which the next are looked for."""

R = TypeVar("R")
Keys: TypeAlias = Callable[[Transaction, Kept, str | None], str | None]
"""The invitation key of a reader."""


class Agenda:
    """The use cases that show scheduled meetings."""

    def __init__(self, house: House, postings: PostingRecords) -> None:
        self._house = house
        self._records = ScheduleRecords(house)
        self._reminders = Reminders(house, postings)

    async def coming(self, actor: Actor, most: int) -> tuple[Coming, ...]:
        """The next of each meeting that the actor holds, is invited to or has accepted, the earliest first.

        Raises:
            StorageError: the database did not answer as it should.
        """

        def work(tx: Transaction, keys: Keys) -> tuple[Coming, ...]:
            now = self._house.now()
            person = members.find(tx, actor.workspace, actor.user)
            rows = schedules.concerning(
                tx,
                workspace=actor.workspace,
                member_id="" if person is None else person.id,
                slack_user=actor.user,
                now=now,
                most=MOST_LOOKED_AT,
            )
            nexts = [(kept, one) for kept in self._records.whole(tx, rows) if (one := kept.next(now)) is not None]
            nexts.sort(key=lambda pair: (pair[1].start, pair[0].meeting.id))
            nexts = nexts[:most]
            holders = list(dict.fromkeys(kept.holder.id for kept, _ in nexts))
            hosted = rooms.hosted_among(tx, holders, actor.workspace, actor.user)
            return tuple(
                Coming(self._for(tx, keys, kept, actor.user), one, kept.holder.id in hosted or kept.holder == person)
                for kept, one in nexts
            )

        return await self._with_keys(work, lambda found: all(_has_key(each.shown) for each in found))

    async def see(self, actor: Actor, meeting_id: str, occurrence: str | None = None) -> Seen:
        """A meeting that is for the actor's eyes, with the wish that it is, or that one of its times is, by its key.

        Raises:
            ScheduleRefused: there is none for them.
            StorageError: the database did not answer as it should.
        """

        def work(tx: Transaction, keys: Keys) -> Seen | None:
            kept = self._records.find(tx, actor.workspace, meeting_id)
            if kept is None or not is_for(kept, actor.user):
                return None
            one = None if occurrence is None else kept.occurrence(occurrence)
            return Seen(self._for(tx, keys, kept, actor.user), wish_of(kept, one))

        found = await self._with_keys(work, lambda seen: seen is None or _has_key(seen.shown))
        if found is None:
            raise ScheduleRefused(refusal(Code.SCHEDULE_GONE).violations)
        return found

    async def card(self, workspace: str, meeting_id: str, target: Target) -> Shown | None:
        """A meeting for its invitation in a channel or in somebody's direct messages, with the key that is in it.

        None where there is nothing of it to be shown there any more: it is gone, or was taken back from there.

        Raises:
            StorageError: the database did not answer as it should.
        """

        def work(tx: Transaction, keys: Keys) -> Shown | None:
            kept = self._records.find(tx, workspace, meeting_id)
            if kept is None or not _is_announced(kept, target):
                return None
            return self._for(tx, keys, kept, target.user)

        return await self._with_keys(work, lambda shown: shown is None or _has_key(shown))

    async def reminded(self, workspace: str, meeting_id: str, target: Target, detail: str) -> Reminded | None:
        """What a reminder says now, by the posting's detail; None where there is nothing that it is about any more.

        One that is not there yet is posted only where it `is_due`.

        Raises:
            StorageError: the database did not answer as it should.
        """

        def work(tx: Transaction, keys: Keys) -> Reminded | None:
            kept = self._records.find(tx, workspace, meeting_id)
            # Whoever was left out gets no key by it, and the channel that was neither.
            if kept is None or not (target.user == kept.holder.slack_user or _is_announced(kept, target)):
                return None
            found = self._reminders.reminded(kept, target.user, target.channel, detail)
            return None if found is None else replace(found, shown=self._for(tx, keys, kept, target.user))

        return await self._with_keys(work, lambda found: found is None or _has_key(found.shown))

    def start_key(self, shown: Shown) -> str:
        """The key of its reader's start link, which works until a day after what is shown as its next time.

        It starts nothing unless they are a host by then. What is shown to a channel gives its holder's.
        """
        ends = max(self._house.now(), (shown.next or shown.last).end)
        host = shown.reader or shown.holder
        link = StartLink(shown.workspace, host, shown.holder_id, shown.meeting_id, ends + START_LASTS)
        return start_key(self._house.keys, link)

    async def _with_keys(self, work: Callable[[Transaction, Keys], R], whole: Callable[[R], bool]) -> R:
        """What is read; where an invitation key is lacking in it, it is given out first."""
        found = await self._house.store.read(lambda tx: work(tx, self._records.known_key))
        return found if whole(found) else await self._house.store.write(lambda tx: work(tx, self._records.key))

    def _for(self, tx: Transaction, keys: Keys, kept: Kept, reader: str | None) -> Shown:
        """A meeting for a reader, with their key, if there is one."""
        is_holder = reader == kept.holder.slack_user
        return self._records.shown(kept, reader, "" if is_holder else keys(tx, kept, reader) or "")


def is_for(kept: Kept, user: str) -> bool:
    """Whether somebody may see a meeting: its holder, who is invited or answered, and all where it was announced."""
    return kept.holder.slack_user == user or kept.schedule.channel is not None or kept.invitee(user) is not None


def _is_announced(kept: Kept, target: Target) -> bool:
    if target.user is None:
        return kept.schedule.channel == target.channel
    row = kept.invitee(target.user)
    return row is not None and row.invited


def _has_key(shown: Shown) -> bool:
    return bool(shown.key) or shown.is_holder
