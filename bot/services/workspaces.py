"""What operators see and set of workspaces and their members: plan and licences, every change in the log."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from bot.rules import Licence, Plan
from bot.services.room import Defaults, Room, room_of
from bot.services.tombstones import erased_name
from storage import changes, departures, erasures, members, workspaces
from storage.changes import Change
from storage.departures import DepartureRow
from storage.transactions import Store, Transaction
from storage.workspaces import WorkspaceRow


class Office(Protocol):
    """What these use cases need of the house: no keys, no names and no chance, so that operators need not set them."""

    @property
    def store(self) -> Store:
        """Where everything is kept."""

    @property
    def defaults(self) -> Defaults:
        """What an empty plan or licence stands for."""

    @property
    def now(self) -> Callable[[], datetime]:
        """The time, for the change log."""


@dataclass(frozen=True, slots=True)
class WorkspaceState:
    """A workspace with everybody in it. `plan_is_default` says that no plan was set, and so of the licence."""

    key: str
    plan: Plan
    plan_is_default: bool
    rooms: tuple[Room, ...]
    licence: Licence
    """What members have of whom nobody has said anything."""
    licence_is_default: bool
    departure: DepartureRow | None


class Workspaces:
    """The use cases of operators."""

    def __init__(self, office: Office) -> None:
        self._office = office

    async def every(self) -> tuple[tuple[WorkspaceRow, DepartureRow | None], ...]:
        """All workspaces, by key, with the number of their members, each with how the app left it, if ever."""

        def look(tx: Transaction) -> tuple[tuple[WorkspaceRow, DepartureRow | None], ...]:
            left = {row.workspace: row for row in departures.every(tx)}
            return tuple((row, left.get(row.key)) for row in workspaces.every(tx))

        return await self._office.store.read(look)

    async def show(self, key: str) -> WorkspaceState | None:
        """One workspace, or None where nobody of it was ever here."""

        def look(tx: Transaction) -> WorkspaceState | None:
            row = workspaces.one(tx, key)
            if row is None:
                return None
            erased = {each.member_id: each.number for each in erasures.of_workspace(tx, key) if not each.returned_at}
            rows = [
                replace(each, slack_user=erased_name(erased[each.id])) if each.id in erased else each
                for each in members.of_workspace(tx, key)
            ]
            defaults = self._office.defaults
            rooms = tuple(room_of(each, defaults) for each in rows)
            plan, licence = defaults.plan_of(row.plan), defaults.licence_of(row.default_licence)
            return WorkspaceState(
                key, plan, row.plan is None, rooms, licence, row.default_licence is None, departures.one(tx, key)
            )

        return await self._office.store.read(look)

    async def set_plan(self, key: str, plan: Plan | None) -> None:
        """Set a workspace's plan; None means the default again. The workspace need not have been seen before."""

        def work(tx: Transaction) -> None:
            at = self._office.now()
            workspaces.ensure(tx, key, at)
            old = workspaces.plan_of(tx, key)
            if old != plan:
                workspaces.set_plan(tx, key, plan)
                changes.record(tx, key, [Change("plan.changed", old, plan)], at, member_id=None, actor_id=None)

        await self._office.store.write(work)

    async def set_licence(self, key: str, user: str, licence: Licence | None) -> Room | None:
        """Set a member's licence; None means the default again.

        Nobody is made a member by it: who was never here may not exist, or be an app. The answer is None then.
        """

        def work(tx: Transaction) -> Room | None:
            person = members.lock(tx, key, user)
            if person is None:
                return None
            if person.licence != licence:
                members.set_licence(tx, person.id, licence)
                change = Change("licence.changed", person.licence, licence)
                changes.record(tx, key, [change], self._office.now(), member_id=person.id, actor_id=None)
            after = members.find(tx, key, user) or person
            return room_of(after, self._office.defaults)

        return await self._office.store.write(work)
