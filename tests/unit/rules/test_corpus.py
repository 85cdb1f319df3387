"""The corpus of bad and good input: what it says of numbers, links, passcodes, topics and names holds for the rules."""

import json

import pytest

from bot.rules import (
    PMI,
    GuestName,
    Passcode,
    PersonalLink,
    Refusal,
    Topic,
    load_common_names,
    parse_guest_name,
    parse_link,
    parse_passcode,
    parse_pmi,
    parse_topic,
)
from tests.corpus import FOLDER, Line, lines

NAMES = load_common_names()


MY_PMI = "5829047316"


def parsed(line: Line) -> PMI | PersonalLink | Passcode | Topic | GuestName | Refusal:
    match line.field:
        case "pmi":
            return parse_pmi(line.value)
        case "link":
            return parse_link(line.value, NAMES)
        case "passcode":
            return parse_passcode(line.value, MY_PMI)
        case "name":
            return parse_guest_name(line.value)
        case _:
            return parse_topic(line.value)


@pytest.mark.parametrize("line", lines("pmi", "link", "passcode", "topic", "name"), ids=str)
def test_the_rules_judge_the_corpus(line: Line) -> None:
    match parsed(line):
        case PMI(digits):
            assert line.accept == digits
        case PersonalLink(_, key):
            assert line.accept == key
        case Passcode(text) | Topic(text) | GuestName(text):
            assert line.accept == text
        case Refusal() as refusal:
            assert line.refuse == refusal.codes


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
    features_to_come = {15}

    assert set(range(1, 21)) - features_to_come == {line.number for line in lines()}
    for number in (1, 2, 3, 4, 5, 6, 8, 9, 10, 14, 17, 18, 19, 20):
        assert {True, False} == {line.accept is None for line in lines() if line.number == number}, number
    for number in (7, 11, 12):
        assert {True, False} == {line.accept == line.value for line in lines("text", "page") if line.number == number}


def test_every_line_is_tried_by_a_test() -> None:
    tried = {"pmi", "link", "text", "page", "address", "headers", "person", "content type", "behind a form", "json"}
    tried |= {
        "passcode",
        "topic",
        "ics_topic",
        "name",
        "text in a form",
        "timestamp",
        "seconds from now",
        "signature",
        "flipped byte",
        "header names",
    }

    assert tried == {line.field for line in lines() if ": " not in line.field}
