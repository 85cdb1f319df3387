"""Whose Home was opened of late: noted once a day among the requests, so that every process knows whose to keep fresh.

The first opening of a day is a request like any other, and the day's other openings are its repeats.
"""

import hashlib
from collections.abc import Sequence
from datetime import date, timedelta

from bot.services.arrival import arrive
from bot.services.house import House
from bot.services.people import Actor
from storage import members, requests
from storage.transactions import Transaction


class Openings:
    """The use cases of Home."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def note(self, actor: Actor) -> None:
        """Note that the actor opened Home: a first contact, where there was none yet.

        Raises:
            StorageError: the database did not answer as it should.
        """
        at = self._house.now()
        key = _key(actor, at.date())

        def is_noted(tx: Transaction) -> bool:
            known = members.find(tx, actor.workspace, actor.user) is not None
            return known and requests.answer_to(tx, key) is not None

        def work(tx: Transaction) -> None:
            arrive(tx, self._house, actor)
            nothing = self._house.keys.seal(
                "", table="seen_request", column="answer", workspace=actor.workspace, key=key
            )
            requests.remember(tx, key, actor.workspace, nothing, at)

        if not await self._house.store.read(is_noted):
            await self._house.store.write(work)

    async def of_late(self, actors: Sequence[Actor]) -> set[Actor]:
        """Those of the actors whose Home was opened today or yesterday, in whichever process.

        Raises:
            StorageError: the database did not answer as it should.
        """
        today = self._house.now().date()
        days = (today, today - timedelta(days=1))
        by_key = {_key(actor, day): actor for actor in actors for day in days}
        kept = await self._house.store.read(lambda tx: requests.kept_among(tx, list(by_key)))
        return {by_key[key] for key in kept}


def _key(actor: Actor, day: date) -> str:
    parts = (actor.workspace, actor.user, "home", day.isoformat())
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()
