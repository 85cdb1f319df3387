"""What operators see and set of workspaces and their members: plan and licences, every change in the log."""

from dataclasses import dataclass

from bot.rules import Licence, Plan
from bot.services.arrival import arrive
from bot.services.house import House
from bot.services.people import Actor
from bot.services.room import Room, room_of
from storage import changes, members, workspaces
from storage.changes import Change
from storage.transactions import Transaction
from storage.workspaces import WorkspaceRow


@dataclass(frozen=True, slots=True)
class WorkspaceState:
    """A workspace with everybody in it. `plan_is_default` says that no plan was set."""

    key: str
    plan: Plan
    plan_is_default: bool
    rooms: tuple[Room, ...]


class Workspaces:
    """The use cases of operators."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def every(self) -> tuple[WorkspaceRow, ...]:
        """All workspaces, by key, with the number of their members."""
        return await self._house.store.read(workspaces.every)

    async def show(self, key: str) -> WorkspaceState | None:
        """One workspace, or None where nobody of it was ever here."""

        def look(tx: Transaction) -> WorkspaceState | None:
            row = workspaces.one(tx, key)
            if row is None:
                return None
            rooms = tuple(room_of(each, self._house.defaults) for each in members.of_workspace(tx, key))
            plan = Plan(row.plan) if row.plan else self._house.defaults.plan
            return WorkspaceState(key, plan, row.plan is None, rooms)

        return await self._house.store.read(look)

    async def set_plan(self, key: str, plan: Plan | None) -> None:
        """Set a workspace's plan; None means the default again. The workspace need not have been seen before."""

        def work(tx: Transaction) -> None:
            at = self._house.now()
            workspaces.ensure(tx, key, at)
            old = workspaces.plan_of(tx, key)
            if old != plan:
                workspaces.set_plan(tx, key, plan)
                changes.record(tx, key, [Change("plan.changed", old, plan)], at, member_id=None, actor_id=None)

        await self._house.store.write(work)

    async def set_licence(self, key: str, user: str, licence: Licence | None) -> Room:
        """Set a member's licence; None means the default again. Somebody new is given a PMI."""

        def work(tx: Transaction) -> Room:
            person = arrive(tx, self._house, Actor(key, user))
            if person.licence != licence:
                members.set_licence(tx, person.id, licence)
                change = Change("licence.changed", person.licence, licence)
                changes.record(tx, key, [change], self._house.now(), member_id=person.id, actor_id=None)
            after = members.find(tx, key, user) or person
            return room_of(after, self._house.defaults)

        return await self._house.store.write(work)
