"""`python -m tests.mutation [AREA ...]`: tries mutants of each area, and writes `tests/mutation/RESULTS.md`.

Ends with 1 if too few were found, or if one lives of which nobody has said why it may. `RESULTS.md` is written only
when every area was tried.
"""

import argparse
import random
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.mutation.areas import AREAS, Area
from tests.mutation.mutants import Mutant, mutants_of
from tests.mutation.report import Tally, report
from tests.mutation.trials import ROOT, Trial, TrialError, nothing_done, try_all

RESULTS = Path(__file__).with_name("RESULTS.md")
EACH = 100
"""Mutants of an area that are drawn, unless told."""
SEED = 58


def main(arguments: Sequence[str]) -> int:
    """Try, print and write. The exit code."""
    names = [area.name for area in AREAS]
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    parser.add_argument("areas", nargs="*", metavar="AREA", help=f"of {', '.join(names)}; all of them unless told")
    parser.add_argument("--all", action="store_true", help="every mutant, which takes most of an hour")
    parser.add_argument("--each", type=int, default=EACH, help=f"mutants of an area, drawn at random ({EACH})")
    parser.add_argument("--seed", type=int, default=SEED, help=f"of chance ({SEED})")
    told = parser.parse_args(arguments)
    if strangers := set(told.areas) - set(names):
        parser.error(f"no such area: {', '.join(sorted(strangers))}")
    tallies = []
    for area in AREAS:
        if not told.areas or area.name in told.areas:
            mutants = mutants_of(area, ROOT)
            tallies.append(Tally(area.name, len(mutants), _tried(area, _drawn(mutants, told))))
    found = report(tallies, shlex.join(["python", "-m", "tests.mutation", *arguments]))
    _say(found)
    if not told.areas:
        RESULTS.write_text(found, encoding="utf-8")
    return 0 if all(tally.is_enough for tally in tallies) else 1


def _drawn(mutants: list[Mutant], told: argparse.Namespace) -> list[Mutant]:
    if told.all or told.each >= len(mutants):
        return mutants
    places = sorted(random.Random(told.seed).sample(range(len(mutants)), told.each))  # noqa: S311 - a draw, no secret
    return [mutants[place] for place in places]


def _tried(area: Area, mutants: list[Mutant]) -> list[Trial]:
    trials = []
    for trial in try_all([area], [nothing_done(area), *mutants]):
        _say(f"{trial.outcome:9} {trial.seconds:6.1f} s  {trial.mutant}")
        trials.append(trial)
    original, *others = trials
    if original.found:
        raise TrialError(f"The tests of {area.name} fail as it is:\n{original.output}")
    return others


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
