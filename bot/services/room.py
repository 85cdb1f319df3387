"""A member's room as everybody above sees it: frozen, with plan and licence resolved."""

from dataclasses import dataclass

from bot.rules import Code, Licence, Plan, missing_for_link, missing_for_pmi
from storage.members import MemberRow


@dataclass(frozen=True, slots=True)
class Defaults:
    """What an empty plan or licence stands for."""

    plan: Plan
    licence: Licence


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
        plan=Plan(row.plan) if row.plan else defaults.plan,
        licence=Licence(row.licence) if row.licence else defaults.licence,
        pmi_for_instant=row.pmi_for_instant,
        member_id=row.id,
    )
