"""Reading what people type: what surrounds a number or a link is taken away, and nothing else."""

from time import process_time

import pytest

from bot.rules import read_link, read_number

NUMBER = "5829047316"
HOST = "https://meet.example"


@pytest.mark.parametrize("space", [" ", "\u00a0", "\u202f", "-", "\u2010", "\u2011", "\u2012", "\u2013", " - "])
def test_separators_inside_a_number_are_read_away(space: str) -> None:
    assert read_number(f"582{space}904{space}7316") == NUMBER


@pytest.mark.parametrize("other", ["\t", "\n", "\u200b", "\u2014", "\u2009", "\u2212", ".", "_", "/"])
def test_nothing_else_inside_a_number_is_read_away(other: str) -> None:
    assert read_number(f"582{other}9047316") == f"582{other}9047316"


@pytest.mark.parametrize(
    "edge", list(" \t\r\n\u00a0\u200b\u200c\u200d\u2060\ufeff\u3000'\"`\u2018\u2019\u201c\u201d\u201e")
)
def test_white_space_and_quotes_at_the_edges_are_read_away(edge: str) -> None:
    assert read_number(f"{edge} {NUMBER}{edge}\n") == NUMBER
    assert read_link(f"{edge}blue.harbour {edge}") == "blue.harbour"


@pytest.mark.parametrize(
    "text",
    [
        f"{HOST}/j/{NUMBER}",
        f"{HOST}/j/{NUMBER}/",
        f"{HOST}/j/{NUMBER}?pwd=x",
        f"{HOST}/j/{NUMBER}/?pwd=x/y#z",
        f"{HOST}/j/{NUMBER}#success",
        f"{HOST}/j/582-904-7316",
        f"{HOST}/rooms/j/{NUMBER}",
        f"{HOST}/our/rooms/j/{NUMBER}/?pwd=x",
        f"<{HOST}/j/j/{NUMBER}|our room>",
        f"HTTP://MEET.EXAMPLE:3000/j/{NUMBER}",
        f"<{HOST}/j/{NUMBER}>",
        f"<{HOST}/j/{NUMBER}?pwd=x|Anna's room>",
        f'"<{HOST}/j/{NUMBER}|{HOST}/j/{NUMBER}>"',
        f"<http://meet.example/j/{NUMBER}|meet.example/j/{NUMBER}>",
        f"<tel:{NUMBER}|582 904 7316>",
        f"< {NUMBER} >",
    ],
)
def test_a_number_is_found_in_what_slack_and_browsers_put_around_it(text: str) -> None:
    assert read_number(text) == NUMBER


@pytest.mark.parametrize(
    "text",
    [
        f"{HOST}/s/{NUMBER}",
        f"{HOST}/my/{NUMBER}",
        f"{HOST}/J/{NUMBER}",
        f"{HOST}/x/s/{NUMBER}",
        f"{HOST}/x?/j/{NUMBER}",
        f"{HOST}/x#/j/{NUMBER}",
        f"{HOST}/a b/j/{NUMBER}",
        f"{HOST}/j/{NUMBER}/more",
        f"{HOST}/j/{NUMBER}//",
        f"{HOST}/j/{NUMBER}?pwd=x\nPasscode",
        f"https:///j/{NUMBER}",
        f"ftp://meet.example/j/{NUMBER}",
        f"http\u017f://meet.example/j/{NUMBER}",
        f"meet.example/j/{NUMBER}",
        f"see {HOST}/j/{NUMBER}",
        f"<{NUMBER}",
        f"{NUMBER}|room",
        f"<<{NUMBER}>>",
        f"tel:{NUMBER}",
    ],
)
def test_any_other_address_stays_what_it_is(text: str) -> None:
    assert read_number(text) != NUMBER


@pytest.mark.parametrize(
    "text",
    [
        "Blue.Harbour.",
        f"{HOST}/my/Blue.Harbour.",
        f"{HOST}/my/Blue.Harbour./?x#y",
        f"{HOST}/rooms/my/Blue.Harbour.",
        f"<{HOST}/my/Blue.Harbour.>",
        f"<{HOST}/my/Blue.Harbour.?x|here>",
        "<Blue.Harbour.>",
        "< \u201cBlue.Harbour.\u201d >",
        "\u201cBlue.Harbour.\u201d",
    ],
)
def test_a_link_is_found_in_its_spelling(text: str) -> None:
    assert read_link(text) == "Blue.Harbour."


