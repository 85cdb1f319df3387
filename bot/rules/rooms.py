"""The settings of a room: what its holder has chosen, what holds under a policy, and the security floor.

A room has at least one of passcode, waiting room and workspace members only, whatever was chosen and whatever a policy
says: where both together would leave it open, everybody waits.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from bot.rules.codes import Code
from bot.rules.options import PREFERENCES, SWITCHES, Lock, Option, Policy, Stance
from bot.rules.refusals import Violation

MOST_HOSTS = 10
"""Alternative hosts of a room."""


class WaitingRoom(StrEnum):
    """Who waits until the host lets them in."""

    NOBODY = "nobody"
    EVERYBODY = "everybody"
    OUTSIDE = "outside"
    """People from outside the workspace."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What the holder has chosen; what nobody chose follows the policy."""

    topic: str = ""
    passcode: str | None = field(default=None, repr=False)
    waiting_room: WaitingRoom | None = None
    options: Mapping[Option, bool] = field(default_factory=dict)
    """Of the switches, those that were chosen."""
    hosts: tuple[str, ...] = ()
    """Slack ids of the alternative hosts, in order."""


@dataclass(frozen=True, slots=True)
class RoomSettings:
    """What holds in a room."""

    topic: str
    passcode: str | None = field(repr=False)
    waiting_room: WaitingRoom
    options: Mapping[Option, bool | None]
    """Every switch. None, of a preference alone: nobody has said anything."""
    hosts: tuple[str, ...]

    @property
    def is_open(self) -> bool:
        """Whether nothing guards the room."""
        guarded = self.passcode is not None or self.waiting_room is not WaitingRoom.NOBODY
        return not guarded and not self.options[Option.MEMBERS_ONLY]


def settled(choice: Choice, policy: Policy) -> RoomSettings:
    """What holds for a choice under a policy. Never an open room.

    Where a policy wants a passcode and there is none yet, it is empty: nobody can type it until one is assigned.
    """
    found = _under(choice, policy)
    if found.passcode is None and policy.stance(Option.PASSCODE) is Stance.FORCED_ON:
        return replace(found, passcode="")
    return replace(found, waiting_room=WaitingRoom.EVERYBODY) if found.is_open else found


def guarded(choice: Choice, policy: Policy) -> Choice | None:
    """The choice with what guards the room, so that it is guarded by itself; None where nothing guards it.

    A guard that the policy alone has put there becomes chosen, where it is the only one.
    """
    found = _under(choice, policy)
    if found.is_open:
        return None
    alone = choice.passcode is not None or choice.waiting_room not in (None, WaitingRoom.NOBODY)
    if alone or choice.options.get(Option.MEMBERS_ONLY):
        return choice
    forced = {Option.MEMBERS_ONLY: True} if found.options[Option.MEMBERS_ONLY] else {}
    return replace(choice, waiting_room=found.waiting_room, options={**choice.options, **forced})


def broken_by_hosts(hosts: Sequence[str], holder: str) -> tuple[Violation, ...]:
    """What is wrong with alternative hosts, whoever they are."""
    broken = [Violation(Code.ROOM_HOSTS_MANY)] if len(hosts) > MOST_HOSTS else []
    if holder in hosts:
        broken.append(Violation(Code.ROOM_HOSTS_SELF))
    return tuple(broken)


def broken_by_locks(
    before: Choice,
    passcode: str | None,
    waiting_room: WaitingRoom | None,
    options: Mapping[Option, bool],
    policy: Policy,
) -> tuple[Violation, ...]:
    """What is asked for anew of options that cannot be chosen. What is empty is not asked for."""
    asked = [option for option, wanted in options.items() if wanted is not before.options.get(option)]
    if waiting_room not in (None, before.waiting_room):
        asked.append(Option.WAITING_ROOM)
    if passcode and passcode != before.passcode and policy.stance(Option.PASSCODE) is Stance.FORCED_OFF:
        asked.append(Option.PASSCODE)
    locks = {option: lock for option, lock in policy.locks.items() if lock is not Lock.SIGN_IN}
    return tuple(Violation(Code.ROOM_LOCKED, option) for option in asked if option in locks)


def _under(choice: Choice, policy: Policy) -> RoomSettings:
    stance = policy.stance(Option.WAITING_ROOM)
    by_default = WaitingRoom.EVERYBODY if stance.is_on else WaitingRoom.NOBODY
    passcode_is_off = policy.stance(Option.PASSCODE) is Stance.FORCED_OFF
    return RoomSettings(
        topic=choice.topic,
        passcode=None if passcode_is_off else choice.passcode,
        waiting_room=by_default if stance.is_forced or choice.waiting_room is None else choice.waiting_room,
        options={option: _switched(option, choice.options.get(option), policy.stance(option)) for option in SWITCHES},
        hosts=choice.hosts,
    )


def _switched(option: Option, chosen: bool | None, stance: Stance) -> bool | None:  # noqa: FBT001  None: not chosen
    if option in PREFERENCES and chosen is None and stance is Stance.OFF_UNLESS_CHOSEN:
        return None
    return stance.holds(chosen)
