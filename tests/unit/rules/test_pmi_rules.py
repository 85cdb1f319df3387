"""The rules for a PMI, by the tables of the rules: what each refuses, with which digits, and what passes."""

import pytest

from bot.rules import PMI, Code, Refusal, parse_pmi


def refused(text: str) -> Refusal:
    parsed = parse_pmi(text)
    assert isinstance(parsed, Refusal), f"{text} was accepted"
    return parsed


def accepted(text: str) -> PMI:
    parsed = parse_pmi(text)
    assert isinstance(parsed, PMI), f"{text} was refused: {parsed}"
    return parsed


ONLY = {
    Code.PMI_CHARACTERS: ["٥٥٥١١١٢٢٢٢", "5829047316a"],
    Code.PMI_LENGTH: ["234567890", "234567890123", ""],
    Code.PMI_FIRST_DIGIT: ["1358024679", "03580246791", "0358024679", "1829047316"],
    Code.PMI_PREFIX: ["8005550199", "80355501990"],
    Code.PMI_REPEATED_GROUP: ["2472472479", "9247247247", "24724724799", "92472472479", "99247247247", "2472472472"],
    Code.PMI_SAME_DIGIT_GROUPS: ["2224447778", "8222444777", "88222444777", "22244477788", "82224447778", "5551112222"],
    Code.PMI_SAME_DIGIT: ["2223222422", "7772777277", "77727772772"],
    Code.PMI_RUN: ["9999922222", "9222223456", "99999222223"],
    Code.PMI_SEQUENCE: ["9123456000", "91234560007"],
}


@pytest.mark.parametrize(("code", "text"), [(code, text) for code, texts in ONLY.items() for text in texts])
def test_a_number_that_breaks_one_rule_is_refused_for_that_rule_alone(code: Code, text: str) -> None:
    assert (code,) == refused(text).codes


@pytest.mark.parametrize(
    "text", ["5829047316", "2035134243", "3141592653", "6175550142", "31415926535", "61755501423", "8335550199"]
)
def test_an_ordinary_number_passes(text: str) -> None:
    assert text == accepted(text).digits


TOLL_FREE = [200, 300, 400, 500, 508, 600, 660, 700, 800, 803, 804, 807, 808, 809, 850, 855, 866, 877, 887, 888, 900]


@pytest.mark.parametrize("tail", ["5619427", "56194270"])
def test_exactly_the_toll_free_prefixes_are_refused(tail: str) -> None:
    refusals = [first for first in range(200, 1000) if isinstance(parse_pmi(f"{first}{tail}"), Refusal)]

    assert TOLL_FREE == refusals
    assert all(Code.PMI_PREFIX in refused(f"{first}{tail}").codes for first in TOLL_FREE)


@pytest.mark.parametrize(
    ("text", "code", "spans", "pieces"),
    [
        ("5551112222", Code.PMI_SAME_DIGIT_GROUPS, ((0, 9),), ("555111222",)),
        ("88222444777", Code.PMI_SAME_DIGIT_GROUPS, ((2, 11),), ("222444777",)),
        ("9247247247", Code.PMI_REPEATED_GROUP, ((1, 10),), ("247247247",)),
        ("1358024679", Code.PMI_FIRST_DIGIT, ((0, 1),), ("1",)),
        ("8005550199", Code.PMI_PREFIX, ((0, 3),), ("800",)),
        ("2223222422", Code.PMI_SAME_DIGIT, ((0, 3), (4, 7), (8, 10)), ("222", "222", "22")),
        ("9999922222", Code.PMI_RUN, ((0, 5), (5, 10)), ("99999", "22222")),
        ("9222222345", Code.PMI_RUN, ((1, 7),), ("222222",)),
        ("9123456000", Code.PMI_SEQUENCE, ((1, 7),), ("123456",)),
        ("582 9o4 73l6", Code.PMI_CHARACTERS, ((4, 5), (8, 9)), ("o", "l")),
        ("234567890", Code.PMI_LENGTH, (), ()),
    ],
)
def test_a_violation_marks_the_digits_that_break_the_rule(
    text: str, code: Code, spans: tuple[tuple[int, int], ...], pieces: tuple[str, ...]
) -> None:
    (violation,) = refused(text).violations

    assert (code, spans, pieces) == (violation.code, violation.spans, violation.pieces)
    assert text.replace(" ", "") == violation.text == refused(text).wish


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("0000000000", "first_digit repeated_group same_digit_groups same_digit run"),
        ("8888888888", "prefix repeated_group same_digit_groups same_digit run"),
        ("123456", "length first_digit sequence"),
        ("200", "length prefix"),
        ("20", "length"),
        ("1", "length first_digit"),
        ("500500500500", "length prefix repeated_group same_digit"),
        ("222444777", "length same_digit_groups"),
        ("80012345600", "prefix sequence"),
        ("300300300a", "characters"),
    ],
)
def test_a_refusal_lists_every_broken_rule_in_order(text: str, codes: str) -> None:
    assert [f"pmi.{code}" for code in codes.split()] == list(refused(text).codes)


@pytest.mark.parametrize(
    "text",
    [
        "+5829047316",
        "582_904_7316",
        "5.5e9",
        "5829047316.0",
        "5.8e9",
        "0x15B",
        "58290\x0047316",
        "(582) 904 7316",
        "５829047316",
        "582904731⁵",
        "⑤829047316",
        "582.904.7316",
        "582—904—7316",
        "582\t904\t7316",
        "582904\n7316",
        "\u202a5829047316\u202c",
    ],
)
def test_any_other_character_stands_alone(text: str) -> None:
    assert (Code.PMI_CHARACTERS,) == refused(text).codes


def test_five_thousand_digits_are_refused_at_once_and_shown_in_part() -> None:
    refusal = refused("5829047316" * 500)

    assert Code.PMI_LENGTH is refusal.codes[0]
    assert "5829047316" * 10 == refusal.wish
    assert all(end <= 100 for violation in refusal.violations for _, end in violation.spans)


def test_a_character_beyond_what_is_shown_still_refuses() -> None:
    refusal = refused("5" * 5000 + "x")

    assert [(Code.PMI_CHARACTERS, "5" * 100, ())] == [(v.code, v.text, v.spans) for v in refusal.violations]


@pytest.mark.parametrize(("text", "grouped"), [("5829047316", "582 904 7316"), ("31415926535", "314 1592 6535")])
def test_a_pmi_is_read_in_groups(text: str, grouped: str) -> None:
    assert accepted(text) == accepted(grouped)
