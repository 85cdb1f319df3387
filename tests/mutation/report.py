"""What became of the mutants, as Markdown."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import version

from tests.mutation.survivors import reason_of
from tests.mutation.trials import Trial

ENOUGH = 90
"""Of a hundred mutants of an area, as many must be found."""


@dataclass(frozen=True, slots=True)
class Tally:
    """An area's mutants, and what became of those that were tried."""

    area: str
    mutants: int
    trials: Sequence[Trial]
    found_since: Sequence[Trial] = ()
    """Those that lived in an earlier run of the same session, until there was a test."""

    @property
    def found(self) -> int:
        """Those that a test found."""
        return sum(trial.found for trial in self.trials)

    @property
    def percent(self) -> float:
        """Those found among a hundred that were tried."""
        return 100 * self.found / len(self.trials)

    @property
    def alive(self) -> list[Trial]:
        """Those that no test found."""
        return [trial for trial in self.trials if not trial.found]

    @property
    def timed_out(self) -> int:
        """Those found because a test hung."""
        return sum(trial.outcome == "timed out" for trial in self.trials)

    @property
    def is_enough(self) -> bool:
        """Whether enough were found, and there is a reason for each of the others."""
        return self.percent >= ENOUGH and all(reason_of(trial) is not None for trial in self.alive)


def report(tallies: Sequence[Tally], command: str) -> str:
    """All that is to be told of a run."""
    return "\n".join([*_head(tallies, command), *_alive(tallies), *_found_since(tallies)]) + "\n"


def _head(tallies: Sequence[Tally], command: str) -> Iterator[str]:
    whole = all(len(tally.trials) == tally.mutants for tally in tallies)
    yield "# Mutants, and what became of them"
    yield ""
    yield (
        f"Written by `{command}` with cosmic-ray {version('cosmic-ray')}. A mutant is the project with one small "
        "mistake in it; it is found (killed) when a test of its area fails, or hangs until its time is over. "
        "`mutants.py` says which of cosmic-ray's mutants do not count, and `areas.py` which tests are run."
    )
    yield ""
    yield (
        "Every mutant of each area was tried."
        if whole
        else "Where fewer were tried than there are, those were drawn at random; the command draws the same again. "
        "`python -m tests.mutation --all` tries all."
    )
    yield ""
    if any(tally.found_since for tally in tallies):
        yield (
            "Tests were added for those that lived at first. Of mutants that nobody tried yet fewer may be found than "
            "of these now, and more than of these at first."
        )
        yield ""
    yield "| Area | Mutants | Tried | Found at first | Found | of those hung | Alive | Found in a hundred |"
    yield "|---|---|---|---|---|---|---|---|"
    for tally in tallies:
        yield (
            f"| {tally.area} | {tally.mutants} | {len(tally.trials)} | {tally.found - len(tally.found_since)} "
            f"| {tally.found} | {tally.timed_out} | {len(tally.alive)} | {tally.percent:.1f} |"
        )
    yield ""


def _alive(tallies: Sequence[Tally]) -> Iterator[str]:
    yield "## Those that live, and why they may"
    for tally in tallies:
        yield ""
        yield f"### {tally.area}"
        yield ""
        if not tally.alive:
            yield "None."
        for trial in tally.alive:
            yield from _change(trial)
            yield f"  — {reason_of(trial) or '**Nobody has said why this one may live.**'}"


def _found_since(tallies: Sequence[Tally]) -> Iterator[str]:
    found = [trial for tally in tallies for trial in tally.found_since]
    if found:
        yield ""
        yield "## Those that lived at first, and the test that finds them now"
        yield ""
    for trial in found:
        test = re.search(r"^FAILED (\S+)", trial.output, re.MULTILINE)
        yield from _change(trial)
        yield f"  — `{test[1]}`" if test else "  — found"


def _change(trial: Trial) -> Iterator[str]:
    yield f"- `{trial.mutant.module}`, line {trial.mutant.line}: `{trial.before}`"
    yield f"  became `{trial.after}`" if trial.after else "  went away"
