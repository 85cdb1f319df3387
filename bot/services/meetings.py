"""Meetings that run: start, end, who comes in by which door, and what closes by itself."""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TypeVar

import structlog

from bot.providers import MeetingProvider, Participant, ProviderUnavailable
from bot.rules import Code, Option, Refusal, Violation, parse_topic
from bot.services.beginnings import Beginnings, NothingOpened, Opened, Seen
from bot.services.hosting import Hosted, Hosting
from bot.services.house import House
from bot.services.instant import InstantStart
from bot.services.invitations import StartLink
from bot.services.meeting_results import ENDED, STARTED, Ended, Started, StartWish, Unsaid
from bot.services.once import once
from bot.services.people import Actor, Call
from bot.services.places import Place
from bot.services.postings import PostingRecords
from bot.services.refusals import Declined, SettingsRefused
from bot.services.session_records import LONGEST, Session, SessionRecords, session_of, wish_of
from bot.services.starts import Starts
from storage import departures, members, sessions
from storage.secrets import Unsealable
from storage.sessions import SessionRow
from storage.transactions import Transaction

PROVIDER_SECONDS = 1.0
"""For a provider's answer: a start stays within the time of an answer."""

R = TypeVar("R")
Work = Callable[[Transaction], R]
_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


def _nobody_hears(_actors: Iterable[Actor]) -> None:
    """The default for `told`."""


