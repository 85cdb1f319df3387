"""Suggested links: from the wish and the person's name, always valid, never the wish's own."""

import pytest

from bot.rules import links_near, load_common_names
from tests.unit.rules.chance import below
from tests.unit.rules.plain_rules import link_codes

NAMES = load_common_names()


def suggested(wish: str, name: str, seed: int = 1) -> list[str]:
    return [link.spelling for link in links_near(wish, name, NAMES, below(seed))]


@pytest.mark.parametrize(
    ("wish", "name"),
    [
        ("", ""),
        ("blue.harbour", "Anna Karin Larsson"),
        ("jennifer", "Jennifer"),
        ("анна", "Анна Мария"),
        ("4", "李小龍"),
        ("x" * 5000, "y" * 5000),
        ("the.link.of.somebody.with.a.very.long.name", "Wolfeschlegelsteinhausenbergerdorff Hubert Blaine"),
        ("\x00\ud800", "\ud800\ufdfa"),
        ("...", "(she/her)"),
        ("jane.", "Jane."),
        ("admin", "Zoom Support"),
    ],
)
def test_at_least_twenty_links_are_suggested_whatever_was_wished(wish: str, name: str) -> None:
    links = list(links_near(wish, name, NAMES, below(1)))

    assert 20 <= len(links)
    assert len(links) == len({link.key for link in links})
    assert [] == [link for link in links if link_codes(link.spelling, NAMES.words)]
    assert [] == [link for link in links if link.key == wish.lower().rstrip(".")]
    assert [] == [link for link in links if ".." in link.spelling or link.spelling.endswith(".")]


@pytest.mark.parametrize(
    "link", ["anna.larsson", "a.larsson", "larsson.anna", "anna.larsson.room", "anna.karin.larsson"]
)
def test_a_name_gives_the_links_that_people_expect(link: str) -> None:
    assert link in suggested("", "Anna Karin Larsson")[:15]


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
    assert link in suggested("", name)[:10]


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
        ("Blue.Harbour", "blue.harbour.larsson"),
    ],
)
def test_what_is_nearest_to_the_wish_comes_first(wish: str, first: str) -> None:
    assert first == suggested(wish, "Anna Larsson")[0]


def test_a_word_is_not_put_beside_itself() -> None:
    assert [] == [link for link in suggested("jennifer", "Jennifer Smith") if "jennifer.jennifer" in link]


def test_links_go_on_with_random_endings_when_words_run_out() -> None:
    here, there = suggested("blue.harbour", "Anna Larsson", 1), suggested("blue.harbour", "Anna Larsson", 2)

    assert here[:10] == there[:10]
    assert here[-50:] != there[-50:]
    assert all(link.rpartition(".")[2].isdigit() for link in here[-50:])
