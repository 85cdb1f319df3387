"""What a handler gives back: what goes into the acknowledgement, and what is to be done after it."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.metrics import Outcome
from bot.views.message import Message
from bot.views.mrkdwn import Mrkdwn, escape

Later = Callable[[], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Answer:
    """The acknowledgement's content (empty acknowledges only), then the work that follows it."""

    ack: Mapping[str, Any] = field(default_factory=dict)
    later: Later | None = None
    outcome: Outcome = Outcome.DONE


def private(message: Message, outcome: Outcome = Outcome.DONE) -> Answer:
    """A message that only the person who asked sees."""
    return Answer(as_private(message), outcome=outcome)


def as_private(message: Message) -> dict[str, Any]:
    """The message as Slack takes it in an acknowledgement, at a response URL or as a direct message.

    Slack reads the text beside the blocks as mrkdwn too, so what people wrote must not come alive there either.
    """
    return {"response_type": "ephemeral", "text": _shown(message.text), "blocks": list(message.blocks)}


def as_public(message: Message) -> dict[str, Any]:
    """The message as Slack takes it for everybody in a channel. See `as_private`."""
    thread = {"thread_ts": message.thread} if message.thread else {}
    return as_private(message) | {"response_type": "in_channel"} | thread


def _shown(text: str) -> str:
    return text if isinstance(text, Mrkdwn) else escape(text)


def update(view: Mapping[str, Any]) -> Answer:
    """Another dialog in the place of the one that was saved."""
    return Answer({"response_action": "update", "view": view})


def errors(under: Mapping[str, str], outcome: Outcome = Outcome.REFUSED) -> Answer:
    """Words under fields of the dialog, which stays as it was typed."""
    return Answer({"response_action": "errors", "errors": dict(under)}, outcome=outcome)
