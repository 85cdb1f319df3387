"""The use cases and their handlers, put together: what each is given, and which request leads to it."""

import asyncio
from dataclasses import dataclass

import aiohttp
from slack_bolt.async_app import AsyncApp

from bot.chances import Chances
from bot.guard import FRESH_SECONDS
from bot.handlers import register
from bot.handlers.authorisation import Authorisation
from bot.handlers.directory import Directory
from bot.handlers.entrance import Entrance
from bot.handlers.events import Events
from bot.handlers.front import Front
from bot.handlers.homes import Homes
from bot.handlers.late import LateWork
from bot.handlers.links import link_subject
from bot.handlers.live import LiveVerdicts
from bot.handlers.pmis import pmi_subject
from bot.handlers.relay import Relay
from bot.handlers.rooms import RoomHandlers
from bot.handlers.settings import SettingsHandlers
from bot.handlers.slack import Slack
from bot.handlers.switchboard import Switchboard
from bot.handlers.unfurls import Unfurls
from bot.handlers.wishes import WishHandlers
from bot.metrics import Metrics
from bot.providers.jitsi import AppKey, Jitsi
from bot.services.doors import Doors
from bot.services.house import House
from bot.services.links import Links
from bot.services.meetings import Meetings
from bot.services.openings import Openings
from bot.services.outbox import Outbox
from bot.services.pmis import PMIs
from bot.services.postings import PostingRecords
from bot.services.room_settings import SettingsOfRooms
from bot.services.rooms import Rooms
from bot.settings import Settings
from bot.texts import Texts
from bot.views.addresses import Addresses
from bot.web.lobby import UseCases


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


def assemble(shared: Shared, bolt: AsyncApp, board: Switchboard) -> tuple[Front, Relay]:
    """Make every handler and register it; what stands around them, and who tells what was promised."""
    house, slack, chances = shared.house, shared.slack, shared.chances
    t = shared.texts.for_locale(None)
    directory = Directory(slack, chances.monotonic)
    rooms = Rooms(house)
    entrance = Entrance(rooms, directory)
    front = Front(shared.texts, slack, entrance, shared.late, shared.metrics, chances.deadline)
    addresses = Addresses(shared.settings.public_url)
    room_handlers = RoomHandlers(rooms, slack, directory, addresses)
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
    homes = Homes(Openings(house), slack, shared.late, t, addresses, shared.stopping)
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
    settings = SettingsHandlers(SettingsOfRooms(house, rooms), room_handlers, front, relay, homes)
    register(bolt, board, front, settings, pmis=pmis, links=links, events=events)
    return front, relay


def at_the_door(settings: Settings, house: House, session: aiohttp.ClientSession, chances: Chances) -> UseCases:
    """What join pages do."""
    secret = settings.jitsi_app_secret
    key = AppKey(settings.jitsi_app_id, secret.get_secret_value()) if settings.jitsi_app_id and secret else None
    jitsi = Jitsi(settings.jitsi_url, session, key, clock=chances.clock, monotonic=chances.monotonic)
    return UseCases(house, Doors(house), Meetings(house, jitsi, PostingRecords(house)))
