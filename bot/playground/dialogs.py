"""A person in front of fields: fills, chooses, ticks, submits and closes, in a dialog, on Home or in a message."""

from collections.abc import Sequence
from typing import Any

from bot.playground import payloads
from bot.playground.answers import action_answered, submission_answered, suggestion_answered
from bot.playground.blocks import INITIAL_KEYS, STATE_KEYS, Json, Placed, options_of, placed
from bot.playground.delivery import Delivery, Exchange
from bot.playground.filled import own_errors
from bot.playground.finding import NotThere, field_called, option_called
from bot.playground.modals import OpenView, close_all, close_top
from bot.playground.state import Member, Message
from bot.playground.world import World

QUERY_LENGTH = 3
"""How much is typed before the app is asked for options, where the menu does not say."""
EXTERNAL = {"external_select", "multi_external_select"}
_ACTION_KEYS = (
    "text",
    "value",
    "url",
    "style",
    "placeholder",
    *(key for key in INITIAL_KEYS.values() if key != "initial_value"),
)
_TEXT_INPUTS = {"plain_text_input", "number_input", "email_text_input", "url_text_input"}


class Dialogs:
    """What a person does with fields. Part of `Person`."""

    def __init__(self, world: World, delivery: Delivery, member: Member) -> None:
        self._world = world
        self._delivery = delivery
        self.member = member

    @property
    def view(self) -> OpenView | None:
        """The dialog on top, None where none is open."""
        return self.member.modals[-1] if self.member.modals else None

    async def fills(
        self, block: str | Placed, text: str, *, keystrokes: bool = False, on: Message | OpenView | None = None
    ) -> Exchange:
        """Replace what a text field holds.

        Args:
            block: the field's block id, label or action id, or the field itself.
            text: what is typed.
            keystrokes: type one character after another; the app hears of each if it listens to that.
            on: the message or view, where it is not the open dialog.
        """
        exchange = Exchange.not_sent("block_actions")
        for end in range(1, len(text) + 1) if keystrokes and text else [len(text)]:
            place, one = self._field(block, on)
            if one.element["type"] not in _TEXT_INPUTS:
                raise NotThere(f"{one.label!r} is a {one.element['type']}, not a text field")
            exchange = await self._sets(place, one, text[:end] or None, "on_character_entered")
        return exchange

    async def presses_enter(self, block: str | Placed, *, on: Message | OpenView | None = None) -> Exchange:
        """Press Enter in a text field."""
        place, one = self._field(block, on)
        value = place.values[one.block_id][one.action_id]["value"]
        return await self._sets(place, one, value, "on_enter_pressed")

    async def chooses(
        self,
        block: str | Placed,
        option: str | None = None,
        *,
        options: Sequence[str] | None = None,
        date: str | None = None,
        time: str | None = None,
        at: int | None = None,
        user: Member | None = None,
        users: Sequence[Member] | None = None,
        conversation: str | None = None,
        conversations: Sequence[str] | None = None,
        offered: Sequence[Json] | None = None,
        on: Message | OpenView | None = None,
    ) -> Exchange:
        """Choose in a menu or picker: an option by value or words, a date, a time, a moment, members, channel ids.

        `offered` are the options that a menu shows which the app supplies; without them it is asked for them.
        """
        place, one = self._field(block, on)
        given = [option, options, date, time, at, user, users, conversation, conversations]
        chosen = next((value for value in given if value is not None), None)
        kind = one.element["type"]
        _not_too_many(one, chosen)
        if offered is not None:
            return await self._sets(place, one, _picked(kind, offered, chosen), "")
        if kind in EXTERNAL and isinstance(chosen, str):
            offered = await self.looks_for(block, chosen, on=on)
            return await self._sets(place, one, _picked(kind, offered, chosen), "")
        return await self._sets(place, one, _picked(kind, options_of(one.element), chosen), "")

    async def looks_for(self, block: str | Placed, typed: str, *, on: Message | OpenView | None = None) -> list[Json]:
        """Type into a menu whose options the app supplies; returns the options."""
        return options_of(await self.suggestions(block, typed, on=on))

    async def suggestions(self, block: str | Placed, typed: str, *, on: Message | OpenView | None = None) -> Json:
        """The same, as the app answers: options or groups of them; nothing where it did not answer."""
        return (await self.suggests(block, typed, on=on))[1]

    async def suggests(
        self, block: str | Placed, query: str, *, on: Message | OpenView | None = None
    ) -> tuple[Exchange, Json]:
        """Ask the app what a menu offers for this query; returns the exchange as Slack judged it and what is shown.

        Nothing is sent for a query shorter than the menu's `min_query_length`.

        Raises:
            NotThere: there is no such field, or it is no menu whose options the app supplies.
        """
        place, one = self._field(block, on)
        if one.element["type"] not in EXTERNAL:
            raise NotThere(f"{one.label!r} is a {one.element['type']}, not a menu whose options the app supplies")
        if len(query) < one.element.get("min_query_length", QUERY_LENGTH):
            return Exchange.not_sent("block_suggestion"), {}
        payload = payloads.block_suggestion(self.member, query, one.block_id, one.action_id, self._shown_place(place))
        return suggestion_answered(self._world, self.member, await self._delivery.interaction(payload))

    async def ticks(self, block: str | Placed, value: str, *, on: Message | OpenView | None = None) -> Exchange:
        """Tick a checkbox, by its value or words."""
        place, one = self._field(block, on)
        option = option_called(options_of(one.element), value)
        ticked = place.values[one.block_id][one.action_id]["selected_options"]
        kept = [each for each in options_of(one.element) if each in ticked or each is option]
        return await self._sets(place, one, kept, "")

    async def unticks(self, block: str | Placed, value: str, *, on: Message | OpenView | None = None) -> Exchange:
        """Untick a checkbox, by its value or words."""
        place, one = self._field(block, on)
        option = option_called(options_of(one.element), value)
        ticked = place.values[one.block_id][one.action_id]["selected_options"]
        return await self._sets(place, one, [each for each in ticked if each != option], "")

    async def submits(self) -> Exchange:
        """Submit the dialog on top. Slack itself stops one whose required fields are empty or too long.

        Raises:
            NotThere: no dialog is open, or it has nothing to submit by.
        """
        view = self._dialog()
        if view.submit is None:
            raise NotThere(f"the dialog {view.title!r} has no button that submits")
        view.failure = ""
        view.errors = own_errors(view)
        if view.errors:
            self._world.changed()
            return Exchange.not_sent("view_submission")
        trigger = self._world.new_trigger(self.member, view)
        payload = payloads.view_submission(self.member, view, trigger, self._response_urls(view))
        exchange = await self._delivery.interaction(payload)
        return submission_answered(self._world, self.member, view, exchange)

    async def closes(self, *, everything: bool = False) -> Exchange:
        """Close the dialog on top; the whole stack if the dialog says so, or if its cross was pressed.

        Every dialog that goes and asks for it is told of, the top one first; returns the first of these exchanges.

        Raises:
            NotThere: no dialog is open.
        """
        cleared = everything or self._dialog().clear_on_close
        gone = close_all(self.member.modals) if cleared else [close_top(self.member.modals)]
        self._world.changed()
        told: list[Exchange] = []
        for view in gone:
            if view.notify_on_close:
                payload = payloads.view_closed(self.member, view, cleared=cleared)
                exchange = await self._delivery.interaction(payload)
                told.append(action_answered(self._world, self.member, exchange))
        return told[0] if told else Exchange.not_sent("view_closed")

    async def _acts(self, place: Message | OpenView, one: Placed, chosen: Json) -> Exchange:
        """Tell the app what was pressed or changed."""
        view = place if isinstance(place, OpenView) else None
        shown: Json = {key: one.element[key] for key in _ACTION_KEYS if key in one.element}
        action: Json = {
            "type": one.element["type"],
            "action_id": one.action_id,
            "block_id": one.block_id,
            **shown,
            **chosen,
            "action_ts": self._world.mint.stamp(self._world.clock()),
        }
        trigger = self._world.new_trigger(self.member, view)
        payload = payloads.block_action(self.member, action, trigger) | self._place(place)
        exchange = await self._delivery.interaction(payload)
        return action_answered(self._world, self.member, exchange, view)

    async def _sets(self, place: Message | OpenView, one: Placed, value: Any, because: str) -> Exchange:
        """Put a value into a field, and tell the app if it listens to that."""
        key, _ = STATE_KEYS[one.element["type"]]
        place.values[one.block_id][one.action_id] = {"type": one.element["type"], key: value}
        self._world.changed()
        if one.block["type"] == "input":
            config = one.element.get("dispatch_action_config", {})
            heard = because in {"", *config.get("trigger_actions_on", ["on_enter_pressed"])}
            if not one.block.get("dispatch_action") or not heard:
                return Exchange.not_sent("block_actions")
        return await self._acts(place, one, {key: value})

    def _place(self, place: Message | OpenView) -> Json:
        if isinstance(place, OpenView):
            return payloads.on_view(place, self.member.workspace)
        return payloads.on_message(place, self._world.new_response_url(self.member, place.channel, place))

    def _shown_place(self, place: Message | OpenView) -> Json:
        """The place as a menu's request for options names it: no state, and nowhere to answer to."""
        if isinstance(place, OpenView):
            return payloads.on_view(place, self.member.workspace)
        shown = payloads.on_message(place, "")
        return {key: shown[key] for key in shown if key in {"container", "channel", "message"}}

    def _field(self, block: str | Placed, on: Message | OpenView | None) -> tuple[Message | OpenView, Placed]:
        place = on if on is not None else self._dialog()
        if isinstance(block, str):
            return place, field_called(place.blocks, block)
        if block.action_id not in place.values.get(block.block_id, {}):
            raise NotThere(f"{block.label!r} is no longer here")
        return place, block

    def _dialog(self) -> OpenView:
        if self.view is None:
            raise NotThere("no dialog is open")
        return self.view

    def _response_urls(self, view: OpenView) -> list[Json]:
        """An address for each channel that a field with `response_url_enabled` names."""
        urls = []
        for one in placed(view.blocks):
            if one.block["type"] == "input" and one.element.get("response_url_enabled"):
                key, _ = STATE_KEYS[one.element["type"]]
                channel_id = view.values[one.block_id][one.action_id][key]
                channel = self.member.workspace.channels.get(channel_id or "")
                if channel is not None:
                    url = self._world.new_response_url(self.member, channel, kind="app")
                    urls.append(
                        {
                            "block_id": one.block_id,
                            "action_id": one.action_id,
                            "channel_id": channel.id,
                            "response_url": url,
                        }
                    )
        return urls


def _picked(kind: str, options: Sequence[Json], chosen: Any) -> Any:
    """What the state holds after this choice."""
    key, empty = STATE_KEYS[kind]
    if chosen is None:
        return empty
    several: list[Any] = [*chosen] if isinstance(chosen, list | tuple) else [chosen]
    if key in {"selected_option", "selected_options"}:
        picked: list[Any] = [option_called(options, str(one)) for one in several]
    else:
        picked = [one.id if isinstance(one, Member) else one for one in several]
    return picked if isinstance(empty, list) else picked[0]


def _not_too_many(one: Placed, chosen: Any) -> None:
    most = one.element.get("max_selected_items")
    if most is not None and isinstance(chosen, list | tuple) and len(chosen) > most:
        raise NotThere(f"{one.label!r} lets one choose {most} at most")
