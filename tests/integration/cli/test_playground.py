"""`python -m bot playground`: the page with the real app behind it, from its start to its end."""

import asyncio
import json
import re
import signal
import socket
import stat
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.integration.cli.playing import ANNA, BEN, CARLA, ZOE, Playground, playing
from tests.integration.cli.program import ENVIRON, ROOT, run, serving

FREE, ALSO_FREE = "582 904 7316", "617 555 0142"
END_SECONDS = 5.0
"""On a machine that does much else at the same time; else it takes less than two."""
TOO_LONG = "It took too long to know whether this was saved."


def left_in(folder: Path) -> list[str]:
    """The names of what is in a folder."""
    return [path.name for path in folder.iterdir()]


def modes_of(path: Path) -> int:
    """Who may do what with a file."""
    return stat.S_IMODE(path.stat().st_mode)


def homes_of(port: int) -> set[str]:
    """The addresses at which somebody listens on this port, as Linux writes them."""
    listed = [Path(f"/proc/net/{kind}").read_text("utf-8").splitlines() for kind in ("tcp", "tcp6")]
    listening = [line.split() for lines in listed for line in lines[1:]]
    return {words[1] for words in listening if words[1].endswith(f":{port:04X}") and words[3] == "0A"}


async def test_everybody_can_be_tried_and_a_number_is_taken_in_every_workspace(tmp_path: Path) -> None:
    async with playing(tmp_path) as playground:
        state = await playground.state(ANNA)
        cards = {who: await playground.types(who, "/pmi") for who in [one["as"] for one in state["people"]]}
        assert "Saved" in await playground.types(ANNA, f"/pmi set {FREE}")
        assert "It is taken" in await playground.types(ZOE, f"/pmi set {FREE}")
        assert "It is taken" in await playground.types(BEN, f"/pmi check {FREE}")
        plans = {
            who: re.findall(r"\w+ plan · \w+ \w+", str((await playground.state(who))["messages"]))[:1]
            for who in (ANNA, CARLA, ZOE)
        }

    assert {ANNA, BEN, CARLA, "T0ACME/U0GUS", ZOE} == set(cards)
    assert all(card.startswith("Your Personal Meeting ID is") for card in cards.values()), cards
    assert {
        ANNA: ["Business plan · Licensed user"],
        CARLA: ["Business plan · Basic user"],
        ZOE: ["Pro plan · Licensed user"],
    } == plans


async def test_a_dialog_refuses_and_saves_and_a_repeat_gets_the_same_answer(tmp_path: Path) -> None:
    async with playing(tmp_path) as playground:
        await playground.does(ANNA, "type", channel="C0GENERAL", text="/pmi edit")
        view = await playground.dialog(ANNA)
        field: dict[str, Any] = {
            "place": {"kind": "view", "id": view["id"]},
            "block_id": "pmi",
            "action_id": "typed_pmi",
        }
        await playground.does(ANNA, "fill", **field, text="555 111 2222", enter=False)
        await playground.does(ANNA, "submit", view=view["id"])
        refused = await playground.dialog(ANNA)
        (block_id, words) = next(iter(refused["errors"].items()))
        assert "one repeated digit" in words
        await playground.does(ANNA, "fill", **field | {"block_id": block_id}, text=ALSO_FREE, enter=False)
        await playground.does(ANNA, "submit", view=view["id"])
        assert ALSO_FREE in str((await playground.dialog(ANNA))["blocks"])
        _, submitted = await submissions(playground, 2)

        again = await playground.post("/api/resend", {"id": submitted["id"]})

        _, _, repeat = await submissions(playground, 3)
        assert (True, 200) == (again["ok"], again["status"])
        assert submitted["payload"] == repeat["payload"]
        assert submitted["answer"] == repeat["answer"]
        assert ALSO_FREE == await playground.pmi(ANNA)


async def test_a_room_can_be_for_workspace_members_only(tmp_path: Path) -> None:
    async with playing(tmp_path) as playground:
        await playground.does(ANNA, "type", channel="C0GENERAL", text="/room settings")
        blocks = str((await playground.dialog(ANNA))["blocks"])

    assert "'value': 'members_only'" in blocks
    assert "not set up" not in blocks


async def submissions(playground: Playground, count: int) -> list[dict[str, Any]]:
    """The first submissions of dialogs, as a window that has just been opened is told of them."""
    heard: list[dict[str, Any]] = []
    async with asyncio.timeout(5), playground.session.get(f"{playground.address}/api/events") as response:
        while len(heard) < count:
            line = (await response.content.readline()).decode()
            if line.startswith("data: ") and '"name": "view_submission"' in line:
                heard.append(json.loads(line.removeprefix("data: ")))
    return heard


async def test_slack_has_a_bad_day_on_request(tmp_path: Path) -> None:
    async with playing(tmp_path) as playground:
        await playground.post("/api/faults", {"endpoint": "views.open", "kind": "server_error", "times": 1})

        failed = await playground.types(ANNA, "/pmi edit")
        assert not (await playground.state(ANNA))["modals"]
        await playground.types(ANNA, "/pmi edit")

        assert "Slack did not let the dialog open. Press the button to open it." == failed
        assert "Personal Meeting ID" == (await playground.dialog(ANNA))["title"]["text"]


