"""Who sees what is posted in a channel, as far as Slack says: whether there is a reason to ask before."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from bot.handlers.slack import Line, SlackSilent

_DIRECT = "D"
"""What the ids of direct messages begin with: two people are there, and both are known."""


class Reason(StrEnum):
    """Why to ask before something is posted."""

    OUTSIDE = "outside"
    PUBLIC = "public"
    LARGE = "large"
    UNKNOWN = "unknown"
    """Slack does not say who is there: it may be anybody."""


@dataclass(frozen=True, slots=True)
class Audience:
    """Those who read along in a channel."""

    reasons: tuple[Reason, ...] = ()
    members: int = 0


async def audience(line: Line, channel: str, most: int) -> Audience:
    """Who reads along in a channel; more than `most` are many.

    An administrator may have declined the scope for that, and of a private channel without the app Slack says nothing.
    """
    if channel.startswith(_DIRECT):
        return Audience()
    asked = {"channel": channel, "include_num_members": "true"}
    try:
        found = (await line.look_up("conversations.info", asked)).get("channel")
    except SlackSilent:
        return Audience((Reason.UNKNOWN,))
    return _read(found, most) if isinstance(found, dict) else Audience((Reason.UNKNOWN,))


def _read(found: Mapping[str, Any], most: int) -> Audience:
    count = found.get("num_members")
    members = count if isinstance(count, int) else 0
    several = found.get("is_mpim") is True or found.get("is_im") is True
    apply = {
        Reason.OUTSIDE: found.get("is_ext_shared") is True or found.get("is_pending_ext_shared") is True,
        Reason.PUBLIC: found.get("is_private") is not True and not several,
        Reason.LARGE: members > most,
    }
    return Audience(tuple(reason for reason, applies in apply.items() if applies), members)
