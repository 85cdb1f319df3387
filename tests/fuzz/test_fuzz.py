"""Random bytes at the readers: what nobody thought of must not get through either."""

import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.fuzz.harnesses import HARNESSES
from tests.lengths import short_or_long

ROOT = Path(__file__).parents[2]
SEEDS = sorted((Path(__file__).parent / "seeds").glob("*/*"))
SECONDS = short_or_long(1, 60)
ROUNDS = short_or_long(1, 10)
"""Ten minutes in the long form, in rounds that each begin anew from the seeds."""


@pytest.mark.row("R57")
@pytest.mark.skipif(find_spec("atheris") is None, reason="The fuzzer is made for x86-64 Linux alone.")
@pytest.mark.parametrize("_round", range(ROUNDS))
def test_no_random_bytes_get_through_a_reader(_round: int) -> None:
    """Digits and letters of any script, bytes that are no text, parts of any type: nothing escapes.

    Seen red: with digits of any script taken for digits, with bytes decoded outside `try`, with blocks of any type in a
    dialog, and with letters of any script at the beginning of a link, the fuzzer ended with a traceback each time.
    """
    ended = subprocess.run(
        [sys.executable, "-m", "tests.fuzz", "all", str(SECONDS)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    report = ended.stdout.decode(errors="replace")

    assert 0 == ended.returncode, report[-5000:]
    assert len(HARNESSES) == len(re.findall(r"Done [0-9]{3,} runs", report)), report[-5000:]
    # The program's own lines are what it steers by: each reader reaches dozens of them from its seeds.
    assert all(int(reached) > 50 for reached in re.findall(r"INITED cov: ([0-9]+)", report)), report[-5000:]


@pytest.mark.parametrize("seed", SEEDS, ids=[f"{seed.parent.name}-{seed.name}" for seed in SEEDS])
def test_every_seed_is_read(seed: Path) -> None:
    HARNESSES[seed.parent.name](seed.read_bytes())


def test_every_reader_has_seeds() -> None:
    assert set(HARNESSES) == {seed.parent.name for seed in SEEDS}
