"""A process that serves, and kills itself at a point of somebody's change: `python -m tests.e2e.dying`.

It reads a line for each process to run, and says of each which it is and how it ended:

    -> {"point": "before_commit", "victim": "U0001", "statement": 3}
    <- {"pid": 4711}                 the process; its log on standard error says where it serves
    <- {"status": -9}                once it has ended

What runs is `bot.cli.serve.serve`, as it is, in a process of its own, forked from this one so that Python and its
libraries are loaded once. The points are reached from outside: by SQLAlchemy's events on SQLite, and by wrapping what
is called: statements that go straight to the driver, and on PostgreSQL transactions too.
"""

import json
import os
import signal
import sys
from collections.abc import Awaitable, Callable
from enum import StrEnum
from typing import Any, Never
from unittest.mock import patch

from aiohttp import web
from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine.default import DefaultDialect

from bot.cli.serve import serve
from bot.handlers.slack import Line
from bot.services.hosting import Hosted
from bot.services.meetings import Meetings
from bot.services.people import Call
from bot.services.pmis import PMIs
from bot.settings import load_settings
from storage import postgres_driver
from storage.straight import Straight

LONGEST_LIFE_SECONDS = 120


class Point(StrEnum):
    """Where a process dies. The foreign call is the one that follows a button: the post to its response URL."""

    BEFORE_BEGIN = "before_begin"
    IN_TRANSACTION = "in_transaction"
    BEFORE_COMMIT = "before_commit"
    AFTER_COMMIT = "after_commit"
    BEFORE_ANSWER = "before_answer"
    AFTER_ANSWER = "after_answer"
    BEFORE_FOREIGN_CALL = "before_foreign_call"
    AFTER_FOREIGN_CALL = "after_foreign_call"


def nothing(*_: object) -> None:
    """For a point where nobody stands."""


class Death:
    """Comes at one point, once the victim's change has begun."""

    def __init__(self, point: str, victim: str, statement: int) -> None:
        self.point = point
        self.victim = victim
        self.statement = statement
        self.near = False
        self.written = 0

    def may_come(self, point: Point) -> None:
        if self.near and point == self.point:
            die()

    def prepare(self) -> None:
        """Stand at every point."""
        event.listen(Engine, "begin", lambda _: self.may_come(Point.BEFORE_BEGIN))
        event.listen(Engine, "after_cursor_execute", lambda _connection, _cursor, text, *_: self._after_statement(text))
        self._wrap(Straight, "__call__", after=self._after_straight)
        event.listen(Engine, "commit", lambda _: self.may_come(Point.BEFORE_COMMIT))
        self._wrap(DefaultDialect, "do_commit", after=lambda *_: self.may_come(Point.AFTER_COMMIT))
        self._wrap(postgres_driver, "begin", before=lambda: self.may_come(Point.BEFORE_BEGIN))
        self._wrap(
            postgres_driver,
            "commit",
            before=lambda: self.may_come(Point.BEFORE_COMMIT),
            after=lambda *_: self.may_come(Point.AFTER_COMMIT),
        )
        self._wrap_async(web.Response, "prepare", before=Point.BEFORE_ANSWER)
        self._wrap_async(web.Response, "write_eof", after=Point.AFTER_ANSWER)
        self._wrap_async(Line, "respond", before=Point.BEFORE_FOREIGN_CALL, after=Point.AFTER_FOREIGN_CALL)
        save = PMIs.save

        async def coming_near(pmis: PMIs, call: Call, wish: str | None, *, for_instant: bool | None = None) -> object:
            self.near = self.near or call.actor.user == self.victim
            return await save(pmis, call, wish, for_instant=for_instant)

        patch.object(PMIs, "save", coming_near).start()
        opening = Meetings._open

        async def opening_near(meetings: Meetings, hosted: Hosted, topic: str) -> object:
            self.near = self.near or hosted.holder.slack_user == self.victim
            return await opening(meetings, hosted, topic)

        patch.object(Meetings, "_open", opening_near).start()

    def _after_straight(self, straight: Straight, tx: Connection, *_: object) -> None:
        self._after_statement(straight.text(tx.dialect))

    def _after_statement(self, statement: str) -> None:
        if self.near and statement.startswith(("INSERT", "UPDATE", "WITH")):
            self.written += 1
            if self.written == self.statement:
                self.may_come(Point.IN_TRANSACTION)

    def _wrap(
        self, owner: object, name: str, *, before: Callable[[], None] = nothing, after: Callable[..., None] = nothing
    ) -> None:
        original: Callable[..., Any] = getattr(owner, name)

        def wrapped(*args: object, **kwargs: object) -> Any:
            before()
            done = original(*args, **kwargs)
            after(*args)
            return done

        patch.object(owner, name, wrapped).start()

    def _wrap_async(self, owner: object, name: str, *, before: Point | None = None, after: Point | None = None) -> None:
        original: Callable[..., Awaitable[Any]] = getattr(owner, name)

        async def wrapped(*args: Any, **kwargs: Any) -> Any:
            if before is not None:
                self.may_come(before)
            done = await original(*args, **kwargs)
            if after is not None:
                self.may_come(after)
            return done

        patch.object(owner, name, wrapped).start()


def die() -> Never:
    """As kill -9 from outside: nothing is said, flushed or closed."""
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("nobody survives SIGKILL")


def run(order: dict[str, Any]) -> Never:
    """Serve until death comes, or a signal to stop; never longer than a test could want, even if that was killed."""
    signal.alarm(LONGEST_LIFE_SECONDS)
    Death(**order).prepare()
    code = serve(load_settings(os.environ, env_file=None))
    os._exit(code)


def main() -> None:
    while line := sys.stdin.readline():
        pid = os.fork()
        if not pid:
            run(json.loads(line))
        say({"pid": pid})
        say({"status": os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])})


def say(answer: dict[str, int]) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
