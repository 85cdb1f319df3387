"""First contact: whoever comes for the first time is given a PMI."""

from dataclasses import replace

from bot.rules import SHORT, draw_number
from bot.services import tombstones
from bot.services.house import House
from bot.services.people import Actor
from storage import changes, members, numbers, workspaces
from storage.changes import Change
from storage.claims import Claim
from storage.errors import Busy
from storage.ids import new_id
from storage.members import MemberRow
from storage.transactions import Transaction

DRAWS = 20
"""Numbers drawn before giving up. At a hundred million taken, one draw in seventy-eight is a collision."""


def arrive(tx: Transaction, house: House, actor: Actor, brought_by: str | None = None) -> MemberRow:
    """The member, locked until the transaction ends; on first contact with a PMI of their own.

    `brought_by` is the id of the member who looked them up, for the change log.

    Raises:
        Busy: not one of the numbers drawn was free.
    """
    person = members.lock(tx, actor.workspace, actor.user) or _welcome(tx, house, actor, brought_by)
    # Whoever was looked up is not here for that: only they themselves come back.
    return person if person.left_at is None or brought_by is not None else welcome_back(tx, house, person)


def welcome_back(tx: Transaction, house: House, person: MemberRow) -> MemberRow:
    """The member, who is locked, with all that was theirs when they left."""
    members.set_left(tx, person.id, None)
    returned = Change("member.returned", None, None)
    changes.record(tx, person.workspace, [returned], house.now(), member_id=person.id, actor_id=None)
    return replace(person, left_at=None)


def _welcome(tx: Transaction, house: House, actor: Actor, brought_by: str | None) -> MemberRow:
    if members.take_turn(tx, actor.workspace, actor.user):
        found = members.lock(tx, actor.workspace, actor.user)
        if found is not None:
            return found
    at = house.now()
    returned = tombstones.come_back(tx, house.keys, actor.workspace, actor.user, at)
    if returned is not None:
        return returned
    member_id = new_id(at)
    workspaces.ensure(tx, actor.workspace, at)
    pmi = draw_free(tx, house, member_id)
    members.add(tx, member_id=member_id, workspace=actor.workspace, slack_user=actor.user, pmi=pmi, at=at)
    assigned = Change("pmi.assigned", None, pmi)
    changes.record(tx, actor.workspace, [assigned], at, member_id=member_id, actor_id=brought_by or member_id)
    says = workspaces.entitling(tx, actor.workspace)
    return MemberRow(
        id=member_id,
        workspace=actor.workspace,
        slack_user=actor.user,
        plan=says.plan,
        licence=None,
        pmi=pmi,
        link=None,
        link_key=None,
        pmi_for_instant=None,
        default_licence=says.default_licence,
        pmis_enabled=says.pmis_enabled,
        who_may_customise=says.who_may_customise,
        instant_stance=says.instant_stance,
    )


def draw_free(tx: Transaction, house: House, holder_id: str, length: int = SHORT) -> str:
    """A number by chance, claimed for its holder: a member, or a meeting.

    Raises:
        Busy: not one of the numbers drawn was free.
    """
    for _ in range(DRAWS):
        digits = draw_number(house.below, length).digits
        if numbers.claim(tx, digits, holder_id, house.now()) is Claim.NEW:
            return digits
    raise Busy("no free number was drawn")
