"""Socket Mode, with Bolt's own handler at the other end."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import aiohttp
import pytest
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground import Person, StandIn, Workspace

Json = dict[str, Any]
Api = Callable[..., Any]


@pytest.fixture
async def bolt(slack: StandIn, acme: Workspace) -> AsyncIterator[AsyncApp]:
    """A Bolt app that talks to the stand-in through a socket."""
    async with slack.serve() as api_url:
        app = AsyncApp(
            signing_secret="unused",
            client=AsyncWebClient(token=acme.bot_token, base_url=api_url),
            process_before_response=True,
        )
        handler: Any = AsyncSocketModeHandler(
            app, acme.app_token, web_client=AsyncWebClient(token=acme.app_token, base_url=api_url), ping_interval=0.05
        )
        await handler.connect_async()
        slack.use_socket_mode()
        yield app
        await handler.close_async()


async def test_commands_actions_and_submissions_go_through_the_socket(
    slack: StandIn, anna: Person, bolt: AsyncApp, modal: Json, card: Json
) -> None:
    @bolt.command("/pmi")
    async def pmi(ack: Any) -> None:
        await ack(**card)

    @bolt.action("edit")
    async def edit(ack: Any, body: Json, client: AsyncWebClient) -> None:
        await client.views_open(trigger_id=body["trigger_id"], view=modal)
        await ack()

    @bolt.action("typed")
    async def typed(ack: Any) -> None:
        await ack()

    @bolt.view("pmi")
    async def submitted(ack: Any) -> None:
        await ack(response_action="errors", errors={"number": "Taken."})

    await slack.until(lambda: slack.socket.connected)
    command = await anna.types("/pmi")
    await anna.presses("Edit")
    await anna.fills("number", "222")
    await anna.submits()

    assert 200 == command.status
    assert "*582 904 7316*\nEdit\nReset" == anna.private_messages[-1].shown
    assert anna.view is not None
    assert {"number": "Taken."} == anna.view.errors


async def test_an_event_and_its_repeats_go_through_the_socket(slack: StandIn, acme: Workspace, bolt: AsyncApp) -> None:
    heard: list[str] = []

    @bolt.event("app_home_opened")
    async def home(body: Json) -> None:
        heard.append(body["event_id"])

    first = await slack.send_event(acme, {"type": "app_home_opened", "tab": "home"})
    again = await slack.resend(first)
    await slack.send_event(acme, {"type": "app_home_opened", "tab": "home"}, retry=1, event_id=heard[0])

    assert [first.payload["event_id"]] * 3 == heard
    assert again.ok


async def test_without_an_acknowledgement_the_command_fails(anna: Person, bolt: AsyncApp) -> None:
    exchange = await anna.types("/unheard")

    assert exchange.timed_out
    assert anna.private_messages[-1].shown == "/unheard failed because the app did not respond."


async def test_without_a_connection_the_command_fails(slack: StandIn, anna: Person, api: Api) -> None:
    slack.use_socket_mode()
    exchange = await anna.types("/pmi")

    assert "dispatch_failed" == exchange.failure


async def test_a_disconnected_app_comes_back(slack: StandIn, anna: Person, bolt: AsyncApp) -> None:
    @bolt.command("/pmi")
    async def pmi(ack: Any) -> None:
        await ack("hi")

    await slack.until(lambda: slack.socket.connected)
    await slack.socket.disconnect("warning")
    await slack.socket.disconnect()
    await slack.until(lambda: slack.socket.connected)
    await anna.types("/pmi")

    assert "hi" == anna.private_messages[-1].shown


async def opened(slack: StandIn, api: Api, session: aiohttp.ClientSession) -> aiohttp.ClientWebSocketResponse:
    answer = await api("apps.connections.open", bearer="xapp-1-stand-in")
    return await session.ws_connect(answer["url"])


async def test_a_bare_client_sees_hello_envelopes_and_the_limit(slack: StandIn, anna: Person, api: Api) -> None:
    slack.deliver_to("")
    async with aiohttp.ClientSession() as session:
        connections = [await opened(slack, api, session) for _ in range(10)]
        hello = [await connection.receive_json() for connection in connections]
        eleventh = await opened(slack, api, session)
        refused = await eleventh.receive_json()

        assert {"type", "num_connections", "debug_info", "connection_info"} == set(hello[0])
        assert "too_many_websockets" == refused["reason"]
        assert 10 == slack.socket.connected
        typing = asyncio.create_task(anna.types("/pmi"))
        envelope = await connections[0].receive_json()
        assert {"envelope_id", "type", "payload", "accepts_response_payload"} == set(envelope)
        assert ("slash_commands", True) == (envelope["type"], envelope["accepts_response_payload"])
        for nonsense in ("{", "[]", "{}", '{"envelope_id": "unknown"}'):
            await connections[0].send_str(nonsense)
        await connections[0].send_bytes(b"x")
        answer = {"envelope_id": envelope["envelope_id"], "payload": {"text": "hi"}}
        await connections[0].send_str(json.dumps(answer))
        await typing
        assert "hi" == anna.private_messages[-1].shown
        await connections[1].close()
        await slack.until(lambda: slack.socket.connected == 9)


async def test_a_ticket_is_good_for_one_connection(api: Api) -> None:
    answer = await api("apps.connections.open", bearer="xapp-1-stand-in")
    async with aiohttp.ClientSession() as session:
        first = await session.ws_connect(answer["url"])
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect(answer["url"])

        assert "hello" == (await first.receive_json())["type"]
