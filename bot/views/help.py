"""Help, made from the same table that parses the command."""

from bot.grammar import Grammar
from bot.texts import Translator
from bot.views import blocks
from bot.views.message import Message
from bot.views.mrkdwn import Mrkdwn, code, say
from bot.views.refusals import visible

_UNKNOWN_LENGTH = 40
_LINE_LENGTH = 100


def help_message(grammar: Grammar, t: Translator, *, unknown: str = "", line: str = "") -> Message:
    """An example for every subcommand; first a word on what was not understood, if anything was not.

    Who typed a number or a link without a word before it is told the word.
    """
    head = [say(t, "help.unknown", word=code(visible(unknown[:_UNKNOWN_LENGTH])))] if unknown else []
    settable = any(each.word == "set" for each in grammar.subcommands)
    if settable and any(character in "0123456789./" for character in unknown):
        head.append(say(t, "help.meant", command=code(f"{grammar.command} set {visible(line[:_LINE_LENGTH])}")))
    lines = [Mrkdwn(f"{code(grammar.command)} {say(t, f'help.{grammar.code}.bare')}")]
    lines += [
        Mrkdwn(f"{code(f'{grammar.command} {each.example}')} {say(t, f'help.{grammar.code}.{each.word}')}")
        for each in grammar.subcommands
    ]
    lines.append(Mrkdwn(f"{code(f'{grammar.command} @colleague')} {say(t, f'help.{grammar.code}.colleague')}"))
    lines.append(Mrkdwn(f"{code(f'{grammar.command} help')} {say(t, 'help.help')}"))
    first = blocks.section(Mrkdwn("\n".join([*head, say(t, f"help.{grammar.code}")])))
    return Message(t("help.text", command=grammar.command), (first, blocks.section(Mrkdwn("\n".join(lines)))))
