"""The waiting room, put together: the pages of guests, the buttons of hosts, and who lets those go who have left."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

from bot.handlers.front import Front
from bot.handlers.guests import GuestHandlers, GuestRenderer
from bot.handlers.late import LateWork
from bot.handlers.poster import Poster, Renderer
from bot.handlers.sweeper import Sweeper
from bot.handlers.whereabouts import Whereabouts
from bot.services.doors import Doors
from bot.services.guest_decisions import GuestDecisions
from bot.services.guest_messages import GuestMessages
from bot.services.guest_upkeep import GuestUpkeep
from bot.services.guests import Guests
from bot.services.hall import Hall
from bot.services.hosting import Hosting
from bot.services.house import House
from bot.services.meetings import Meetings
from bot.services.postings import PostingKind
from bot.web.waiting_news import Waiting


@dataclass(frozen=True, slots=True)
class WaitingRoom:
    """The parts that others connect."""

    pages: Waiting
    handlers: GuestHandlers
    renderers: Mapping[PostingKind, Renderer]
    sweeper: Sweeper


def waiting_room(
    *,
    house: House,
    hosting: Hosting,
    meetings: Meetings,
    doors: Doors,
    front: Front,
    poster: Poster,
    where: Whereabouts,
    late: LateWork,
    stopping: asyncio.Event,
) -> WaitingRoom:
    """Make all of it for one process."""
    hall = Hall(house, late.begin)
    renderer = GuestRenderer(house, GuestMessages(house, hosting))
    decisions = GuestDecisions(house, hosting, meetings, hall.changed, poster.wake)
    return WaitingRoom(
        pages=Waiting(Guests(house, hosting, meetings, doors, poster.wake), hall),
        handlers=GuestHandlers(decisions, front, where),
        renderers={PostingKind.GUESTS: renderer.waiting, PostingKind.MORE_GUESTS: renderer.more},
        sweeper=Sweeper(GuestUpkeep(house, hosting, poster.wake), late, stopping),
    )
