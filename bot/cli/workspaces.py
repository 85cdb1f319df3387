"""`python -m bot workspaces`: what operators see and set of workspaces and their members."""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.cli.database import FAILED, prepare
from bot.rules import Licence, Plan, group_digits
from bot.services.room import Defaults
from bot.services.workspaces import Workspaces
from bot.settings import OperatorSettings
from storage.departures import DepartureRow
from storage.errors import StorageError
from storage.transactions import Store, open_store


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class _Office:
    store: Store
    defaults: Defaults
    now: Callable[[], datetime] = _now


def list_workspaces(settings: OperatorSettings) -> int:
    """Print a line for each workspace."""

    async def work(workspaces: Workspaces) -> None:
        rows = await workspaces.every()
        if not rows:
            print("No workspace has used Standing Room yet.")
        for row, left in rows:
            plan = row.plan or f"{settings.default_plan} (default)"
            print(f"{row.key}  {plan}  {row.members} {'member' if row.members == 1 else 'members'}{_state(left)}")

    return _run(settings, work)


def show_workspace(settings: OperatorSettings, key: str) -> int:
    """Print a workspace and a line for each member."""

    async def work(workspaces: Workspaces) -> int:
        state = await workspaces.show(key)
        if state is None:
            print(f"No workspace {key} has used Standing Room yet.", file=sys.stderr)
            return FAILED
        licence = "" if state.licence_is_default else f"  {state.licence} unless set"
        plan = f"{state.plan}{' (default)' if state.plan_is_default else ''}"
        print(f"{state.key}  {plan}{licence}{_state(state.departure)}")
        for room in state.rooms:
            print(f"  {room.user}  {room.licence}  {group_digits(room.pmi)}  {room.link or '-'}")
        return 0

    return _run(settings, work)


def set_plan(settings: OperatorSettings, key: str, plan: Plan | None) -> int:
    """Set a workspace's plan; None means the default again."""

    async def work(workspaces: Workspaces) -> None:
        await workspaces.set_plan(key, plan)
        print(f"{key} has the plan {plan or f'{settings.default_plan} (default)'} now.")

    return _run(settings, work)


def set_licence(settings: OperatorSettings, key: str, user: str, licence: Licence | None) -> int:
    """Set the licence of a member who has used Standing Room; None means the default again."""

    async def work(workspaces: Workspaces) -> int:
        room = await workspaces.set_licence(key, user, licence)
        if room is None:
            print(
                f"{user} has not used Standing Room in {key} yet: a licence is given to members, "
                "and whoever types /pmi once is one.",
                file=sys.stderr,
            )
            return FAILED
        print(f"{user} in {key} has the licence {room.licence}{'' if licence else ' (default)'} now.")
        return 0

    return _run(settings, work)


def _state(left: DepartureRow | None) -> str:
    """How the app stands there, for the end of a line; nothing where it was never away."""
    if left is None:
        return ""
    if left.returned_at is not None:
        purged = "" if left.purged_at is None else f", purged {left.purged_at:%Y-%m-%d}"
        return f"  back since {left.returned_at:%Y-%m-%d}{purged}"
    if left.purge_after is None:
        return f"  left {left.left_at:%Y-%m-%d}, purged" + (
            "" if left.purged_at is None else f" {left.purged_at:%Y-%m-%d}"
        )
    due = "is being purged" if left.begun_at is not None else f"purge due {left.purge_after:%Y-%m-%d}"
    return f"  left {left.left_at:%Y-%m-%d}, {due}"


def _run(settings: OperatorSettings, work: Callable[[Workspaces], Awaitable[int | None]]) -> int:
    async def run() -> int:
        store = await open_store(settings.database_url.get_secret_value())
        try:
            office = _Office(store, Defaults(settings.default_plan, settings.default_licence))
            return await work(Workspaces(office)) or 0
        finally:
            await store.close()

    problem = prepare(settings.database_url.get_secret_value())
    try:
        code = FAILED if problem is not None else asyncio.run(run())
    except StorageError as error:
        problem, code = str(error) or type(error).__name__, FAILED
    if problem is not None:
        print(f"DATABASE_URL: {problem}", file=sys.stderr)
    return code
