"""The files of common names and reserved words: where they come from, and what is in them."""

import re
from pathlib import Path

import pytest

from bot.rules import load_common_names
from tests.unit.rules.make_common_names import FILE, common_names

FILES = [FILE, FILE.with_name("reserved_words.txt")]


def words(text: str) -> list[str]:
    return [line for line in text.splitlines() if not line.startswith("#")]


def test_the_common_names_are_what_the_census_makes_them() -> None:
    assert common_names() == FILE.read_text(encoding="utf-8")


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_each_file_says_where_it_comes_from(file: Path) -> None:
    text = file.read_text(encoding="utf-8")

    assert text.startswith("#")
    assert all(f"# {word}" in text for word in ("Source: ", "Licence: ", "Threshold: "))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_words_are_sorted_each_once_and_such_as_a_key_without_periods_can_be(file: Path) -> None:
    listed = words(file.read_text(encoding="utf-8"))

    assert sorted(set(listed)) == listed
    assert [] == [word for word in listed if not re.fullmatch("[a-z][a-z0-9]*", word)]


def test_both_files_are_loaded() -> None:
    assert {word for file in FILES for word in words(file.read_text(encoding="utf-8"))} == load_common_names().words


@pytest.mark.parametrize(
    "word", ["jennifer", "smith", "johnson", "admin", "zoom", "slack", "robotstxt", "healthz", "oauth", "readyz"]
)
def test_whole_words_are_refused_and_parts_of_words_are_not(word: str) -> None:
    names = load_common_names()

    assert names.refuses(word)
    assert not names.refuses(f"{word}lee")
    assert not names.refuses(word.upper())
