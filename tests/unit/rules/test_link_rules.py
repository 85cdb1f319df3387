"""The rules for a personal link, by their table: what each refuses, with which characters, and what passes."""

import pytest

from bot.rules import Code, CommonNames, PersonalLink, Refusal, link_key, load_common_names, parse_link

NAMES = load_common_names()


def refused(text: str) -> Refusal:
    parsed = parse_link(text, NAMES)
    assert isinstance(parsed, Refusal), f"{text} was accepted"
    return parsed


@pytest.mark.parametrize(
    ("text", "code", "spans"),
    [
        ("", Code.LINK_TOO_SHORT, ()),
        ("harb", Code.LINK_TOO_SHORT, ()),
        ("j" * 41, Code.LINK_TOO_LONG, ()),
        ("4harb", Code.LINK_FIRST_CHARACTER, ((0, 1),)),
        (".harb.", Code.LINK_FIRST_CHARACTER, ((0, 1),)),
        ("jane-doe_k", Code.LINK_CHARACTERS, ((4, 5), (8, 9))),
        ("ja\u200b\u200bne.doe", Code.LINK_CHARACTERS, ((2, 4),)),
        ("Jennifer", Code.LINK_COMMON_NAME, ((0, 8),)),
        ("s.u.p.p.o.r.t.", Code.LINK_COMMON_NAME, ((0, 14),)),
    ],
)
def test_a_link_that_breaks_one_rule_is_refused_for_that_rule_alone(
    text: str, code: Code, spans: tuple[tuple[int, int], ...]
) -> None:
    (violation,) = refused(text).violations

    assert (code, text, spans) == (violation.code, violation.text, violation.spans)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("4-", "too_short first_character characters"),
        ("-" * 41, "too_long first_character characters"),
        (".jane", "first_character common_name"),
        ("zoom", "too_short common_name"),
        ("..", "too_short first_character"),
    ],
)
def test_a_refusal_lists_every_broken_rule_in_order(text: str, codes: str) -> None:
    assert [f"link.{code}" for code in codes.split()] == list(refused(text).codes)


@pytest.mark.parametrize(
    ("text", "spelling", "key"),
    [
        ("Blue.Harbour", "Blue.Harbour", "blue.harbour"),
        ("abcd.", "abcd.", "abcd"),
        ("j" * 40, "j" * 40, "j" * 40),
        ("jane..doe...", "jane..doe...", "jane..doe"),
        ("jennifer.smith", "jennifer.smith", "jennifer.smith"),
    ],
)
def test_a_link_keeps_its_spelling_and_is_found_by_its_key(text: str, spelling: str, key: str) -> None:
    assert PersonalLink(spelling, key) == parse_link(text, NAMES)


@pytest.mark.parametrize("letter", ["\u0130", "\u0131", "\u017f", "\u212a"])
def test_a_letter_that_unicode_folds_into_ascii_is_refused_and_not_folded(letter: str) -> None:
    assert (Code.LINK_CHARACTERS,) == refused(f"blue.{letter}harbour").codes
    assert f"blue.{letter}" == link_key(f"BLUE.{letter}.")


def test_five_thousand_characters_are_refused_and_shown_in_part() -> None:
    refusal = refused("ab" * 2500 + "-")

    assert (Code.LINK_TOO_LONG, Code.LINK_CHARACTERS) == refusal.codes
    assert "ab" * 50 == refusal.wish == refusal.violations[1].text
    assert () == refusal.violations[1].spans


def test_a_place_that_reaches_beyond_what_is_shown_ends_there() -> None:
    assert ((99, 100),) == refused("a" * 99 + "---").violations[1].spans


def test_words_are_those_that_are_given() -> None:
    assert isinstance(parse_link("jennifer", CommonNames(frozenset())), PersonalLink)
    assert isinstance(parse_link("Har.Bour", CommonNames(frozenset({"harbour"}))), Refusal)
