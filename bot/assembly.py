"""The use cases and their handlers, put together: what each is given, and which request leads to it."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from slack_bolt.async_app import AsyncApp

from bot.chances import Chances
from bot.guard import FRESH_SECONDS
from bot.handlers import register
from bot.handlers.authorisation import Authorisation
from bot.handlers.closer import Closer
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
from bot.handlers.pmis import pmi_subject
from bot.handlers.poster import Poster, Renderer
from bot.handlers.relay import Relay
from bot.handlers.rooms import RoomHandlers
from bot.handlers.settings import SettingsHandlers
from bot.handlers.sharing import SharingHandlers
from bot.handlers.slack import Slack
from bot.handlers.switchboard import Switchboard
from bot.handlers.unfurls import Unfurls
from bot.handlers.wishes import WishHandlers
from bot.metrics import Metrics
from bot.providers import MeetingProvider
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
from bot.services.room_settings import SettingsOfRooms
from bot.services.rooms import Rooms
from bot.services.sharing import Sharing
from bot.settings import Settings
from bot.texts import Texts
from bot.views.addresses import Addresses


@dataclass(frozen=True, slots=True)
class Shared:
    """What the handlers of one process share."""

    settings: Settings
    chances: Chances
    house: House
    slack: Slack
    authorisation: Authorisation
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


def assemble(shared: Shared, bolt: AsyncApp, board: Switchboard) -> tuple[Front, tuple[Worker, ...]]:
    """Make every handler and register it; what stands around them, and who does what is left for later."""
    house, slack, chances = shared.house, shared.slack, shared.chances
    t = shared.texts.for_locale(None)
    directory = Directory(slack, chances.monotonic)
    rooms = Rooms(house)
    entrance = Entrance(rooms, directory)
    front = Front(shared.texts, slack, entrance, shared.late, shared.metrics, chances.deadline)
    addresses = Addresses(shared.settings.public_url)
    glances = MeetingGlances(house)
    room_handlers = RoomHandlers(rooms, glances, slack, directory, addresses)
    live = LiveVerdicts(slack, shared.late, chances.sleep)
    relay = Relay(
        outbox=Outbox(house, chances.monotonic),
        slack=slack,
        authorisation=shared.authorisation,
        late=shared.late,
        metrics=shared.metrics,
        t=t,
        addresses=addresses,
        stopping=shared.stopping,
        look_seconds=chances.look,
    )
    renderers: dict[PostingKind, Renderer] = {}
    poster = Poster(
        lanes=Lanes(house, chances.monotonic),
        deliveries=Deliveries(slack, chances.monotonic, chances.now),
        renderers=renderers,
        authorisation=shared.authorisation,
        late=shared.late,
        metrics=shared.metrics,
        t=t,
        stopping=shared.stopping,
        sleep=chances.sleep,
        look_seconds=chances.look,
    )
    homes = Homes(Openings(house), glances, slack, shared.late, t, addresses, shared.stopping)

    def told(concerned: Iterable[Actor]) -> None:
        poster.wake()
        for actor in concerned:
            homes.changed(actor)

    meetings = Meetings(house, shared.provider, PostingRecords(house), told=told)
    meeting_handlers = MeetingHandlers(meetings, glances, slack, front, relay, addresses)
    renderers[PostingKind.JOIN_CARD] = meeting_handlers.card
    sharing = Sharing(house, PostingRecords(house), told=poster.wake)
    sharing_handlers = SharingHandlers(sharing, slack, front, addresses, shared.settings.share_confirm_members)
    renderers[PostingKind.ROOM_SHARED] = sharing_handlers.card
    closer = Closer(meetings, shared.late, shared.stopping)
    pmis = WishHandlers(pmi_subject(PMIs(house, rooms)), room_handlers, front, live, relay, homes)
    links = WishHandlers(link_subject(Links(house, rooms), room_handlers), room_handlers, front, live, relay, homes)
    events = Events(
        house=house,
        entrance=entrance,
        homes=homes,
        unfurls=Unfurls(slack, t, addresses),
        slack=slack,
        authorisation=shared.authorisation,
        late=shared.late,
        metrics=shared.metrics,
        deadline=chances.deadline,
        apart=FRESH_SECONDS,
    )
    settings = SettingsHandlers(
        SettingsOfRooms(house, rooms), room_handlers, front, relay, homes, meeting_handlers, sharing_handlers
    )
    register(
        bolt, board, front, settings, meeting_handlers, sharing=sharing_handlers, pmis=pmis, links=links, events=events
    )
    return front, (relay, poster, closer)
