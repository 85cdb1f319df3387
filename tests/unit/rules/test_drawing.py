"""Numbers by chance: each passes every rule; suggestions contain or resemble what was asked for, and never repeat."""

from collections import Counter
from itertools import count, islice

import pytest

from bot.rules import draw_number, numbers_containing, numbers_near
from bot.rules.drawing import _passing, in_random_order
from tests.lengths import short_or_long
from tests.unit.rules.chance import below
from tests.unit.rules.plain_rules import pmi_codes


def near(wish: str, count: int, seed: int = 1) -> list[str]:
    return [number.digits for number in islice(numbers_near(wish, below(seed)), count)]


def containing(digits: str, count: int, seed: int = 1) -> list[str]:
    return [number.digits for number in islice(numbers_containing(digits, below(seed)), count)]


def distance(one: str, other: str) -> int:
    return sum(a != b for a, b in zip(one, other, strict=True))


@pytest.mark.parametrize("length", [10, 11])
def test_a_drawn_number_has_its_length_and_passes_every_rule(length: int) -> None:
    chance = below(1)
    drawn = [draw_number(chance, length).digits for _ in range(2000)]

    assert [] == [digits for digits in drawn if pmi_codes(digits)]
    assert {length} == {len(digits) for digits in drawn}


def test_a_number_is_drawn_with_ten_digits_unless_asked_otherwise() -> None:
    assert 10 == len(draw_number(below(1)).digits)


def test_every_passing_number_can_be_drawn() -> None:
    asked: list[int] = []

    def always_the_middle(n: int) -> int:
        asked.append(n)
        return {8: 3, 10**9: 829047316}[n]

    assert "5829047316" == draw_number(always_the_middle).digits
    assert [8, 10**9] == asked


def test_each_first_digit_is_drawn_as_often_as_its_share_of_passing_numbers() -> None:
    chance = below(2)
    first_digits = [draw_number(chance).digits[0] for _ in range(8000)]
    counts = {digit: first_digits.count(digit) for digit in "23456789"}
    # Of a first digit's hundred prefixes so many are toll-free: 2, 3, 4 and 7 lose one, 5 and 6 two, 9 one, 8 twelve.
    shares = {"2": 99, "3": 99, "4": 99, "5": 98, "6": 98, "7": 99, "8": 88, "9": 99}
    expected = {digit: 8000 * share / sum(shares.values()) for digit, share in shares.items()}

    assert 24.3 > sum((counts[digit] - expected[digit]) ** 2 / expected[digit] for digit in shares)


@pytest.mark.row("R04")
def test_numbers_are_drawn_as_if_from_a_hat_of_all_that_pass() -> None:
    """100,000 draws in the long form, none of which breaks a rule; counted by first and last digit they are spread as
    numbers that chance alone makes and the plain rules let pass (chi-square of two samples, p over 0.001).

    Seen red: with 2 + below(7) for the first digit the sum was 2,693; with no rule looked at after the draw, 558 of
    20,000 broke one.
    """
    wanted = short_or_long(20_000, 100_000)
    chance = below(4)
    drawn = [draw_number(chance).digits for _ in range(wanted)]
    at_random = (str(chance(8 * 10**9) + 2 * 10**9) for _ in count())
    passing = list(islice((digits for digits in at_random if not pmi_codes(digits)), wanted))
    cells = [Counter(digits[0] + digits[-1] for digits in numbers) for numbers in (drawn, passing)]
    everywhere = set().union(*cells)

    assert [] == [digits for digits in drawn if pmi_codes(digits)]
    assert 80 == len(everywhere)
    # With 79 degrees of freedom, 124.8 is exceeded once in a thousand times.
    assert 124.8 > sum(
        (cells[0][cell] - cells[1][cell]) ** 2 / (cells[0][cell] + cells[1][cell]) for cell in everywhere
    )


def test_a_draw_that_broke_a_rule_is_drawn_again() -> None:
    answers = iter([6, 5550199, 3, 829047316])

    assert "5829047316" == draw_number(lambda _: next(answers)).digits


def test_broken_chance_is_an_error_after_a_thousand_draws_and_not_an_endless_loop() -> None:
    asked: list[int] = []

    def always_0(n: int) -> int:
        asked.append(n)
        return 0

    with pytest.raises(RuntimeError, match="not chance"):
        draw_number(always_0)
    assert [8, 10**9] * 1000 == asked


@pytest.mark.parametrize("piece", ["", "7", "0704", "19870704", "00", "1234", "582904", " 07-04 "])
def test_a_piece_is_found_in_dozens_of_different_numbers(piece: str) -> None:
    found = containing(piece, 60)

    assert 60 == len(set(found))
    assert all(piece.strip().replace("-", "") in digits for digits in found)
    assert [] == [digits for digits in found if pmi_codes(digits)]
    assert {10} == {len(digits) for digits in found}


