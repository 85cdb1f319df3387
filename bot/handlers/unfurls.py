"""Our addresses in other people's messages: a small card with Join, the same for every address of one form.

Nothing is looked up: a card that told a used number from a free one, or whose it is, would tell it to a whole channel.
What stands behind the address, a key or a passcode, is left out.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import structlog

from bot.handlers.slack import Slack, SlackNotAsked, SlackSilent
from bot.texts import Translator
from bot.views.addresses import Addresses
from bot.views.blocks import BlockDict
from bot.views.unfurl import link_unfurled, number_unfurled

MOST_LINKS = 5
"""In one message: more than anybody reads."""
FOR_GOOD = frozenset(
    (
        "cannot_find_channel",
        "cannot_find_message",
        "cannot_unfurl_message",
        "cannot_unfurl_url",
        "invalid_unfurls_format",
        "missing_scope",
    )
)
"""Refusals that no second try mends: the message is gone, or whoever installed the app did not want this."""

_NUMBER = re.compile(r"/j/([2-9][0-9]{9,10})/?\Z")
_LINK = re.compile(r"/my/([A-Za-z][A-Za-z0-9.]{4,39})/?\Z")
_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Pasted:
    """A message, or one that is still being written, with addresses in it."""

    workspace: str
    team: str
    links: tuple[str, ...]
    unfurl_id: str
    source: str


def read_pasted(event: Mapping[str, Any], workspace: str, team: str) -> Pasted | None:
    """What an event of shared links tells; None where it cannot be answered."""
    found = event.get("links")
    listed = found if isinstance(found, list) else []
    links = [link["url"] for link in listed if isinstance(link, dict) and isinstance(link.get("url"), str)]
    unfurl_id, source = event.get("unfurl_id"), event.get("source")
    if not links or not isinstance(unfurl_id, str) or not isinstance(source, str):
        return None
    return Pasted(workspace, team, tuple(dict.fromkeys(links)), unfurl_id, source)


@dataclass(frozen=True, slots=True)
class Unfurls:
    """The unfurler of one process."""

    slack: Slack
    t: Translator
    addresses: Addresses
    is_ours: Callable[[str], bool]
    """Whether a host that is not in these addresses leads here all the same, for some workspace."""

    async def show(self, pasted: Pasted) -> None:
        """Put a card under each of our addresses. Doing it twice shows it once.

        Raises:
            SlackSilent: Slack did not take it, and may take it later.
        """
        cards = {link: card for link in pasted.links if (card := self._card(link)) is not None}
        if not cards:
            return
        shown = dict(list(cards.items())[:MOST_LINKS])
        arguments = {"unfurl_id": pasted.unfurl_id, "source": pasted.source, "unfurls": shown}
        try:
            await self.slack.of(pasted.workspace, pasted.team).call("chat.unfurl", arguments)
        except SlackSilent as silent:
            if silent.reason not in FOR_GOOD and not isinstance(silent, SlackNotAsked):
                raise
            _log.info("not_unfurled", reason=silent.reason)

    def _card(self, link: str) -> BlockDict | None:
        found = self._below_ours(link)
        if found is None:
            return None
        path, addresses = found
        number = _NUMBER.match(path)
        if number is not None:
            return number_unfurled(number[1], self.t, addresses)
        spelling = _LINK.match(path)
        return None if spelling is None else link_unfurled(spelling[1], self.t, addresses)

    def _below_ours(self, link: str) -> tuple[str, Addresses] | None:
        """What of an address comes behind our base, and our addresses on the host that was pasted; None elsewhere."""
        try:
            given = urlsplit(link)
            host = (given.hostname or "").lower()
        except ValueError:
            return None
        addresses = self.addresses.at(host) if self.is_ours(host) else self.addresses
        ours = urlsplit(addresses.base)
        if given.scheme not in ("http", "https") or given.netloc.lower() != ours.netloc.lower():
            return None
        below = f"{ours.path}/"
        return (given.path.removeprefix(ours.path), addresses) if given.path.startswith(below) else None
