"""What people type after a command, read by the same table that makes help and the usage hints."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.grammar import (
    GRAMMARS,
    AskedForHelp,
    Bare,
    Grammar,
    Mention,
    PlainName,
    Subcall,
    Typed,
    parse,
    read_entities,
)
from bot.ids import Command
from bot.rules import parse_link, parse_pmi
from bot.texts import load_texts
from bot.views.help import help_message
from tests.integration.services.houses import NAMES

T = load_texts().for_locale(None)
PMI, LINK, ROOM = GRAMMARS
EACH = pytest.mark.parametrize("grammar", GRAMMARS, ids=lambda grammar: grammar.code)
NBSP, ZWSP, BOM, NARROW = "\u00a0", "\u200b", "\ufeff", "\u202f"
ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=80)
TYPED = ANY_TEXT | st.lists(
    st.sampled_from(
        ["set", "SET", "help", "<@U1|anna>", "<@", "@anna", "&amp;", "&lt;", '"', "\u201c", NBSP, ZWSP, " "]
    )
    | ANY_TEXT,
    max_size=5,
).map("".join)


@EACH
@pytest.mark.parametrize("text", ["", " ", "\n", NBSP, ZWSP, f" {ZWSP} {BOM}", f"{NBSP}{NARROW}\t"])
def test_nothing_typed_is_the_bare_command(grammar: Grammar, text: str) -> None:
    assert Bare() == parse(grammar, text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("edit", Subcall("edit", "")),
        ("  EDIT  ", Subcall("edit", "")),
        ("Edit now", Subcall("edit", "now")),
        ("set 582 904 7316", Subcall("set", "582 904 7316")),
        (f"set{NBSP}582{NBSP}904{NBSP}7316", Subcall("set", f"582{NBSP}904{NBSP}7316")),
        (f"set{NARROW}5829047316", Subcall("set", "5829047316")),
        ("set\n5829047316", Subcall("set", "5829047316")),
        (f"{ZWSP}set 5829047316{ZWSP}", Subcall("set", "5829047316")),
        (f"{ZWSP} {BOM}set 5829047316", Subcall("set", "5829047316")),
        (f"set{ZWSP} 5829047316", Subcall("set", "5829047316")),
        ("\u201cset 582 904 7316\u201d", Subcall("set", "582 904 7316\u201d")),
        ("`set` 5829047316", Subcall("set", "5829047316")),
        ("'check' 555 111 2222", Subcall("check", "555 111 2222")),
        ("check a &amp; b &lt;c&gt;", Subcall("check", "a & b <c>")),
        ("check &amp;lt;", Subcall("check", "&lt;")),
        ("check <https://h/j/5829047316?a=1&amp;b=2>", Subcall("check", "<https://h/j/5829047316?a=1&b=2>")),
        ("check " + "7" * 5000, Subcall("check", "7" * 5000)),
        ("suggest", Subcall("suggest", "")),
        ("suggest 0611", Subcall("suggest", "0611")),
        ("history", Subcall("history", "")),
    ],
)
def test_a_subcommand_is_known_however_it_is_typed(text: str, expected: Typed) -> None:
    assert expected == parse(PMI, text)


@pytest.mark.parametrize("grammar", [PMI, LINK], ids=["pmi", "personal-link"])
@pytest.mark.parametrize(
    ("text", "user"),
    [
        ("<@U012ABC|anna>", "U012ABC"),
        ("<@U012ABC>", "U012ABC"),
        ("<@W012ABC|anna.larsson>", "W012ABC"),
        ("<@U012ABC|>", "U012ABC"),
        ("<@U012ABC|Anna Larsson (she)>", "U012ABC"),
        ("  <@U012ABC|anna> ", "U012ABC"),
        (f"{ZWSP}<@U012ABC|anna>{NBSP}", "U012ABC"),
        ("<@U012ABC|anna> and more", "U012ABC"),
    ],
)
def test_a_mention_is_a_colleague(grammar: Grammar, text: str, user: str) -> None:
    assert Mention(user) == parse(grammar, text)


@pytest.mark.parametrize("text", ["@anna", "@Anna Larsson", "@Anna &amp; Ben", "@\u00e5sa"])
def test_a_name_that_slack_did_not_know_is_a_plain_name(text: str) -> None:
    assert PlainName(read_entities(text)) == parse(PMI, text)


def test_a_plain_name_is_cut_where_no_name_is_that_long() -> None:
    found = parse(PMI, "@" + "&amp;" * 5000)

    assert isinstance(found, PlainName)
    assert len(found.name) <= 100
    assert found.name.startswith("@&&&")


@pytest.mark.parametrize(
    "text",
    ["<@B012ABC|bot>", "<@u012abc>", "<@U012ABC", "<@>", "<#C1|general>", "<!channel>", "<!subteam^S1|team>", "@"],
)
def test_what_only_looks_like_a_mention_is_answered_with_help(text: str) -> None:
    assert isinstance(parse(PMI, text), AskedForHelp)


@EACH
@pytest.mark.parametrize("text", ["help", "HELP", "?", " Help me", "\u2018help\u2019", '"help"', f"help{ZWSP}", "`?`"])
def test_help_is_help(grammar: Grammar, text: str) -> None:
    assert AskedForHelp() == parse(grammar, text)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("sett 5829047316", "sett"),
        ("5829047316", "5829047316"),
        ("&lt;script&gt; x", "<script>"),
        ("\u0441heck 1", "\u0441heck"),
        ("remove", "remove"),
    ],
)
def test_an_unknown_word_is_answered_with_help_that_names_it(text: str, word: str) -> None:
    typed = parse(PMI, text)

    assert isinstance(typed, AskedForHelp)
    assert word == typed.unknown


def test_only_the_personal_link_can_be_removed() -> None:
    assert Subcall("remove", "") == parse(LINK, "remove")


@EACH
def test_every_command_takes_a_colleague(grammar: Grammar) -> None:
    assert Mention("U012ABC") == parse(grammar, "<@U012ABC|anna>")
    assert PlainName("@anna") == parse(grammar, "@anna")


@EACH
@given(text=TYPED)
@example(text="\ud800")
@example(text="\x00")
@example(text="<@U1|" * 1000)
@example(text=ZWSP + " " + ZWSP + "\u201c")
def test_any_text_is_understood_as_something(grammar: Grammar, text: str) -> None:
    found = parse(grammar, text)

    assert isinstance(found, Bare | Subcall | Mention | PlainName | AskedForHelp)
    if isinstance(found, Subcall):
        assert found.word in [each.word for each in grammar.subcommands]


@given(st.sampled_from([(grammar, each) for grammar in GRAMMARS for each in grammar.subcommands]), st.text(max_size=40))
def test_the_rest_of_the_line_is_what_was_typed(known: tuple[Grammar, object], rest: str) -> None:
    grammar, subcommand = known
    word = str(getattr(subcommand, "word", ""))
    escaped = rest.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    found = parse(grammar, f"{word} {escaped}")

    assert isinstance(found, Subcall)
    assert word == found.word
    assert rest.strip(f"{ZWSP}\u200c\u200d\u2060{BOM} ").strip() in rest
    assert found.rest in rest


@EACH
def test_help_lists_every_subcommand_with_an_example_that_the_parser_knows(grammar: Grammar) -> None:
    text = "\n".join(block["text"]["text"] for block in help_message(grammar, T).blocks)

    for subcommand in grammar.subcommands:
        assert f"`{grammar.command} {subcommand.example}`" in text
        found = parse(grammar, subcommand.example)
        assert isinstance(found, Subcall)
        assert subcommand.word == found.word
    assert f"`{grammar.command} help`" in text
    assert f"`{grammar.command} @colleague`" in text


def test_the_examples_of_set_pass_every_rule_and_that_of_check_shows_a_refusal() -> None:
    examples = {(grammar.command, each.word): each.example for grammar in GRAMMARS for each in grammar.subcommands}

    assert hasattr(parse_pmi(examples[Command.PMI, "set"].partition(" ")[2]), "digits")
    assert hasattr(parse_pmi(examples[Command.PMI, "check"].partition(" ")[2]), "violations")
    assert hasattr(parse_link(examples[Command.LINK, "set"].partition(" ")[2], NAMES), "key")


@EACH
def test_usage_hints_name_every_subcommand_within_slacks_limit(grammar: Grammar) -> None:
    hint = grammar.usage_hint

    assert len(hint) <= 1000
    for subcommand in grammar.subcommands:
        assert subcommand.usage in hint
    assert "@colleague" in hint
    assert hint.endswith("help]")


def test_commands_are_lower_case_and_short_enough_for_slack() -> None:
    assert list(Command) == [grammar.command for grammar in GRAMMARS]
    assert all(len(command) <= 32 and command == command.lower() for command in Command)


@EACH
def test_no_two_subcommands_share_a_word_and_none_is_help(grammar: Grammar) -> None:
    words = [each.word for each in grammar.subcommands]

    assert len(set(words)) == len(words)
    assert not {"help", "?"} & set(words)
    assert all(word == word.lower() and word.isascii() and " " not in word for word in words)
