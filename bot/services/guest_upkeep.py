"""Lets guests go who have left, by every process: it does no harm that two do it."""

from collections.abc import Callable
from datetime import timedelta

from bot.services.guest_messages import GuestMessages
from bot.services.hosting import Hosting
from bot.services.house import House
from storage import guests
from storage.transactions import Transaction

GONE_AFTER = timedelta(seconds=60)
"""Without a sign of life."""
FORGOTTEN_AFTER = timedelta(days=1)
AT_ONCE = 200


class GuestUpkeep:
    """Does it for one process. `wake` lets the host's message be brought up to date."""

    def __init__(self, house: House, hosting: Hosting, wake: Callable[[], None]) -> None:
        self._house = house
        self._messages = GuestMessages(house, hosting)
        self._wake = wake

    async def sweep(self) -> bool:
        """Let those go who have left, and whose meeting is over; whether anybody waits still.

        Raises:
            StorageError: the database did not answer as it should.
        """
        if not await self._house.store.read(guests.anybody_waits):
            return False

        def work(tx: Transaction) -> int:
            at = self._house.now()
            left = guests.leave(tx, at - GONE_AFTER, at, AT_ONCE)
            for place_id in sorted({spot.place_id for spot in left}):
                self._messages.refresh(tx, place_id)
            return len(left)

        if await self._house.store.write(work):
            self._wake()
        return True


async def forget_old_guests(house: House) -> bool:
    """Forget guests who were seen last a day ago; whether there are more to forget.

    Raises:
        StorageError: the database did not answer as it should.
    """
    before = house.now() - FORGOTTEN_AFTER
    return await house.store.write(lambda tx: guests.forget(tx, before, AT_ONCE)) == AT_ONCE
