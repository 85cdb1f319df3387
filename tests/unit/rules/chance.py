"""Chance for tests: the same each time."""

from collections.abc import Callable
from random import Random


def below(seed: int) -> Callable[[int], int]:
    return Random(seed).randrange  # noqa: S311 (tests must repeat)
