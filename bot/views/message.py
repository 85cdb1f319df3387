"""A message as Slack takes it."""

from dataclasses import dataclass

from bot.views.blocks import BlockDict


@dataclass(frozen=True, slots=True)
class Message:
    """A message: its blocks, and the text beside them for notifications and screen readers.

    The text is plain, and escaped on its way out, unless it is `Mrkdwn`.
    """

    text: str
    blocks: tuple[BlockDict, ...]
    thread: str = ""
    """The time stamp of the message in whose thread it is posted; empty where it stands by itself."""
