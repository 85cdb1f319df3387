"""Refusal or failure to answer: the one place where an exception becomes words."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from secrets import token_hex

import structlog

from bot.ids import Action, Block
from bot.metrics import Outcome
from bot.providers import ProviderUnavailable
from bot.rules import Code
from bot.services.refusals import Declined, Refused, ScheduleRefused, SettingsRefused
from bot.texts import Translator
from bot.views import blocks
from bot.views.choices import offer_text, refusal_message, refusal_text
from bot.views.message import Message
from bot.views.mrkdwn import code as as_code
from bot.views.mrkdwn import escape, mention, say
from bot.views.schedule_refusals import SCHEDULE_FIELDS, schedule_refused, under_schedule
from bot.views.settings_refusals import SETTINGS_FIELDS, settings_refused, under_fields
from storage.errors import Busy, OutcomeUnknown, StorageError

_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

FIELDS: dict[Code, Block] = (
    {code: Block.LINK if "link" in code else Block.PMI for code in Code} | SETTINGS_FIELDS | SCHEDULE_FIELDS
)
"""The field under which each refusal stands."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """What is said of an exception: as a message, as plain text under a field, and which field."""

    message: Message
    plain: str
    outcome: Outcome
    field: Block | None = None
    offered: str = ""
    """What the plain text ends with, where it offers something else."""
    under: Mapping[Block, str] = dataclasses.field(default_factory=dict)
    """What stands under each field, where there are several."""

    @property
    def reasons(self) -> str:
        """The plain text without what it offers."""
        return self.plain.removesuffix(self.offered).rstrip()


def explain(error: BaseException, t: Translator, look_again: str = "/pmi") -> Explanation:
    """The words for an exception. `look_again` is the command that shows the truth.

    What nobody expected is logged with a token that the words contain.
    """
    match error:
        case Refused():
            return _refused(error, t)
        case SettingsRefused(violations=broken):
            return _by_field(settings_refused(broken, t, error.head), under_fields(broken, t))
        case ScheduleRefused(violations=broken):
            return _by_field(schedule_refused(broken, t), under_schedule(broken, t))
        case Declined():
            params = {name: mention(text) if name == "user" else escape(text) for name, text in error.params.items()}
            marked = say(t, error.code, **params)
            plain = t(error.code, **error.params)
            return Explanation(Message(marked, (blocks.section(marked),)), plain, Outcome.REFUSED)
        case StorageError() | ProviderUnavailable():
            return _not_done(error, t, look_again)
        case _:
            token = token_hex(4)
            _log.error("unexpected", token=token, exc_info=error)
            text = t("failure.unexpected", token=token)
            return Explanation(_message(text), text, Outcome.FAILED)


def _busy(error: StorageError | ProviderUnavailable) -> str:
    """The code of what is said where trying again may help."""
    if isinstance(error, ProviderUnavailable):
        _log.warning("provider_unavailable", reason=error.reason)
        return "failure.provider"
    return "failure.busy" if isinstance(error, Busy) else "failure.unavailable"


def unknown_outcome(t: Translator, look_again: str) -> Explanation:
    """A write was begun, and whether it was saved is not known in time."""
    plain = t("failure.unknown_outcome", command=look_again)
    marked = say(t, "failure.unknown_outcome", command=as_code(look_again))
    return Explanation(Message(plain, (blocks.section(marked),)), plain, Outcome.UNKNOWN)


def too_late(t: Translator) -> Explanation:
    """No write was begun: nothing was changed."""
    return _simple("failure.late", t, Outcome.BUSY)


def slack_silent(t: Translator) -> Explanation:
    """Slack did not do what was needed for an answer."""
    return _simple("failure.slack", t, Outcome.BUSY)


def _by_field(said: Message, under: Mapping[Block, str]) -> Explanation:
    return Explanation(said, said.text, Outcome.REFUSED, under=under)


def _not_done(error: StorageError | ProviderUnavailable, t: Translator, look_again: str) -> Explanation:
    if isinstance(error, OutcomeUnknown):
        return unknown_outcome(t, look_again)
    return _simple(_busy(error), t, Outcome.BUSY)


def _refused(refused: Refused, t: Translator) -> Explanation:
    field = FIELDS[refused.refusal.codes[0]]
    kind = Action.CLAIM_LINK if field is Block.LINK else Action.CLAIM_PMI
    offered = offer_text(refused, kind, t)
    text = f"{refusal_text(refused, t)} {offered}".rstrip()
    message = refusal_message(refused, kind, t)
    return Explanation(message, text, Outcome.REFUSED, field, offered)


def _simple(code: str, t: Translator, outcome: Outcome) -> Explanation:
    text = t(code)
    return Explanation(_message(text), text, outcome)


def _message(text: str) -> Message:
    return Message(text, (blocks.section(escape(text)),))
