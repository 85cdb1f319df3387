"""Everything that one person does in one workspace, done again by everybody from elsewhere: nobody sees or changes it.

Anna does all that there is to do. What Slack sent for her is then sent for somebody else, as if the ids that it carries
had come into their hands: in another workspace, in two teams of an organisation, and in a channel that is shared with
another organisation.
"""

import json
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa

from bot.ids import Shortcut
from bot.playground import Person
from bot.playground.blocks import placed
from bot.playground.delivery import Exchange, Kind
from bot.playground.log import Call, Direction
from storage import chain
from storage.metadata import Table
from storage.transactions import Transaction
from tests.e2e.guest_browsers import Browser as Guest
from tests.e2e.guest_browsers import browser as guest_browser
from tests.e2e.guest_browsers import comes, sets_room, told
from tests.e2e.installing import Installer, add_globex, installing
from tests.e2e.kept_rooms import passcode
from tests.e2e.meetings import running, starts_on_pmi
from tests.e2e.reading import FREE, asks, choices, chooses, digits
from tests.e2e.stage import Stage
from tests.e2e.test_install_at_emulate import until
from tests.e2e.test_scheduling import at, schedules

TOPIC, PLANNED = "Quiet quarterly", "Merger with Initech"
NOT_OF_ONE = ("seen_request", "posting_lane", "attempt", "oauth_state")
"""Tables with no rows of Anna's that would tell."""
OWN = {"D00ANNA", "D00BEN", "C0GENERAL", "U0ANNA", "U0BEN"}
"""Where Acme's own messages and Homes go on being shown meanwhile."""


async def elsewhere(browser: Installer) -> list[Person]:
    """Whoever may not see or change anything of Acme's."""
    stage = browser.stage
    people = [add_globex(stage)]
    for team in ("T0NORTH", "T0SOUTH"):
        home = stage.slack.add_workspace(
            team, name=team, domain=team.lower(), enterprise_id="E0GRID", enterprise_name="Grid"
        )
        people.append(stage.add("W0ELLA", "Ella Grant", workspace=home, team_id="T0NORTH"))
    assert 200 == (await browser.installs(people[0])).status
    assert 200 == (await browser.installs(people[1], everywhere=True)).status
    return [*people, stage.add("U0AWAY", "Stranger", outside=True)]


async def everything(stage: Stage, guest: Guest) -> list[Exchange]:
    """Anna does all that a member can do, and Ben answers; what they are only about to do when all this runs."""
    anna = stage.anna
    for line in (
        "/pmi",
        "/pmi set 617 555 0142",
        f"/pmi set {FREE}",
        "/pmi history",
        f"/pmi check {FREE}",
        "/pmi @ben",
        "/personal-link set quiet.harbour",
        "/personal-link set quieter.harbour",
        "/personal-link history",
        "/personal-link suggest quiet",
        "/room",
    ):
        await asks(anna, line)
    await chooses(anna, "quiet.harbour", on=anna.private_messages[-3])
    await asks(anna, "/pmi suggest 22")
    await chooses(anna, choices(anna.private_messages[-1])[0])
    await asks(anna, f"/pmi set {FREE}")
    await sets_room(stage, "everybody")
    await anna.types("/room settings")
    await anna.fills("topic", TOPIC)
    await anna.submits()
    await anna.closes(everything=True)
    for line in ("/pmi edit", "/personal-link edit"):
        await anna.types(line)
        await anna.submits()
        await anna.closes(everything=True)
    await anna.opens_home()
    for topic in ("Given up", PLANNED):
        await schedules(stage, anna, topic=topic, users=[stage.ben], channel=stage.general.id, starts=at(2))
        await anna.closes(everything=True)
    for act in ("edit", "cancel"):
        await asks(anna, "/room meetings")
        listed = anna.private_messages[-1]
        menus = [one.element for one in placed(listed.blocks) if one.element["type"] == "overflow"]
        option = next(each for each in menus[0]["options"] if each["value"].startswith(f"{act} "))
        await anna.presses(value=option["value"], on=listed)
        await anna.submits()
        await anna.closes(everything=True)
    invitation = await told(stage, stage.ben, "invites you")
    await stage.ben.presses("Accept", on=invitation)
    await anna.types("/room share")
    running_card = await starts_on_pmi(stage, anna)
    await comes(stage, guest)
    waiting = await told(stage, anna, "is waiting to come in")
    for shortcut in (Shortcut.START, Shortcut.SCHEDULE):
        await anna.uses_shortcut(shortcut)
        await anna.closes(everything=True)
    await anna.types("/room admin")
    await anna.closes(everything=True)
    return [
        await stage.unsent(partial(anna.presses, label, on=place))
        for label, place in (("End", running_card), ("Admit", waiting), ("Deny", waiting))
    ]


