"""The subcommands as data: one table makes the parser, the help and the manifest's usage hints."""

import re
from dataclasses import dataclass

from bot.ids import Command

_MENTION = re.compile(r"\A<@([UW][A-Z0-9]{1,30})(?:\|[^<>]*)?>", re.ASCII)
_PLAIN_NAME = re.compile(r"\A@\S+")
_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))
_QUOTES = "\"'`\u2018\u2019\u201c\u201d\u00ab\u00bb"
_BLANK = "\u200b\u200c\u200d\u2060\ufeff"
_EDGES = _BLANK + "".join(filter(str.isspace, map(chr, range(0x3001))))
_LONGEST_NAME = 80
"""Characters of a plain name that are kept: Slack's display names are no longer."""
HELP = "help"


@dataclass(frozen=True, slots=True)
class Subcommand:
    """One word after a command. `example` is what help shows after the command; `argument` is for the usage hint."""

    word: str
    example: str
    argument: str = ""

    @property
    def usage(self) -> str:
        """The word with its argument, as usage hints write it."""
        return f"{self.word} {self.argument}".strip()


@dataclass(frozen=True, slots=True)
class Grammar:
    """A command with its subcommands; the bare command shows the card, a mention shows a colleague's."""

    command: Command
    subcommands: tuple[Subcommand, ...]

    @property
    def code(self) -> str:
        """The first part of the codes of this command's texts: `pmi`, `personal-link`, `room`."""
        return self.command.removeprefix("/")

    @property
    def usage_hint(self) -> str:
        """What Slack shows beside the command while it is typed."""
        words = [subcommand.usage for subcommand in self.subcommands]
        return "[" + " | ".join([*words, "@colleague", HELP]) + "]"


@dataclass(frozen=True, slots=True)
class Bare:
    """Nothing was typed after the command."""


@dataclass(frozen=True, slots=True)
class Subcall:
    """A subcommand and the rest of the line, with Slack's entities read."""

    word: str
    rest: str


@dataclass(frozen=True, slots=True)
class Mention:
    """A colleague, by Slack id."""

    user: str


@dataclass(frozen=True, slots=True)
class PlainName:
    """A name with an @ that Slack did not recognise as somebody's."""

    name: str


@dataclass(frozen=True, slots=True)
class AskedForHelp:
    """Help was asked for, or the word is none of the command's (then it is here)."""

    unknown: str = ""
    line: str = ""
    """All that was typed, where the word is none of the command's."""


Typed = Bare | Subcall | Mention | PlainName | AskedForHelp

_EDIT = Subcommand("edit", "edit")
_HISTORY = Subcommand("history", "history")

GRAMMARS = (
    Grammar(
        Command.PMI,
        (
            _EDIT,
            Subcommand("set", "set 582 904 7316", "number"),
            Subcommand("check", "check 555 111 2222", "number"),
            Subcommand("suggest", "suggest 0611", "[digits]"),
            _HISTORY,
        ),
    ),
    Grammar(
        Command.LINK,
        (
            _EDIT,
            Subcommand("set", "set blue.harbour", "link"),
            Subcommand("check", "check blue.harbour", "link"),
            Subcommand("suggest", "suggest", "[word]"),
            Subcommand("remove", "remove"),
            _HISTORY,
        ),
    ),
    Grammar(
        Command.ROOM,
        (
            Subcommand("start", "start Budget", "[topic]"),
            Subcommand("share", "share"),
            Subcommand("schedule", "schedule"),
            Subcommand("meetings", "meetings"),
            Subcommand("settings", "settings"),
            Subcommand("admin", "admin"),
        ),
    ),
)
"""The commands in the order in which they are registered: the hottest first."""


def read_entities(text: str) -> str:
    """The text with Slack's three entities turned back into characters."""
    for entity, character in _ENTITIES:
        text = text.replace(entity, character)
    return text


def parse(grammar: Grammar, text: str) -> Typed:
    """What was typed after the command. Never fails: what nobody knows is a call for help."""
    line = text.strip(_EDGES)
    if not line:
        return Bare()
    mention = _MENTION.match(line)
    if mention is not None:
        return Mention(mention[1])
    if _PLAIN_NAME.match(line):
        return PlainName(read_entities(line)[: _LONGEST_NAME + 1])
    # split() at every white space, the no-break kinds too: people paste.
    word, rest = [*line.split(None, 1), ""][:2]
    known = word.strip(_QUOTES + _BLANK).lower()
    if known in (HELP, "?"):
        return AskedForHelp()
    if any(known == subcommand.word for subcommand in grammar.subcommands):
        return Subcall(known, read_entities(rest))
    return AskedForHelp(read_entities(word), read_entities(line))
