"""The use cases and their handlers, put together: what each is given, and which request leads to it."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import Protocol

import aiohttp
from slack_bolt.async_app import AsyncApp

from bot.administration import administration
from bot.chances import Chances
from bot.guard import FRESH_SECONDS
from bot.handlers import Handlers, register
from bot.handlers.admin import register_admin
from bot.handlers.admin_members import MembersPart
from bot.handlers.administrators import Administrators
from bot.handlers.closer import Closer
from bot.handlers.comings import Comings
from bot.handlers.deliveries import Deliveries
from bot.handlers.directory import Directory
from bot.handlers.entrance import Entrance
from bot.handlers.events import Events
from bot.handlers.front import Front
from bot.handlers.homes import Homes
from bot.handlers.late import LateWork
from bot.handlers.links import link_subject
from bot.handlers.live import LiveVerdicts
from bot.handlers.meetings import MeetingHandlers
from bot.handlers.planned_messages import planned_messages
from bot.handlers.planner import PlannerHandlers
from bot.handlers.pmis import pmi_subject
from bot.handlers.poster import Posted, Poster, Renderer
from bot.handlers.relay import Relay
from bot.handlers.remover import Remover
from bot.handlers.rooms import RoomHandlers
from bot.handlers.sealer import Sealer
from bot.handlers.settings import SettingsHandlers
from bot.handlers.sharing import SharingHandlers
from bot.handlers.slack import Slack
from bot.handlers.switchboard import Switchboard
from bot.handlers.unfurls import Unfurls
from bot.handlers.whereabouts import Whereabouts
from bot.handlers.wishes import WishHandlers
from bot.manifest import CALLBACK_PATH
from bot.metrics import Metrics
from bot.providers import MeetingProvider
from bot.services.administration import Administration
from bot.services.change_chain import ChangeChain
from bot.services.departures import Closings
from bot.services.doors import Doors
from bot.services.home import HomeGlances
from bot.services.hosting import Hosting
from bot.services.hosts import Hosts
from bot.services.house import House
from bot.services.lanes import Lanes
from bot.services.links import Links
from bot.services.meeting_glances import MeetingGlances
from bot.services.meetings import Meetings
from bot.services.openings import Openings
from bot.services.outbox import Outbox
from bot.services.people import Actor
from bot.services.pmis import PMIs
from bot.services.postings import PostingKind, PostingRecords
from bot.services.presence import Presence
from bot.services.purging import Purges
from bot.services.room_settings import SettingsOfRooms
from bot.services.rooms import Rooms
from bot.services.schedules import Schedules
from bot.services.sharing import Sharing
from bot.services.sign_in import SignIns
from bot.settings import Settings
from bot.tenancy import Tenancy, client_of
from bot.texts import Texts
from bot.views.addresses import Addresses
from bot.views.message import Message
from bot.views.welcome import welcome
from bot.waiting_room import waiting_room
from bot.web.id_token import Vouched
from bot.web.lobby import UseCases
from bot.web.openid import OpenID
from bot.web.sign_in import Desk
from bot.web.waiting_news import Waiting


@dataclass(frozen=True, slots=True)
class Shared:
    """What the handlers of one process share."""

    settings: Settings
    chances: Chances
    house: House
    slack: Slack
    tenancy: Tenancy
    late: LateWork
    metrics: Metrics
    texts: Texts
    stopping: asyncio.Event
    """Once it is set, the process ends."""
    provider: MeetingProvider


class Worker(Protocol):
    """Who works through what the database holds for later, as long as the process runs."""

    def start(self) -> None:
        """Begin to look, now and then from here on."""
        ...

    def wake(self) -> None:
        """Look at once."""
        ...


async def _welcomed(posted: Posted) -> Message:
    return welcome(posted.t)


@dataclass(frozen=True, slots=True)
class Assembled:
    """What was put together, for whoever connects it."""

    front: Front
    workers: tuple[Worker, ...]
    use_cases: UseCases
    waiting: Waiting


def assemble(shared: Shared, bolt: AsyncApp, board: Switchboard) -> Assembled:
    """Make every handler and register it; what stands around them, and who does what is left for later."""
    house, slack, chances = shared.house, shared.slack, shared.chances
    t = shared.texts.for_locale(None)
    authority = shared.tenancy.authority
    directory = Directory(slack, chances.monotonic)
    administrators = Administrators(slack, chances.monotonic)
    rooms = Rooms(house)
    entrance = Entrance(rooms, directory, authority, shared.tenancy.install_url)
    front = Front(shared.texts, slack, entrance, shared.late, shared.metrics, chances.deadline)
    addresses = Addresses(shared.settings.public_url)
    glances = MeetingGlances(house)
    where = Whereabouts(addresses, Hosts(house))
    room_handlers = RoomHandlers(rooms, glances, slack, directory, where)
    live = LiveVerdicts(shared.late, chances.sleep)
    relay = Relay(
        outbox=Outbox(house, chances.monotonic),
        slack=slack,
        authorisation=authority,
        late=shared.late,
        metrics=shared.metrics,
        t=t,
        where=where,
        stopping=shared.stopping,
        look_seconds=chances.look,
    )
    renderers: dict[PostingKind, Renderer] = {PostingKind.WELCOME: _welcomed}
    poster = Poster(
        lanes=Lanes(house, chances.monotonic),
        deliveries=Deliveries(slack, chances.monotonic, chances.now),
        renderers=renderers,
        authorisation=authority,
        late=shared.late,
        metrics=shared.metrics,
        t=t,
        stopping=shared.stopping,
        sleep=chances.sleep,
        look_seconds=chances.look,
    )
    settings_of_rooms = SettingsOfRooms(house, rooms)
    schedules = Schedules(house, PostingRecords(house))
    at_home = HomeGlances(glances, settings_of_rooms, schedules, house.now)

    def told(concerned: Iterable[Actor]) -> None:
        poster.wake()
        for actor in concerned:
            homes.changed(actor)

    membership = MembersPart(house, Administration(house), front, directory, addresses, told)
    homes = Homes(Openings(house), at_home, slack, shared.late, t, where, shared.stopping, membership.at_home)
    meetings = Meetings(house, shared.provider, PostingRecords(house), told)
    meeting_handlers = MeetingHandlers(meetings, glances, slack, front, relay, where)
    renderers[PostingKind.JOIN_CARD] = meeting_handlers.card
    sharing = Sharing(house, PostingRecords(house), told=poster.wake)
    sharing_handlers = SharingHandlers(sharing, slack, front, where, shared.settings.share_confirm_members)
    renderers[PostingKind.ROOM_SHARED] = sharing_handlers.card
    pmis = WishHandlers(pmi_subject(PMIs(house, rooms)), room_handlers, front, live, relay, homes)
    links = WishHandlers(link_subject(Links(house, rooms), room_handlers), room_handlers, front, live, relay, homes)
    purges = Purges(house)
    remover = Remover(
        Closings(house, poster.wake), purges, partial(shared.tenancy.speaks_for, slack), shared.late, shared.stopping
    )
    events = Events(
        house=house,
        entrance=entrance,
        homes=homes,
        unfurls=Unfurls(slack, t, addresses, house.hosts.is_ours),
        comings=Comings(Presence(house, told), directory, administrators, entrance),
        leaving=shared.tenancy.leaving(slack, FRESH_SECONDS),
        authority=authority,
        late=shared.late,
        metrics=shared.metrics,
        deadline=chances.deadline,
        departed=remover.wake,
    )
    renderers |= planned_messages(schedules, where)
    planner = PlannerHandlers(
        schedules=schedules,
        settings=settings_of_rooms,
        rooms=room_handlers,
        front=front,
        now=house.now,
        told=told,
    )
    doors = Doors(house)
    waiting = waiting_room(
        house=house,
        hosting=Hosting(house),
        meetings=meetings,
        doors=doors,
        front=front,
        poster=poster,
        where=where,
        late=shared.late,
        stopping=shared.stopping,
    )
    renderers |= waiting.renderers

    def removing(workspace: str) -> None:
        authority.forget(workspace)
        remover.wake()

    administered = administration(
        house=house,
        administrators=administrators,
        rooms=room_handlers,
        front=front,
        membership=membership,
        purges=purges,
        removing=removing,
    )
    words = {
        "start": meeting_handlers.start,
        "share": sharing_handlers.share,
        "schedule": planner.open,
        "meetings": planner.listed,
        "admin": administered.handlers.command,
    }
    settings = SettingsHandlers(settings_of_rooms, room_handlers, front, relay, homes, words)
    handlers = Handlers(
        settings=settings,
        meetings=meeting_handlers,
        planner=planner,
        sharing=sharing_handlers,
        pmis=pmis,
        links=links,
        guests=waiting.handlers,
        events=events,
    )
    register(bolt, board, front, handlers)
    register_admin(board, front, administered.handlers)
    return Assembled(
        front=front,
        workers=(
            relay,
            poster,
            Closer(meetings, shared.late, shared.stopping),
            waiting.sweeper,
            remover,
            Sealer(ChangeChain(house), shared.late, shared.stopping),
        ),
        use_cases=UseCases(house, doors, meetings, where.hosts.of, administered.files),
        waiting=waiting.pages,
    )


def sign_in_desk(shared: Shared, session: aiohttp.ClientSession) -> Desk | None:
    """What Sign in with Slack goes by; None where it is not set up."""
    settings, chances, tenancy = shared.settings, shared.chances, shared.tenancy
    if not settings.signs_in:
        return None

    async def workspace(vouched: Vouched) -> str:
        return await tenancy.workspace(vouched, shared.slack)

    client = client_of(settings, CALLBACK_PATH)
    openid = OpenID(client, settings.slack_api_url, session, clock=chances.clock, monotonic=chances.monotonic)
    return Desk(SignIns(shared.house), openid, tenancy.team, workspace)
