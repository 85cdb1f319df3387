"""The stage of end-to-end tests: the real application behind the stand-in for Slack, on a database.

What people read is looked up in `reading`; the fixtures that make stages are in `conftest`.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from io import StringIO

import aiohttp
from aiohttp import web

from bot.app import build
from bot.chances import Chances
from bot.foundations import slash_commands
from bot.manifest import manifest
from bot.playground import Person, StandIn, payloads
from bot.playground.answers import command_answered
from bot.playground.delivery import Exchange
from bot.playground.state import Channel, Member, Workspace
from bot.rules import Licence, Plan
from bot.settings import Settings, load_settings
from bot.web.server import Runner
from storage import changes, members, workspaces
from storage.changes import ChangeRow
from storage.members import MemberRow
from storage.transactions import Store, Transaction, open_store
from tests.overheard import everything_logged, told

SIGNING_SECRET = "0123456789abcdef0123456789abcdef"
SECRET_KEY = "a secret key of the tests that is long enough"
BASE = "https://rooms.example.com"
ACME = "T0ACME"


async def at_once(seconds: float) -> None:
    """A sleep that nobody waits for."""


@dataclass
class Stage:
    """A Business workspace with four people, the application, and its database."""

    slack: StandIn
    settings: Settings
    store: Store
    acme: Workspace
    general: Channel
    anna: Person
    ben: Person
    carla: Person
    guest: Person
    chances: Chances
    heard: StringIO
    """What was logged so far."""
    runners: list[web.AppRunner] = field(default_factory=list)

    def secrets(self) -> set[str]:
        """Everything that may stand in no log: what was set, tokens, and what Slack has handed out to be used once."""
        held = {*self.settings.secrets(), payloads.VERIFICATION_TOKEN}  # the token is in every body
        for workspace in self.slack.world.workspaces.values():
            held |= {workspace.bot_token, workspace.app_token}
        held |= {found.rpartition("/")[2] for found in self.slack.world.response_urls}
        return held | {found.rpartition(".")[2] for found in self.slack.world.triggers}

    async def start(self, settings: Settings | None = None, chances: Chances | None = None) -> str:
        """Start the application, or one more process of it, and have Slack's requests sent there."""
        application = build(settings or self.settings, chances or self.chances)
        runner = Runner(application, shutdown_timeout=2.0)
        await runner.setup()
        self.runners.append(runner)
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        url = f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
        self.slack.deliver_to(url)
        return url

    async def stop(self) -> None:
        """Stop every process, as SIGTERM does."""
        while self.runners:
            await self.runners.pop().cleanup()

    async def restart(self) -> None:
        """Stop, and start on the same database."""
        await self.stop()
        await self.start()

    async def sends(self, person: Person, command: str, text: str) -> Exchange:
        """A command whose text reaches the application letter for letter, unlike what somebody types."""
        world, member, channel = self.slack.world, person.member, person.channel
        urls = world.new_response_url(member, channel, kind="commands"), world.new_trigger(member).id
        fields = payloads.slash_command(member, channel, command, text, urls)
        return command_answered(world, member, channel, await self.slack._delivery.command(fields))

    async def unsent(self, act: Callable[[], Awaitable[Exchange]]) -> Exchange:
        """What somebody does, as a signed request that has not reached the application yet."""
        url = self.slack._delivery.url
        self.slack.deliver_to("")
        exchange = await act()
        self.slack.deliver_to(url)
        return exchange

    async def sent_to(self, url: str, exchange: Exchange) -> tuple[int, bytes]:
        """Status and body that one process answers to a signed request."""
        async with (
            aiohttp.ClientSession() as session,
            session.post(url, data=exchange.request_body, headers=exchange.request_headers) as response,
        ):
            return response.status, await response.read()

    async def until_dialog_says(self, person: Person, words: str) -> None:
        """Wait until these words stand in the dialog before somebody."""
        await self.slack.until(lambda: person.view is not None and words in person.view.shown)

    async def until_told(self, person: Person, words: str) -> None:
        """Wait until these words stand in the newest private message to somebody."""
        await self.slack.until(lambda: person.private_messages and words in person.private_messages[-1].shown)

    async def until_called(self, method: str, times: int) -> None:
        """Wait until the application has called a method of Slack's so often in all."""
        await self.slack.until(lambda: len(self.slack.calls.of(method)) >= times)

    async def has_plan(self, plan: Plan | None, workspace: str = ACME) -> None:
        """Give a workspace that is known a plan."""
        await self.store.write(lambda tx: workspaces.set_plan(tx, workspace, plan))

    async def has_licence(self, person: Person, licence: Licence | None) -> None:
        """Give a member who has been here a licence."""
        row = await self.row(person)
        assert row is not None
        await self.store.write(lambda tx: members.set_licence(tx, row.id, licence))

    async def row(self, person: Person | Member) -> MemberRow | None:
        """What the database knows of a member; nothing before the first contact."""
        member = person.member if isinstance(person, Person) else person
        key = member.workspace.enterprise_id or member.workspace.id
        return await self.store.read(lambda tx: members.find(tx, key, member.id))

    async def pmi(self, person: Person | Member) -> str:
        """The live PMI of a member who has been here."""
        row = await self.row(person)
        assert row is not None
        return row.pmi

    async def link(self, person: Person | Member) -> str | None:
        """The live personal link of a member who has been here."""
        row = await self.row(person)
        assert row is not None
        return row.link

    async def log(self, person: Person | Member) -> tuple[ChangeRow, ...]:
        """What was changed of a member, the oldest first; nothing before the first contact."""
        row = await self.row(person)

        def look(tx: Transaction) -> tuple[ChangeRow, ...]:
            return () if row is None else changes.of_member(tx, row.id)[::-1]

        return await self.store.read(look)

    async def actions(self, person: Person | Member) -> list[str]:
        """The codes of what was changed of a member, the oldest first."""
        return [change.action for change in await self.log(person)]

    def add(
        self,
        user_id: str,
        name: str,
        *,
        workspace: Workspace | None = None,
        is_bot: bool = False,
        deleted: bool = False,
        outside: bool = False,
        team_id: str = "",
    ) -> Person:
        """One more person, in this workspace or another one."""
        home = workspace or self.acme
        member = home.add_member(
            user_id, real_name=name, is_bot=is_bot, deleted=deleted, outside=outside, team_id=team_id
        )
        channel = next((one for one in home.channels.values() if not one.is_im), None)
        return self.slack.person(member, channel or home.add_channel(f"C0{home.id}", "general"))

    async def are_known(self, *people: Person) -> Sequence[str]:
        """Have people come for the first time; returns their PMIs."""
        for person in people:
            # A server that has only just begun may be too slow for the first: whoever is told so asks again.
            for _ in range(3):
                await person.types("/pmi")
                if await self.row(person) is not None:
                    break
        return [await self.pmi(person) for person in people]


