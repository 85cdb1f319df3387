"""How numbers and violations are cut up for showing."""

import pytest

from bot.rules import Code, CommonNames, Refusal, Violation, group_digits, marked, parse_link, parse_pmi


@pytest.mark.parametrize(
    ("digits", "grouped"),
    [
        ("", ""),
        ("5", "5"),
        ("5829", "5829"),
        ("58290", "582 90"),
        ("582904", "582 904"),
        ("5829047", "582 9047"),
        ("58290473", "582 904 73"),
        ("582904731", "582 904 731"),
        ("5829047316", "582 904 7316"),
        ("31415926535", "314 1592 6535"),
        ("582904731612", "582 904 731 612"),
        ("5829047316123", "582 904 731 6123"),
    ],
)
def test_digits_are_grouped_for_reading(digits: str, grouped: str) -> None:
    assert grouped == group_digits(digits)


@pytest.mark.parametrize(
    ("text", "runs"),
    [
        ("5551112222", (("555 111 222", True), ("2", False))),
        ("8005550199", (("800", True), ("555 0199", False))),
        ("2223222422", (("222", True), ("3", False), ("222", True), ("4", False), ("22", True))),
        ("9123456000", (("9", False), ("123 456", True), ("000", False))),
        ("9999922222", (("999 99", True), ("222 22", True))),
        ("582904731", (("582 904 731", False),)),
        ("", ()),
    ],
)
def test_a_broken_rule_of_a_number_is_marked_in_groups(text: str, runs: tuple[tuple[str, bool], ...]) -> None:
    parsed = parse_pmi(text)

    assert isinstance(parsed, Refusal)
    assert runs == marked(parsed.violations[0])
    assert " " == parsed.violations[0].joiner


@pytest.mark.parametrize(
    ("text", "runs"),
    [
        ("jane-doe_k", (("jane", False), ("-", True), ("doe", False), ("_", True), ("k", False))),
        ("4harb", (("4", True), ("harb", False))),
        ("Support.", (("Support.", True),)),
        ("harb", (("harb", False),)),
    ],
)
def test_a_broken_rule_of_a_link_is_marked_as_it_is_spelled(text: str, runs: tuple[tuple[str, bool], ...]) -> None:
    parsed = parse_link(text, CommonNames(frozenset({"support"})))

    assert isinstance(parsed, Refusal)
    assert runs == marked(parsed.violations[0])
    assert "" == parsed.violations[0].joiner


def test_other_characters_in_a_number_are_marked_where_they_stand() -> None:
    parsed = parse_pmi("+5829047316")

    assert isinstance(parsed, Refusal)
    assert (("+", True), ("5829047316", False)) == marked(parsed.violations[0])
    assert "" == parsed.violations[0].joiner


def test_a_taken_number_is_shown_whole() -> None:
    assert (("582 904 7316", False),) == marked(Violation(Code.PMI_TAKEN, "5829047316"))
    assert () == marked(Violation(Code.PLAN_PMI))