@pytest.mark.parametrize("url", ["http://jane.do", "http://jane.do/"])
def test_a_link_that_slack_took_for_a_web_address_is_read_as_typed(url: str) -> None:
    assert read_link(f"<{url}|jane.do>") == "jane.do"


@pytest.mark.parametrize(
    "text", ["<http://jane.do>", "<http://evil.example|jane.do>", "<https://jane.do|jane.do>", "<|jane.do>"]
)
def test_a_label_counts_only_where_slack_made_the_address_of_it(text: str) -> None:
    assert read_link(text) != "jane.do"


def test_a_link_keeps_its_separators() -> None:
    assert read_link(" jane-doe ") == "jane-doe"
    assert read_link(f"{HOST}/j/jane") == f"{HOST}/j/jane"


def test_an_empty_web_address_is_no_empty_link() -> None:
    assert read_link("<http://>") == "http://"
    assert read_link("<http://|>") == "http://"
    assert read_link("<http:///>") == "http:///"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("<https://rooms.example.com/my/blue.harbour>.", "blue.harbour"),
        ("<https://rooms.example.com/my/blue.harbour.>", "blue.harbour."),
        ("<http://jane.do|jane.do>.", "jane.do."),
        ("<https://rooms.example.com/my/blue.harbour>x", "<https://rooms.example.com/my/blue.harbour>x"),
        ("https://rooms.example.com/my/blue.harbour>", "blue.harbour>"),
    ],
)
def test_a_period_behind_an_address_ends_the_sentence(typed: str, meant: str) -> None:
    assert meant == read_link(typed)


@pytest.mark.parametrize(
    ("typed", "seen"),
    [
        ("<@U0BEN|ben>", "@ben"),
        ("<@U0BEN|@ben>", "@ben"),
        ("<@U0BEN>", "@"),
        ("<@U0BEN|>", "@"),
        (" \u201c<@W0BEN|ben>\u201d ", "@ben"),
        ("see <@U0BEN|ben> and <@U0ANNA>.", "see @ben and @."),
        ("<#C0TEAM|general>", "#general"),
        ("<#C0TEAM>", "#"),
        ("<!subteam^S0CREW|@crew>", "@crew"),
        ("<!subteam^S0CREW>", "@"),
        ("<!here>", "@here"),
        ("<!here|here>", "here"),
        ("<mailto:jane@evil.example|jane@evil.example>", "jane@evil.example"),
        ("<mailto:jane@evil.example>", "jane@evil.example"),
        ("<@U0BEN", "<@U0BEN"),
    ],
)
def test_a_mention_is_read_as_people_see_it_and_never_as_an_id(typed: str, seen: str) -> None:
    assert seen == read_link(typed)
    assert seen.replace(" ", "") == read_number(typed)


@pytest.mark.parametrize("piece", ["<@U|", "/j/", "/my/", "<", "/j/1/", "<mailto:", "/"])
def test_reading_takes_no_longer_for_what_repeats_itself(piece: str) -> None:
    """Were the time quadratic, the longer text would take a thousand times as long."""

    def seconds(text: str) -> float:
        started = process_time()
        read_number(text)
        read_link(text)
        return process_time() - started

    short, long = (min(seconds(f"https://h/{piece * times}") for _ in range(3)) for times in (1000, 32_000))

    assert long < 300 * max(short, 1e-4)


def test_exactly_white_space_what_is_invisible_and_quotes_are_taken_off_the_edges() -> None:
    taken_off = {chr(point) for point in range(0x11000) if "harbour" == read_link(f"{chr(point)}harbour{chr(point)}")}
    white_space = {chr(point) for point in range(0x11000) if chr(point).isspace()}

    assert (
        white_space | set("\u200b\u200c\u200d\u2060\ufeff\"'`\u2018\u2019\u201a\u201b\u201c\u201d\u201e\u201f")
        == taken_off
    )
