"""`python -m bot serve` in Socket Mode, as a process: how it ends."""

import asyncio
import faulthandler
import json
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.playground import Fault, Person, StandIn
from bot.playground.faults import PlannedFault
from tests.integration.cli.program import ENVIRON, run, serving
from tests.lengths import SOAK

IN_A_HURRY = "tests.integration.cli.impatient_program"


@pytest.fixture
async def slack() -> AsyncIterator[StandIn]:
    slack = StandIn("unused")
    async with slack.serve():
        yield slack


@pytest.fixture
def anna(slack: StandIn) -> Person:
    acme = slack.add_workspace("T0ACME", name="Acme", domain="acme")
    people = [acme.add_member(f"U0{name.upper()}", real_name=name, display_name=name) for name in ("anna", "ben")]
    return slack.person(people[0], acme.add_channel("C0GENERAL", "general", members=people))


@pytest.fixture
def environ(slack: StandIn, anna: Person) -> dict[str, str]:
    acme = anna.member.workspace
    return {
        **{name: value for name, value in ENVIRON.items() if name != "SLACK_SIGNING_SECRET"},
        "SLACK_BOT_TOKEN": acme.bot_token,
        "SLACK_APP_TOKEN": acme.app_token,
        "SLACK_API_URL": slack.api_url,
        "DATABASE_URL": "sqlite:///fresh.db",
    }


async def test_sigterm_answers_what_came_in_says_goodbye_and_ends_with_0(
    slack: StandIn, anna: Person, environ: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = asyncio.Event()

    def silence(method: str) -> PlannedFault | None:
        if method != "users.info":
            return None
        asked.set()
        return PlannedFault(Fault.TIMEOUT, 1, None, 500)

    async with serving(environ, tmp_path) as (_, process, lines):
        slack.use_socket_mode()
        await anna.types("/pmi set 582 904 7316")
        monkeypatch.setattr(slack.faults, "next_for", silence)
        asking = asyncio.ensure_future(anna.types("/pmi @ben"))
        await asked.wait()
        process.terminate()
        exchange = await asking
        async with asyncio.timeout(10):
            code = await process.wait()

    assert exchange.ok
    assert 0 == code
    assert 0 == slack.socket.connected
    assert '"closed by us"' in "".join(lines)
    assert "Traceback" not in "".join(lines)


@pytest.mark.row("R56")
async def test_without_a_connection_for_five_minutes_it_ends_with_1_and_says_why(
    slack: StandIn, anna: Person, environ: dict[str, str], tmp_path: Path
) -> None:
    """So that whatever supervises it starts it anew. (A second here; five minutes in the long form.)

    Seen red: with an `on_lost` that nobody hears, the process was still there after 20 s.
    """
    least = 300.0 if SOAK else 1.0
    if SOAK:
        faulthandler.cancel_dump_traceback_later()  # pytest would end a test after two minutes
    slack.faults.set("apps.connections.open", Fault.SERVER_ERROR, times=1000)
    began = time.monotonic()
    module, most = ("bot", 330.0) if SOAK else (IN_A_HURRY, 20.0)
    code, out, err = await run("serve", environ=environ, folder=tmp_path, module=module, seconds=most)

    entries = [json.loads(line) for line in err.splitlines()]
    (said,) = [entry for entry in entries if entry["event"] == "socket_lost"]
    assert 1 == code
    assert "" == out
    assert ("error", True) == (said["level"], said["seconds"] >= least)
    assert time.monotonic() - began >= least
    assert ["socket_lost", "stopping"] == [entry["event"] for entry in entries][-2:]
