"""What a migration executes, statement by statement, and an end at any of them.

`python -m tests.integration.storage.engine.interruptions` reads lines, `["URL", "REVISION", "FOLDER", 7]`. For each it
has the later program of that folder migrate, in a process that dies by SIGKILL at that statement; it says how it ended.
"""

import json
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, event

from storage import schema
from tests.later_program import later

COMMIT = "COMMIT"


def nothing() -> None:
    """For those who only count."""


def fail() -> None:
    raise RuntimeError("the power is gone")


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@contextmanager
def struck(at: int = 0, strike: Callable[[], None] = nothing) -> Iterator[list[str]]:
    """Gathers every statement that any engine executes, and strikes before one of them; the commit is one."""
    executed: list[str] = []

    def count(statement: str) -> None:
        executed.append(statement)
        if len(executed) == at:
            strike()

    def executing(_connection: Connection, _cursor: Any, statement: str, *_: Any) -> None:
        count(statement)

    def committing(_connection: Connection) -> None:
        count(COMMIT)

    listeners: list[tuple[str, Callable[..., None]]] = [("before_cursor_execute", executing), ("commit", committing)]
    for name, listener in listeners:
        event.listen(Engine, name, listener)
    try:
        yield executed
    finally:
        for name, listener in listeners:
            event.remove(Engine, name, listener)


def main() -> None:
    schema.head()  # once, before the forks: importing Alembic is slow
    for line in sys.stdin:
        url, revision, folder, number = json.loads(line)
        child = os.fork()
        if not child:
            with later(Path(folder)), struck(number, die):
                schema.upgrade(url, revision)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
