"""Numbers by chance: from all that pass, or near somebody's wish. Chance itself comes from outside, as a function.

`below(n)` answers one of 0 .. n - 1, each as likely as the others. Whether a number is free is not known here.
"""

from collections.abc import Callable, Iterator
from itertools import chain, combinations
from string import digits as ten_digits

from bot.rules.numbers import LENGTHS, PMI, parse_pmi, passes_every_rule
from bot.rules.reading import read_number

Below = Callable[[int], int]

SHORT, LONG = LENGTHS
MOST_DRAWS = 1000
"""Draws until chance itself must be broken: 973 in 1,000 pass."""
FRUITLESS_TRIES = 500
"""Tries in a row that find nothing new before a search ends, or goes on to the next distance."""


def draw_number(below: Below, length: int = SHORT) -> PMI:
    """One of all numbers of this length that pass every rule, each as likely as the others.

    Raises:
        RuntimeError: chance gave nothing but numbers that break a rule.
    """
    for _ in range(MOST_DRAWS):
        drawn = parse_pmi(f"{2 + below(8)}{below(10 ** (length - 1)):0{length - 1}}")
        if isinstance(drawn, PMI):
            return drawn
    raise RuntimeError(f"{MOST_DRAWS} draws in a row broke a rule: this is not chance")


def numbers_containing(digits: str, below: Below) -> Iterator[PMI]:
    """Numbers with these digits in them, none twice: those of 10 digits in random order, then those of 11.

    Either ends after `FRUITLESS_TRIES` tries in a row without a new one, so soon where the digits themselves break a
    rule.
    """
    piece = read_number(digits)
    if piece.strip(ten_digits):
        return
    for length in LENGTHS:
        yield from _containing(piece, length, below)


def numbers_near(digits: str, below: Below) -> Iterator[PMI]:
    """Numbers that differ from the wish in one digit, then in two, and so on, in random order at each distance.

    Never the wish itself. Of a wish longer than any number its beginning counts, and of other characters nothing;
    where fewer digits than a number's are left, numbers that contain them.
    """
    wish = read_number(digits)
    start = "".join(digit for digit in wish if digit in ten_digits)[:LONG]
    if len(start) < SHORT:
        yield from numbers_containing(start, below)
        return
    nearest = 1 if start == wish else 0
    distances = range(nearest, len(start) + 1)
    yield from chain.from_iterable(_at_distance(start, distance, below) for distance in distances)


def in_random_order(count: int, below: Below) -> Iterator[int]:
    """Each of 0 .. count - 1 once. Takes memory only for those that were asked for."""
    moved: dict[int, int] = {}
    for last in range(count - 1, -1, -1):
        picked = below(last + 1)
        yield moved.get(picked, picked)
        moved[picked] = moved.pop(last, last)


def _containing(digits: str, length: int, below: Below) -> Iterator[PMI]:
    free = length - len(digits)
    if free < 0:
        return

    def candidates() -> Iterator[str]:
        for choice in in_random_order((free + 1) * 10**free, below):
            before, filling = divmod(choice, 10**free)
            filled = f"{filling:0{free}}" if free else ""
            yield filled[:before] + digits + filled[before:]

    yield from _passing(candidates())


def _at_distance(digits: str, distance: int, below: Below) -> Iterator[PMI]:
    places = list(combinations(range(len(digits)), distance))

    def candidates() -> Iterator[str]:
        for choice in in_random_order(len(places) * 9**distance, below):
            which, steps = divmod(choice, 9**distance)
            changed = list(digits)
            for place in places[which]:
                steps, step = divmod(steps, 9)
                changed[place] = ten_digits[(int(changed[place]) + step + 1) % 10]
            yield "".join(changed)

    yield from _passing(candidates())


def _passing(candidates: Iterator[str]) -> Iterator[PMI]:
    """Those that pass every rule, each once, until too many in a row do not."""
    found = set()
    fruitless = 0
    for candidate in candidates:
        if passes_every_rule(candidate) and candidate not in found:
            found.add(candidate)
            fruitless = 0
            yield PMI(candidate)
            continue
        fruitless += 1
        if fruitless == FRUITLESS_TRIES:
            return
