"""Two workspaces full of people, and what is left of them: for the tests of purges, and for a process that purges."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import sqlalchemy as sa

from bot.services.departures import leave
from bot.services.installations import Grant, Installations, Tokens
from bot.services.people import Actor, Person, Standing
from bot.services.purging import Purges
from bot.services.room_settings import SettingsOfRooms, Wish
from bot.services.rooms import Rooms
from bot.services.tombstones import mark_of
from storage import departures, guests, members
from storage.classification import THROUGH
from storage.guests import GuestRow
from storage.tables import Table
from storage.transactions import Store, Transaction
from tests.integration.services.entrances import Entrance
from tests.integration.services.houses import START, new_call
from tests.integration.services.planned import Planner

CANARIES = ("U0ANNA", "U0BEN", "U0CARL", "U0DORA", "Canary", "canary9pass", "xoxb-canary", "v1.")
ANNA, BEN, CARL = (Actor("T0ACME", user) for user in ("U0ANNA", "U0BEN", "U0CARL"))
ELSEWHERE = Actor("T0OTHER", "U0ANNA")


async def _nothing(_refresh_token: str) -> Tokens:
    raise AssertionError("nobody is to be asked for a token")


async def colleague(user: str) -> Person:
    """Everybody is a colleague."""
    return Person(user, "Somebody", Standing.MEMBER)


@dataclass
class Left:
    """The use cases, with the clock in the test's hand."""

    store: Store
    at: datetime = START
    door: Entrance = field(init=False)
    purges: Purges = field(init=False)
    installations: Installations = field(init=False)

    def __post_init__(self) -> None:
        self.door = Entrance(self.store, at=self.at)
        self.door.house = replace(self.door.house, now=lambda: self.at)
        self.purges = Purges(self.door.house)
        self.installations = Installations(self.door.house, _nothing)

    async def fill(self, actor: Actor) -> None:
        """Somebody has a room with all that may be said of it, meetings, guests, keys and an installation."""
        await self.installs(actor)
        person = await self.door.has_room("canary9pass", actor)
        settings = SettingsOfRooms(self.door.house, Rooms(self.door.house))
        await settings.save(
            new_call(actor), Wish(topic="Canary room", hosts=tuple({"U0BEN", "U0DORA"} - {actor.user})), colleague
        )
        planner = Planner(self.store, at=self.at)
        await planner.scheduled(actor, topic="Canary weekly", date=f"{self.at + timedelta(days=9):%Y-%m-%d}")
        await self.door.runs(person)
        guest = GuestRow(
            id=f"{actor.workspace}{actor.user}".ljust(64, "0"),
            workspace=actor.workspace,
            member_id=person.id,
            meeting_id=None,
            in_room=True,
            place_id=person.id,
            number=person.pmi,
            name=None,
            slack_user="U0DORA",
            signed_in=True,
            source="0" * 64,
            state="waiting",
            session_id=None,
            asked_at=self.at,
            seen_at=self.at,
        )
        await self.store.write(lambda tx: guests.knock(tx, guest))

    async def installs(self, actor: Actor) -> None:
        """Somebody adds the app."""
        tokens = Tokens("xoxb-canary")
        grant = Grant("", actor.workspace, False, "A1", "U0BOT", actor.user, ("chat:write",), tokens, self.at)
        assert await self.installations.save(grant)

    async def leaves(self, workspace: str = "T0ACME") -> None:
        """The app is removed."""
        installed = await self.installations.find(workspace)
        if installed is None:
            await self.store.write(lambda tx: leave(tx, self.door.house, workspace))
        else:
            assert await self.installations.end(installed)

    def passes(self, **time: float) -> None:
        """Let time go by."""
        self.at += timedelta(**time)
        self.door.at = self.at

    def mark(self, actor: Actor) -> str:
        """Somebody's tombstone."""
        return mark_of(self.door.house.keys, actor.workspace, actor.user)


def _texts(tx: Transaction, workspace: str) -> Iterator[str]:
    for name, table in Table.metadata.tables.items():
        wanted = sa.select(table)
        if name in THROUGH:
            column, above = THROUGH[name]
            parent, key = (Table.metadata.tables[above.split(".")[0]], above.split(".")[1])
            wanted = wanted.where(table.c[column].in_(sa.select(parent.c[key]).where(parent.c.workspace == workspace)))
        for row in tx.execute(wanted).mappings():
            if name != "oauth_state" and row.get("workspace", workspace) == workspace:
                yield from (f"{name}.{column}: {value}" for column, value in row.items() if isinstance(value, str))


async def traces(store: Store, *words: str, workspace: str = "T0ACME") -> list[str]:
    """Every text anywhere with one of these words in it, but for rows of other workspaces."""
    found = await store.read(lambda tx: list(_texts(tx, workspace)))
    return [each for each in found if any(word in each for word in words)]


async def rows(store: Store, workspace: str) -> dict[str, list[tuple[object, ...]]]:
    """All that has this workspace in it."""

    def read(tx: Transaction) -> dict[str, list[tuple[object, ...]]]:
        return {
            name: sorted((tuple(row) for row in tx.execute(sa.select(t).where(t.c.workspace == workspace))), key=str)
            for name, t in Table.metadata.tables.items()
            if "workspace" in t.c
        }

    return await store.read(read)


async def state(store: Store, workspace: str = "T0ACME") -> departures.DepartureRow:
    """How a workspace was left."""
    row = await store.read(lambda tx: departures.one(tx, workspace))
    assert row is not None
    return row


async def member(store: Store, user: str, workspace: str = "T0ACME") -> members.MemberRow | None:
    """A member by what Slack calls them, or by their tombstone."""
    return await store.read(lambda tx: members.find(tx, workspace, user))
