"""What a dialog, a button or a command carries may point anywhere: who acts is who Slack signed, for their own room."""

import copy
import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from storage.tables import change_log, meeting_numbers, members, personal_links, workspaces
from storage.transactions import Transaction
from tests.e2e.reading import asks, dialog
from tests.e2e.stage import Stage
from tests.e2e.test_tenancy import another_workspace
from tests.e2e.wire import Wire, as_form, as_payload, wire_to
from tests.lengths import short_or_long
from tests.unit.guard.payloads import places

Way = tuple[Any, ...]
COMMANDS_IDENTITY: tuple[Way, ...] = (("user_id",), ("team_id",), ("enterprise_id",), ("command",))
INTERACTIONS_IDENTITY: tuple[Way, ...] = (
    *((name,) for name in ("type", "user", "team", "enterprise")),
    *(("user", name) for name in ("id", "team_id")),
    *(("team", name) for name in ("id", "enterprise_id")),
)
"""Where Slack says who acts, and what this is. All else is mutated."""
CARRIERS: tuple[Way, ...] = (
    *(("view", name) for name in ("private_metadata", "team_id", "app_installed_team_id", "id", "external_id")),
    *(("actions", 0, name) for name in ("value", "block_id")),
    *(("message", "user"), ("channel", "id"), ("container", "view_id"), ("text",), ("response_url",)),
)
"""Where payloads carry what is not about who acts: these are mutated as often as all other places together."""
BEGINNINGS = {
    "private_metadata": ("{", "["),
    "team_id": ("T",),
    "app_installed_team_id": ("T",),
    "user_id": ("U",),
}
"""How a target begins that fits into a place; into all others, anything does."""
ADDED = ("actor", "user_id", "team_id", "enterprise_id", "owner", "member_id", "target", "id", "user", "team", "value")
MUTATIONS = short_or_long(120, 1000)


@dataclass
class Scene:
    """Anna sends; Ben is a colleague, Dora a stranger. `targets` are everything that points at the two."""

    wire: Wire
    anna: str
    requests: Sequence[dict[str, Any]]
    targets: Sequence[Any]
    others: list[Any]

    async def rows_of_others(self) -> list[Any]:
        """Every row in the database that is not Anna's."""

        def look(tx: Transaction) -> list[Any]:
            found: list[Any] = list(tx.execute(sa.select(workspaces.c.key).order_by(workspaces.c.key)))
            for table, owner in (
                (members, members.c.id),
                (meeting_numbers, meeting_numbers.c.holder_id),
                (personal_links, personal_links.c.holder_id),
                (change_log, change_log.c.member_id),
            ):
                found += tx.execute(sa.select(table).where(owner != self.anna).order_by(*table.primary_key))
            return found

        return await self.wire.stage.store.read(look)


@pytest.fixture
async def scene(stage: Stage) -> AsyncIterator[Scene]:
    _, dora = another_workspace(stage)
    for person, number, link in ((stage.ben, "314 159 2653", "blue.harbour"), (dora, "617 555 0142", "green.field")):
        await asks(person, f"/pmi set {number}")
        await asks(person, f"/personal-link set {link}")
    await stage.are_known(stage.anna)
    await stage.ben.types("/pmi edit")
    rows = [await stage.row(person) for person in (stage.anna, stage.ben, dora)]
    anna, ben, doras = (row.id for row in rows if row is not None)
    pointing = ["U0BEN", "U0DORA", "T0GLOBEX", ben, doras, "3141592653", "617 555 0142", "blue.harbour", "Green.Field."]
    pointing += ["<@U0BEN>", "set 314 159 2653", "remove", dialog(stage.ben).id]
    told = {
        "user": "U0BEN",
        "user_id": "U0BEN",
        "id": ben,
        "member_id": ben,
        "team": "T0GLOBEX",
        "number": "3141592653",
    }
    async with wire_to(stage) as wire:
        scene = Scene(
            wire,
            anna,
            requests_of_anna(wire),
            [*pointing, told, {"id": "U0DORA", "team_id": "T0GLOBEX"}, json.dumps(told), json.dumps([told])],
            [],
        )
        scene.others = await scene.rows_of_others()
        yield scene


