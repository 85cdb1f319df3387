"""What somebody does on the page, as an act of a person at the stand-in."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from bot.playground.blocks import STATE_KEYS, Json, Placed, listed, options_of
from bot.playground.delivery import Exchange
from bot.playground.finding import PRESSABLE, NotThere
from bot.playground.modals import OpenView
from bot.playground.page.fields import Fields, Unfit
from bot.playground.page.seats import dialog_called, element_at, message_at, own_channel, place_of
from bot.playground.people import Person
from bot.playground.standin import StandIn
from bot.playground.state import Member, Message

EXTERNAL = ("external_select", "multi_external_select")
SOMEWHEN = 10**11
"""Seconds since 1970, further than any picker goes."""


class Acts:
    """Everything that the page lets somebody do."""

    def __init__(self, slack: StandIn) -> None:
        self._slack = slack
        self._offered: dict[tuple[Member, str, str], list[Json]] = {}
        """What the app has offered last in each menu whose options it supplies."""
        self._kinds: Mapping[str, Callable[[Person, Fields], Awaitable[Exchange]]] = {
            "type": self._type,
            "press": self._press,
            "fill": self._fill,
            "choose": self._choose,
            "submit": self._submit,
            "close": self._close,
            "close_all": self._close_all,
            "home": lambda person, _: person.opens_home(),
            "messages_tab": lambda person, _: person.opens_home(tab="messages"),
            "shortcut": lambda person, fields: person.uses_shortcut(fields.text("callback_id")),
            "message_shortcut": self._message_shortcut,
        }

    async def do(self, member: Member, fields: Fields) -> Exchange:
        """Do it, and wait for the app's answer.

        Raises:
            NotThere: what it is about is no longer there.
            Unfit: it cannot be read.
        """
        kind = fields.text("do")
        if kind not in self._kinds:
            raise Unfit(f"do must be one of: {', '.join(self._kinds)}")
        return await self._kinds[kind](self._person(member), fields)

    async def suggest(self, member: Member, fields: Fields) -> Json:
        """What the app offers in a menu for what was typed into it.

        Raises:
            NotThere: the menu is no longer there.
            Unfit: it cannot be read, or the options of this menu are known.
        """
        place = place_of(member, fields)
        one = element_at(place, fields)
        if one.element["type"] not in EXTERNAL:
            raise Unfit(f"the options of a {one.element['type']} are in it")
        answer = await self._person(member).suggestions(one, fields.text("query", ""), on=place)
        self._offered[member, one.block_id, one.action_id] = options_of(answer)
        return {
            "options": listed(answer.get("options")),
            "option_groups": listed(answer.get("option_groups")),
        }

    def _person(self, member: Member) -> Person:
        return self._slack.person(member, member.workspace.direct_messages_with(member.id))

    async def _type(self, person: Person, fields: Fields) -> Exchange:
        text = fields.text("text")
        if not text.strip():
            raise Unfit("text is empty")
        person.goes_to(own_channel(person.member, fields.text("channel")))
        return await person.types(text)

    async def _press(self, person: Person, fields: Fields) -> Exchange:
        place = place_of(person.member, fields)
        one = element_at(place, fields)
        if one.element["type"] not in PRESSABLE:
            raise Unfit(f"a {one.element['type']} is nothing to press")
        if fields.text_or_none("value") not in {None, one.element.get("value")}:
            raise NotThere("this button has just changed")
        if one.element["type"] != "overflow":
            return await person.presses_this(one, on=place)
        wanted = fields.text("option")
        option = next((each for each in options_of(one.element) if each.get("value") == wanted), None)
        if option is None:
            raise NotThere("this choice is no longer here")
        return await person.presses_this(one, option, on=place)

    async def _fill(self, person: Person, fields: Fields) -> Exchange:
        place = place_of(person.member, fields)
        one = element_at(place, fields)
        if STATE_KEYS.get(one.element["type"], ("",))[0] != "value":
            raise Unfit(f"a {one.element['type']} is nothing to type into")
        text, enter = fields.text("text"), fields.flag("enter")
        if not enter:
            return await person.fills(one, text, on=place)
        if text != (_held(place, one) or ""):
            await person.fills(one, text, on=place)
        # The app may have changed the view meanwhile; Enter goes to what stands there now.
        return await person.presses_enter(element_at(place, fields), on=place)

    async def _choose(self, person: Person, fields: Fields) -> Exchange:
        place = place_of(person.member, fields)
        one = element_at(place, fields)
        kind = one.element["type"]
        chosen = _chosen(person.member, kind, fields)
        if kind in EXTERNAL:
            chosen["offered"] = self._known_options(person.member, place, one)
        return await person.chooses(one, on=place, **chosen)

    def _known_options(self, member: Member, place: Message | OpenView, one: Placed) -> list[Json]:
        """What was offered last, and what is chosen already."""
        held = _held(place, one)
        chosen = held if isinstance(held, list) else [held] if held else []
        return [*self._offered.get((member, one.block_id, one.action_id), []), *chosen]

    async def _submit(self, person: Person, fields: Fields) -> Exchange:
        dialog_called(person.member, fields.text("view"))
        return await person.submits()

    async def _close(self, person: Person, fields: Fields) -> Exchange:
        dialog_called(person.member, fields.text("view"))
        return await person.closes()

    async def _close_all(self, person: Person, fields: Fields) -> Exchange:
        dialog_called(person.member, fields.text("view"))
        return await person.closes(everything=True)

    async def _message_shortcut(self, person: Person, fields: Fields) -> Exchange:
        message = message_at(person.member, fields.text("channel"), fields.text("ts"))
        return await person.uses_message_shortcut(fields.text("callback_id"), message)


def _held(place: Message | OpenView, one: Placed) -> Any:
    key, _ = STATE_KEYS[one.element["type"]]
    return place.values[one.block_id][one.action_id][key]


def _chosen(member: Member, kind: str, fields: Fields) -> Json:
    """What is chosen in an element of this kind, as `Person.chooses` takes it."""

    def member_called(user_id: str) -> Member:
        if user_id not in member.workspace.members:
            raise NotThere(f"nobody here is {user_id!r}")
        return member.workspace.members[user_id]

    def channel_called(channel_id: str) -> str:
        if channel_id not in member.workspace.channels:
            raise NotThere(f"there is no channel {channel_id!r}")
        return channel_id

    def one_of(name: str, called: Callable[[str], Any]) -> Any:
        wanted = fields.text_or_none(name)
        return None if wanted is None else called(wanted)

    readers: Mapping[tuple[str, ...], tuple[str, str, Callable[[str], Any]]] = {
        ("static_select", "external_select", "radio_buttons"): ("option", "option", fields.text_or_none),
        ("checkboxes", "multi_static_select", "multi_external_select"): ("options", "options", fields.texts),
        ("datepicker",): ("date", "date", fields.date),
        ("timepicker",): ("time", "time", fields.time),
        ("datetimepicker",): ("at", "at", lambda name: None if fields.given(name) is None else _moment(fields, name)),
        ("users_select",): ("user", "user", lambda name: one_of(name, member_called)),
        ("multi_users_select",): ("users", "users", lambda name: [member_called(one) for one in fields.texts(name)]),
        ("conversations_select",): ("conversation", "conversation", lambda name: one_of(name, channel_called)),
        ("channels_select",): ("channel", "conversation", lambda name: one_of(name, channel_called)),
        ("multi_conversations_select",): (
            "conversations",
            "conversations",
            lambda name: [channel_called(one) for one in fields.texts(name)],
        ),
        ("multi_channels_select",): (
            "channels",
            "conversations",
            lambda name: [channel_called(one) for one in fields.texts(name)],
        ),
    }
    for kinds, (name, argument, read) in readers.items():
        if kind in kinds:
            if name not in fields:
                raise Unfit(f"a {kind} takes {name}")
            return {argument: read(name)}
    raise Unfit(f"a {kind} is nothing to choose in")


def _moment(fields: Fields, name: str) -> int:
    return fields.whole(name, 0, SOMEWHEN)
