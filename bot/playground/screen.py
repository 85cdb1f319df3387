"""What the terminal has shown: prints what is new to a person, and remembers what each number on the screen means."""

from collections.abc import Mapping
from typing import TextIO

from bot.playground.finding import NotThere
from bot.playground.modals import OpenView
from bot.playground.people import Person
from bot.playground.readable import finished, readable
from bot.playground.render import Handle, Page, add_message, add_view
from bot.playground.state import SLACKBOT, Message


class Screen:
    """One terminal, whoever sits at it."""

    def __init__(self, out: TextIO, *, colour: bool) -> None:
        self._out = out
        self._colour = colour
        self._seen: dict[tuple[str, str], object] = {}
        self._dialogs: dict[str, list[str]] = {}
        self._message_handles: dict[str, list[Handle]] = {}
        self._handles: list[Handle] = []

    def print(self, line: str = "") -> None:
        """Print a line."""
        self._out.write(finished(line, colour=self._colour) + "\n")
        self._out.flush()

    def state_of(self, person: Person) -> object:
        """Something that is equal as long as nothing changes before this person's eyes."""
        view, home = person.view, person.home
        messages = [_content(message) for message in person.messages]
        shown = None if view is None else (view.id, view.hash, dict(view.errors), view.failure)
        return messages, shown, home and home.hash

    def overlook(self, person: Person) -> None:
        """Take everything that is there for seen."""
        for message in person.messages:
            self._seen[person.member.id, message.ts] = _content(message)

    def handle(self, number: int) -> Handle:
        """What a number on the screen stands for.

        Raises:
            NotThere: no such number is shown.
        """
        if not 1 <= number <= len(self._handles):
            raise NotThere(f"there is no [{number}] on the screen")
        return self._handles[number - 1]

    def number_of(self, words: str) -> int:
        """The number of the button or field of these words.

        Raises:
            NotThere: there is none.
        """
        for number, handle in enumerate(self._handles, start=1):
            label = readable(handle.option["text"], {}) if handle.option else handle.placed.label
            if label.casefold() == words.casefold():
                return number
        raise NotThere(f"nothing on the screen is called {words!r}")

    def show(self, person: Person) -> bool:
        """Print what is new to this person; returns whether anything was."""
        news = self._show_messages(person)
        return self._show_dialog(person) or news

    def show_view(self, person: Person, view: OpenView) -> None:
        """Print a dialog or Home; the numbers on the screen are its own from now on."""
        page = Page(_names(person))
        add_view(page, view)
        self._print(page)
        self._handles = page.handles

    def ask(self, confirm: Mapping[str, object]) -> None:
        """Print what a confirmation dialog asks."""
        self.print(f"  {readable(confirm['title'], {})}")
        self.print(f"  {readable(confirm['text'], {})}")
        self.print(f"  yes = {readable(confirm['confirm'], {})}   no = {readable(confirm['deny'], {})}\n")

    def _show_messages(self, person: Person) -> bool:
        page = Page(_names(person))
        for message in person.messages:
            key = (person.member.id, message.ts)
            if self._seen.get(key) != _content(message):
                self._seen[key] = _content(message)
                add_message(page, message, _heading(person, message))
                page.lines.append("")
        if not page.lines:
            return False
        self._print(page, end="")
        if page.handles:
            self._message_handles[person.member.id] = page.handles
        return True

    def _show_dialog(self, person: Person) -> bool:
        """Print the open dialog if it looks otherwise than when it was printed last."""
        member_id = person.member.id
        before = self._dialogs.pop(member_id, [])
        view = person.view
        if view is None:
            self._handles = self._message_handles.get(member_id, [])
            if before:
                self.print("  (The dialog is closed.)\n")
            return bool(before)
        page = Page(_names(person))
        add_view(page, view)
        self._handles = page.handles
        self._dialogs[member_id] = page.lines
        if page.lines == before:
            return False
        self._print(page)
        return True

    def _print(self, page: Page, end: str = "\n") -> None:
        for line in page.lines:
            self.print(line)
        self._out.write(end)


def _content(message: Message) -> object:
    return message.ts, message.text, [repr(block) for block in message.blocks], repr(message.values)


def _names(person: Person) -> dict[str, str]:
    return {member.id: member.display_name for member in person.workspace.members.values()}


def _heading(person: Person, message: Message) -> str:
    author = "Slack" if message.user == SLACKBOT else _names(person).get(message.user, message.user)
    if message.ephemeral_for is not None:
        return f"{author} (only visible to you)"
    where = "to you directly" if message.channel.is_im else f"in #{message.channel.name}"
    return f"{author} {where}" + (" (edited)" if message.edited else "")
