"""How a planned message gets into Slack, and how it is changed there: by a member of the channel, or a response URL.

Slack dedupes nothing, and to look for a message of ours in a channel would take leave to read along in it, which the
app does not ask for. So whoever is not heard may be there: that is noted, not looked up.
"""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit

from bot.handlers.answers import as_private, as_public
from bot.handlers.slack import POST_SECONDS, Line, Slack, SlackSilent, SlackUnheard, posted
from bot.services.due_postings import Taken
from bot.views.message import Message
from storage.posting_lanes import Stands

NO_MEMBER = frozenset(("channel_not_found", "not_in_channel", "user_not_in_channel"))
"""Where the app is not, or the person who alone should see it. A private channel that it is not in is not found."""
DIRECT_SECONDS = 3600.0
"""For how long it is known which channel somebody's direct messages are."""
MOST_KEPT = 10_000
_CHANGEABLE = "commands"
"""The word in the path of a response URL by which one's own message can be changed: that of a slash command. By another
one, it is the message with the button that changes."""


class Unchangeable(Exception):  # noqa: N818 - it says what it is
    """The message stands where it cannot be changed any more."""


@dataclass(slots=True)
class Deliveries:
    """The ways of one process."""

    slack: Slack
    monotonic: Callable[[], float]
    now: Callable[[], datetime]
    _direct: OrderedDict[tuple[str, str], tuple[str, float]] = field(default_factory=OrderedDict)

    async def deliver(self, taken: Taken, message: Message) -> Stands:
        """Post a message, or change it where it stands.

        Raises:
            Unchangeable: nothing can be changed any more.
            SlackUnheard: it may be done.
            SlackSilent: it is not done.
        """
        if not taken.is_new:
            return await self._change(taken, message)
        if taken.in_doubt:
            await self._answers(taken)
        if taken.posting.channel is None:
            return await self._post(taken, message, await self._direct_messages(taken, str(taken.posting.slack_user)))
        if taken.posting.slack_user is None:
            return await self._post_or_respond(taken, message, taken.posting.channel)
        return await self._show(taken, message, taken.posting.channel, taken.posting.slack_user)

    def _line(self, taken: Taken) -> Line:
        return self.slack.of(taken.posting.workspace)

    async def _answers(self, taken: Taken) -> None:
        """See that Slack answers at all: only then is a message worth the risk that it is there twice.

        Raises:
            SlackSilent: it does not.
        """
        try:
            await self._line(taken).call("auth.test", {})
        except SlackUnheard as unheard:
            raise SlackSilent(unheard.reason) from None

    async def _post(self, taken: Taken, message: Message, channel: str) -> Stands:
        answer = await self._line(taken).post(channel, as_public(message))
        where, ts = str(answer.get("channel") or channel), str(answer.get("ts") or "")
        return self._stands(taken, where, ts, changeable=bool(ts))

    async def _post_or_respond(self, taken: Taken, message: Message, channel: str) -> Stands:
        try:
            return await self._post(taken, message, channel)
        except SlackSilent as silent:
            if silent.reason not in NO_MEMBER or not taken.response_url:
                raise
        await self._line(taken).respond(taken.response_url, as_public(message), in_place=False, seconds=POST_SECONDS)
        changeable = urlsplit(taken.response_url).path.split("/")[1] == _CHANGEABLE
        return self._stands(taken, used=1, changeable=changeable)

    async def _show(self, taken: Taken, message: Message, channel: str, user: str) -> Stands:
        """Show it to one person in a channel, else in their direct messages."""
        arguments = {"channel": channel, "user": user, **posted(as_private(message))}
        try:
            await self._line(taken).paced("chat.postEphemeral", arguments, channel, POST_SECONDS)
        except SlackSilent as silent:
            if silent.reason not in NO_MEMBER:
                raise
        else:
            return self._stands(taken, changeable=False)
        if taken.response_url:
            await self._line(taken).respond(
                taken.response_url, as_private(message), in_place=False, seconds=POST_SECONDS
            )
            return self._stands(taken, changeable=False)
        return await self._post(taken, message, await self._direct_messages(taken, user))

    async def _change(self, taken: Taken, message: Message) -> Stands:
        posting = taken.posting
        if posting.posted_in is not None and posting.ts is not None:
            arguments = {"channel": posting.posted_in, "ts": posting.ts, **posted(as_public(message))}
            await self._line(taken).paced("chat.update", arguments, posting.posted_in, POST_SECONDS)
            return self._stands(taken, posting.posted_in, posting.ts)
        if not taken.response_url:
            raise Unchangeable
        await self._line(taken).respond(taken.response_url, as_public(message), in_place=True, seconds=POST_SECONDS)
        return self._stands(taken, used=1)

    def _stands(
        self, taken: Taken, where: str | None = None, ts: str | None = None, *, used: int = 0, changeable: bool = True
    ) -> Stands:
        uses = taken.posting.response_uses + used
        return Stands(taken.posting.wanted, where, ts, uses, None if changeable else self.now())

    async def _direct_messages(self, taken: Taken, user: str) -> str:
        channel, until = self._direct.get((taken.posting.workspace, user), ("", 0.0))
        if not channel or until <= self.monotonic():
            channel = await self._line(taken).direct(user)
            self._direct[taken.posting.workspace, user] = (channel, self.monotonic() + DIRECT_SECONDS)
            if len(self._direct) > MOST_KEPT:
                self._direct.popitem(last=False)
        return channel
