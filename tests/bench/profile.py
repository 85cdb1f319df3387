"""Where the time of a request goes: each part alone, and what a whole request costs the process, as CPU time.

Run as `python -m tests.bench.profile`; prints tables. CPU time is told, not time by the clock, so that other work on
the machine disturbs it less; what a part costs alone is the least of several tries.
"""

import asyncio
import os
import secrets
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from unittest.mock import Mock

from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot import guard, logs
from bot.chances import Chances
from bot.foundations import house_of
from bot.grammar import GRAMMARS
from bot.handlers.answers import Answer, as_private
from bot.handlers.asks import Ask, read_command
from bot.handlers.authorisation import Authorisation
from bot.handlers.entrance import Entrance
from bot.handlers.front import Front
from bot.handlers.late import LateWork
from bot.handlers.switchboard import Switchboard
from bot.ids import Action
from bot.metrics import Metrics
from bot.rules import draw_number
from bot.services.people import Actor, Call
from bot.services.pmis import PMIs
from bot.services.rooms import Rooms
from bot.texts import Translator, load_texts
from bot.views.addresses import Addresses
from bot.views.cards import pmi_card, pmi_saved
from bot.views.choices import verdict_message
from bot.views.message import Message
from storage import schema
from storage.transactions import open_store
from tests.bench.load import CHANCE, PEOPLE, body
from tests.bench.processes import Target, load, met, target
from tests.bench.target import SIGNING_SECRET, settings_for, signed
from tests.databases import PostgresTemplates, postgres_server

TIMES = 320
TRIES = 4
SECONDS = 1.0
LOADS = 2
AT_ONCE = 16
ACTOR = Actor("T0ACME", "U000001")
FORM = ["application/x-www-form-urlencoded"]
T = load_texts().for_locale(None)
Part = Callable[[], Awaitable[object]]


async def cost(part: Part, at_once: int = 1) -> float:
    """Microseconds of CPU time, of all threads."""
    found = []
    for _ in range(TRIES):
        began = time.process_time()
        for _ in range(TIMES // at_once):
            await asyncio.gather(*(part() for _ in range(at_once))) if at_once > 1 else await part()
        found.append((time.process_time() - began) / TIMES * 1e6)
    return min(found)


def spent(measured: Target) -> float:
    """Seconds of CPU time that a process has had."""
    fields = Path(f"/proc/{measured.process.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    ticks: int = os.sysconf("SC_CLK_TCK")
    return (int(fields[11]) + int(fields[12])) / ticks


async def whole(what: str, *words: str) -> float:
    """Microseconds of CPU time of a process for each request, `AT_ONCE`."""
    async with target(*words) as measured:
        await met(measured.port)
        costs = []
        for _ in range(LOADS):
            before = spent(measured)
            found = await load(measured.port, what, AT_ONCE, SECONDS)
            requests: int = sum(found["statuses"].values())
            costs.append((spent(measured) - before) / requests * 1e6)
        return min(costs)


async def edges() -> dict[str, float]:
    """What every request costs beside its use case."""
    raw = body(1, "check 582 904 7316", 1)
    fields = guard.parse(raw, FORM)
    front = Front(
        load_texts(),
        Mock(),
        Entrance(Mock(), Mock(), Authorisation("xoxb-bench", time.time)),
        LateWork(),
        Metrics(frozenset()),
    )
    board = Switchboard()
    bolt = AsyncApp(
        before_authorize=board,
        authorize=Authorisation("xoxb-bench", time.time).for_bolt(),
        signing_secret=SIGNING_SECRET,
        process_before_response=True,
        request_verification_enabled=False,
    )

    async def handle(_ask: Ask, _t: Translator) -> Answer:
        return Answer()

    async def answer(_body: object) -> BoltResponse:
        return BoltResponse(status=200)

    async def check() -> None:
        signed("1700000000", raw)
        guard.parse(raw, FORM)

    listener = front.listener(lambda found: read_command(GRAMMARS[0], found), handle)
    board.commands["/pmi"] = answer
    return {
        "signature, form, shape": await cost(check),
        "Bolt's request and dispatch": await cost(
            lambda: bolt.async_dispatch(AsyncBoltRequest(body=fields, mode="socket_mode"))
        ),
        "the front: who, what, deadline, count, a line of log": await cost(lambda: listener(fields)),
    }


async def use_cases(url: str) -> dict[str, tuple[float, float]]:
    """For each load, what its use case costs with its database, and what its view costs with its JSON."""
    store = await open_store(url)
    house = house_of(settings_for(url), store, Metrics(frozenset()), Chances())
    rooms, addresses = Rooms(house), Addresses("http://localhost:3000")
    pmis = PMIs(house, rooms)

    def free() -> str:
        return draw_number(CHANCE).digits

    def save() -> Awaitable[object]:
        # One after the other is somebody else, as in the load: nobody waits for a lock of theirs.
        actor = Actor("T0ACME", f"U0{CHANCE(PEOPLE):05}")
        return pmis.save(Call(actor, secrets.token_hex(32)), free())

    async def shown(view: Callable[[], Message]) -> float:
        async def show() -> None:
            BoltResponse(status=200, body=as_private(view()))

        return await cost(show)

    saved = await pmis.save(Call(ACTOR, secrets.token_hex(32)), free())
    good, bad = await pmis.check(ACTOR, free()), await pmis.check(ACTOR, "555 111 2222")
    found = {
        "free": (
            await cost(lambda: pmis.check(ACTOR, free()), AT_ONCE),
            await shown(lambda: verdict_message(good, Action.CLAIM_PMI, T)),
        ),
        "check": (
            await cost(lambda: pmis.check(ACTOR, "555 111 2222"), AT_ONCE),
            await shown(lambda: verdict_message(bad, Action.CLAIM_PMI, T)),
        ),
        "card": (
            await cost(lambda: rooms.own(ACTOR), AT_ONCE),
            await shown(lambda: pmi_card(saved.room, T, addresses)),
        ),
        "set": (await cost(save, AT_ONCE), await shown(lambda: pmi_saved(saved, T, addresses))),
    }
    await store.close()
    return found


async def profile(urls: dict[str, str]) -> None:
    """Print a table for each load."""
    every = await edges()
    base = await whole("card", "bolt-early")
    for kind, whats in (("sqlite", ("free", "check", "card", "set")), ("postgresql", ("set",))):
        cases = await use_cases(urls[kind])
        for what in whats:
            total = await whole(what, "app", urls[kind])
            case, view = cases[what]
            parts = every | {"the use case and its database": case, "the view and its JSON": view}
            parts["the rest: aiohttp, sockets, changes of threads"] = total - sum(parts.values())
            lines = [f"| {name} | {part:.0f} | {part / total:.0%} |" for name, part in parts.items()]
            head = f"## {what}, {kind}: {total:.0f} microseconds, {base / total:.2f} of (c) with {base:.0f}"
            sys.stdout.write("\n".join([head, "", "| part | microseconds | share |", "|---|---|---|", *lines, "", ""]))
            sys.stdout.flush()


def main() -> None:
    """Measure on fresh databases, and print."""
    nowhere = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123  open while the process lives
    logs.configure("INFO", nowhere, ("x" * 32,))
    with tempfile.TemporaryDirectory() as folder, postgres_server(durable=True) as server:
        templates = PostgresTemplates(server)
        urls = {"sqlite": f"sqlite:///{folder}/profile.db", "postgresql": templates.fresh()}
        schema.upgrade(urls["sqlite"])
        asyncio.run(profile(urls))
        templates.drop(urls["postgresql"])
        templates.close()


if __name__ == "__main__":
    main()
