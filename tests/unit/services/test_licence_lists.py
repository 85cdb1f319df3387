"""Lists of licences as people paste them."""

import pytest

from bot.rules import Licence
from bot.services.licence_lists import Bad, ranges, read_list

BASIC, LICENSED = Licence.BASIC, Licence.LICENSED


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("U1A,basic", {"U1A": BASIC}),
        ("\ufeffUser ID,Licence\r\nU1A,Licensed\r\nW2B,DEFAULT\r\n", {"U1A": LICENSED, "W2B": None}),
        ('"U1A" , "basic"\n\n   \n"W2B","licensed"', {"U1A": BASIC, "W2B": LICENSED}),
        ("U1A\tbasic\rW2B;licensed", {"U1A": BASIC, "W2B": LICENSED}),
        ("user_id,licence,pmi,link,left\nU1A,default,5829047316,blue.harbour,2026-01-02", {"U1A": None}),
        ("U1A,basic\nU1A,basic", {"U1A": BASIC}),
        ("", {}),
        ("id,licence", {}),
    ],
)
def test_a_good_list_is_read_from_whichever_program(text: str, wanted: dict[str, Licence | None]) -> None:
    found = read_list(text)

    assert {} == found.bad
    assert wanted == found.wanted


@pytest.mark.parametrize(
    ("text", "bad"),
    [
        ("U1A", {Bad.CELLS: (1,)}),
        ("U1A,basic,more", {Bad.CELLS: (1,)}),
        ('"U1A,basic', {Bad.CELLS: (1,)}),
        ("\n\nu1a,basic", {Bad.USER: (3,)}),
        (",basic", {Bad.USER: (1,)}),
        ("U1A,", {Bad.LICENCE: (1,)}),
        ("U1A,gold\nid,licence\nU1A,basic", {Bad.USER: (2,), Bad.LICENCE: (1,)}),
        ("U1A,basic\nU1A,default\nU2,basic", {Bad.TWICE: (2,)}),
    ],
)
def test_every_bad_line_is_found(text: str, bad: dict[Bad, tuple[int, ...]]) -> None:
    assert bad == read_list(text).bad


def test_who_is_not_here_is_named_by_their_first_line() -> None:
    found = read_list("\nU1A,basic\nU2B,basic\nU1A,basic")

    assert {Bad.AWAY: (2,)} == found.without(["U1A"])
    assert {} == found.without([])


def test_lines_are_counted_as_people_do() -> None:
    assert "1, 3-5, 9" == ranges([1, 3, 4, 5, 9])
    assert "" == ranges([])
