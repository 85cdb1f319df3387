"""What judging a wish for a number and a wish for a link have in common."""

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import TypeVar

from bot.rules import Code, Refusal, Violation
from bot.services.arrival import arrive
from bot.services.house import House
from bot.services.once import once
from bot.services.people import Actor, Call
from bot.services.refusals import Refused
from bot.services.room import Room, room_of
from bot.services.verdicts import SAVED, Entry, History, Outcome, Saved, Verdict, refusal_of
from storage import members
from storage.claims import Claim
from storage.errors import StorageError
from storage.members import MemberRow
from storage.transactions import Store, Transaction

SUGGESTED = 5
"""Free ones that `suggest` offers."""
NEAR = 3
"""Free ones that a refusal offers."""
_BATCH = 12
_BATCHES = 6

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Offer:
    """Free ones to have instead of a wish: near it, or any others."""

    free: tuple[str, ...] = ()
    near: bool = True


Instead = Callable[[], Awaitable[Offer]]
"""Asks for free ones to have instead of a wish."""

_FORBIDDING = frozenset(
    (
        Code.PLAN_PMI,
        Code.LICENCE_PMI,
        Code.PLAN_LINK,
        Code.LICENCE_LINK,
        Code.POLICY_PMIS_OFF,
        Code.POLICY_PMI,
        Code.POLICY_LINK,
        Code.POLICY_INSTANT,
    )
)


def free_among(
    tx: Transaction, candidates: Iterator[T], wanted: int, not_held: Callable[[Transaction, list[T]], list[T]]
) -> tuple[T, ...]:
    """The first so many candidates that are free; fewer where too few are among those that are looked at."""
    found: list[T] = []
    # Nearly all are free, so that as many as are wanted do mostly.
    for size in (wanted, *[_BATCH] * _BATCHES):
        batch = list(islice(candidates, size))
        if not batch:
            break
        found += not_held(tx, batch)
        if len(found) >= wanted:
            break
    return tuple(found[:wanted])


async def judged(
    store: Store,
    look: Callable[[Transaction], Verdict],
    broken: tuple[Violation, ...],
    text: str,
    instead: Instead | None = None,
) -> Verdict:
    """How a wish stands, by a look at the database; by the rules alone, where they forbid it and it does not answer.

    `instead` asks for free ones, where the look itself does not find them.

    Raises:
        StorageError: the database did not answer, and the rules had nothing against the wish.
    """
    try:
        verdict = await store.read(look)
    except StorageError:
        if not broken:
            raise
        return Verdict(Outcome.REFUSED, text, broken)
    if instead is None or verdict.outcome is not Outcome.REFUSED:
        return verdict
    offer = await _offered(verdict.violations, instead)
    return replace(verdict, free=offer.free, near=offer.near)


def may_be_offered(violations: tuple[Violation, ...]) -> bool:
    """Whether free ones are of use to whoever wished this: not to those who may not choose."""
    return bool(violations) and not any(violation.code in _FORBIDDING for violation in violations)


async def by_the_rules(
    refusal: Refusal, missing: Callable[[], Awaitable[tuple[Code, ...]]], instead: Instead
) -> Refused:
    """What the rules forbid, said together with what plan or licence forbid.

    A wish against the rules is a contact too: asking what is missing makes the room. Without the database the rules
    still speak.
    """
    try:
        forbidden = refusal_of(refusal.wish, await missing()).violations
    except StorageError:
        return Refused(refusal)
    return await by_the_database(Refusal(refusal.wish, (*forbidden, *refusal.violations)), instead)


async def by_the_database(refusal: Refusal, instead: Instead) -> Refused:
    """What plan, licence or another holder forbid."""
    offer = await _offered(refusal.violations, instead)
    return Refused(refusal, offer.free, near=offer.near)


async def _offered(violations: tuple[Violation, ...], instead: Instead) -> Offer:
    """Free ones; none for those who may not choose, and none where looking fails: they are a courtesy."""
    if not may_be_offered(violations):
        return Offer()
    try:
        return await instead()
    except StorageError:
        return Offer()


async def claimed(
    house: House, kind: str, call: Call, work: Callable[[Transaction, list[Claim]], Saved | Refusal]
) -> Saved | Refusal:
    """Do the work once for each call, and count the claims that it lists.

    Counted are those of the run that was committed: none of a run that was undone, none of an answer given before.
    """
    claims: list[Claim] = []
    work_once = once(house, call, lambda tx: work(tx, claims), SAVED)

    def run(tx: Transaction) -> Saved | Refusal:
        claims.clear()
        return work_once(tx)

    result = await house.store.write(run)
    for claim in claims:
        house.on_claim(kind, claim is not Claim.LOST)
    return result


async def history_of(
    house: House,
    actor: Actor,
    entries: Callable[[Transaction, MemberRow], tuple[Entry, ...]],
    missing: Callable[[Room], tuple[Code, ...]],
) -> History:
    """All that the actor has held; on first contact with a PMI of their own.

    Raises:
        StorageError: the database did not answer as it should.
    """

    def of(tx: Transaction, row: MemberRow) -> History:
        return History(entries(tx, row), missing(room_of(row, house.defaults)))

    def look(tx: Transaction) -> History | None:
        row = members.find(tx, actor.workspace, actor.user)
        return None if row is None else of(tx, row)

    known = await house.store.read(look)
    if known is not None:
        return known
    return await house.store.write(lambda tx: of(tx, arrive(tx, house, actor)))
