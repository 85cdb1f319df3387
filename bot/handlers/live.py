"""The verdict beneath a field while somebody types: at most once a second for a dialog, and the latest text wins.

Save never waits for it. An update is sent only onto the dialog that was judged (by its hash), so a verdict that comes
late cannot cover what Save has shown since.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

import structlog

from bot.handlers.late import LateWork
from bot.handlers.slack import Line, SlackSilent
from storage.errors import StorageError

INTERVAL = 1.0
Judge = Callable[[], Awaitable[Mapping[str, Any]]]
_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


@dataclass(slots=True)
class _Dialog:
    line: Line
    """Whose workspace it is in."""
    known: str
    """The hash of the dialog as we last knew it; empty where it may have changed since."""
    typed_on: str
    """The hash of the dialog in which the newest text was typed: another process may have changed it."""
    judge: Judge | None
    """What to show next, if anything was typed since."""
    stops: int = 0
    """How often it was saved: what was judged before is not shown."""


class LiveVerdicts:
    """The dialogs of this process in which somebody is typing."""

    def __init__(self, late: LateWork, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        self._late = late
        self._sleep = sleep
        self._dialogs: dict[str, _Dialog] = {}

    def typed(self, line: Line, view_id: str, known: str, judge: Judge) -> None:
        """Something was typed into the dialog with this id and hash; `judge` makes the dialog with its verdict."""
        dialog = self._dialogs.get(view_id)
        if dialog is not None:
            dialog.judge = judge
            dialog.typed_on = known
            return
        self._dialogs[view_id] = dialog = _Dialog(line, known, known, judge)
        self._late.begin(self._follow(view_id, dialog), "verdict")

    def stop(self, view_id: str) -> None:
        """The dialog was saved: what is still to be shown no longer matters."""
        dialog = self._dialogs.get(view_id)
        if dialog is not None:
            dialog.judge = None
            dialog.known = ""
            dialog.stops += 1

    async def _follow(self, view_id: str, dialog: _Dialog) -> None:
        try:
            while dialog.judge is not None:
                judge, dialog.judge = dialog.judge, None
                await self._show(view_id, dialog, judge, dialog.stops)
                await self._sleep(INTERVAL)
        finally:
            del self._dialogs[view_id]

    async def _update(self, view_id: str, view: Mapping[str, Any], dialog: _Dialog) -> str:
        tried = dialog.known or dialog.typed_on
        try:
            return await dialog.line.update_dialog(view_id, view, tried)
        except SlackSilent as silent:
            dialog.known = ""
            if silent.reason != "hash_conflict" or dialog.typed_on == tried:
                raise
        # Somebody else showed a verdict in between: another process, for a text typed before this one.
        return await dialog.line.update_dialog(view_id, view, dialog.typed_on)

    async def _show(self, view_id: str, dialog: _Dialog, judge: Judge, stops: int) -> None:
        try:
            view = await judge()
            if dialog.stops == stops:
                known = await self._update(view_id, view, dialog)
                dialog.known = known if dialog.stops == stops else ""
        except (SlackSilent, StorageError) as error:
            # A verdict is a courtesy: the next one may come through, and Save judges anyway.
            _log.info("verdict_skipped", error=str(error) or type(error).__name__)
