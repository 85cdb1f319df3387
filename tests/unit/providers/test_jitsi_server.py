"""What is said of a Jitsi server that is well, down, slow, elsewhere or none, and how often it is asked."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.providers import jitsi_server
from bot.providers.jitsi import Jitsi

CONFIG = "/* eslint-disable */\n// This file...\nvar config = {\n    hosts: { domain: 'meet.example' },\n};\n"
NOTHING_LEFT_OUT = "\ufeff\nconfig = {};"


@dataclass
class StandInJitsi:
    """A web server on loopback that answers for `/config.js`, below a path too, as it is told."""

    answer: Callable[[web.Request], web.StreamResponse] = lambda _: web.Response(
        text=CONFIG, content_type="application/javascript"
    )
    asked: list[str] = field(default_factory=list)
    somebody_asked: asyncio.Event = field(default_factory=asyncio.Event)
    hold: asyncio.Event = field(default_factory=asyncio.Event)
    """Nothing is answered until it is set."""
    url: str = ""

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(request.path)
        self.somebody_asked.set()
        await self.hold.wait()
        return self.answer(request)


@pytest.fixture
async def server() -> AsyncIterator[StandInJitsi]:
    stand_in = StandInJitsi()
    stand_in.hold.set()
    app = web.Application()
    app.router.add_get("/{tail:.*}", stand_in.handle)
    async with TestServer(app) as running:
        stand_in.url = str(running.make_url("")).rstrip("/")
        yield stand_in
        stand_in.hold.set()


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@dataclass
class Clock:
    """Seconds that go forward when a test says so."""

    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


def answers(status: int, text: str = "", **headers: str) -> Callable[[web.Request], web.Response]:
    return lambda _: web.Response(status=status, text=text, headers=headers)


@pytest.mark.parametrize("path", ["", "/sub/path"])
@pytest.mark.parametrize("text", [CONFIG, NOTHING_LEFT_OUT, "config" + "x" * (1 << 20)])
async def test_a_server_that_is_well_has_no_problem(
    server: StandInJitsi, session: aiohttp.ClientSession, path: str, text: str
) -> None:
    server.answer = answers(200, text)

    assert await Jitsi(server.url + path, session).problem() is None
    assert [f"{path}/config.js"] == server.asked


async def test_no_more_is_read_than_shows_what_answers(session: aiohttp.ClientSession) -> None:
    async def talks_without_end(request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse()
        await answer.prepare(request)
        with contextlib.suppress(ConnectionError):
            while True:
                await answer.write(b"config = {};" * 1000)
        return answer

    app = web.Application()
    app.router.add_get("/config.js", talks_without_end)
    async with TestServer(app) as running:
        assert await Jitsi(str(running.make_url("")), session).problem() is None


@pytest.mark.parametrize(
    ("status", "text", "words"),
    [
        (200, "<!doctype html><title>config</title>", "what answers is no Jitsi Meet server"),
        (200, "\n  <html>var config = {}</html>", "what answers is no Jitsi Meet server"),
        (200, "", "what answers is no Jitsi Meet server"),
        (200, "x" * jitsi_server.MOST_BYTES + "config", "what answers is no Jitsi Meet server"),
        (204, "", "what answers is no Jitsi Meet server"),
        (404, "config", "what answers is no Jitsi Meet server (HTTP 404"),
        (400, "config", "what answers is no Jitsi Meet server (HTTP 400"),
        (401, CONFIG, "refuses to be asked (HTTP 401)"),
        (403, CONFIG, "refuses to be asked (HTTP 403)"),
        (407, CONFIG, "refuses to be asked (HTTP 407)"),
        (500, CONFIG, "in trouble (HTTP 500)"),
        (503, "<html>", "in trouble (HTTP 503)"),
    ],
)
async def test_what_answers_otherwise_is_said_in_words(
    server: StandInJitsi, session: aiohttp.ClientSession, status: int, text: str, words: str
) -> None:
    server.answer = answers(status, text)

    problem = await Jitsi(server.url, session).problem()
    assert problem is not None
    assert words in problem
    assert server.url not in problem


async def test_a_redirect_is_followed_as_browsers_do(server: StandInJitsi, session: aiohttp.ClientSession) -> None:
    elsewhere = web.Response(status=302, headers={"Location": "/new/config.js"})
    server.answer = lambda request: elsewhere if request.path == "/config.js" else web.Response(text=CONFIG)

    assert await Jitsi(server.url, session).problem() is None
    assert ["/config.js", "/new/config.js"] == server.asked


@pytest.mark.parametrize(
    ("target", "words"),
    [
        ("/config.js", "sends every request on to somewhere else, without end"),
        ("/{n}/config.js", "sends every request on to somewhere else, without end"),
        ("file:///etc/passwd", "does not answer as web servers do"),
        ("http://[", "does not answer as web servers do"),
    ],
)
async def test_a_redirect_that_leads_nowhere_is_said(
    server: StandInJitsi, session: aiohttp.ClientSession, target: str, words: str
) -> None:
    server.answer = lambda _: web.Response(
        status=301, headers={"Location": target.replace("{n}", str(len(server.asked)))}
    )

    assert words in (await Jitsi(server.url, session).problem() or "")
    assert len(server.asked) <= jitsi_server.MOST_REDIRECTS + 1


async def test_a_login_page_behind_a_redirect_is_no_jitsi(server: StandInJitsi, session: aiohttp.ClientSession) -> None:
    away = web.Response(status=302, headers={"Location": "/login"})
    server.answer = lambda request: away if request.path == "/config.js" else web.Response(text="<html>config")

    assert "no Jitsi Meet server" in (await Jitsi(server.url, session).problem() or "")


async def test_a_server_that_is_slow_is_not_waited_for(
    server: StandInJitsi, session: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jitsi_server, "SECONDS", 0.05)
    server.hold.clear()

    assert "the server does not answer within 1.5 s" == await Jitsi(server.url, session).problem()


def test_nobody_waits_longer_than_a_second_and_a_half() -> None:
    assert 1.5 == jitsi_server.SECONDS


async def test_a_server_that_is_down_cannot_be_reached(session: aiohttp.ClientSession) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # nobody listens there
        port = taken.getsockname()[1]

        assert "the server cannot be reached" == await Jitsi(f"http://127.0.0.1:{port}", session).problem()


async def test_a_name_that_nobody_has_is_said(session: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch) -> None:
    async def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "a secret")

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", unknown)

    assert "the server's name is not known" == await Jitsi("https://nobody.invalid", session).problem()


async def test_a_server_without_tls_where_it_is_asked_for_is_said(
    server: StandInJitsi, session: aiohttp.ClientSession
) -> None:
    over_tls = server.url.replace("http://", "https://")

    assert "certificate" in (await Jitsi(over_tls, session).problem() or "")


async def test_what_is_no_http_is_said(session: aiohttp.ClientSession) -> None:
    async def talk(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"SSH-2.0-OpenSSH\r\n\r\n")
        writer.close()

    running = await asyncio.start_server(talk, "127.0.0.1", 0)
    async with running:
        url = f"http://127.0.0.1:{running.sockets[0].getsockname()[1]}"

        assert "the server does not answer as web servers do" == await Jitsi(url, session).problem()


@pytest.mark.parametrize("status", [200, 500])
async def test_what_was_found_counts_for_a_minute(
    server: StandInJitsi, session: aiohttp.ClientSession, status: int
) -> None:
    clock = Clock()
    provider = Jitsi(server.url, session, monotonic=clock)
    server.answer = answers(status, CONFIG)
    first = await provider.problem()
    server.answer = answers(403)

    clock.now += 59.9
    assert first == await provider.problem()
    assert 1 == len(server.asked)
    clock.now += 0.1
    assert "refuses" in (await provider.problem() or "")
    assert 2 == len(server.asked)


async def test_many_who_ask_at_once_share_one_answer(server: StandInJitsi, session: aiohttp.ClientSession) -> None:
    server.hold.clear()
    provider = Jitsi(server.url, session)
    asking = [asyncio.ensure_future(provider.problem()) for _ in range(20)]
    await server.somebody_asked.wait()
    server.hold.set()

    assert [None] * 20 == await asyncio.gather(*asking)
    assert 1 == len(server.asked)


async def test_somebody_who_gives_up_waiting_spoils_it_for_nobody(
    server: StandInJitsi, session: aiohttp.ClientSession
) -> None:
    server.hold.clear()
    provider = Jitsi(server.url, session)
    impatient, patient = (asyncio.ensure_future(provider.problem()) for _ in range(2))
    await server.somebody_asked.wait()
    impatient.cancel()
    server.hold.set()

    assert await patient is None
    assert impatient.cancelled()
