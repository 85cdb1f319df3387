"""Everything Slack holds at one moment, and the few ways in which it changes. Speaks no HTTP."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from bot.playground.blocks import completed_blocks, initial_values
from bot.playground.manifest import AppManifest
from bot.playground.modals import OpenView, Views, close_all
from bot.playground.state import (
    RESPONSE_URL_SECONDS,
    RESPONSE_URL_USES,
    SLACKBOT,
    TRIGGER_SECONDS,
    Channel,
    Json,
    Member,
    Message,
    Mint,
    ResponseUrl,
    Trigger,
    Workspace,
)


class Refused(Exception):  # noqa: N818 - Slack says no; nothing went wrong here
    """Slack's answer `ok: false`, with the error and whatever stands beside it."""

    def __init__(self, error: str, **beside: object) -> None:
        super().__init__(error)
        self.error = error
        self.beside = beside


class World:
    """Slack's state. Whoever changes it calls `changed`, so that `until` and those who watch wake.

    Ids are numbered from `first_number`.
    """

    def __init__(self, clock: Callable[[], float], app_id: str, first_number: int = 1) -> None:
        self.clock = clock
        self.app_id = app_id
        self.manifest = AppManifest()
        self.mint = Mint(first_number)
        self.workspaces: dict[str, Workspace] = {}
        self.triggers: dict[str, Trigger] = {}
        self.response_urls: dict[str, ResponseUrl] = {}
        self.unfurl_ids: dict[str, Message] = {}
        """Messages with the app's links in them, by the id under which the app was told."""
        self.base_url = ""
        self.views = Views(self.mint.id, lambda: self.mint.hash(clock()))
        self.version = 0
        """How often it has changed."""
        self._change: asyncio.Event | None = None
        self._watchers: set[asyncio.Event] = set()

    def changed(self) -> None:
        """Wake everybody who waits in `until`, and everybody who watches."""
        self.version += 1
        for watcher in self._watchers:
            watcher.set()
        if self._change is not None:
            self._change.set()
            self._change = None

    @contextmanager
    def watching(self) -> Iterator[asyncio.Event]:
        """An event that every change sets, until the block ends. Whoever waits for it clears it."""
        watcher = asyncio.Event()
        self._watchers.add(watcher)
        try:
            yield watcher
        finally:
            self._watchers.discard(watcher)

    async def until(self, condition: Callable[[], object], timeout: float) -> None:
        """Wait until the condition holds; it is looked at now and after each change.

        Raises:
            TimeoutError: it did not hold in time.
        """
        try:
            async with asyncio.timeout(timeout):
                while not condition():
                    if self._change is None:
                        self._change = asyncio.Event()
                    await self._change.wait()
        except TimeoutError:
            raise TimeoutError(f"nothing made the condition true within {timeout} s") from None

    def new_trigger(self, member: Member, from_view: OpenView | None = None) -> Trigger:
        """Leave to open one view within three seconds."""
        trigger = Trigger(
            self.mint.trigger(), member.workspace, member, self.clock(), from_view.id if from_view else None
        )
        self.triggers[trigger.id] = trigger
        return trigger

    def usable_trigger(self, trigger_id: str, workspaces: list[Workspace]) -> Trigger:
        """The trigger of this id, if it is one of these workspaces', unused and fresh.

        Raises:
            Refused: with Slack's word for what is wrong with it.
        """
        trigger = self.triggers.get(trigger_id)
        if trigger is None or trigger.workspace not in workspaces:
            raise Refused("invalid_trigger_id")
        if trigger.used:
            raise Refused("exchanged_trigger_id")
        if self.clock() - trigger.created > TRIGGER_SECONDS:
            raise Refused("expired_trigger_id")
        return trigger

    def new_response_url(self, member: Member, channel: Channel, about: Message | None = None, kind: str = "") -> str:
        """An address for later answers. `kind` is the word in its path, such as `commands` or `actions`."""
        key = f"{member.workspace.id}/{self.mint.number()}/{self.mint.trigger().rpartition('.')[2]}"
        url = f"{self.base_url}/{kind or 'actions'}/{key}"
        self.response_urls[key] = ResponseUrl(key, url, member, channel, self.clock(), about, kind == "commands")
        return url

    def usable_response_url(self, key: str) -> ResponseUrl:
        """The response URL of this key, its use counted.

        Raises:
            Refused: it is unknown, too old or used up.
        """
        found = self.response_urls.get(key)
        if found is None:
            raise Refused("invalid_url")
        if self.clock() - found.created > RESPONSE_URL_SECONDS:
            raise Refused("expired_url")
        if found.uses >= RESPONSE_URL_USES:
            raise Refused("used_url")
        found.uses += 1
        return found

    def post(
        self,
        channel: Channel,
        content: Json,
        *,
        user: str = "",
        ephemeral_for: Member | None = None,
    ) -> Message:
        """Put a message into a channel, or before one member's eyes only. By the app unless `user` is given."""
        message = Message(
            ts=self.mint.stamp(self.clock()),
            channel=channel,
            user=user or channel.workspace.bot_user_id,
            bot_id=None if user else channel.workspace.bot_id,
            ephemeral_for=ephemeral_for.id if ephemeral_for else None,
            thread_ts=content.get("thread_ts"),
        )
        self.fill(message, content)
        if ephemeral_for is not None:
            ephemeral_for.private_messages.append(message)
        else:
            channel.messages.append(message)
        self.changed()
        return message

    def fill(self, message: Message, content: Json) -> None:
        """Give a message the text and blocks of this content."""
        message.text = content.get("text") or ""
        message.blocks = completed_blocks(content.get("blocks") or [], self.mint.id)
        message.values = initial_values(message.blocks)

    def tell(self, member: Member, channel: Channel, text: str) -> Message:
        """Slack's own words, for one member only."""
        return self.post(channel, {"text": text}, user=SLACKBOT, ephemeral_for=member)

    def delete(self, message: Message) -> None:
        """Take a message away."""
        message.deleted = True
        holder = message.channel.messages
        if message.ephemeral_for is not None:
            holder = message.channel.workspace.members[message.ephemeral_for].private_messages
        if message in holder:
            holder.remove(message)
        self.changed()

    def open_view(self, member: Member, view: Json, under: OpenView | None = None) -> OpenView:
        """Put a dialog before a member: upon `under`, or in place of the whole stack."""
        made = self.views.make(view, member.workspace.id, under)
        if under is None:
            close_all(member.modals)
        member.modals.append(made)
        self.changed()
        return made

    def view_anywhere(self, workspaces: list[Workspace], view_id: str, external_id: str) -> OpenView | None:
        """The open view or Home of this id or external id, in any of these workspaces."""
        for workspace in workspaces:
            for member in workspace.members.values():
                for view in [*member.modals, *([member.home] if member.home else [])]:
                    if (view_id and view.id == view_id) or (external_id and view.external_id == external_id):
                        return view
        return None
