"""Who lives in the playground, and what they have there when it begins."""

import secrets
from collections.abc import Sequence

from bot.chances import Chances
from bot.foundations import house_of
from bot.metrics import Metrics
from bot.playground import Channel, Member, StandIn, Workspace
from bot.playground.page import Seat
from bot.rules import Licence, Plan
from bot.services.people import Actor
from bot.services.rooms import Rooms
from bot.services.workspaces import Workspaces
from bot.settings import Settings
from storage.transactions import open_store

ACME, GLOBEX = "T0ACME", "T0GLOBEX"
PLANS = {ACME: Plan.BUSINESS, GLOBEX: Plan.PRO}
LICENSED = ((ACME, "U0ANNA"), (ACME, "U0BEN"), (GLOBEX, "U0ZOE"))
"""The others come with a Basic licence, the default."""


def settle(slack: StandIn) -> list[tuple[Seat, Channel]]:
    """Let people, channels and a few messages be there; returns whom one can be, each with the channel to begin in."""
    acme = slack.add_workspace(ACME, name="Acme", domain="acme")
    globex = slack.add_workspace(GLOBEX, name="Globex", domain="globex")
    # One process of the app has one token, and two processes on one database would tell each other's notices with the
    # wrong one. So this token opens both workspaces, as that of an organisation's installation does. It is made up
    # anew, so that no other program on this machine knows it.
    acme.bot_token = globex.bot_token = f"xoxb-{secrets.token_hex(16)}"
    return [*_acme(slack, acme), *_globex(slack, globex)]


def _acme(slack: StandIn, acme: Workspace) -> list[tuple[Seat, Channel]]:
    anna = acme.add_member("U0ANNA", real_name="Anna Larsson", display_name="anna", role="admin")
    ben = acme.add_member("U0BEN", real_name="Ben Okafor", display_name="ben")
    carla = acme.add_member("U0CARLA", real_name="Carla Díaz", display_name="carla")
    gus = acme.add_member("U0GUS", real_name="Gus Tremblay", display_name="gus", role="guest")
    acme.add_member("U0HELPER", real_name="Helper", display_name="helper", is_bot=True)
    acme.add_member("U0LEFT", real_name="Lena Left", display_name="lena", deleted=True)
    olga = acme.add_member("U0OLGA", real_name="Olga Brandt", display_name="olga", outside=True)
    everybody = [anna, ben, carla, gus]
    general = acme.add_channel("C0GENERAL", "general", members=everybody, with_bot=True)
    random = acme.add_channel("C0RANDOM", "random", members=everybody)
    acme.add_channel("C0LEADS", "leads", members=[anna, ben], private=True)
    acme.add_channel("C0PARTNERS", "partners", members=[anna, ben, olga], shared=True)
    _say(
        slack,
        (general, anna, "Good morning! Everybody has a meeting room of their own now: type `/pmi` to see yours."),
        (general, ben, "Nice. <@U0ANNA>, shall we go through the launch plan at 11?"),
        (random, carla, "Who has a number that is easy to remember?"),
        (acme.channels["C0LEADS"], ben, "Numbers for the quarter are in."),
        (acme.channels["C0PARTNERS"], olga, "Hello from the other side of this shared channel."),
    )
    return [
        (Seat(anna, "Administrator · Business plan, licensed"), general),
        (Seat(ben, "Member · Business plan, licensed"), general),
        (Seat(carla, "Member · Business plan, Basic licence"), general),
        (Seat(gus, "Guest · Business plan, Basic licence"), general),
    ]


def _globex(slack: StandIn, globex: Workspace) -> list[tuple[Seat, Channel]]:
    zoe = globex.add_member("U0ZOE", real_name="Zoe Marchetti", display_name="zoe", role="owner")
    yan = globex.add_member("U0YAN", real_name="Yan Novak", display_name="yan")
    general = globex.add_channel("C0GLOBEX", "general", members=[zoe, yan], with_bot=True)
    _say(slack, (general, yan, "Is there a room for our call with Acme?"))
    return [(Seat(zoe, "Owner of another workspace · Pro plan, licensed"), general)]


def _say(slack: StandIn, *said: tuple[Channel, Member, str]) -> None:
    for channel, member, text in said:
        slack.world.post(channel, {"text": text}, user=member.id)


async def seed(settings: Settings) -> None:
    """Give the workspaces their plans, and some members a room and a licence."""
    store = await open_store(settings.database_url.get_secret_value())
    try:
        house = house_of(settings, store, Metrics(()), Chances())
        rooms, workspaces = Rooms(house), Workspaces(house)
        for workspace, plan in PLANS.items():
            await workspaces.set_plan(workspace, plan)
        for workspace, user in LICENSED:
            await rooms.own(Actor(workspace, user))
            await workspaces.set_licence(workspace, user, Licence.LICENSED)
    finally:
        await store.close()


def seats(settled: Sequence[tuple[Seat, Channel]]) -> list[Seat]:
    """Whom one can be on the page."""
    return [seat for seat, _ in settled]
