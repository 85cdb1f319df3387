"""A member's room as everybody above sees it: frozen, with plan and licence resolved."""

from dataclasses import dataclass

from bot.rules import (
    Code,
    Customisers,
    Licence,
    Plan,
    Stance,
    forbidden_for_link,
    forbidden_for_pmi,
    missing_for_link,
    missing_for_pmi,
)
from storage.members import MemberRow
from storage.workspaces import Entitling


@dataclass(frozen=True, slots=True)
class Defaults:
    """What an empty plan or licence stands for."""

    plan: Plan
    licence: Licence

    def plan_of(self, plan: str | None) -> Plan:
        """The plan that holds in a workspace."""
        return Plan(plan) if plan else self.plan

    def licence_of(self, *kept: str | None) -> Licence:
        """The licence that holds: the first that was set, the member's before the workspace's."""
        return next((Licence(each) for each in kept if each), self.licence)


@dataclass(frozen=True, slots=True)
class Room:
    """The room of one member."""

    user: str
    """The Slack id of its holder."""
    pmi: str
    link: str | None
    plan: Plan
    licence: Licence
    pmi_for_instant: bool | None
    """What holds."""
    member_id: str = ""
    """Of the holder, for keys."""
    customisers: Customisers = Customisers.LICENSED
    pmis_enabled: bool = True
    instant_is_locked: bool = False
    """Whether administrators have set what `pmi_for_instant` is."""

    @property
    def missing_for_pmi(self) -> tuple[Code, ...]:
        """What keeps the holder from choosing a PMI; nothing for those who may."""
        forbidden = forbidden_for_pmi(self.customisers, pmis_enabled=self.pmis_enabled)
        return forbidden or missing_for_pmi(self.plan, self.licence)

    @property
    def missing_for_link(self) -> tuple[Code, ...]:
        """What keeps the holder from choosing a personal link; nothing for those who may."""
        forbidden = forbidden_for_link(self.customisers, pmis_enabled=self.pmis_enabled)
        return forbidden or missing_for_link(self.plan, self.licence)


def plan_and_licence(row: MemberRow | Entitling, defaults: Defaults) -> tuple[Plan, Licence]:
    """What somebody has."""
    return defaults.plan_of(row.plan), defaults.licence_of(row.licence, row.default_licence)


def customising(row: MemberRow | Entitling) -> tuple[Customisers, bool]:
    """Who may customise where somebody is, and whether there are PMIs at all."""
    said = row.who_may_customise
    return Customisers(said) if said else Customisers.LICENSED, row.pmis_enabled is not False


def room_of(row: MemberRow, defaults: Defaults) -> Room:
    """The room of a member who has had a first contact, and so a PMI."""
    plan, licence = plan_and_licence(row, defaults)
    customisers, pmis_enabled = customising(row)
    stance = Stance(row.instant_stance) if row.instant_stance else Stance.OFF_UNLESS_CHOSEN
    locked = stance.is_forced or not pmis_enabled
    instant = None if row.pmi_for_instant is None and not stance.is_on else stance.holds(row.pmi_for_instant)
    if locked:
        instant = pmis_enabled and stance.is_on
    return Room(
        user=row.slack_user,
        pmi=row.pmi,
        link=row.link,
        plan=plan,
        licence=licence,
        pmi_for_instant=instant,
        member_id=row.id,
        customisers=customisers,
        pmis_enabled=pmis_enabled,
        instant_is_locked=locked,
    )
