"""Why a meeting is not scheduled or changed, in sentences, each under its field."""

from collections.abc import Sequence

from bot.ids import Block
from bot.rules import Code, Violation
from bot.texts import Translator
from bot.views import blocks
from bot.views.message import Message
from bot.views.mrkdwn import Mrkdwn, escape

SCHEDULE_FIELDS: dict[Code, Block] = {
    Code.SCHEDULE_DATE: Block.STARTS,
    Code.SCHEDULE_TIME: Block.STARTS,
    Code.SCHEDULE_ZONE: Block.STARTS,
    Code.SCHEDULE_PAST: Block.STARTS,
    Code.SCHEDULE_FAR: Block.STARTS,
    Code.SCHEDULE_MINUTES: Block.MINUTES,
    Code.SCHEDULE_COUNT: Block.ENDS,
    Code.SCHEDULE_UNTIL: Block.ENDS,
    Code.SCHEDULE_MANY: Block.ENDS,
    Code.SCHEDULE_INVITEES: Block.INVITEES,
    Code.SCHEDULE_INVITEES_MANY: Block.INVITEES,
    Code.SCHEDULE_CHANNEL: Block.CHANNEL,
    Code.SCHEDULE_REMINDER: Block.REMINDER,
}
"""The field under which each refusal stands; the others are about the meeting itself, and stand under the first."""


def schedule_refused(violations: Sequence[Violation], t: Translator) -> Message:
    """Every reason, where there is no dialog to say it in."""
    text = " ".join(t(violation.code) for violation in violations)
    return Message(text, (blocks.section(Mrkdwn("\n".join(escape(t(each.code)) for each in violations))),))


def under_schedule(violations: Sequence[Violation], t: Translator) -> dict[Block, str]:
    """Every reason in plain text, by the field that it is about."""
    found: dict[Block, str] = {}
    for violation in violations:
        field = SCHEDULE_FIELDS.get(violation.code, Block.TOPIC)
        found[field] = f"{found.get(field, '')} {t(violation.code)}".lstrip()
    return found
