"""Suggested links: from the wish or from the person's name, always valid, those nearest to the wish first."""

import pytest

from bot.rules import links_from_name, links_from_wish, load_common_names
from tests.unit.rules.chance import below
from tests.unit.rules.plain_rules import link_codes

NAMES = load_common_names()


def from_wish(wish: str, name: str, seed: int = 1) -> list[str]:
    return [link.spelling for link in links_from_wish(wish, name, NAMES, below(seed))]


def from_name(name: str, seed: int = 1) -> list[str]:
    return [link.spelling for link in links_from_name(name, NAMES, below(seed))]


@pytest.mark.parametrize(
    ("wish", "name"),
    [
        ("blue.harbour", "Anna Karin Larsson"),
        ("jennifer", "Jennifer"),
        ("7even", "Анна Мария"),
        ("a", "李小龍"),
        ("x" * 5000, "y" * 5000),
        ("the.link.of.somebody.with.a.very.long.name", "Wolfeschlegelsteinhausenbergerdorff Hubert Blaine"),
        ("Müller", "\ud800\ufdfa"),
        ("room", "(she/her)"),
        ("Jane", "Jane."),
        ("admin", "Zoom Support"),
    ],
)
def test_dozens_of_links_are_made_of_a_wish_and_of_a_name(wish: str, name: str) -> None:
    for links in (
        list(links_from_wish(wish, name, NAMES, below(1))),
        list(links_from_name(name, NAMES, below(1))),
    ):
        assert 100 <= len(links)
        assert len(links) == len({link.key for link in links})
        assert [] == [link for link in links if link_codes(link.spelling, NAMES.words)]
        assert [] == [link for link in links if ".." in link.spelling or link.spelling.endswith(".")]


@pytest.mark.parametrize("wish", ["", "...", "анна", "林", "4", "\x00\ud800"])
def test_nothing_is_made_of_a_wish_without_a_letter_of_ours(wish: str) -> None:
    assert [] == from_wish(wish, "Anna Larsson")


@pytest.mark.parametrize("name", ["", "林", "(she/her)"])
def test_without_a_name_in_our_letters_plain_words_are_used(name: str) -> None:
    assert all("room" in link for link in from_name(name))


@pytest.mark.parametrize(
    "link", ["anna.larsson", "a.larsson", "larsson.anna", "anna.larsson.room", "anna.karin.larsson"]
)
def test_a_name_gives_the_links_that_people_expect(link: str) -> None:
    assert link in from_name("Anna Karin Larsson")[:15]


@pytest.mark.parametrize(
    ("name", "link"),
    [
        ("José Ñandú", "jose.nandu"),
        ("Søren Kierkegård", "soren.kierkegard"),
        ("Günter Groß", "gunter.gross"),
        ("Łukasz Żak", "lukasz.zak"),
        ("İbrahim Işık", "ibrahim.isik"),
        ("Siobhán O\u2019Brien", "siobhan.obrien"),
        ("Anna-Karin Larsson (she/her)", "anna.larsson"),
        ("Anna Мария Larsson", "anna.larsson"),
        ("ＡＮＮＡ Larsson", "anna.larsson"),
    ],
)
def test_a_name_is_written_in_ascii_where_it_can_be(name: str, link: str) -> None:
    assert link in from_name(name)[:10]


@pytest.mark.parametrize(
    ("wish", "first"),
    [
        ("blue-harbour", "blue.harbour"),
        ("blue harbour", "blue.harbour"),
        ("42blue.harbour", "blue.harbour"),
        ("Blüe\u200bharbour", "blueharbour"),
        ("https://meet.example/my/blue_harbour", "blue.harbour"),
        ("a.harbour.for.everybody.who.likes.it.blue", "a.harbour.for.everybody.who.likes.it.blu"),
        ("jennifer", "jennifer.larsson"),
        ("Müller", "muller.larsson"),
        ("7even", "even.larsson"),
        ("Blue.Harbour", "Blue.Harbour"),
        ("<https://meet.example/my/Blue.Harbour.>", "Blue.Harbour."),
    ],
)
def test_the_wish_itself_or_what_is_nearest_to_it_comes_first(wish: str, first: str) -> None:
    assert first == from_wish(wish, "Anna Larsson")[0]


def test_every_link_made_of_a_wish_holds_it() -> None:
    assert [] == [link for link in from_wish("Müller", "Anna Larsson") if "muller" not in link]


def test_a_word_is_not_put_beside_itself() -> None:
    assert [] == [link for link in from_wish("jennifer", "Jennifer Smith") if "jennifer.jennifer" in link]


def test_links_go_on_with_random_endings_when_words_run_out() -> None:
    for here, there in (
        (from_wish("blue.harbour", "Anna Larsson", 1), from_wish("blue.harbour", "Anna Larsson", 2)),
        (from_name("Anna Larsson", 1), from_name("Anna Larsson", 2)),
    ):
        assert here[:9] == there[:9]
        assert here[-50:] != there[-50:]
        assert all(link.rpartition(".")[2].isdigit() for link in here[-50:])


def test_every_ending_of_two_and_of_three_digits_is_used() -> None:
    endings = [link.rpartition(".")[2] for link in from_wish("blue.harbour", "")]

    assert [str(number) for number in range(10, 1000)] == sorted(filter(str.isdigit, endings), key=int)
