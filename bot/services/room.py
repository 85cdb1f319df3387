"""A member's room as everybody above sees it: frozen, with plan and licence resolved."""

from dataclasses import dataclass

from bot.rules import Code, Licence, Plan, missing_for_link, missing_for_pmi
from storage.members import MemberRow


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
    member_id: str = ""
    """Of the holder, for keys."""

    @property
    def missing_for_pmi(self) -> tuple[Code, ...]:
        """What keeps the holder from choosing a PMI; nothing for those who may."""
        return missing_for_pmi(self.plan, self.licence)

    @property
    def missing_for_link(self) -> tuple[Code, ...]:
        """What keeps the holder from choosing a personal link; nothing for those who may."""
        return missing_for_link(self.plan, self.licence)


def room_of(row: MemberRow, defaults: Defaults) -> Room:
    """The room of a member who has had a first contact, and so a PMI."""
    return Room(
        user=row.slack_user,
        pmi=row.pmi,
        link=row.link,
        plan=defaults.plan_of(row.plan),
        licence=defaults.licence_of(row.licence, row.default_licence),
        pmi_for_instant=row.pmi_for_instant,
        member_id=row.id,
    )
