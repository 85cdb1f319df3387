"""Ids sort by the moment they were made at, and no two are alike."""

from datetime import UTC, datetime, timedelta

from storage.ids import new_id
from storage.tables import ID

AT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def test_an_id_has_its_length_and_plain_characters() -> None:
    made = new_id(AT)

    assert ID == len(made)
    assert made.isascii()
    assert made.isalnum()
    assert made == made.lower()


def test_ids_sort_by_time() -> None:
    made = [new_id(AT + timedelta(milliseconds=step)) for step in range(200)]

    assert sorted(made) == made


def test_no_two_ids_of_one_moment_are_alike() -> None:
    assert 10_000 == len({new_id(AT) for _ in range(10_000)})