def test_a_short_piece_goes_on_for_as_long_as_asked() -> None:
    assert 5000 == len(set(containing("7", 5000)))


@pytest.mark.parametrize(
    "piece", ["00000", "123456", "222444777", "247247247", "582904731612", "7a7", "anna", "٧", "8" * 5000]
)
def test_a_piece_that_no_number_can_hold_ends_at_once(piece: str) -> None:
    assert [] == containing(piece, 1)


def test_a_search_ends_after_500_tries_in_a_row_that_find_nothing() -> None:
    asked: list[int] = []
    chance = below(1)

    def counted(n: int) -> int:
        asked.append(n)
        return chance(n)

    assert [] == list(numbers_containing("123456", counted))
    assert 2 * 500 == len(asked)  # once among ten digits, once among eleven


def test_what_is_found_begins_the_count_of_fruitless_tries_anew() -> None:
    tries = ["5829047316", *["0"] * 499, "2035134243", *["0"] * 500, "3141592653"]

    assert ["5829047316", "2035134243"] == [number.digits for number in _passing(iter(tries))]


def test_nine_digits_are_completed_in_every_way_that_passes() -> None:
    every = {f"582904731{digit}" for digit in range(10)} | {f"{digit}582904731" for digit in range(2, 10)}

    assert every == set(containing("582904731", len(every)))


def test_a_number_that_holds_the_piece_twice_is_found_once() -> None:
    found = containing("72727272", 400)

    assert "7272727272" in found
    assert len(set(found)) == len(found)


def test_where_ten_digits_are_used_up_eleven_hold_the_piece() -> None:
    (itself, *longer) = containing("5829047316", 999)

    assert "5829047316" == itself
    assert {f"5829047316{digit}" for digit in "012345789"} < set(longer)
    assert all("5829047316" in digits and 11 == len(digits) for digits in longer)
    assert [] == [digits for digits in longer if pmi_codes(digits)]


def test_eleven_digits_are_themselves() -> None:
    assert ["31415926535"] == containing("31415926535", 9)


def test_ten_digits_that_cannot_stand_alone_are_held_by_eleven() -> None:
    assert {f"{digit}1358024679" for digit in range(2, 10)} == set(containing("1358024679", 99))


@pytest.mark.parametrize("wish", ["5551112222", "8005550199", "5829047316", "31415926535", "99999222223"])
def test_numbers_near_a_wish_come_nearest_first_and_never_the_wish_itself(wish: str) -> None:
    found = near(wish, 200)
    distances = [distance(wish, digits) for digits in found]

    assert 200 == len(set(found))
    assert sorted(distances) == distances
    assert 2 == distances[-1]
    assert [] == [digits for digits in found if pmi_codes(digits)]


@pytest.mark.parametrize(("wish", "among"), [("5551112222", "5551182222"), ("5829047316", "5829047315")])
def test_every_number_one_digit_away_comes_first(wish: str, among: str) -> None:
    one_away = {wish[:at] + digit + wish[at + 1 :] for at in range(10) for digit in "0123456789"} - {wish}
    passing = {digits for digits in one_away if not pmi_codes(digits)}

    assert among in passing
    assert passing == set(near(wish, len(passing)))
    assert 2 == distance(wish, near(wish, len(passing) + 1)[-1])


@pytest.mark.parametrize("wish", ["2222222222", "22222222222", "00000000000", "1111111111", "8888888888", "1234561234"])
def test_the_worst_wish_has_numbers_near_it(wish: str) -> None:
    found = near(wish, 20)

    assert 20 == len(set(found))
    assert [] == [digits for digits in found if pmi_codes(digits)]
    assert {len(wish)} == {len(digits) for digits in found}


def test_what_is_too_long_begins_with_its_beginning() -> None:
    assert "58290473161" == near("582904731612345", 1)[0]
    assert 11 == len(near("5" * 5000, 1)[0])


def test_other_characters_are_passed_over() -> None:
    assert "5829047316" == near("582904l7316", 1)[0]
    assert "5829047316" not in near("582 904 7316", 100)
    assert all("582" in digits for digits in near("+582", 50))
    assert 5 == len(near("anna", 5))


def test_two_people_who_ask_at_once_rarely_get_the_same() -> None:
    first_five = [frozenset(near("5551112222", 5, seed)) for seed in range(100)]

    assert 100 == len(set(first_five))


def test_a_random_order_holds_every_number_once() -> None:
    assert list(range(50)) == sorted(in_random_order(50, below(1)))
    assert [] == list(in_random_order(0, below(1)))


def test_each_random_order_is_as_likely_as_the_others() -> None:
    orders = [tuple(in_random_order(3, below(seed))) for seed in range(1200)]
    counts = [orders.count(order) for order in set(orders)]

    assert 6 == len(counts)
    assert 20.5 > sum((count - 200) ** 2 / 200 for count in counts)