class Meetings:
    """The use cases of meetings that run now.

    `told` is called after each of them that may have changed something, with those whose Home may show it.
    """

    def __init__(
        self,
        house: House,
        provider: MeetingProvider,
        postings: PostingRecords,
        told: Callable[[Iterable[Actor]], None] = _nobody_hears,
    ) -> None:
        self._house = house
        self._provider = provider
        self._told = told
        self._hosting = Hosting(house)
        self._beginnings = Beginnings(house, postings)
        self._starts = Starts(house, postings)

    async def start(self, call: Call, wish: StartWish) -> Started | Unsaid:
        """Start an instant meeting as its holder prefers; one that runs there already is offered in its place.

        Raises:
            SettingsRefused: the topic breaks a rule. Nothing was started.
            Declined: the one who asks is no host there (`meeting.not_host`).
            ProviderUnavailable: the service that carries meetings did not make one. Nothing was started.
            StorageError: the database did not answer as it should.
        """
        topic = parse_topic(wish.topic)
        if isinstance(topic, Refusal):
            raise SettingsRefused(topic.violations, "refused.start")
        asked = InstantStart(self._house, self._beginnings, self._starts, call, wish, topic.text)
        seen = await self._house.store.read(asked.look)
        if seen is None and asked.holder == call.actor:
            seen = await self._house.store.write(asked.come)
        if seen is None or not seen.hosted.may_host(call.actor.user):
            raise Declined(Code.MEETING_NOT_HOST)
        if asked.is_unsaid(seen):
            return Unsaid(topic.text)

        def once_only(opened: Opened | None) -> Work[Started | Refusal]:
            return once(self._house, call, lambda tx: asked.begin(tx, opened), STARTED)

        return _granted(await self._opening(seen, once_only))

    async def start_by_link(self, link: StartLink) -> Started:
        """The meeting that runs where a start link leads; where none does, a new one.

        Raises:
            Declined: who has the link is no host any more, or the meeting is over for good (`meeting.over`).
            ProviderUnavailable: the service that carries meetings did not make one. Nothing was started.
            StorageError: the database did not answer as it should.
        """

        def look(tx: Transaction) -> Seen:
            hosted = self._hosting.by_id(tx, link.member_id)
            host = members.find(tx, link.workspace, link.host)
            is_gone = host is not None and host.left_at is not None
            if hosted is None or hosted.holder.workspace != link.workspace or not hosted.may_host(link.host) or is_gone:
                raise Declined(Code.MEETING_NOT_HOST)
            if departures.has_left(tx, link.workspace):
                raise Declined(Code.MEETING_OVER)
            where = self._beginnings.where(tx, link.member_id, link.meeting_id)
            if where is None:
                raise Declined(Code.MEETING_OVER)
            on_pmi = hosted.settings.options[Option.PMI_FOR_INSTANT] is not False
            where = replace(where, by=link.host, by_link=True, on_pmi=on_pmi)
            return Seen(hosted, where, self._beginnings.running(tx, link.member_id, where))

        def work(tx: Transaction, opened: Opened | None) -> Started:
            self._hosting.lock(tx, link.member_id)
            seen = look(tx)
            session, fresh = self._beginnings.running_or_begun(tx, seen.hosted, seen.where, opened)
            return self._starts.started(tx, seen.hosted, session, link.host, fresh=fresh)

        seen = await self._house.store.read(look)
        return await self._opening(seen, lambda opened: lambda tx: work(tx, opened))

    async def start_room(self, actor: Actor, holder: str) -> Started:
        """The same for the room of somebody by Slack id, without a link.

        Raises:
            Declined: the actor is no host there.
            ProviderUnavailable: as above.
            StorageError: as above.
        """
        row = await self._house.store.read(lambda tx: members.find(tx, actor.workspace, holder))
        if row is None:
            raise Declined(Code.MEETING_NOT_HOST)
        return await self.start_by_link(StartLink(actor.workspace, actor.user, row.id, None, self._house.now()))

    async def begin_for_guest(self, place: Place, host: str | None = None) -> Session | None:
        """The meeting that runs at a place; where none does and guests may come before the host, a new one.

        None where they may not, or there is nothing to begin. With a host, who lets a guest in, one is begun by them.

        Raises:
            ProviderUnavailable: the service that carries meetings did not make one. Nothing was started.
            StorageError: the database did not answer as it should.
        """

        def look(tx: Transaction) -> Seen | None:
            hosted = self._hosting.by_id(tx, place.member_id)
            where = self._beginnings.where(tx, place.member_id, place.meeting_id)
            if hosted is None or where is None or departures.has_left(tx, place.workspace):
                return None
            where = replace(where, by=host)
            running = self._beginnings.running(tx, place.member_id, where)
            early = hosted.settings.options[Option.JOIN_BEFORE_HOST] is True
            may_begin = early if host is None else hosted.may_host(host)
            may_begin = may_begin and (place.meeting_id is not None or hosted.policy.pmis_enabled)
            return Seen(hosted, where, running) if running is not None or may_begin else None

        def work(tx: Transaction, opened: Opened | None) -> Session | None:
            self._hosting.lock(tx, place.member_id)
            seen = look(tx)
            return None if seen is None else self._beginnings.running_or_begun(tx, seen.hosted, seen.where, opened)[0]

        seen = await self._house.store.read(look)
        if seen is None or seen.running is not None:
            return None if seen is None else seen.running
        return await self._opening(seen, lambda opened: lambda tx: work(tx, opened))

    async def running(self, place: Place) -> Session | None:
        """The meeting that runs at a place.

        Raises:
            StorageError: the database did not answer as it should.
        """

        def look(tx: Transaction) -> Session | None:
            where = self._beginnings.where(tx, place.member_id, place.meeting_id)
            return None if where is None else self._beginnings.running(tx, place.member_id, where)

        return await self._house.store.read(look)

    async def door(self, session_id: str, who: Participant) -> str:
        """The address by which somebody enters a meeting that runs.

        Raises:
            Declined: it is over (`meeting.over`).
            ProviderUnavailable: the service that carries meetings has no way in.
            StorageError: the database did not answer as it should.
        """

        def look(tx: Transaction) -> tuple[Hosted, Session, str, str] | None:
            row = sessions.find(tx, session_id)
            hosted = None if row is None else self._hosting.by_id(tx, row.member_id)
            if row is None or hosted is None or row.ends_at <= self._house.now():
                return None
            handle = SessionRecords(self._house).handle(tx, session_id)
            return None if handle is None else (hosted, session_of(row), row.provider, handle)

        try:
            found = await self._house.store.read(look)
        except Unsealable as sealed:
            raise ProviderUnavailable("sealed") from sealed
        if found is None:
            raise Declined(Code.MEETING_OVER)
        hosted, session, provider, handle = found
        if provider != self._provider.name:
            # It runs at another service than the one that is set up now.
            raise ProviderUnavailable("another_service")
        return self._provider.door(handle, wish_of(hosted.settings, session.topic, session.ends_at), who)

    async def host_entered(self, session_id: str) -> None:
        """Note that a host is there.

        Raises:
            StorageError: the database did not answer as it should.
        """
        await self._house.store.write(lambda tx: sessions.host_came(tx, session_id, self._house.now()))

    async def end(self, call: Call, session_id: str) -> Ended:
        """End a meeting. One that is over already stays as it was.

        Raises:
            Declined: the one who asks is no host there (`meeting.not_host`), or there is no such meeting.
            StorageError: the database did not answer as it should.
        """

        def work(tx: Transaction) -> Ended | Refusal:
            row = sessions.lock(tx, session_id)
            hosted = None if row is None else self._hosting.by_id(tx, row.member_id)
            if row is None or hosted is None or hosted.holder.workspace != call.actor.workspace:
                return Refusal("", (Violation(Code.MEETING_OVER),))
            if not hosted.may_host(call.actor.user):
                return Refusal("", (Violation(Code.MEETING_NOT_HOST),))
            return self._ended(tx, row, hosted, call.actor.user)

        once_only = once(self._house, call, work, ENDED)
        ended = _granted(await self._telling(once_only, (call.actor,)))
        self._told(_concerned(ended.session.workspace, ended.holder, ended.hosts))
        return ended

    async def end_overdue(self, most: int) -> tuple[Ended, ...]:
        """End meetings whose time is over, at most so many.

        Raises:
            StorageError: the database did not answer as it should.
        """

        def work(tx: Transaction) -> tuple[Ended, ...]:
            late = sessions.overdue(tx, self._house.now(), most)
            found = [(row, self._hosting.by_id(tx, row.member_id)) for row in late]
            return tuple(self._ended(tx, row, hosted, None) for row, hosted in found if hosted is not None)

        ended = await self._house.store.write(work)
        self._told([actor for each in ended for actor in _concerned(each.session.workspace, each.holder, each.hosts)])
        return ended

    def _ended(self, tx: Transaction, row: SessionRow, hosted: Hosted, by: str | None) -> Ended:
        changed = self._beginnings.end(tx, row, by)
        now = sessions.find(tx, row.id) or row
        return Ended(session_of(now), hosted.holder.slack_user, changed=changed, hosts=hosted.settings.hosts)

    async def _opening(self, seen: Seen, work: Callable[[Opened | None], Work[R]]) -> R:
        """What the work comes to, with a new session of the provider's where nothing runs that could be offered."""
        hosted = seen.hosted
        concerned = _concerned(hosted.holder.workspace, hosted.holder.slack_user, hosted.settings.hosts)
        if seen.running is not None:
            try:
                return await self._telling(work(None), concerned)
            except NothingOpened:
                pass  # It ended just now.
        return await self._telling(work(await self._open(hosted, seen.where.topic)), concerned)

    async def _open(self, hosted: Hosted, topic: str) -> Opened:
        wish = wish_of(hosted.settings, topic, self._house.now() + LONGEST)
        try:
            async with asyncio.timeout(PROVIDER_SECONDS):
                handle = await self._provider.open_session(wish)
        except TimeoutError as late:
            raise ProviderUnavailable("timeout") from late
        return Opened(self._provider.name, handle)

    async def _telling(self, work: Work[R], concerned: tuple[Actor, ...]) -> R:
        try:
            return await self._house.store.write(work)
        finally:
            # Also where nobody knows whether it happened.
            self._told(concerned)


def _concerned(workspace: str, holder: str, hosts: tuple[str, ...]) -> tuple[Actor, ...]:
    return tuple(Actor(workspace, user) for user in (holder, *hosts))


def _granted(result: R | Refusal) -> R:
    if isinstance(result, Refusal):
        raise Declined(result.violations[0].code)
    return result
