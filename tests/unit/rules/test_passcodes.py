"""Passcodes: what is drawn passes, what is refused is never repeated, what is soon guessed is known."""

import secrets
from collections import Counter
from itertools import count, pairwise
from string import ascii_letters

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules import Code, Passcode, Refusal, draw_passcode, is_soon_guessed, is_weak, parse_passcode
from bot.rules.passcodes import ALPHABET

PMI = "5829047316"
TEXT = st.text(st.characters(exclude_categories=()), max_size=40)
NEARLY = st.text("0123456789abcXYZ@-_* \u200b", min_size=5, max_size=11)


def plainly(text: str) -> str | None:
    """The rules once more, in the words of a page: the code of what is wrong; nothing where all is well."""
    if not 6 <= len(text) <= 10 or set(text) - set(ascii_letters + "0123456789@-_*"):
        return "room.passcode"
    steps = {ord(second) - ord(first) for first, second in pairwise(text)}
    straight = text.isdigit() and (steps in ({0}, {1}, {-1}))
    return "room.weak_passcode" if straight or text == PMI else None


@given(TEXT | NEARLY | st.text("0123456789", min_size=6, max_size=10))
def test_the_rules_say_what_they_say_in_other_words(text: str) -> None:
    parsed = parse_passcode(text, PMI)
    typed = text.strip(" \u200b")

    if isinstance(parsed, Passcode) or typed == text.strip():
        code = parsed.codes[0].value if isinstance(parsed, Refusal) else None
        assert plainly(parsed.text if isinstance(parsed, Passcode) else typed) == code


@given(TEXT | NEARLY)
def test_what_was_accepted_is_accepted_again_and_a_refusal_repeats_nothing(text: str) -> None:
    parsed = parse_passcode(text, PMI)

    if isinstance(parsed, Passcode):
        assert parsed == parse_passcode(parsed.text, PMI)
        assert parsed.text not in repr(parsed)
    else:
        assert ("", "", ()) == (parsed.wish, parsed.violations[0].text, parsed.violations[0].spans)


@given(st.integers(0, 9), st.integers(6, 10))
def test_every_straight_run_and_every_repeated_digit_is_weak(start: int, length: int) -> None:
    digits = "0123456789"

    assert is_weak(str(start) * length, PMI)
    for run in (digits[start : start + length], digits[::-1][start : start + length]):
        assert len(run) < 6 or is_weak(run, PMI)


@pytest.mark.row("R43")
def test_a_drawn_passcode_has_ten_of_31_characters_each_as_likely_as_the_others() -> None:
    """31 to the power of ten: 49.5 bits. Seen red: with an `l` more in the alphabet, 32 characters were drawn."""
    asked: list[int] = []

    def below(limit: int) -> int:
        asked.append(limit)
        return secrets.randbelow(limit)

    drawn = "".join(draw_passcode(below, PMI).text for _ in range(3100))

    assert {31} == set(asked)
    assert set(ALPHABET) == set(drawn)
    assert not set("01ilo") & set(ALPHABET)
    assert 31_000 == len(drawn)
    assert all(850 < times < 1150 for times in Counter(drawn).values())


def test_a_draw_that_is_refused_is_drawn_again() -> None:
    numbers = count()

    def twos_at_first(limit: int) -> int:
        return 0 if next(numbers) < 10 else 8 + next(numbers) % 20

    assert isinstance(draw_passcode(twos_at_first, PMI), Passcode)
    assert 10 < next(numbers) < 40


def test_a_draw_of_the_pmi_is_drawn_again() -> None:
    pmi = "2345672345"
    numbers = iter([ALPHABET.index(digit) for digit in pmi] + [9] * 10)

    assert ALPHABET[9] * 10 == draw_passcode(lambda _: next(numbers), pmi).text


def test_chance_that_gives_nothing_else_is_broken() -> None:
    draws = 0

    def always_the_same(_: int) -> int:
        nonlocal draws
        draws += 1
        return 3

    with pytest.raises(RuntimeError):
        draw_passcode(always_the_same, PMI)
    assert 1000 == draws


@pytest.mark.parametrize(
    ("passcode", "soon"), [("004217", True), ("0042179", False), ("00421a", False), ("aB3@-_*x9K", False)]
)
def test_six_digits_are_soon_guessed(passcode: str, *, soon: bool) -> None:
    assert soon is is_soon_guessed(passcode)


def test_a_passcode_is_weak_for_the_room_with_that_number_alone() -> None:
    refused = parse_passcode(PMI, PMI)

    assert isinstance(refused, Refusal)
    assert (Code.ROOM_WEAK_PASSCODE,) == refused.codes
    assert isinstance(parse_passcode(PMI, "2035134243"), Passcode)
