"""The failure matrix is honest: known rows, tests that tell how they were seen red."""

from tests.failure_matrix import ROWS, SEEN_RED, TABLE, row_tests, table


def test_every_mark_names_a_row_of_the_matrix() -> None:
    unknown = {f"{each.path}::{each.name}": each.row for each in row_tests() if each.row not in ROWS}

    assert {} == unknown


def test_every_test_of_a_row_tells_how_it_was_seen_red() -> None:
    silent = [f"{each.path}::{each.name}" for each in row_tests() if SEEN_RED not in each.docstring]

    assert [] == silent


def test_every_row_has_a_test() -> None:
    assert set(ROWS) == {each.row for each in row_tests()}


def test_the_table_is_the_one_that_the_tests_make() -> None:
    assert table() == TABLE.read_text(encoding="utf-8"), "run `python -m tests.failure_matrix`"
