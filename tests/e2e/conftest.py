"""The stage of end-to-end tests: the real application behind the stand-in for Slack, on each database."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace

import pytest
from aiohttp import web

from bot.app import Chances, build, slash_commands
from bot.manifest import manifest
from bot.playground import Person, StandIn
from bot.playground.state import Channel, Workspace
from bot.rules import Licence, Plan
from bot.settings import Settings, load_settings
from storage import members, workspaces
from storage.transactions import Store, open_store

SIGNING_SECRET = "0123456789abcdef0123456789abcdef"
SECRET_KEY = "a secret key of the tests that is long enough"
BASE = "https://rooms.example.com"


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
    chances: Chances = field(default_factory=Chances)
    runners: list[web.AppRunner] = field(default_factory=list)

    async def start(self, settings: Settings | None = None, chances: Chances | None = None) -> str:
        """Start the application, or one more process of it, and have Slack's requests sent there."""
        application = build(settings or self.settings, chances or self.chances)
        runner = web.AppRunner(application, access_log=None, shutdown_timeout=2.0)
        await runner.setup()
        self.runners.append(runner)
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        self.slack.deliver_to(f"{url}/slack/events")
        return url

    async def stop(self) -> None:
        """Stop every process, as SIGTERM does."""
        while self.runners:
            await self.runners.pop().cleanup()

    async def restart(self) -> None:
        """Stop, and start on the same database."""
        await self.stop()
        await self.start()

    async def has_plan(self, plan: Plan | None, workspace: str = "T0ACME") -> None:
        """Give the workspace a plan."""
        await self.store.write(lambda tx: workspaces.set_plan(tx, workspace, plan))

    async def has_licence(self, person: Person, licence: Licence | None) -> None:
        """Give a member who has been here a licence."""

        def work(tx: members.Transaction) -> None:
            row = members.find(tx, person.workspace.enterprise_id or person.workspace.id, person.member.id)
            assert row is not None
            members.set_licence(tx, row.id, licence)

        await self.store.write(work)


def add_acme(slack: StandIn) -> tuple[Workspace, Channel, dict[str, Person]]:
    """The workspace that most tests play in."""
    acme = slack.add_workspace("T0ACME", name="Acme", domain="acme")
    members_ = {
        "anna": acme.add_member("U0ANNA", real_name="Anna Larsson", display_name="anna", role="admin"),
        "ben": acme.add_member("U0BEN", real_name="Ben Okafor", display_name="ben"),
        "carla": acme.add_member("U0CARLA", real_name="Carla Díaz", display_name="carla"),
        "guest": acme.add_member("U0GUEST", real_name="Gus Tremblay", display_name="gus", role="guest"),
    }
    general = acme.add_channel("C0GENERAL", "general", members=list(members_.values()))
    return acme, general, {name: slack.person(member, general) for name, member in members_.items()}


@asynccontextmanager
async def make_stage(database_url: str, **changes: str) -> AsyncIterator[Stage]:
    """A stage on a migrated database; `changes` are other settings."""
    slack = StandIn(SIGNING_SECRET, manifest=manifest(slash_commands(), BASE))
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
        settings = load_settings(environ | changes, env_file=None)
        anna, ben, carla, guest = (people[name] for name in ("anna", "ben", "carla", "guest"))
        stage = Stage(slack, settings, store, acme, general, anna, ben, carla, guest)
        stack.push_async_callback(stage.stop)
        yield stage


@pytest.fixture
async def stage(database_url: str) -> AsyncIterator[Stage]:
    """A running application on a fresh database of each kind: Business plan, everybody licensed by default."""
    async with make_stage(database_url) as made:
        await made.start()
        yield made


Chance = Callable[[int], int]


def with_chance(chances: Chances, below: Chance) -> Chances:
    """The same chances with a draw of one's own."""
    return replace(chances, below=below)
