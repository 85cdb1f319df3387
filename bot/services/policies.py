"""What the administrators of a workspace say of its rooms, numbers and addresses; what holds while they say nothing.

It is read in the transaction that goes by it, so that what was saved holds from then on, for what is there already too.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from pydantic import TypeAdapter

from bot.rules import Code, Customisers, Option, Policy, Refusal, Stance, Violation, parse_hold_days
from bot.services.arrival import arrive
from bot.services.house import House
from bot.services.once import once
from bot.services.people import Actor, Call
from bot.services.refusals import SettingsRefused
from storage import changes, policies
from storage.changes import Change
from storage.policies import PolicyRow
from storage.transactions import Transaction


def policy_of(tx: Transaction, house: House, workspace: str) -> Policy:
    """What holds in a workspace."""
    return _over(house.policy, policies.find(tx, workspace))


def link_hold_of(tx: Transaction, house: House, workspace: str) -> timedelta:
    """For how long a link that is given up in a workspace is held."""
    row = policies.find(tx, workspace)
    days = None if row is None else row.link_hold_days
    return house.link_hold if days is None else timedelta(days=days)


@dataclass(frozen=True, slots=True)
class PolicySeen:
    """What is said in a workspace, and what an administrator needs to know of it."""

    stances: Mapping[Option, Stance]
    """Of the options of which something was said."""
    defaults: Mapping[Option, Stance]
    """Of each option, what holds where nothing was said."""
    sign_in: bool
    """Whether members can sign in on join pages."""
    pmis_enabled: bool
    customisers: Customisers
    hold_days: int | None
    """None leaves it to the operator."""
    operators_hold_days: int
    leads_on: bool
    """Whether old addresses lead on."""
    running: int
    """Meetings that run on PMIs."""
    scheduled: int
    """Meetings that are scheduled on PMIs and not over."""


@dataclass(frozen=True, slots=True)
class PolicySaved:
    """What is said after a change that was asked for."""

    seen: PolicySeen
    changed: bool


@dataclass(frozen=True, slots=True)
class AddressWish:
    """What is asked for numbers and addresses. None leaves it as it is by then."""

    pmis_enabled: bool | None = None
    customisers: Customisers | None = None
    hold_days: str | None = None
    """As it was typed; empty leaves it to the operator."""
    leads_on: bool | None = None


POLICY_SAVED = TypeAdapter(PolicySaved)
"""How an answer to a change of policy is kept."""


@dataclass(frozen=True, slots=True)
class Policies:
    """The use cases of policies. Whoever calls them has seen that the actor is an administrator."""

    house: House

    async def see(self, actor: Actor) -> PolicySeen:
        """What is said in the actor's workspace.

        Raises:
            StorageError: the database did not answer as it should.
        """

        def look(tx: Transaction) -> PolicySeen:
            row = policies.find(tx, actor.workspace)
            return self._seen(tx, PolicyRow(actor.workspace) if row is None else row)

        return await self.house.store.read(look)

    async def save_options(self, call: Call, stances: Mapping[Option, Stance | None]) -> PolicySaved:
        """Say this of options, whole or not at all; None means the product's default. Of others nothing changes.

        Raises:
            SettingsRefused: nothing could guard a room any more. Nothing was changed.
            StorageError: the database did not answer as it should.
        """
        said: dict[str, Any] = {
            option.value: None if stance is None else stance.value for option, stance in stances.items()
        }
        return await self._save(call, lambda row: replace(row, **said))

    async def save_addresses(self, call: Call, wish: AddressWish) -> PolicySaved:
        """Say this of numbers and addresses, whole or not at all.

        Raises:
            SettingsRefused: the hold is no number of days. Nothing was changed.
            StorageError: the database did not answer as it should.
        """
        days = None if wish.hold_days is None else parse_hold_days(wish.hold_days)
        if isinstance(days, Refusal):
            raise SettingsRefused(days.violations)

        def changed(row: PolicyRow) -> PolicyRow:
            return replace(
                row,
                pmis_enabled=row.pmis_enabled if wish.pmis_enabled is None else wish.pmis_enabled,
                who_may_customise=wish.customisers or row.who_may_customise,
                link_hold_days=row.link_hold_days if wish.hold_days is None else days,
                old_addresses_lead_on=row.old_addresses_lead_on if wish.leads_on is None else wish.leads_on,
            )

        return await self._save(call, changed)

    async def _save(self, call: Call, changed: Callable[[PolicyRow], PolicyRow]) -> PolicySaved:
        workspace = call.actor.workspace

        def work(tx: Transaction) -> PolicySaved | Refusal:
            person = arrive(tx, self.house, call.actor)
            before = policies.lock(tx, workspace)
            after = changed(before)
            if not _over(self.house.policy, after).leaves_a_guard:
                return Refusal("", (Violation(Code.ROOM_OPEN),))
            done = _differences(before, after)
            if done:
                policies.change(tx, after)
                changes.record(tx, workspace, done, self.house.now(), member_id=None, actor_id=person.id)
            return PolicySaved(self._seen(tx, after), changed=bool(done))

        work_once = once(self.house, call, work, POLICY_SAVED)
        result = await self.house.store.write(work_once)
        if isinstance(result, Refusal):
            raise SettingsRefused(result.violations)
        return result

    def _seen(self, tx: Transaction, row: PolicyRow) -> PolicySeen:
        running, scheduled = policies.on_pmis(tx, row.workspace, self.house.now())
        return PolicySeen(
            stances=_said(row),
            defaults={option: self.house.policy.said(option) for option in Option},
            sign_in=self.house.policy.sign_in,
            pmis_enabled=row.pmis_enabled,
            customisers=Customisers(row.who_may_customise),
            hold_days=row.link_hold_days,
            operators_hold_days=self.house.link_hold.days,
            leads_on=row.old_addresses_lead_on,
            running=running,
            scheduled=scheduled,
        )


def _over(policy: Policy, row: PolicyRow | None) -> Policy:
    if row is None:
        return policy
    return replace(policy, stances={**policy.stances, **_said(row)}, pmis_enabled=row.pmis_enabled)


def _said(row: PolicyRow) -> dict[Option, Stance]:
    said = {option: getattr(row, option) for option in Option}
    return {option: Stance(stance) for option, stance in said.items() if stance is not None}


def _differences(before: PolicyRow, after: PolicyRow) -> list[Change]:
    """What is said anew, for the change log."""
    names = [name for name in PolicyRow.__dataclass_fields__ if getattr(before, name) != getattr(after, name)]
    return [Change(f"policy.{name}", _shown(getattr(before, name)), _shown(getattr(after, name))) for name in names]


def _shown(value: object) -> str | None:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return None if value is None else str(value)
