"""`python -m tests.mutation [AREA ...]`: tries mutants of each area, and writes `tests/mutation/RESULTS.md`.

Ends with 1 if too few were found, or if one lives of which nobody has said why it may. `RESULTS.md` is written only
when every area was tried.
"""

import argparse
import os
import random
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.databases import postgres_server
from tests.mutation.areas import AREAS, Area
from tests.mutation.mutants import Mutant, mutants_of
from tests.mutation.report import Tally, report
from tests.mutation.session import Session
from tests.mutation.trials import ROOT, TrialError, nothing_done, try_all

RESULTS = Path(__file__).with_name("RESULTS.md")
EACH = 90
"""Mutants of an area that are drawn, unless told."""
SEED = 1


def main(arguments: Sequence[str]) -> int:
    """Try, print and write. The exit code."""
    names = [area.name for area in AREAS]
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    parser.add_argument("areas", nargs="*", metavar="AREA", help=f"of {', '.join(names)}; all of them unless told")
    parser.add_argument("--all", action="store_true", help="every mutant, which takes an hour")
    parser.add_argument("--each", type=int, default=EACH, help=f"mutants of an area, drawn at random ({EACH})")
    parser.add_argument("--seed", type=int, default=SEED, help=f"of chance ({SEED})")
    parser.add_argument("--session", type=Path, help="where trials are kept: what was found there is not tried again")
    told = parser.parse_args(arguments)
    if strangers := set(told.areas) - set(names):
        parser.error(f"no such area: {', '.join(sorted(strangers))}")
    session = Session(told.session)
    tallies = []
    with postgres_server() as server:
        os.environ["TEST_DATABASE_URL"] = server  # one for all trials
        for area in AREAS:
            if not told.areas or area.name in told.areas:
                mutants = mutants_of(area, ROOT)
                drawn = mutants if told.all else _drawn(mutants, told.each, told.seed)
                _try(area, [mutant for mutant in drawn if not session.is_settled(mutant)], session)
                trials = [session.of(mutant) for mutant in drawn]
                since = [trial for trial in trials if session.lived_once(trial.mutant)]
                tallies.append(Tally(area.name, len(mutants), trials, since))
    sample = "--all" if told.all else f"--each {told.each} --seed {told.seed}"
    found = report(tallies, f"python -m tests.mutation {sample}")
    _say(found)
    if not told.areas:
        RESULTS.write_text(found, encoding="utf-8")
    return 0 if all(tally.is_enough for tally in tallies) else 1


def _drawn(mutants: list[Mutant], each: int, seed: int) -> list[Mutant]:
    if each >= len(mutants):
        return mutants
    places = random.Random(seed).sample(range(len(mutants)), each)  # noqa: S311 - a draw, no secret
    return [mutants[place] for place in sorted(places)]


def _try(area: Area, mutants: list[Mutant], session: Session) -> None:
    if not mutants:
        return
    for trial in try_all([area], [nothing_done(area), *mutants]):
        _say(f"{trial.outcome:9} {trial.seconds:6.1f} s  {trial.mutant}")
        if trial.mutant != nothing_done(area):
            session.keep(trial)
        elif trial.found:
            raise TrialError(f"The tests of {area.name} fail as it is:\n{trial.output}")


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
