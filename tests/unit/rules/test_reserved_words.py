"""Words that a workspace keeps from being chosen: how a line is read, and what a word refuses."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules import link_key
from bot.rules.reserved import BadWord, ReservedWord, parse_word, words_of


@pytest.mark.parametrize(
    ("line", "read"),
    [
        ("Acme", ReservedWord("acme", is_prefix=False)),
        (" acme.support..\r", ReservedWord("acme.support", is_prefix=False)),
        ("ACME.*", ReservedWord("acme", is_prefix=True)),
        ("ac*", ReservedWord("ac", is_prefix=True)),
        ("a" * 40, ReservedWord("a" * 40, is_prefix=False)),
        ("a" * 39 + "*", ReservedWord("a" * 39, is_prefix=True)),
        ("a" * 41, BadWord.LONG),
        ("a" * 40 + "*", BadWord.LONG),
        ("a*", BadWord.SHORT),
        ("a..*", BadWord.SHORT),
        ("*", BadWord.CHARACTERS),
        ("...", BadWord.CHARACTERS),
        ("ac*me", BadWord.CHARACTERS),
        ("acme**", BadWord.CHARACTERS),
        ("acme support", BadWord.CHARACTERS),
        ("\u212aelvin", BadWord.CHARACTERS),
        ("\u00e5sa", BadWord.CHARACTERS),
        ("1acme", BadWord.FIRST_CHARACTER),
        (".acme", BadWord.FIRST_CHARACTER),
    ],
)
def test_a_line_is_read_as_a_word_or_says_why_it_is_none(line: str, read: ReservedWord | BadWord) -> None:
    assert read == parse_word(line)


def test_periods_do_not_count_and_a_star_refuses_all_that_begins_so() -> None:
    words = words_of([ReservedWord("acme.support", is_prefix=False), ReservedWord("hel.p", is_prefix=True)])
    links = ("Acme.Support", "acmesupport", "a.c.m.e.support", "acme.support.two", "acme", "Helpdesk", "h.elp", "hel.o")

    refused = [link for link in links if words.refuse(link_key(link))]
    assert ["Acme.Support", "acmesupport", "a.c.m.e.support", "Helpdesk", "h.elp"] == refused
    assert not words_of([]).refuse("anything")


@given(st.text())
def test_no_text_makes_it_raise_and_what_is_read_reads_the_same_again(text: str) -> None:
    word = parse_word(text)

    assert isinstance(word, BadWord) or word == parse_word(word.text)