def requests_of_anna(wire: Wire) -> list[dict[str, Any]]:
    """One of each kind of request that changes something or shows a room, in dialogs, on messages, by commands."""
    anna = wire.stage.anna
    found: list[dict[str, Any]] = [
        wire.command(anna, command, text)
        for command, text in (
            ("/pmi", "set 582 904 7316"),
            ("/pmi", "<@U0BEN>"),
            ("/personal-link", "set red.harbour"),
            ("/personal-link", "remove"),
        )
    ]
    for kind, value in (("pmi", "582 904 7316"), ("link", "red.harbour")):
        typed = {"type": "plain_text_input", "value": value}
        values = {kind: {f"typed_{kind}": typed}, "instant": {"instant": {"selected_options": [{"value": "yes"}]}}}
        saved = wire.submission(anna, f"{kind}_modal", values, private_metadata=json.dumps({"number": "1"}))
        found += [saved] * 6
        for action_id in (f"claim_{kind}:0", f"typed_{kind}", f"edit_{kind}", f"history_{kind}", f"suggest_{kind}"):
            action = {"action_id": action_id, "block_id": "verdict", "type": "button", "value": value, "action_ts": "1"}
            pressed = {**saved, "type": "block_actions", "actions": [action], "container": {"type": "view"}}
            on_message = {**pressed, "message": {"user": "U0BOT", "ts": "1.1"}, "channel": {"id": "C0GENERAL"}}
            del on_message["view"]
            found += [pressed, on_message]
    return found


def mutated(draw: st.DrawFn, scene: Scene) -> tuple[dict[str, Any], list[Way]]:
    """One of Anna's requests with up to four of its parts, signed identity apart, pointing at somebody else."""
    fresh = f"{draw(st.integers(2000, 9999))}"
    template = json.dumps(draw(st.sampled_from(scene.requests)))
    body: dict[str, Any] = json.loads(template.replace("7316", fresh).replace("red.harbour", f"red.harbour.{fresh}"))
    command = "command" in body
    identity = COMMANDS_IDENTITY if command else INTERACTIONS_IDENTITY
    targets = [each for each in scene.targets if isinstance(each, str)] if command else scene.targets
    changed: list[Way] = []
    for _ in range(draw(st.integers(1, 4))):
        here = [way for way in places(body) if way and way not in identity]
        new = [(*way, name) for way in ((), *here) if isinstance(part(body, way), dict) for name in ADDED]
        new = [way for way in new if way not in here and way not in identity]
        carried = [way for way in CARRIERS if way[:-1] in {(), *here} and (way in here or len(way) > 1)]
        *way, last = draw(st.sampled_from(draw(st.sampled_from((carried, carried, here, new)))))
        inside = part(body, tuple(way))
        # A value of another type would be stopped at the door, and show nothing here.
        kind = type(inside[last]) if isinstance(inside, list) or last in inside else object
        fitting = [each for each in targets if isinstance(each, kind)]
        if last in BEGINNINGS:
            fitting = [each for each in fitting if str(each).startswith(BEGINNINGS[last])]
        if fitting:
            inside[last] = copy.deepcopy(draw(st.sampled_from(fitting)))
            changed.append((*way, last))
    # Each is a request of its own, not a repeat of the one before.
    body["trigger_id"] = scene.wire.trigger()
    return body, changed


def part(body: Any, way: Way) -> Any:
    for step in way:
        body = body[step]
    return body


@pytest.mark.row("R36")
@settings(max_examples=MUTATIONS, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
async def test_no_mutation_of_what_is_carried_touches_anybody_elses_room(scene: Scene, data: st.DataObject) -> None:
    """Seen red: with the actor of a dialog read from metadata that names a user, Ben's number was changed; with
    the author of a message taken for the one who presses the button on it, Ben's too.
    """
    body, changed = data.draw(st.composite(mutated)(scene))

    answer = await scene.wire.sends(as_form(body) if "command" in body else as_payload(body))
    event(f"{body.get('command') or body.get('type')}: {answer.status}")

    assert answer.status in {200, 400}, changed
    assert scene.others == await scene.rows_of_others(), changed


@pytest.mark.row("R36")
async def test_a_private_message_goes_to_nobody_but_the_one_who_acts(scene: Scene) -> None:
    """Seen red: with the author of the message taken for the one who presses the button, Ben was written to."""
    stage = scene.wire.stage
    for body in scene.requests:
        if body.get("type") == "block_actions" and "view" not in body:
            pointing = {**body, "message": {"user": "U0BEN"}, "user_id": "U0BEN", "response_url": ""}
            pointing["trigger_id"] = scene.wire.trigger()
            assert 200 == (await scene.wire.sends(as_payload(pointing))).status
    await stage.stop()

    assert {"D00ANNA"} == {call.arguments["channel"] for call in stage.slack.calls.of("chat.postMessage")}
    assert scene.others == await scene.rows_of_others()
