"""What is done now and then, by every process: it does no harm that two do it."""

import asyncio
from datetime import timedelta

import structlog

from bot.services import postings
from bot.services.guest_upkeep import forget_old_guests
from bot.services.house import House
from bot.services.postings import PostingRecords
from bot.services.reminders import Reminders
from storage import attempts, oauth_states, purging, requests
from storage.errors import StorageError
from storage.postings import forget

REMEMBERED = timedelta(hours=72)
"""For how long a request is known as a repeat. Slack's own retries end within minutes."""
AT_ONCE = 1000
"""Rows in one transaction: a long pause must not end in a long lock."""
TRIES_KEPT = timedelta(hours=1)
"""For how long wrong tries are kept after the newest of them. None counts for longer than half of that."""
PAUSE_SECONDS = 3600.0

_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


async def forget_old_requests(house: House) -> bool:
    """Forget requests that can no longer be repeated; whether there are more to forget.

    Raises:
        StorageError: the database did not answer as it should.
    """
    before = house.now() - REMEMBERED
    return await house.store.write(lambda tx: requests.forget(tx, before, AT_ONCE)) == AT_ONCE


async def forget_old_postings(house: House) -> bool:
    """Forget messages about what is long over; whether there are more to forget. Raises as `forget_old_requests`."""
    before = house.now() - postings.REMEMBERED
    return await house.store.write(lambda tx: forget(tx, before, postings.BRIEF, AT_ONCE)) == AT_ONCE


async def forget_old_tries(house: House) -> bool:
    """Forget wrong tries that count no more; whether there are more to forget.

    Raises:
        StorageError: the database did not answer as it should.
    """
    before = house.now() - TRIES_KEPT
    return await house.store.write(lambda tx: attempts.forget(tx, before, AT_ONCE)) == AT_ONCE


async def forget_old_states(house: House) -> bool:
    """Forget what was begun at Slack and never came back; whether there is more to forget.

    Raises:
        StorageError: the database did not answer as it should.
    """
    now = house.now()
    return await house.store.write(lambda tx: oauth_states.forget(tx, now, AT_ONCE)) == AT_ONCE


async def forget_links_of_the_erased(house: House) -> bool:
    """Forget links of people who were erased, once their hold is over. Raises as the others."""
    now = house.now()
    return await house.store.write(lambda tx: purging.forget_links(tx, now, AT_ONCE)) == AT_ONCE


async def plan_reminders(house: House) -> bool:
    """Plan the reminders of long series that come into sight; whether there are more. Raises as the others."""
    return await Reminders(house, PostingRecords(house)).plan_ahead()


WORK = (
    forget_old_requests,
    forget_old_postings,
    forget_old_tries,
    forget_old_guests,
    forget_old_states,
    forget_links_of_the_erased,
    plan_reminders,
)
"""All of it, in this order."""


async def keep_up(house: House) -> None:
    """Do all of it, again and again, until cancelled."""
    while True:
        try:
            more = any([await work(house) for work in WORK])
        except StorageError as error:
            _log.warning("upkeep_put_off", error=type(error).__name__)
            more = False
        except Exception:  # noqa: BLE001 - it outlives every failure, such as a table that is not there for now
            _log.exception("upkeep_failed")
            more = False
        await asyncio.sleep(1.0 if more else PAUSE_SECONDS)
