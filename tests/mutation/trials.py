"""Trials of mutants: each is made in a copy of the project, and the tests of its area are run there.

Nothing is ever written where the project is. There are as many copies as workers, so that no mutant meets another.
"""

import compileall
import multiprocessing
import os
import re
import resource
import shlex
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from py_compile import PycInvalidationMode

from cosmic_ray.mutating import mutate_and_test
from cosmic_ray.work_item import MutationSpec, TestOutcome

from tests.mutation.areas import Area
from tests.mutation.mutants import Mutant

ROOT = Path(__file__).parents[2]
WORKERS = 2
COPIED = ("bot", "storage", "tests", "pyproject.toml", "manifest.yml", "README.md")
SECONDS_FOR_A_TEST = 20
"""What hangs longer is ended by pytest itself, as a failure."""
SECONDS_FOR_A_TRIAL = 240
NOTHING = "nothing"
"""The operator that leaves all as it is."""
MOST_MEMORY = 3 * 1024**3
"""Bytes: a loop that a mutant makes endless may fill a list."""


@dataclass(frozen=True, slots=True)
class Trial:
    """What became of a mutant."""

    mutant: Mutant
    outcome: str
    """`killed`, `timed out` or `survived`."""
    before: str
    after: str
    """The mutated lines as they were and as they are, without indentation."""
    output: str
    """The end of what pytest said."""
    seconds: float

    @property
    def found(self) -> bool:
        """Whether a test failed, or waited too long."""
        return self.outcome != "survived"


class TrialError(Exception):
    """A mutant could not be made or tried: neither found nor alive."""


def nothing_done(area: Area) -> Mutant:
    """A mutant that is the original: the tests of its area must let it live, or they could find nothing."""
    return Mutant(area.name, area.modules[0], NOTHING, 0, 0)


def try_all(areas: Sequence[Area], mutants: Sequence[Mutant], workers: int = WORKERS) -> Iterator[Trial]:
    """Try each mutant, in this order.

    Raises:
        TrialError: a mutant could not be made.
    """
    tests = {area.name: _command(area) for area in areas}
    with (
        tempfile.TemporaryDirectory(prefix="standing-room-mutants-") as folder,
        ProcessPoolExecutor(workers, multiprocessing.get_context("spawn"), _settle, (folder,)) as pool,
    ):
        yield from pool.map(_try, mutants, [tests[mutant.area] for mutant in mutants])


def _command(area: Area) -> str:
    apart = [f"--deselect={each}" for each in area.apart_from]
    options = ["-x", "-q", "--no-header", "--tb=line", "-p", "no:cacheprovider", "-k", area.that]
    limit = ["-o", f"faulthandler_timeout={SECONDS_FOR_A_TEST}"]
    return shlex.join([sys.executable, "-m", "pytest", *options, *limit, *apart, *area.tests])


def _settle(folder: str) -> None:
    """Make a copy for this worker and stay there."""
    copy = Path(tempfile.mkdtemp(dir=folder))
    for each in COPIED:
        if (ROOT / each).is_dir():
            shutil.copytree(ROOT / each, copy / each, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy2(ROOT / each, copy)
    os.chdir(copy)
    # By their contents, not their times: a mutant may be made in the second in which the last one was undone.
    for each in ("bot", "storage"):
        compileall.compile_dir(each, quiet=1, invalidation_mode=PycInvalidationMode.CHECKED_HASH)
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    for name in list(os.environ):
        # What a run of tests around this one wants to know or to have is not for the copy.
        if name.startswith(("COVERAGE_", "PYTEST_")) or name == "SOAK":
            del os.environ[name]


def _try(mutant: Mutant, tests: str) -> Trial:
    changes = [] if mutant.operator == NOTHING else [_change(mutant)]
    began = time.monotonic()
    result = mutate_and_test(changes, tests, SECONDS_FOR_A_TRIAL)
    seconds = time.monotonic() - began
    output = (result.output or "").strip()
    if result.test_outcome not in {TestOutcome.KILLED, TestOutcome.SURVIVED}:
        raise TrialError(f"{mutant}: {result.worker_outcome} {output}")
    outcome = "survived" if result.test_outcome is TestOutcome.SURVIVED else "killed"
    if outcome == "killed" and (output == "timeout" or "Timeout (" in output):
        outcome = "timed out"
    before, after = _changed_lines(result.diff or "")
    return Trial(mutant, outcome, before, after, output[-2000:], seconds)


def _change(mutant: Mutant) -> MutationSpec:
    return MutationSpec(mutant.module, mutant.operator, mutant.occurrence, start_pos=(0, 0), end_pos=(0, 1))


def _changed_lines(diff: str) -> tuple[str, str]:
    lines = [line for line in diff.splitlines() if not line.startswith(("---", "+++"))]
    gone, come = (" ".join(line[1:] for line in lines if line.startswith(sign)) for sign in "-+")
    return as_written(gone), as_written(come)


def as_written(code: str) -> str:
    """The code in one line, and without the space that cosmic-ray leaves before what it puts in."""
    return re.sub(r"(?<=[(\[{]) ", "", " ".join(code.split()))