async def test_the_database_has_a_bad_day_on_request_and_the_page_has_not(tmp_path: Path) -> None:
    async with playing(tmp_path) as playground:
        await playground.outside("database_slow", on=True)
        told = await playground.does(ANNA, "type", channel="C0GENERAL", text="/pmi check 555 111 2222")
        assert 800 <= told["milliseconds"]
        newest = (await playground.state(ANNA))["messages"]["C0GENERAL"][-1]
        assert "It has three groups of one repeated digit" in newest["text"]
        await playground.outside("database_slow", on=False)

        for name, words in [
            ("database_too_slow", "Nothing was changed: there is a lot to do just now."),
            ("database_silent", "Nothing was changed: the database cannot be used just now."),
        ]:
            await playground.outside(name, on=True)
            typed = asyncio.create_task(playground.types(BEN, f"/pmi set {FREE}"))
            began = time.monotonic()
            for _ in range(5):
                await playground.state(ANNA)
            assert 1.0 > time.monotonic() - began
            assert not typed.done()
            assert (await typed).startswith((words, TOO_LONG))
            await playground.outside(name, on=False)

        assert FREE in await playground.types(BEN, f"/pmi set {FREE}")


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
async def test_it_ends_soon_whatever_is_open(tmp_path: Path, how: signal.Signals) -> None:
    async with playing(tmp_path) as playground:
        windows = [await playground.session.get(f"{playground.address}/api/events") for _ in range(3)]
        await playground.outside("database_silent", on=True)
        waiting = asyncio.create_task(playground.does(ANNA, "type", channel="C0GENERAL", text="/pmi"))
        while b"event: state" not in await windows[0].content.readline():
            pass

        assert 0 == await playground.ends(how)

        assert END_SECONDS > playground.seconds_to_end
        assert "Traceback" not in playground.errors
        await asyncio.gather(waiting, return_exceptions=True)
        for window in windows:
            window.close()


async def test_it_begins_anew_each_time_unless_it_keeps(tmp_path: Path) -> None:
    async with playing(tmp_path) as playground:
        await playground.types(ANNA, f"/pmi set {FREE}")
    assert [] == left_in(tmp_path)

    async with playing(tmp_path, "--keep") as playground:
        assert FREE != await playground.pmi(ANNA)
        assert "Rooms are kept in .playground" in playground.printed
        await playground.types(ANNA, f"/pmi set {FREE}")
        await playground.types(ANNA, "/pmi edit")
        first = (await playground.dialog(ANNA))["id"]
    async with playing(tmp_path, "--keep") as playground:
        begun = await playground.state(ANNA)
        kept = await playground.pmi(ANNA)
        await playground.types(ANNA, "/pmi edit")
        later = (await playground.dialog(ANNA))["id"]
    folder = tmp_path / ".playground"
    modes = [modes_of(path) for path in (folder, folder / "key")]
    async with playing(tmp_path, "--keep", "--reset") as playground:
        reset = await playground.pmi(ANNA)

    assert FREE == kept
    assert FREE not in str(begun["messages"])
    assert first < later
    assert [0o700, 0o600] == modes
    assert FREE != reset


async def test_resetting_forgets_and_keeps_nothing_by_itself(tmp_path: Path) -> None:
    async with playing(tmp_path, "--keep", "--folder", "rooms"):
        pass
    (tmp_path / "rooms" / "notes.txt").write_text("mine", "utf-8")

    async with playing(tmp_path, "--reset", "--folder", "rooms"):
        pass

    assert ["notes.txt"] == left_in(tmp_path / "rooms")


async def test_a_port_that_is_taken_is_told_before_anything_is_touched(tmp_path: Path) -> None:
    folder = tmp_path / ".playground"
    folder.mkdir()
    (folder / "key").write_text("kept", "utf-8")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        code, out, err = await run("playground", "--port", port, "--keep", "--reset", environ={}, folder=tmp_path)

    assert 2 == code
    assert "" == out
    assert f"Port {port} cannot be used (Address already in use). Choose another one with --port.\n" == err
    assert (folder / "key").exists()


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"playground.db": b""}, ".playground/playground.db is there and its key is not: add --reset to begin anew.\n"),
        ({"key": b"short"}, "The key in .playground is none: add --reset to begin anew.\n"),
        ({"key": b"\xff\xfe"}, ".playground cannot be used: its key is no text.\n"),
    ],
)
async def test_what_cannot_be_kept_is_told(tmp_path: Path, files: dict[str, bytes], words: str) -> None:
    folder = tmp_path / ".playground"
    folder.mkdir()
    for name, content in files.items():
        (folder / name).write_bytes(content)

    code, _, err = await run("playground", "--keep", "--port", "0", environ={}, folder=tmp_path)

    assert (2, words) == (code, err)


async def test_a_database_that_is_none_is_told(tmp_path: Path) -> None:
    folder = tmp_path / ".playground"
    folder.mkdir()
    (folder / "key").write_text("k" * 40, "utf-8")
    (folder / "playground.db").write_bytes(b"this is no database at all, and it is long enough to be read" * 50)

    code, _, err = await run("playground", "--keep", "--port", "0", environ={}, folder=tmp_path)

    assert 1 == code
    assert err.startswith("The playground could not start: ")
    assert "Traceback" not in err


async def test_only_this_machine_reaches_it(tmp_path: Path) -> None:
    async with playing(tmp_path) as playground:
        port = int(playground.address.rpartition(":")[2])
        homes = homes_of(port)

    assert {f"0100007F:{port:04X}"} == homes


def test_serving_loads_nothing_of_the_playground() -> None:
    program = "import sys, bot.__main__, bot.cli.serve; print([name for name in sys.modules if 'playground' in name])"

    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT)

    assert "[]\n" == loaded.stdout


async def test_the_pages_addresses_are_nowhere_where_it_serves(tmp_path: Path) -> None:
    environ = ENVIRON | {"DATABASE_URL": f"sqlite:///{tmp_path}/rooms.db"}
    async with serving(environ, tmp_path) as (address, _, _), aiohttp.ClientSession() as session:
        for path in ("/", "/static/app.js", "/api/state", "/api/events", "/api/faults"):
            async with session.get(address + path) as response:
                assert 404 == response.status, path
