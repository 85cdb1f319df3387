"""`python -m tests.fuzz NAME SECONDS`: throws bytes at one reader, or at `all` of them at once, in a process for each.

What gets through is a traceback, the bytes in base 64 and an exit code. The committed seeds are where it begins; what
it finds worth keeping goes to a folder that is thrown away.
"""

import multiprocessing
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import atheris

FORK = multiprocessing.get_context("fork")
"""The program is instrumented once, for all."""
SEEDS = Path(__file__).parent / "seeds"
LONGEST = 4096
"""Bytes of an input."""
SLOWEST = 5
"""Seconds for one input: more is a hang."""


def main(name: str, seconds: int) -> int:
    """Fuzz one reader or all; the exit code, 0 when nothing got through."""
    with atheris.instrument_imports(include=["bot"]):
        from tests.fuzz.harnesses import HARNESSES
    names = HARNESSES if name == "all" else [name]
    with tempfile.TemporaryDirectory(prefix="standing-room-fuzz-") as folder:
        processes = {each: FORK.Process(target=_fuzz, args=(each, HARNESSES[each], seconds, folder)) for each in names}
        for process in processes.values():
            process.start()
        for each, process in processes.items():
            process.join()
            print(f"== {each}", Path(folder, f"{each}.log").read_text("utf-8", "replace"), sep="\n", flush=True)  # noqa: T201
        return max(process.exitcode or 0 for process in processes.values())


def _fuzz(name: str, harness: Callable[[bytes], None], seconds: int, folder: str) -> None:
    """A fuzzer ends the process in which it runs, so it has one of its own."""
    with Path(folder, f"{name}.log").open("wb") as log:
        os.dup2(log.fileno(), sys.stdout.fileno())
        os.dup2(log.fileno(), sys.stderr.fileno())
    found = Path(folder, name)
    found.mkdir()
    options = [f"-max_total_time={seconds}", f"-max_len={LONGEST}", f"-timeout={SLOWEST}", f"-artifact_prefix={found}/"]
    atheris.Setup([name, *options, str(found), str(SEEDS / name)], harness)
    atheris.Fuzz()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2])))
