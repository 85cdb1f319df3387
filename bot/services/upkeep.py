"""What is done now and then, by every process: it does no harm that two do it."""

from datetime import timedelta

from bot.services.house import House
from storage import requests

REMEMBERED = timedelta(hours=72)
"""For how long a request is known as a repeat. Slack's own retries end within minutes."""
AT_ONCE = 1000
"""Rows in one transaction: a long pause must not end in a long lock."""


async def forget_old_requests(house: House) -> bool:
    """Forget requests that can no longer be repeated; whether there are more to forget.

    Raises:
        StorageError: the database did not answer as it should.
    """
    before = house.now() - REMEMBERED
    return await house.store.write(lambda tx: requests.forget(tx, before, AT_ONCE)) == AT_ONCE
