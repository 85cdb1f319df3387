"""The use cases on a store, with time, chance and settings in the test's hand."""

import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from bot.rules import Licence, Plan, load_common_names
from bot.services.house import House
from bot.services.links import Links
from bot.services.people import Actor, Call
from bot.services.pmis import PMIs
from bot.services.refusals import Declined, Refused
from bot.services.room import Defaults
from bot.services.rooms import Rooms
from bot.services.sign_in import SignIns
from bot.services.verdicts import Saved
from bot.services.workspaces import Workspaces
from storage.secrets import KeyRing
from storage.transactions import Store

KEY = "a key for tests of 32 characters or more"
NAMES = load_common_names()
START = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
HOLD = timedelta(days=180)


@dataclass(frozen=True, slots=True)
class UseCases:
    """All use cases of one house."""

    rooms: Rooms
    pmis: PMIs
    links: Links
    workspaces: Workspaces
    sign_ins: SignIns


def nobody_counts(_what: str, _won: bool) -> None:  # noqa: FBT001 (as the house calls it)
    """For tests that do not look at the counts of claims."""


def now() -> datetime:
    return datetime.now(UTC)


def house_of(
    store: Store, clock: Callable[[], datetime] = now, below: Callable[[int], int] = secrets.randbelow
) -> House:
    """A house where everybody may choose all, for use cases that are made one by one."""
    return House(
        store=store,
        keys=KeyRing.from_text(KEY),
        names=NAMES,
        defaults=Defaults(Plan.BUSINESS, Licence.LICENSED),
        link_hold=HOLD,
        now=clock,
        below=below,
        on_claim=nobody_counts,
    )


def use_cases(
    store: Store,
    *,
    clock: Callable[[], datetime] = now,
    below: Callable[[int], int] = secrets.randbelow,
    plan: Plan = Plan.BUSINESS,
    licence: Licence = Licence.LICENSED,
    link_hold: timedelta = HOLD,
    on_claim: Callable[[str, bool], None] = nobody_counts,
) -> UseCases:
    """The use cases on this store; whoever has no plan or licence of their own may choose all."""
    house = replace(
        house_of(store, clock, below), defaults=Defaults(plan, licence), link_hold=link_hold, on_claim=on_claim
    )
    rooms = Rooms(house)
    return UseCases(rooms, PMIs(house, rooms), Links(house, rooms), Workspaces(house), SignIns(house))


async def anna() -> str:
    """The real name of whoever asks."""
    return "Anna Larsson"


def new_call(actor: Actor) -> Call:
    """A request that was never made before."""
    return Call(actor, secrets.token_hex(32))


async def codes_of(change: Awaitable[Saved]) -> tuple[str, ...]:
    """What a change was refused for; nothing where it was saved."""
    try:
        await change
    except Refused as refused:
        return tuple(refused.refusal.codes)
    except Declined as declined:
        return (declined.code,)
    return ()
