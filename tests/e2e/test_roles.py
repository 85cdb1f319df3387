"""Who may do what administrators do: every action and dialog of theirs, by everybody, as signed requests."""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import sqlalchemy as sa

from bot.chances import Chances
from bot.handlers.admin import AdminHandlers, register_admin
from bot.handlers.front import Front
from bot.handlers.switchboard import Switchboard
from bot.ids import Action
from bot.playground import Person
from bot.playground.state import Role
from storage.tables import Table
from storage.transactions import Transaction
from tests.e2e.reading import asks, dialog
from tests.e2e.stage import Stage, at_once, make_stage
from tests.e2e.timing import Clock
from tests.e2e.wire import Wire, as_form, as_payload, wire_to

ADMINISTRATORS = frozenset(("owner", "admin"))
MAY: dict[str, frozenset[str]] = {}
"""Who may do a thing, by its id, where that is not the administrators."""
COMMAND = "/room admin"
AT_ONCE = 8
FORGED = json.dumps({"user": "U0ANNA", "user_id": "U0ANNA", "role": "owner", "workspace": "T0ACME", "version": 1})
ONLY = "Only this workspace's owners and admins can do that. Nothing was changed."


@dataclass
class Registered:
    """What the running application has registered for administrators, and all that its switchboard knows."""

    boards: list[Switchboard] = field(default_factory=list)
    actions: set[str] = field(default_factory=set)
    views: set[str] = field(default_factory=set)


@pytest.fixture
def registered(monkeypatch: pytest.MonkeyPatch) -> Registered:
    """Filled once an application starts."""
    found = Registered()

    def listening(board: Switchboard, front: Front, handlers: AdminHandlers) -> None:
        register_admin(board, front, handlers)
        found.boards.append(board)
        found.actions |= {Action.ADMIN, *(action for part in handlers.parts for action in part.actions)}
        found.views |= {view for part in handlers.parts for view in part.views}

    monkeypatch.setattr("bot.assembly.register_admin", listening)
    return found


@pytest.fixture
async def played(registered: Registered, database_url: str) -> AsyncIterator[Stage]:
    """A stage whose application was started after the register began to be listened to."""
    assert not registered.boards
    async with make_stage(database_url) as stage:
        await stage.start()
        yield stage


async def people_of(stage: Stage) -> dict[str, Person]:
    """Somebody of each standing; all who can be have been here."""
    owner = stage.add("U0OLGA", "Olga Brandt")
    owner.member.role = Role.OWNER
    left = stage.add("U0LEFT", "Leo Tanaka")
    left.member.role = Role.ADMIN
    await stage.are_known(owner, stage.anna, stage.ben, stage.guest, left)
    left.member.deleted = True
    stranger = stage.add("U0AWAY", "Sam Stranger", outside=True, team_id="T0AWAY")
    stranger.member.role = Role.ADMIN
    return {
        "owner": owner,
        "admin": stage.anna,
        "member": stage.ben,
        "guest": stage.guest,
        "stranger": stranger,
        "deactivated": left,
        "deactivated before": stage.add("U0GONE", "Gil Gone", deleted=True),
    }


def requests(wire: Wire, person: Person, registered: Registered) -> Iterator[tuple[str, bytes]]:
    """Every way into what administrators do, with what it is called; what is carried says that it is Anna's."""
    yield COMMAND, as_form(wire.command(person, "/room", "admin"))
    for view in sorted(registered.views):
        yield view, as_payload(signed(wire, person, view))
    for action_id in sorted(registered.actions):
        action = {"action_id": action_id, "block_id": "x", "type": "button", "value": FORGED, "action_ts": "1"}
        pressed = {**signed(wire, person, "admin_modal"), "type": "block_actions", "actions": [action]}
        pressed["container"] = {"type": "view"}
        yield action_id, as_payload(pressed)
        # The same button on a message that somebody has forwarded.
        forwarded = {**pressed, "message": {"user": "U0BOT", "ts": "1.1"}, "channel": {"id": "C0GENERAL"}}
        del forwarded["view"]
        yield action_id, as_payload({**forwarded, "trigger_id": wire.trigger()})


def signed(wire: Wire, person: Person, callback: str) -> dict[str, Any]:
    body = wire.submission(person, callback, {}, private_metadata=FORGED)
    body["user"]["team_id"] = person.member.team_id
    return body


async def everything(stage: Stage) -> dict[str, list[Any]]:
    """Every row of every table."""

    def look(tx: Transaction) -> dict[str, list[Any]]:
        tables = Table.metadata.tables.values()
        return {each.name: sorted(map(repr, tx.execute(sa.select(each)))) for each in tables}

    return await stage.store.read(look)


def denials(stage: Stage) -> Counter[tuple[str, str]]:
    """How often each was denied to whom, as the log says."""
    lines = [json.loads(line) for line in stage.heard.getvalue().splitlines() if '"admin_denied"' in line]
    return Counter((line["command"], line["user"]) for line in lines)


async def send(wire: Wire, bodies: Iterable[bytes]) -> set[int]:
    """Send them, some at once; the statuses of the answers."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(body: bytes) -> int:
        async with gate:
            return (await wire.sends(body)).status

    return set(await asyncio.gather(*(one(body) for body in bodies)))


@pytest.mark.row("R35")
async def test_only_owners_and_admins_do_what_administrators_do(played: Stage, registered: Registered) -> None:
    """Seen red: with one action registered past `only`, it was done for everybody; with a denial at the door that was
    not logged, the stranger's were missing; with an id of its own on the switchboard, it stood beside the register.
    """
    (board,) = registered.boards
    known = {*board.actions, *board.views}
    assert registered.actions | registered.views | {"admin_modal"} >= {
        each for each in known if each.startswith("admin")
    }
    assert registered.views | registered.actions <= known
    assert all(each.startswith("admin") for each in registered.actions | registered.views)

    people = await people_of(played)
    async with wire_to(played) as wire:
        before, wanted = await everything(played), Counter[tuple[str, str]]()
        for may in (False, True):
            bodies = []
            for role, person in people.items():
                for name, body in requests(wire, person, registered):
                    if (role in MAY.get(name, ADMINISTRATORS)) is may:
                        bodies.append(body)
                        wanted[name, person.member.id] += not may
            assert {200} == await send(wire, bodies)
            if not may:
                assert before == await everything(played)

    assert +wanted == denials(played)


@pytest.mark.row("R37")
async def test_a_role_that_is_lost_while_a_dialog_is_open_saves_nothing(database_url: str) -> None:
    """Seen red: with a yes kept for five minutes, the plan was another."""
    clock = Clock()
    async with make_stage(database_url, Chances(clock=clock, monotonic=clock, sleep=at_once)) as stage:
        await stage.start()
        anna = stage.anna
        await anna.types("/room admin")
        await anna.presses(action_id="admin_members")
        await stage.slack.until(lambda: anna.view is not None and "Set Licences" in anna.view.shown)
        await anna.chooses("plan", "Pro")
        before = await everything(stage)
        anna.member.role = Role.MEMBER
        clock.passes(60)
        await anna.submits()

        assert ONLY == dialog(anna).errors["plan"]
        assert before == await everything(stage)
        assert "Business" in await asks(anna, "/pmi")
        assert {("admin_members_modal", "U0ANNA"): 1} == denials(stage)
