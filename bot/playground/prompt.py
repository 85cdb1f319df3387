"""What each line typed at the terminal does. Reads no keyboard and prints nothing but through the screen."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.playground.delivery import Exchange
from bot.playground.finding import NotThere
from bot.playground.people import Person
from bot.playground.readable import visible
from bot.playground.render import Handle
from bot.playground.screen import Screen
from bot.playground.standin import StandIn
from bot.playground.state import Member

HELP = """\
  3                   press button 3, tick or untick box 3
  3 some words        put words into field 3, or choose them there
  clear 3             empty field 3
  press Edit          press a button by its words
  save, cancel        end the open dialog
  say hello           post a message
  home                open the app's Home
  as ben              be somebody else (people lists whom)
  in #general         go to another channel (channels lists them)
  help, quit
"""
_TEXTS = {"plain_text_input", "number_input", "email_text_input", "url_text_input"}
_BUTTONS = {"button", "workflow_button", "overflow"}
_CHANNELS = {"conversations_select", "channels_select", "multi_conversations_select", "multi_channels_select"}


class Prompt:
    """Who one is, and what each word does."""

    def __init__(
        self, slack: StandIn, person_by_name: Mapping[str, Person], start: str, *, screen: Screen, patience: float
    ) -> None:
        self._slack = slack
        self._people = person_by_name
        self._screen = screen
        self._patience = patience
        self._person = person_by_name[start]
        self._question: Callable[[], Awaitable[Exchange]] | None = None
        self._words: Mapping[str, Callable[[str], Awaitable[None]]] = {
            "press": self._press,
            "fill": self._fill,
            "choose": self._fill,
            "tick": self._tick,
            "untick": self._untick,
            "clear": self._clear,
            "save": self._save,
            "cancel": self._cancel,
            "say": self._say,
            "home": self._home,
            "as": self._become,
            "in": self._go,
            "people": self._who,
            "channels": self._where,
            "help": self._help,
        }

    def sign(self) -> str:
        """What stands before each line: who one is and where."""
        return f"{visible(self._person.member.display_name)} #{self._person.channel.name}> "

    def welcome(self) -> None:
        """The first lines."""
        member, manifest = self._person.member, self._slack.manifest
        where = f"#{self._person.channel.name} of {member.workspace.name}"
        self._screen.print(f"{manifest.name}, with a stand-in for Slack on this machine. No account is needed.")
        self._screen.print(f"You are {member.real_name} ({member.role}) in {where}.")
        self._screen.print(f"Type {', '.join(manifest.commands or ()) or 'a slash command'}, help or quit.\n")
        self._screen.overlook(self._person)

    async def obeys(self, line: str) -> bool:
        """Do what a line says; False where it says to end."""
        if line in {"quit", "exit"}:
            return False
        if line and not line.startswith("#"):
            try:
                await self._obey(line)
            except NotThere as reason:
                self._screen.print(f"  {visible(str(reason))}\n")
        return True

    async def _obey(self, line: str) -> None:
        question, self._question = self._question, None
        first, _, rest = line.partition(" ")
        if question is not None:
            if line.casefold() in {"yes", "y"}:
                await self._does(question())
            else:
                self._screen.print("  (Nothing was done.)\n")
        elif line.startswith("/"):
            await self._does(self._person.types(line))
        elif first.isascii() and first.isdigit():
            await self._use(self._screen.handle(int(first)), rest.strip())
        elif first in self._words:
            await self._words[first](rest.strip())
        else:
            self._screen.print(f"  {visible(first)!r} means nothing here. Type help.\n")

    async def _does(self, acting: Awaitable[Exchange]) -> None:
        """Await an action, then whatever it brings, and show both."""
        person = self._person
        before = self._screen.state_of(person)
        troubles = len(person.troubles)
        exchange = await acting
        if exchange.ok and self._screen.state_of(person) == before:
            await self._wait(before)
        news = self._screen.show(person)
        for trouble in person.troubles[troubles:]:
            if not exchange.name.startswith("/"):
                self._screen.print(f"  ! Slack: {visible(trouble)}\n")
        if exchange.ok and not news:
            self._screen.print("  (The app took it and showed nothing.)\n")

    async def _wait(self, before: object) -> None:
        """Wait a little for what comes after the acknowledgement."""
        try:
            await self._slack.until(lambda: self._screen.state_of(self._person) != before, self._patience)
        except TimeoutError:
            return

    async def _use(self, handle: Handle, words: str) -> None:
        person, placed = self._person, handle.placed
        if handle.kind in _BUTTONS:
            confirm = placed.element.get("confirm")
            if confirm:
                self._question = lambda: person.presses_this(placed, handle.option, on=handle.place)
                self._screen.ask(confirm)
            else:
                await self._does(person.presses_this(placed, handle.option, on=handle.place))
        elif handle.option is not None:
            await self._set_option(handle, ticked=None)
        elif not words:
            raise NotThere(f"what goes into {placed.label!r}? Type its number and the words")
        elif handle.kind in _TEXTS:
            await self._does(person.fills(placed, words, on=handle.place))
        else:
            await self._does(self._choice(handle, words))

    async def _set_option(self, handle: Handle, *, ticked: bool | None) -> None:
        """Tick or untick a box, or change it where `ticked` is None; a round one is chosen."""
        if handle.option is None:
            raise NotThere(f"{handle.placed.label!r} is nothing to tick")
        person, value = self._person, str(handle.option["value"])
        if handle.kind == "radio_buttons":
            await self._does(person.chooses(handle.placed, value, on=handle.place))
            return
        held = handle.place.values[handle.placed.block_id][handle.placed.action_id]["selected_options"]
        wanted = handle.option not in held if ticked is None else ticked
        change = person.ticks if wanted else person.unticks
        await self._does(change(handle.placed, value, on=handle.place))

    def _choice(self, handle: Handle, words: str) -> Awaitable[Exchange]:
        """What choosing these words in this menu or picker is."""
        readers: Mapping[str, tuple[str, Callable[[str], Any]]] = {
            "datepicker": ("date", str),
            "timepicker": ("time", str),
            "datetimepicker": ("at", self._moment),
            "static_select": ("option", str),
            "external_select": ("option", str),
            "multi_static_select": ("options", _separated),
            "users_select": ("users", self._members),
            "multi_users_select": ("users", self._members),
            **dict.fromkeys(_CHANNELS, ("conversations", self._channels)),
        }
        if handle.kind not in readers:
            raise NotThere(f"a {handle.kind} cannot be filled in a terminal")
        name, read = readers[handle.kind]
        chosen = {name: read(words)}
        return self._person.chooses(handle.placed, on=handle.place, **chosen)

    def _members(self, words: str) -> list[Member]:
        found = [self._person.workspace.person_called(word.removeprefix("@")) for word in words.split()]
        if None in found:
            raise NotThere(f"not everybody in {words!r} is a member here")
        return [one for one in found if one is not None]

    def _channels(self, words: str) -> list[str]:
        found = [self._person.workspace.channel_called(word.removeprefix("#")) for word in words.split()]
        if None in found:
            raise NotThere(f"not everything in {words!r} is a channel here")
        return [one.id for one in found if one is not None]

    def _moment(self, words: str) -> int:
        try:
            moment = datetime.fromisoformat(words)
        except ValueError:
            raise NotThere(f"{words!r} is no moment; type one like 2030-05-17 09:30") from None
        return int(moment.replace(tzinfo=ZoneInfo(self._person.member.tz)).timestamp())

    def _handle_called(self, words: str) -> Handle:
        """The handle of a number or of the words beside it."""
        number = int(words) if words.isascii() and words.isdigit() else self._screen.number_of(words)
        return self._screen.handle(number)

    async def _press(self, words: str) -> None:
        await self._use(self._handle_called(words), "")

    async def _fill(self, words: str) -> None:
        number, _, text = words.partition(" ")
        await self._use(self._handle_called(number), text.strip())

    async def _tick(self, words: str) -> None:
        await self._set_option(self._handle_called(words), ticked=True)

    async def _untick(self, words: str) -> None:
        await self._set_option(self._handle_called(words), ticked=False)

    async def _clear(self, words: str) -> None:
        handle = self._handle_called(words)
        if handle.kind in _TEXTS:
            await self._does(self._person.fills(handle.placed, "", on=handle.place))
        elif handle.placed.is_input:
            await self._does(self._person.chooses(handle.placed, on=handle.place))
        else:
            raise NotThere(f"{handle.placed.label!r} holds nothing")

    async def _save(self, _: str) -> None:
        await self._does(self._person.submits())

    async def _cancel(self, _: str) -> None:
        await self._does(self._person.closes())

    async def _say(self, words: str) -> None:
        await self._does(self._person.types(words.lstrip("/")))

    async def _home(self, _: str) -> None:
        person = self._person
        before = person.home and person.home.hash
        exchange = await person.opens_home()
        if exchange.ok and (person.home and person.home.hash) == before:
            await self._wait(self._screen.state_of(person))
        if person.home is None:
            self._screen.print("  (The app has published no Home.)\n")
        else:
            self._screen.show_view(person, person.home)

    async def _become(self, name: str) -> None:
        if name not in self._people:
            raise NotThere(f"nobody is called {name!r}; there are: {', '.join(self._people)}")
        self._person = self._people[name]
        self._screen.show(self._person)

    async def _go(self, name: str) -> None:
        channel = self._person.workspace.channel_called(name.removeprefix("#"))
        if channel is None or self._person.member.id not in channel.members:
            raise NotThere(f"you are in no channel {name!r}; channels lists yours")
        self._person.goes_to(channel)
        self._screen.show(self._person)

    async def _who(self, _: str) -> None:
        for name, person in self._people.items():
            member = person.member
            self._screen.print(f"  {name:<12} {member.real_name}, {member.role} in {member.workspace.name}")
        self._screen.print()

    async def _where(self, _: str) -> None:
        for channel in self._person.workspace.channels.values():
            if self._person.member.id in channel.members and not channel.is_im:
                self._screen.print(f"  #{channel.name}")
        self._screen.print()

    async def _help(self, _: str) -> None:
        for command in (self._slack.manifest.commands or {}).values():
            self._screen.print(f"  {command.name:<19} {command.description}")
        self._screen.print(HELP)


def _separated(words: str) -> list[str]:
    return [one.strip() for one in words.split(",")]
