"""Why settings of a room are refused, in sentences, each under its field."""

from collections.abc import Sequence

from bot.ids import Block
from bot.rules import Code, Option, Violation
from bot.texts import Translator
from bot.views import blocks
from bot.views.message import Message
from bot.views.mrkdwn import Mrkdwn, escape
from bot.views.settings_lines import ISOLATED

SETTINGS_FIELDS: dict[Code, Block] = {
    Code.ROOM_RUNNING: Block.TOPIC,
    Code.ROOM_LOCKED: Block.TOPIC,
    Code.ROOM_TOPIC_LONG: Block.TOPIC,
    Code.ROOM_TOPIC_CHARACTERS: Block.TOPIC,
    Code.ROOM_PASSCODE: Block.PASSCODE,
    Code.ROOM_WEAK_PASSCODE: Block.PASSCODE,
    Code.ROOM_PASSCODE_REQUIRED: Block.PASSCODE,
    Code.ROOM_OPEN: Block.PASSCODE,
    Code.ROOM_HOSTS_MANY: Block.HOSTS,
    Code.ROOM_HOSTS_SELF: Block.HOSTS,
    Code.ROOM_HOSTS_STANDING: Block.HOSTS,
    Code.ROOM_HOSTS_UNKNOWN: Block.HOSTS,
}
"""The field under which each refusal stands."""


def settings_refused(violations: Sequence[Violation], t: Translator, head: str) -> Message:
    """Every reason, where there is no dialog to say it in; `head` is the code of what is said first."""
    lines = [t(head), *(f"• {_sentence(violation, t)}" for violation in violations)]
    text = " ".join([t(head), *(_sentence(violation, t) for violation in violations)])
    return Message(text, (blocks.section(Mrkdwn("\n".join(map(escape, lines)))),))


def under_fields(violations: Sequence[Violation], t: Translator) -> dict[Block, str]:
    """Every reason in plain text, by the field that it is about."""
    found: dict[Block, str] = {}
    for violation in violations:
        field = SETTINGS_FIELDS[violation.code]
        found[field] = f"{found.get(field, '')} {_sentence(violation, t)}".lstrip()
    return found


def _sentence(violation: Violation, t: Translator) -> str:
    if violation.code is Code.ROOM_LOCKED and violation.text in list(Option):
        return t(violation.code, piece=t(f"settings.option.{violation.text}"))
    return t(violation.code, piece=ISOLATED.format(violation.text))
