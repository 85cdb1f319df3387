"""What judging a wish for a number and a wish for a link have in common."""

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from itertools import islice
from typing import TypeVar

from bot.rules import Code, Refusal, Violation
from bot.services.refusals import Refused
from bot.services.verdicts import Outcome, Verdict, refusal_of
from storage.errors import StorageError
from storage.transactions import Store, Transaction

SUGGESTED = 5
"""Free ones that `suggest` offers."""
NEAR = 3
"""Free ones that a refusal offers."""
_BATCH = 12
_BATCHES = 6

T = TypeVar("T")
Near = Callable[[], Awaitable[tuple[str, ...]]]
"""Asks for free ones near a wish."""

_FORBIDDING = frozenset((Code.PLAN_PMI, Code.LICENCE_PMI, Code.PLAN_LINK, Code.LICENCE_LINK))


async def free_among(
    candidates: Iterator[T], wanted: int, not_held: Callable[[list[T]], Awaitable[list[T]]]
) -> tuple[T, ...]:
    """The first so many candidates that are free; fewer where too few are among those that are looked at."""
    found: list[T] = []
    for _ in range(_BATCHES):
        batch = list(islice(candidates, _BATCH))
        if not batch or len(found) >= wanted:
            break
        found += await not_held(batch)
    return tuple(found[:wanted])


async def judged(
    store: Store, look: Callable[[Transaction], Verdict], broken: tuple[Violation, ...], text: str, near: Near
) -> Verdict:
    """How a wish stands, by a look at the database; by the rules alone, where they forbid it and it does not answer.

    Raises:
        StorageError: the database did not answer, and the rules had nothing against the wish.
    """
    try:
        verdict = await store.read(look)
    except StorageError:
        if not broken:
            raise
        return Verdict(Outcome.REFUSED, text, broken)
    if verdict.outcome is not Outcome.REFUSED:
        return verdict
    return replace(verdict, free=await _offered(verdict.violations, near))


async def by_the_rules(refusal: Refusal, missing: Callable[[], Awaitable[tuple[Code, ...]]], near: Near) -> Refused:
    """What the rules forbid, said together with what plan or licence forbid.

    A wish against the rules is a contact too: asking what is missing makes the room. Without the database the rules
    still speak.
    """
    try:
        forbidden = refusal_of(refusal.wish, await missing()).violations
    except StorageError:
        return Refused(refusal)
    violations = (*forbidden, *refusal.violations)
    return Refused(Refusal(refusal.wish, violations), await _offered(violations, near))


async def by_the_database(refusal: Refusal, near: Near) -> Refused:
    """What plan, licence or another holder forbid."""
    return Refused(refusal, await _offered(refusal.violations, near))


async def _offered(violations: tuple[Violation, ...], near: Near) -> tuple[str, ...]:
    """Free ones near the wish; none for those who may not choose, and none where looking fails: they are a courtesy."""
    if any(violation.code in _FORBIDDING for violation in violations):
        return ()
    try:
        return await near()
    except StorageError:
        return ()
