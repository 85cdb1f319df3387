"""Meetings as tests of them look at them: who runs one, and the cards in a channel."""

from bot.playground import Person
from bot.playground.blocks import placed
from bot.playground.modals import OpenView
from bot.playground.state import Message
from storage import members, sessions
from storage.sessions import SessionRow
from tests.e2e.stage import ACME, Stage


def cards(stage: Stage) -> list[Message]:
    """What stands in the channel for everybody, newest last."""
    return [message for message in stage.general.messages if not message.ephemeral_for]


async def posted(stage: Stage, words: str, *, times: int = 1) -> Message:
    """The newest card in the channel, once so many have these words."""
    await stage.slack.until(lambda: times == len([one for one in cards(stage) if words in one.shown]))
    return [one for one in cards(stage) if words in one.shown][-1]


async def running(stage: Stage, person: Person) -> list[SessionRow]:
    """What runs in somebody's room and on their one-off numbers."""
    row = await stage.store.read(lambda tx: members.find(tx, ACME, person.member.id))
    if row is None:
        return []
    return list(await stage.store.read(lambda tx: sessions.running_of_member(tx, row.id)))


def link_on(place: Message | OpenView, label: str) -> str:
    """Where a button leads."""
    found = [one.element for one in placed(place.blocks) if one.element.get("type") == "button"]
    (url,) = [str(each["url"]) for each in found if each["text"]["text"] == label]
    return url


def labels_on(place: Message | OpenView) -> list[str]:
    """What the buttons say, in order."""
    return [str(one.element["text"]["text"]) for one in placed(place.blocks) if one.element.get("type") == "button"]


async def starts_on_pmi(stage: Stage, person: Person, line: str = "/room start") -> Message:
    """Start, and answer the question with the PMI; what the host is shown."""
    await person.types(line)
    await person.presses("Use My PMI")
    await stage.until_told(person, "Your meeting runs.")
    return person.private_messages[-1]
