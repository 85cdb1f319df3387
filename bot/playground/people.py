"""A person at Slack: types commands, presses buttons, uses shortcuts, opens Home. Dialogs are in `dialogs`."""

from bot.playground import events, payloads
from bot.playground.answers import action_answered, command_answered
from bot.playground.blocks import Placed
from bot.playground.delivery import Delivery, Exchange
from bot.playground.dialogs import Dialogs
from bot.playground.escaping import entities, escaped
from bot.playground.finding import NotThere, labels, pressable, the_one
from bot.playground.modals import OpenView
from bot.playground.state import Channel, Json, Member, Message, Workspace, visible_to
from bot.playground.world import World


class Person(Dialogs):
    """A member at a keyboard, with one channel before them.

    Several persons may be the same member, in different channels or windows: they share messages and dialogs.
    """

    def __init__(self, world: World, delivery: Delivery, member: Member, channel: Channel) -> None:
        super().__init__(world, delivery, member)
        self.channel = channel
        self._at_home = False

    @property
    def workspace(self) -> Workspace:
        """The workspace that this person looks at."""
        return self.member.workspace

    @property
    def private_messages(self) -> list[Message]:
        """What only this person sees, newest last."""
        return list(self.member.private_messages)

    @property
    def direct_messages(self) -> list[Message]:
        """The app's direct messages to this person, newest last."""
        return list(self.workspace.direct_messages_with(self.member.id).messages)

    @property
    def messages(self) -> list[Message]:
        """Every message that this person sees here, posted or private, newest last."""
        return visible_to(self.member, [self.channel, self.workspace.direct_messages_with(self.member.id)])

    @property
    def home(self) -> OpenView | None:
        """This person's Home tab as last published."""
        return self.member.home

    @property
    def troubles(self) -> list[str]:
        """What Slack has told this person about the app's failures, newest last."""
        return list(self.member.troubles)

    def goes_to(self, channel: Channel) -> None:
        """Look at another channel."""
        self.channel = channel
        self._at_home = False

    async def types(self, text: str, *, anyway: bool = False) -> Exchange:
        """Type a line and send it: a slash command, or a message that everybody sees.

        Args:
            text: the line as typed.
            anyway: send even what Slack would hold back: a command of a deactivated member, of a bot or of a member of
                another organisation.
        """
        self._at_home = False
        if not text.startswith("/"):
            content = {"text": escaped(text, self.workspace)}
            return await self._told_of_links(self._world.post(self.channel, content, user=self.member.id))
        name, _, rest = text.partition(" ")
        command = self._world.manifest.command(name)
        held_back = self.member.deleted or self.member.is_bot or self.member.outside
        if command is None or (held_back and not anyway):
            words = f'{name} is not a valid command. In Slack, all messages that start with the "/" character'
            self._world.tell(self.member, self.channel, entities(f"{words} are interpreted as commands."))
            return Exchange.not_sent(name)
        typed = escaped(rest.strip(), self.workspace) if command.should_escape else rest.strip()
        url = self._world.new_response_url(self.member, self.channel, kind="commands")
        trigger = self._world.new_trigger(self.member)
        fields = payloads.slash_command(self.member, self.channel, name, typed, (url, trigger.id))
        exchange = await self._delivery.command(fields)
        return command_answered(self._world, self.member, self.channel, exchange)

    async def presses(
        self,
        label: str | None = None,
        *,
        action_id: str | None = None,
        value: str | None = None,
        on: Message | OpenView | None = None,
        confirm: bool = True,
    ) -> Exchange:
        """Press a button or choose from a "more" menu.

        Looks at the open dialog if there is one, else at Home if that was opened last, else for the newest message
        with such a button.

        Args:
            label: the words on it.
            action_id: its action id.
            value: its value, where several look alike.
            on: the message or view to look at.
            confirm: the answer to its confirmation dialog, if it has one.

        Raises:
            NotThere: there is no such button, or more than one.
        """
        wanted = " ".join(str(part) for part in (label, action_id, value) if part is not None)
        place, one, option = self._button(on, wanted, (label, action_id, value))
        if one.element.get("confirm") and not confirm:
            return Exchange.not_sent("block_actions")
        return await self.presses_this(one, option, on=place)

    async def presses_this(self, one: Placed, option: Json | None = None, *, on: Message | OpenView) -> Exchange:
        """Press exactly this button, or choose this option of this "more" menu."""
        return await self._acts(on, one, {"selected_option": option} if option else {})

    async def _told_of_links(self, message: Message) -> Exchange:
        """Tell the app of its own links in a message, if it listens and may read links."""
        manifest = self._world.manifest
        links = events.links_to(manifest.unfurl_domains, message.text)
        if not links or not manifest.hears("link_shared") or "links:read" not in self.workspace.scopes:
            return Exchange.not_sent("message")
        mint, now = self._world.mint, self._world.clock()
        unfurl_id = mint.id("C")
        self._world.unfurl_ids[unfurl_id] = message
        return await self._happens(events.link_shared(message, links, unfurl_id, mint.stamp(now)))

    async def _happens(self, event: Json) -> Exchange:
        event_id = self._world.mint.id("Ev")
        return await self._delivery.event(payloads.event_callback(self.workspace, event, event_id, self._world.clock()))

    def _button(
        self, on: Message | OpenView | None, wanted: str, description: tuple[str | None, str | None, str | None]
    ) -> tuple[Message | OpenView, Placed, Json | None]:
        places: list[Message | OpenView]
        if on is not None:
            places = [on]
        elif self.view is not None:
            places = [self.view]
        elif self._at_home and self.home is not None:
            places = [self.home]
        else:
            places = list(reversed(self.messages))
        for place in places:
            found = pressable(place.blocks, *description)
            if found:
                return place, *the_one(found, wanted)
        there = ", ".join(repr(name) for name in labels(block for place in places for block in place.blocks))
        raise NotThere(f"no button {wanted} here; there are: {there or 'none'}")

    async def opens_home(self, *, tab: str = "home") -> Exchange:
        """Open the app's Home tab, or another of its tabs."""
        self._at_home = tab == "home"
        view = self.home if tab == "home" else None
        event = events.app_home_opened(self.member, tab, view, self._world.mint.stamp(self._world.clock()))
        if not self._world.manifest.hears("app_home_opened"):
            return Exchange.not_sent("app_home_opened")
        return await self._happens(event)

    async def uses_shortcut(self, callback_id: str) -> Exchange:
        """Use a global shortcut.

        Raises:
            NotThere: the app has no such shortcut.
        """
        if self._world.manifest.shortcut(callback_id, on_messages=False) is None:
            raise NotThere(f"the app has no global shortcut {callback_id!r}")
        stamp = self._world.mint.stamp(self._world.clock())
        payload = payloads.global_shortcut(self.member, callback_id, self._world.new_trigger(self.member), stamp)
        return action_answered(self._world, self.member, await self._delivery.interaction(payload))

    async def uses_message_shortcut(self, callback_id: str, message: Message) -> Exchange:
        """Use a shortcut from a message's menu.

        Raises:
            NotThere: the app has no such shortcut, or the message is ephemeral, where Slack offers none.
        """
        if self._world.manifest.shortcut(callback_id, on_messages=True) is None:
            raise NotThere(f"the app has no message shortcut {callback_id!r}")
        if message.ephemeral_for is not None:
            raise NotThere("Slack offers no shortcuts on messages that only one person sees")
        stamp = self._world.mint.stamp(self._world.clock())
        url = self._world.new_response_url(self.member, message.channel, message, kind="app")
        trigger = self._world.new_trigger(self.member)
        payload = payloads.message_shortcut(
            self.member, callback_id, message, trigger, action_ts=stamp, response_url=url
        )
        return action_answered(self._world, self.member, await self._delivery.interaction(payload))
