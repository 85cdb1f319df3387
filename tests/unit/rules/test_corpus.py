"""The corpus of bad and good input: what it says of numbers and links holds for the rules."""

import json

import pytest

from bot.rules import PMI, PersonalLink, load_common_names, parse_link, parse_pmi
from tests.corpus import FOLDER, Line, lines

NAMES = load_common_names()


@pytest.mark.parametrize("line", lines("pmi", "link"), ids=str)
def test_the_rules_judge_the_corpus(line: Line) -> None:
    parsed = parse_pmi(line.value) if line.field == "pmi" else parse_link(line.value, NAMES)

    if isinstance(parsed, PMI):
        assert line.accept == parsed.digits
    elif isinstance(parsed, PersonalLink):
        assert line.accept == parsed.key
    else:
        assert line.refuse == parsed.codes


def test_every_line_is_whole_and_no_two_are_alike() -> None:
    rows = [row for path in FOLDER.glob("*.json") for row in json.loads(path.read_text(encoding="ascii"))]

    for row in rows:
        assert row.keys() <= {"category", "field", "value", "times", "absent", "accept", "refuse", "note"}, row
        assert ("accept" in row) != bool(row.get("refuse")), row
        assert ("value" in row) != ("absent" in row), row
    assert len(rows) == len(
        {json.dumps([row.get(name) for name in ("field", "value", "times", "absent")]) for row in rows}
    )


def test_every_category_has_what_is_refused_or_changed_and_what_must_be_accepted() -> None:
    features_to_come = {14, 15, 17}

    assert set(range(1, 21)) - features_to_come == {line.number for line in lines()}
    for number in (1, 2, 3, 4, 5, 6, 8, 9, 10, 18, 19, 20):
        assert {True, False} == {line.accept is None for line in lines() if line.number == number}, number
    for number in (7, 11, 12):
        assert {True, False} == {line.accept == line.value for line in lines("text", "page") if line.number == number}


def test_every_line_is_tried_by_a_test() -> None:
    tried = {"pmi", "link", "text", "page", "address", "headers", "person", "content type", "behind a form", "json"}
    tried |= {"text in a form", "timestamp", "seconds from now", "signature", "flipped byte", "header names"}

    assert tried == {line.field for line in lines() if ": " not in line.field}
