"""What administrators see and set of their workspace: its plan, and the licences of its members. Who asks is one."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from pydantic import TypeAdapter

from bot.rules import Licence, Plan, Refusal
from bot.services.arrival import arrive
from bot.services.house import House
from bot.services.licence_lists import COLUMNS, DEFAULT
from bot.services.once import once
from bot.services.people import Call
from bot.services.room import Defaults
from storage import changes, members, workspaces
from storage.changes import Change
from storage.members import MemberRow
from storage.transactions import Transaction

AT_ONCE = 1000
"""Members that are read in one transaction."""


@dataclass(frozen=True, slots=True)
class WorkspaceSeen:
    """A workspace as administrators see it. Empty means the default, which stands beside."""

    plan: Plan | None
    licence: Licence | None
    """Of members who have none of their own."""
    members: int
    """Those who are there."""
    default_plan: Plan
    default_licence: Licence

    @property
    def plan_now(self) -> Plan:
        """The plan that holds."""
        return self.plan or self.default_plan

    @property
    def licence_now(self) -> Licence:
        """The licence that members have who have none of their own."""
        return self.licence or self.default_licence


@dataclass(frozen=True, slots=True)
class TermsWish:
    """What a workspace is to have; an empty tuple leaves it as it is, and None in one means the default."""

    plan: tuple[Plan | None, ...] = ()
    licence: tuple[Licence | None, ...] = ()


@dataclass(frozen=True, slots=True)
class TermsSaved:
    """A workspace after its terms were set, and what of them is another thing now."""

    seen: WorkspaceSeen
    plan: bool
    licence: bool

    @property
    def changed(self) -> bool:
        """Whether anything is not as it was."""
        return self.plan or self.licence


@dataclass(frozen=True, slots=True)
class LicencesSaved:
    """Whose licence is another now, by Slack id; or, where nothing was changed, who has not used the app here."""

    changed: tuple[str, ...]
    away: tuple[str, ...] = ()


class _Away(Exception):  # noqa: N818 - it says who is
    def __init__(self, users: tuple[str, ...]) -> None:
        super().__init__()
        self.users = users


R = TypeVar("R")
_TERMS = TypeAdapter(TermsSaved)
_LICENCES = TypeAdapter(LicencesSaved)


class Administration:
    """The use cases of administrators."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def seen(self, workspace: str) -> WorkspaceSeen:
        """The workspace as it is.

        Raises:
            StorageError: the database did not answer as it should.
        """
        return await self._house.store.read(lambda tx: _seen(tx, workspace, self._house.defaults))

    async def set_terms(self, call: Call, wish: TermsWish) -> TermsSaved:
        """Set plan and default licence.

        Raises:
            StorageError: the database did not answer as it should.
        """

        def work(tx: Transaction) -> TermsSaved | Refusal:
            by, key = self._by(tx, call), call.actor.workspace
            old = workspaces.terms_of(tx, key, lock=True)
            found: list[Change] = []
            for plan in wish.plan:
                if plan != old.plan:
                    workspaces.set_plan(tx, key, plan)
                    found.append(Change("plan.changed", old.plan, plan))
            for licence in wish.licence:
                if licence != old.licence:
                    workspaces.set_default_licence(tx, key, licence)
                    found.append(Change("default_licence.changed", old.licence, licence))
            changes.record(tx, key, found, self._house.now(), member_id=None, actor_id=by)
            codes = {change.action for change in found}
            seen = _seen(tx, key, self._house.defaults)
            return TermsSaved(seen, "plan.changed" in codes, "default_licence.changed" in codes)

        return await self._once(call, work, _TERMS)

    async def away(self, workspace: str, users: Sequence[str]) -> tuple[str, ...]:
        """Those of these people who have not used the app in a workspace.

        Raises:
            StorageError: the database did not answer as it should.
        """
        found = await self._house.store.read(lambda tx: members.among(tx, workspace, users))
        here = {row.slack_user for row in found}
        return tuple(user for user in users if user not in here)

    async def set_licences(self, call: Call, wanted: Mapping[str, Licence | None]) -> LicencesSaved:
        """Set the licences of these people, by Slack id: of all of them, or of none where one is not here.

        Raises:
            StorageError: the database did not answer as it should.
        """

        def work(tx: Transaction) -> LicencesSaved | Refusal:
            by, workspace, at = self._by(tx, call), call.actor.workspace, self._house.now()
            found = members.among(tx, workspace, list(wanted), lock=True)
            here = {row.slack_user for row in found}
            away = tuple(user for user in wanted if user not in here)
            if away:
                raise _Away(away)
            changed = [row for row in found if row.licence != wanted[row.slack_user]]
            for row in changed:
                licence = wanted[row.slack_user]
                members.set_licence(tx, row.id, licence)
                change = Change("licence.changed", row.licence, licence)
                changes.record(tx, workspace, [change], at, member_id=row.id, actor_id=by)
            return LicencesSaved(tuple(row.slack_user for row in changed))

        try:
            return await self._once(call, work, _LICENCES)
        except _Away as away:
            return LicencesSaved((), away.users)

    async def file(self, workspace: str, _detail: str) -> AsyncIterator[Sequence[str]]:
        """The members of a workspace, as a file has them: see `admin_files`.

        Raises:
            StorageError: the database did not answer as it should.
        """
        yield COLUMNS
        after: str | None = ""
        while after is not None:
            last = after
            rows = await self._house.store.read(lambda tx: members.page(tx, workspace, last, AT_ONCE))  # noqa: B023
            for row in rows:
                yield _cells(row)
            after = rows[-1].slack_user if len(rows) == AT_ONCE else None

    async def _once(self, call: Call, work: Callable[[Transaction], R | Refusal], shape: TypeAdapter[R]) -> R:
        work_once = once(self._house, call, work, shape)
        result = await self._house.store.write(work_once)
        if isinstance(result, Refusal):
            # No rule stands against what administrators set here.
            raise TypeError(result)
        return result

    def _by(self, tx: Transaction, call: Call) -> str:
        """The member id of whoever asks. They are not locked: two administrators may set each other's licence."""
        return (members.find(tx, call.actor.workspace, call.actor.user) or arrive(tx, self._house, call.actor)).id


def _seen(tx: Transaction, workspace: str, defaults: Defaults) -> WorkspaceSeen:
    terms = workspaces.terms_of(tx, workspace)
    return WorkspaceSeen(
        plan=Plan(terms.plan) if terms.plan else None,
        licence=Licence(terms.licence) if terms.licence else None,
        members=members.count(tx, workspace),
        default_plan=defaults.plan,
        default_licence=defaults.licence,
    )


def _cells(row: MemberRow) -> tuple[str, ...]:
    left = "" if row.left_at is None else row.left_at.date().isoformat()
    return (row.slack_user, row.licence or DEFAULT, row.pmi, row.link or "", left)
