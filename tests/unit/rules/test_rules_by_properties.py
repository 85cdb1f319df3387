"""The rules against a second, plain implementation of them: by random numbers, and by any text at all."""

from collections import Counter
from collections.abc import Callable
from itertools import islice

from hypothesis import example, given
from hypothesis import strategies as st

from bot.rules import (
    PMI,
    Code,
    PersonalLink,
    Refusal,
    group_digits,
    links_from_name,
    links_from_wish,
    load_common_names,
    marked,
    numbers_containing,
    numbers_near,
    parse_link,
    parse_pmi,
    read_link,
    read_number,
)
from tests.unit.rules import plain_rules
from tests.unit.rules.chance import below

NAMES = load_common_names()
SOME_WORDS = sorted(NAMES.words)[::40]

ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=60)
LIKE_A_NUMBER = st.text("0123456789 -\u2013\u00a0", max_size=16) | st.text("27", min_size=8, max_size=12)
LIKE_A_LINK = st.text("aJz09.-\u212a", max_size=45) | st.sampled_from(SOME_WORDS).map(".".join)
SURROUNDED = st.builds(
    "{0}{1}{2}{3}".format,
    st.sampled_from(["", " ", "<", "\u201c", "\ufeff<", "<tel:", "tel:"]),
    st.sampled_from(["", "https://h/j/", "http://h:1/my/", "HTTP://h/my/", "https:///j/", "http://", "https://h/j"]),
    LIKE_A_NUMBER | LIKE_A_LINK | ANY_TEXT,
    st.sampled_from(["", "\n", ">", "|x>", "|h/j/1>", "?a=/b#c", "?a b", "#", "/", "/>", "//", "\u201d"]),
)
TYPED = ANY_TEXT | LIKE_A_NUMBER | LIKE_A_LINK | SURROUNDED


@given(TYPED)
@example("\ud800")
@example("\x00")
@example("<http://jane.do/|jane.do>")
@example("<|>")
@example("<")
def test_any_text_is_read_as_the_plain_rules_read_it(text: str) -> None:
    assert plain_rules.read_digits(text) == read_number(text)
    assert plain_rules.read(text, "/my/") == read_link(text)


@given(TYPED)
def test_any_text_is_judged_as_the_plain_rules_judge_it(text: str) -> None:
    number, link = parse_pmi(text), parse_link(text, NAMES)

    assert plain_rules.pmi_codes(read_number(text)) == list(codes(number))
    assert plain_rules.link_codes(read_link(text), NAMES.words) == list(codes(link))


@given(TYPED)
def test_a_refusal_says_where_the_rules_are_broken(text: str) -> None:
    for parsed in (parse_pmi(text), parse_link(text, NAMES)):
        if isinstance(parsed, Refusal):
            assert parsed.codes
            for violation in parsed.violations:
                ends = [end for span in violation.spans for end in span]

                assert sorted(ends) == ends
                assert all(0 <= start < end <= len(violation.text) for start, end in violation.spans)
                assert violation.text.startswith(parsed.wish)
                assert violation.text == "".join(piece for piece, _ in marked(violation)).replace(
                    violation.joiner or "\n\n", ""
                )


@given(TYPED)
def test_what_was_accepted_is_accepted_again_in_its_own_spelling(text: str) -> None:
    number, link = parse_pmi(text), parse_link(text, NAMES)

    if isinstance(number, PMI):
        assert number == parse_pmi(number.digits) == parse_pmi(group_digits(number.digits))
    if isinstance(link, PersonalLink):
        assert link == parse_link(link.spelling, NAMES)


@given(TYPED, st.integers())
def test_every_suggested_number_passes_every_rule(text: str, seed: int) -> None:
    near = list(islice(numbers_near(text, below(seed)), 5))

    assert [] == [number for number in near if plain_rules.pmi_codes(number.digits)]
    assert text not in [number.digits for number in near]
    for number in islice(numbers_containing(text, below(seed)), 5):
        assert [] == plain_rules.pmi_codes(number.digits)
        assert read_number(text) in number.digits


@given(TYPED, TYPED, st.integers())
def test_every_suggested_link_passes_every_rule(wish: str, name: str, seed: int) -> None:
    near = list(islice(links_from_wish(wish, name, NAMES, below(seed)), 30))
    own = list(islice(links_from_name(name, NAMES, below(seed)), 30))

    assert len(near) in (0, 30)
    assert 30 == len(own)
    assert [] == [link for link in near + own if plain_rules.link_codes(link.spelling, NAMES.words)]


def test_a_hundred_thousand_numbers_are_judged_as_the_plain_rules_judge_them() -> None:
    chance = below(20240601)
    hits: Counter[str] = Counter()
    for _ in range(100_000):
        digits = biased_number(chance)
        expected = plain_rules.pmi_codes(digits)
        hits.update(expected or ["passes"])

        assert expected == list(codes(parse_pmi(digits))), digits

    rules = [
        code
        for code in Code
        if code.startswith("pmi.") and code not in {Code.PMI_CHARACTERS, Code.PMI_PASSCODE, Code.PMI_TAKEN}
    ]

    assert [] == [code for code in (*rules, "passes") if hits[code] < 2000], hits


def test_about_97_in_100_numbers_that_start_with_2_to_9_pass() -> None:
    chance = below(3)
    for length in (10, 11):
        numbers = [str(2 * 10 ** (length - 1) + chance(8 * 10 ** (length - 1))) for _ in range(20_000)]
        passed = sum(isinstance(parse_pmi(digits), PMI) for digits in numbers)

        assert 0.969 < passed / len(numbers) < 0.977


def codes(parsed: PMI | PersonalLink | Refusal) -> tuple[Code, ...]:
    return parsed.codes if isinstance(parsed, Refusal) else ()


def biased_number(chance: Callable[[int], int]) -> str:
    """Mostly 10 or 11 digits, put together so that each rule is broken, or nearly broken, often."""

    def digit() -> str:
        return str(chance(10))

    def few(count: int) -> str:
        return "".join(digit() for _ in range(count))

    def mostly(count: int) -> str:
        usual = digit()
        return "".join(usual if chance(5) else digit() for _ in range(count))

    parts: list[Callable[[], str]] = [
        lambda: few(10),
        lambda: few(3) * 3,
        lambda: digit() * 3 + digit() * 3 + digit() * 3,
        lambda: mostly(10),
        lambda: digit() * (3 + chance(4)),
        lambda: "123456",
        lambda: "12345",
        lambda: str(plain_rules.TOLL_FREE[chance(21)]),
    ]
    number = few(chance(3)) + parts[chance(len(parts))]() + few(chance(3))
    if chance(2):
        number = str(2 + chance(8)) + number[1:]
    length = (10, 11, 10, 11, 10, 11, 9, 12)[chance(8)]
    return (number + few(12))[:length]
