"""A stand-in with people in it and an app that answers what a test tells it to."""

import inspect
import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from slack_sdk.signature import Clock as SigningClock
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground import Channel, Member, Person, StandIn, Workspace

SECRET = "a-secret-of-the-tests"
Api = Callable[..., Any]


class Clock:
    """A clock that stands still until a test moves it."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def slack(clock: Callable[[], float]) -> StandIn:
    return StandIn(SECRET, clock, ack_timeout=0.5)


@pytest.fixture
def acme(slack: StandIn) -> Workspace:
    return slack.add_workspace("T0ACME", name="Acme", domain="acme")


@pytest.fixture
def anna_member(acme: Workspace) -> Member:
    return acme.add_member("U0ANNA", real_name="Anna Larsson", display_name="anna", role="admin")


@pytest.fixture
def ben_member(acme: Workspace) -> Member:
    return acme.add_member("U0BEN", real_name="Ben Okafor", display_name="ben")


@pytest.fixture
def general(acme: Workspace, anna_member: Member, ben_member: Member) -> Channel:
    return acme.add_channel("C0GENERAL", "general", members=[anna_member, ben_member], with_bot=True)


@pytest.fixture
def anna(slack: StandIn, anna_member: Member, general: Channel) -> Person:
    return slack.person(anna_member, general)


@pytest.fixture
def ben(slack: StandIn, ben_member: Member, general: Channel) -> Person:
    return slack.person(ben_member, general)


@pytest.fixture
def answers() -> dict[str, Any]:
    """What the app answers, by command, payload type or event type: JSON, text, a status, None, or a function."""
    return {}


@pytest.fixture
async def api(slack: StandIn, acme: Workspace, answers: dict[str, Any]) -> AsyncIterator[Api]:
    """Serves the stand-in with the app behind it; called, it calls a Web API method as the app does."""
    verifier = SignatureVerifier(SECRET, clock=_Now(slack))

    async def events(request: web.Request) -> web.Response:
        body = await request.read()
        if not verifier.is_valid_request(body, dict(request.headers)):
            return web.Response(status=401)
        form = await request.post()
        if "payload" in form:
            heard = json.loads(str(form["payload"]))
            name = heard["type"]
        elif form:
            heard, name = dict(form), str(form["command"])
        else:
            heard = json.loads(body)
            name = heard["event"]["type"]
        answer = answers.get(name)
        if callable(answer):
            answer = answer(heard)
            if inspect.isawaitable(answer):
                answer = await answer
        if isinstance(answer, int):
            return web.Response(status=answer)
        if isinstance(answer, str):
            return web.Response(text=answer)
        return web.Response() if answer is None else web.json_response(answer)

    application = web.Application(client_max_size=8 * 1024**2)
    application.router.add_post("/slack/events", events)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.05)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    async with slack.serve() as api_url, aiohttp.ClientSession() as session:
        slack.deliver_to(f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events")

        async def call(
            method: str, *, bearer: str | None = acme.bot_token, form: bool = False, **arguments: Any
        ) -> Any:
            headers = {"Authorization": f"Bearer {bearer}"} if bearer else {}
            sent: dict[str, Any] = {"data": arguments} if form else {"json": arguments}
            async with session.post(api_url + method, headers=headers, **sent) as response:
                return await response.json()

        yield call
    await runner.cleanup()


class _Now(SigningClock):
    """The stand-in's clock as the verifier wants it."""

    def __init__(self, slack: StandIn) -> None:
        self._slack = slack

    def now(self) -> float:
        return self._slack.world.clock()


@pytest.fixture
async def post(api: Api) -> AsyncIterator[Callable[..., Any]]:
    """Posts JSON to an address, such as a response URL; returns status and text."""
    async with aiohttp.ClientSession() as session:

        async def send(url: str, content: Any = None, **more: Any) -> tuple[int, str]:
            async with session.post(url, **({"json": content} if content is not None else {}), **more) as response:
                return response.status, await response.text()

        yield send


@pytest.fixture
def client(slack: StandIn, acme: Workspace, api: Api) -> AsyncWebClient:
    return AsyncWebClient(token=acme.bot_token, base_url=slack.api_url)


@pytest.fixture
def modal() -> dict[str, Any]:
    """A small dialog with one field that the app hears of."""
    return {
        "type": "modal",
        "callback_id": "pmi",
        "title": {"type": "plain_text", "text": "Number"},
        "submit": {"type": "plain_text", "text": "Save"},
        "close": {"type": "plain_text", "text": "Cancel"},
        "private_metadata": "kept",
        "notify_on_close": True,
        "blocks": [
            {
                "type": "input",
                "block_id": "number",
                "dispatch_action": True,
                "label": {"type": "plain_text", "text": "Your number"},
                "hint": {"type": "plain_text", "text": "Ten digits"},
                "element": {
                    "type": "plain_text_input",
                    "action_id": "typed",
                    "initial_value": "111",
                    "max_length": 12,
                    "dispatch_action_config": {"trigger_actions_on": ["on_character_entered"]},
                },
            },
            {
                "type": "input",
                "block_id": "use",
                "optional": True,
                "label": {"type": "plain_text", "text": "Use"},
                "element": {
                    "type": "checkboxes",
                    "action_id": "ticked",
                    "options": [{"text": {"type": "plain_text", "text": "Instantly"}, "value": "instant"}],
                },
            },
        ],
    }


@pytest.fixture
def card() -> dict[str, Any]:
    """A message with two buttons."""
    return {
        "text": "Your room",
        "blocks": [
            {"type": "section", "text": {"type": "mrkdwn", "text": "*582 904 7316*"}},
            {
                "type": "actions",
                "elements": [
                    {
                        "type": "button",
                        "action_id": "edit",
                        "value": "1",
                        "text": {"type": "plain_text", "text": "Edit"},
                    },
                    {
                        "type": "button",
                        "action_id": "reset",
                        "text": {"type": "plain_text", "text": "Reset"},
                        "confirm": {
                            "title": {"type": "plain_text", "text": "Sure?"},
                            "text": {"type": "plain_text", "text": "It goes."},
                            "confirm": {"type": "plain_text", "text": "Yes"},
                            "deny": {"type": "plain_text", "text": "No"},
                        },
                    },
                ],
            },
        ],
    }
