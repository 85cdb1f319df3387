"""How many wrong tries are listened to, and how soon."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules import ADDRESS_LIMIT, SOURCE_LIMIT, TryLimit

SECOND, MINUTE = 1000, 60_000
TIMES = st.lists(st.integers(0, 10 * MINUTE), max_size=15).map(sorted).map(tuple)


def test_at_one_address_the_pause_grows_to_half_a_minute_and_the_tenth_try_ends_it_for_half_an_hour() -> None:
    tries: list[int] = []
    pauses = []
    now = 0
    for _ in range(10):
        tries.append(now)
        pauses.append(ADDRESS_LIMIT.wait(tries, now) / SECOND)
        now += ADDRESS_LIMIT.wait(tries, now)

    assert [0, 0, 1, 2, 4, 8, 15, 30, 30, 30 * 60 - 90] == pauses


def test_from_one_place_ten_are_heard_at_once_and_the_next_when_the_first_is_five_minutes_old() -> None:
    tries = tuple(range(0, 10 * SECOND, SECOND))

    assert 0 == SOURCE_LIMIT.wait(tries[:9], 9 * SECOND)
    assert 5 * MINUTE - 9 * SECOND == SOURCE_LIMIT.wait(tries, 9 * SECOND)
    assert 1 == SOURCE_LIMIT.wait(tries, 5 * MINUTE - 1)
    assert 0 == SOURCE_LIMIT.wait(tries, 5 * MINUTE)


@given(tries=TIMES, more=st.integers(0, 20 * MINUTE))
def test_within_any_window_no_more_are_heard_than_the_limit_says(tries: tuple[int, ...], more: int) -> None:
    limit = TryLimit(most=4, window=MINUTE, pauses=(0, SECOND))
    heard: tuple[int, ...] = ()
    for at in (*tries, more + 10 * MINUTE):
        if limit.wait(heard, at) == 0:
            heard += (at,)

    assert all(sum(start - limit.window < each <= start for each in heard) <= limit.most for start in heard)


@pytest.mark.parametrize("limit", [ADDRESS_LIMIT, SOURCE_LIMIT])
@given(tries=TIMES, now=st.integers(0, 10 * MINUTE))
def test_nobody_waits_longer_than_the_window_wherever_the_clock_was_set_to(
    limit: TryLimit, tries: tuple[int, ...], now: int
) -> None:
    assert 0 <= limit.wait(tries, now) <= limit.window


def test_what_is_kept_is_no_more_than_what_counts() -> None:
    assert (3, 4) == TryLimit(most=2, window=MINUTE).recent((1, 2, 3, 4), 5)
    assert () == TryLimit(most=2, window=MINUTE).recent((1, 2), 2 * MINUTE)
