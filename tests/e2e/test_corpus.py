"""The corpus of bad and good input, through signed commands, dialogs and the door of the running application."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.playground.state import Role
from bot.rules import Refusal, load_common_names, parse_link, parse_pmi
from bot.texts import load_texts
from bot.views.refusals import plain_sentences, sentences
from tests.corpus import Line, lines
from tests.e2e.reading import mrkdwn_in
from tests.e2e.stage import Stage
from tests.e2e.test_injection import alive
from tests.e2e.wire import Wire, as_form, as_payload, wire_to

NAMES = load_common_names()
T = load_texts().for_locale(None)
FIELDS = {"pmi": ("/pmi", "617 555 0142", "6175550142"), "link": ("/personal-link", "red.harbour", "red.harbour")}


@pytest.fixture
async def wire(stage: Stage) -> AsyncIterator[Wire]:
    async with wire_to(stage) as wire:
        yield wire


def parsed(line: Line) -> Any:
    return parse_pmi(line.value) if line.field == "pmi" else parse_link(line.value, NAMES)


def stops_at_the_door(value: str) -> bool:
    return any(character == "\0" or "\ud800" <= character <= "\udfff" for character in value)


async def kept(wire: Wire, field: str) -> str | None:
    row = await wire.stage.row(wire.stage.anna)
    assert row is not None
    return row.pmi if field == "pmi" else row.link and row.link.lower().rstrip(".")


@pytest.mark.parametrize("field", FIELDS)
async def test_a_signed_command_accepts_and_refuses_every_line(wire: Wire, field: str) -> None:
    command, other, other_key = FIELDS[field]
    await wire.sends(as_form(wire.command(wire.stage.anna, command, f"set {other}")))
    before: str | None = other_key
    for line in lines(field):
        if line.accept == before:
            await wire.sends(as_form(wire.command(wire.stage.anna, command, f"set {other}")))
            before = other_key

        answer = await wire.sends(as_form(wire.command(wire.stage.anna, command, f"set {line.value}")))

        if stops_at_the_door(line.value):
            assert (400, b"") == (answer.status, answer.body), line
        elif line.accept is not None:
            assert "Saved" in answer.json["text"], line
            before = line.accept
        else:
            text = "\n".join(mrkdwn_in(answer.json))
            said = sentences(parsed(line).violations, T) if line.value else ["There was no "]
            assert all(sentence in text for sentence in said), (line, text)
            assert not list(alive(answer.json)), line
        assert before == await kept(wire, field), line


@pytest.mark.parametrize("field", FIELDS)
async def test_a_dialog_accepts_and_refuses_every_line(wire: Wire, field: str) -> None:
    command, other, other_key = FIELDS[field]
    await wire.sends(as_form(wire.command(wire.stage.anna, command, f"set {other}")))
    before: str | None = other_key
    for line in lines(field):
        if line.accept == before:
            await wire.sends(as_form(wire.command(wire.stage.anna, command, f"set {other}")))
            before = other_key
        values = {field: {f"typed_{field}": {"type": "plain_text_input", "value": line.value}}}

        answer = await wire.sends(as_payload(wire.submission(wire.stage.anna, f"{field}_modal", values)))

        if stops_at_the_door(line.value):
            assert (400, b"") == (answer.status, answer.body), line
        elif line.accept is not None:
            assert "update" == answer.json["response_action"], line
            assert "Saved" in str(answer.json["view"]), line
            before = line.accept
        else:
            judged = parsed(line)
            assert isinstance(judged, Refusal)
            text = answer.json["errors"][field]
            assert all(sentence in text for sentence in plain_sentences(judged.violations, T)), (line, text)
        assert before == await kept(wire, field), line


async def test_what_people_write_is_shown_as_they_wrote_it_and_does_nothing(wire: Wire) -> None:
    for line in lines("text"):
        answer = await wire.sends(as_form(wire.command(wire.stage.anna, "/pmi", f"@a {line.value}")))

        assert f"who @a {line.accept} is" in answer.json["blocks"][0]["text"]["text"], line
        assert not list(alive(answer.json)), line


async def test_people_of_every_kind_have_a_room_or_hear_why_not(wire: Wire) -> None:
    for line in lines("person"):
        chosen = {"real_name": "New Person", "role": Role.MEMBER, **line.value}
        member = wire.stage.acme.add_member(chosen.pop("id"), **chosen)
        person = wire.stage.slack.person(member, wire.stage.general)

        answer = await wire.sends(as_form(wire.command(person, "/pmi", "")))

        row = await wire.stage.row(member)
        if line.accept is not None:
            assert row is not None, line
            assert row.pmi in str(answer.json), line
        else:
            (code,) = line.refuse
            assert row is None, line
            assert T(code, user="X").partition("X")[2] in answer.json["text"], line