def of_acme(table: sa.Table) -> sa.ColumnElement[bool]:
    """Which rows are Acme's: by the workspace, by whose number or link it is, or by what the row hangs on."""
    if "workspace" in table.c:
        return table.c.workspace == "T0ACME"
    if table.name == "workspace":
        return table.c.key == "T0ACME"
    if "holder_id" in table.c:
        holders = (Table.metadata.tables[name] for name in ("member", "meeting"))
        return sa.or_(*(table.c.holder_id.in_(sa.select(each.c.id).where(of_acme(each))) for each in holders))
    (key,) = table.foreign_keys
    return key.parent.in_(sa.select(key.column).where(of_acme(key.column.table)))


def looked_at(table: sa.Table) -> list[sa.Column[Any]]:
    """All columns; of a message that is being posted meanwhile, what it is and how often it was to change."""
    names = ("id", "subject", "detail", "lane", "wanted") if table.name == "posting" else table.c.keys()
    return [table.c[name] for name in names]


async def rows(stage: Stage) -> dict[str, list[str]]:
    """Every row of Acme's."""

    def look(tx: Transaction) -> dict[str, list[str]]:
        tables = (each for each in Table.metadata.sorted_tables if each.name not in NOT_OF_ONE)
        return {
            each.name: sorted(map(repr, tx.execute(sa.select(*looked_at(each)).where(of_acme(each)))))
            for each in tables
        }

    return await stage.store.read(look)


async def has_its_links(stage: Stage) -> bool:
    """Whether every change has its link, so that none is made while others act."""
    return not await stage.store.read(chain.is_anything_unsealed)


def as_if_by(stage: Stage, person: Person, exchange: Exchange, typed: Sequence[str]) -> dict[str, Any]:
    """What Slack would send for somebody else who did the same, and typed something else."""
    text = json.dumps(dict(exchange.payload))
    for words in typed:
        text = text.replace(words, "x" * 10)
    payload: dict[str, Any] = json.loads(text)
    world, member = stage.slack.world, person.member
    trigger = world.new_trigger(member).id
    enterprise = member.workspace.enterprise_id
    if exchange.kind is Kind.COMMAND:
        payload |= {"user_id": member.id, "user_name": member.username, "team_id": member.workspace.id}
        payload |= {"team_domain": member.workspace.domain, "trigger_id": trigger, "channel_id": person.channel.id}
        payload |= {"enterprise_id": enterprise} if enterprise else {}
        payload["response_url"] = world.new_response_url(member, person.channel, kind="commands")
        return payload
    payload["user"] = {"id": member.id, "username": member.username, "name": member.username, "team_id": member.team_id}
    payload["team"] = {"id": member.workspace.id, "domain": member.workspace.domain}
    payload["enterprise"] = {"id": enterprise, "name": enterprise} if enterprise else None
    payload["trigger_id"] = trigger
    if "response_url" in payload:
        payload["response_url"] = world.new_response_url(member, person.channel)
    return payload


def acts_of(stage: Stage, person: Person) -> list[Exchange]:
    """All that Slack has sent for somebody, but for events."""
    calls = [call for call in stage.slack.calls if call.direction is Direction.TO_APP]
    sent = [found for call in calls if (found := stage.slack.sent(call.id)) is not None]
    return [each for each in sent if each.kind is not Kind.EVENT and person.member.id == _who(each.payload)]


def _who(payload: Mapping[str, Any]) -> str:
    return str(payload["user_id"] if "user_id" in payload else payload["user"]["id"])


def told_by(call: Call) -> Any:
    """What somebody from elsewhere is told by a request to the app or from it."""
    if call.direction is Direction.TO_APP:
        return call.answer
    own = {call.arguments.get(name) for name in ("channel", "user_id")} & OWN
    return None if own else call.arguments


@pytest.mark.row("R38")
async def test_whatever_one_does_nobody_from_elsewhere_sees_or_changes_it_by_the_same(database_url: str) -> None:
    """Seen red: with meetings found by their id in any workspace, Anna's was changed from Globex."""
    async with installing(database_url) as (browser,):
        stage = browser.stage
        assert 200 == (await browser.installs(stage.anna)).status
        others = await elsewhere(browser)
        async with guest_browser(stage) as guest:
            coming = await everything(stage, guest)
        acts = acts_of(stage, stage.anna) + acts_of(stage, stage.ben) + coming
        for other in others[:3]:
            await asks(other, "/pmi")
        await stage.restart()
        await until(partial(has_its_links, stage))
        before = await rows(stage)
        secret = await passcode(stage, stage.anna)
        (session,) = await running(stage, stage.anna)
        private = [
            TOPIC,
            PLANNED,
            str(secret),
            session.id,
            session.member_id,
            "Anna",
            "Larsson",
            "Acme",
        ]
        stage.slack.calls.clear()
        statuses = set()
        for other in others:
            for act in acts:
                body = as_if_by(stage, other, act, private[:3])
                send = stage.slack._delivery.command if act.kind is Kind.COMMAND else stage.slack._delivery.interaction
                statuses.add((await send(body)).status)
            await other.opens_home()
        await stage.restart()

        assert {200} == statuses
        assert before == await rows(stage)
        heard = [json.dumps(found, ensure_ascii=False) for call in stage.slack.calls if (found := told_by(call))]
        assert [] == [(words, text) for text in heard for words in private if words in text]
        assert digits(FREE) == await stage.pmi(stage.anna)