def add_acme(slack: StandIn) -> tuple[Workspace, Channel, dict[str, Person]]:
    """The workspace that most tests play in."""
    acme = slack.add_workspace(ACME, name="Acme", domain="acme")
    everybody = {
        "anna": acme.add_member("U0ANNA", real_name="Anna Larsson", display_name="anna", role="admin"),
        "ben": acme.add_member("U0BEN", real_name="Ben Okafor", display_name="ben"),
        "carla": acme.add_member("U0CARLA", real_name="Carla Díaz", display_name="carla"),
        "guest": acme.add_member("U0GUEST", real_name="Gus Tremblay", display_name="gus", role="guest"),
    }
    general = acme.add_channel("C0GENERAL", "general", members=list(everybody.values()))
    return acme, general, {name: slack.person(member, general) for name, member in everybody.items()}


@asynccontextmanager
async def make_stage(database_url: str, chances: Chances | None = None, **changed: str) -> AsyncIterator[Stage]:
    """A stage on a migrated database, not started yet; `changed` are other settings.

    Whatever is logged on it is heard at DEBUG, and holds no secret when all is over.
    """
    chances = chances or Chances(sleep=at_once)
    slack = StandIn(SIGNING_SECRET, chances.clock, manifest=manifest(slash_commands(), BASE))
    acme, general, people = add_acme(slack)
    async with AsyncExitStack() as stack:
        api_url = await stack.enter_async_context(slack.serve())
        store = await open_store(database_url)
        stack.push_async_callback(store.close)
        environ = {
            "SLACK_SIGNING_SECRET": SIGNING_SECRET,
            "SLACK_BOT_TOKEN": acme.bot_token,
            "SLACK_API_URL": api_url,
            "DATABASE_URL": database_url,
            "PUBLIC_URL": BASE,
            "SECRET_KEY": SECRET_KEY,
            "DEFAULT_PLAN": "business",
            "DEFAULT_LICENCE": "licensed",
        }
        settings = load_settings(environ | changed, env_file=None)
        heard = stack.enter_context(everything_logged(settings.secrets()))
        anna, ben, carla, guest = (people[name] for name in ("anna", "ben", "carla", "guest"))
        stage = Stage(slack, settings, store, acme, general, anna, ben, carla, guest, chances, heard)
        stack.push_async_callback(stage.stop)
        yield stage
    leaked = told(heard.getvalue(), stage.secrets())
    assert not leaked, leaked
