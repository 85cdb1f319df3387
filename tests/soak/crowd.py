"""The people of a soak: each does one thing at a time, at random, and remembers what they were told."""

import asyncio
import random
import string
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from bot.playground import Person, StandIn
from bot.playground.delivery import Exchange
from bot.playground.state import Workspace
from bot.rules import draw_number
from tests.e2e.reading import choices, chooses
from tests.soak.hopes import Hope, Hopes, Word, word_in
from tests.soak.report import MOST_MILLISECONDS, Slow

PEOPLE = 200
REPEATABLE_SECONDS = 200.0
"""Slack's signatures are good for five minutes."""
LATER_SECONDS = 8.0
"""How long what follows an answer may take: it is tried for a few seconds, and no longer."""


@dataclass(frozen=True, slots=True)
class Change:
    """A signed request that was told to be saved, and may be sent again."""

    person: Person
    exchange: Exchange
    at: float


@dataclass
class Crowd:
    """Everybody, and what came of what they did."""

    slack: StandIn
    workspace: Workspace
    chance: random.Random = field(default_factory=random.SystemRandom)
    hopes: dict[str, Hopes] = field(default_factory=dict)
    words: Counter[str] = field(default_factory=Counter)
    """How often each thing was done, and how often each word was heard."""
    milliseconds: list[float] = field(default_factory=list)
    slow: list[Slow] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)
    """What must never happen, a sentence each."""
    idle: list[Person] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)

    def __post_init__(self) -> None:
        channel = self.workspace.add_channel("C0GENERAL", "general")
        for number in range(PEOPLE):
            member = self.workspace.add_member(f"U0{number:04}", real_name=f"Person {number}")
            channel.members.append(member.id)
            self.idle.append(self.slack.person(member, channel))
            self.hopes[member.id] = Hopes()

    async def load(self, per_second: float, until: float) -> None:
        """So many things a second are begun until then, whether or not earlier ones have ended."""
        doing: set[asyncio.Task[None]] = set()
        due = time.monotonic()
        while due < until:
            await asyncio.sleep(due - time.monotonic())
            due += 1 / per_second
            if not self.idle:
                self.words["nobody was idle"] += 1
                continue
            person = self.idle.pop(self.chance.randrange(len(self.idle)))
            task = asyncio.create_task(self._does_something(person))
            doing.add(task)
            task.add_done_callback(doing.discard)
            if len(self.slack.calls) > 1000:
                self.slack.calls.clear()
        if doing:
            await asyncio.wait(doing)

    async def _does_something(self, person: Person) -> None:
        acts: dict[str, tuple[int, Callable[[Person], Awaitable[None]]]] = {
            "looks": (30, self._looks),
            "checks": (15, self._checks),
            "sets a number": (15, self._sets_a_number),
            "sets a link": (10, self._sets_a_link),
            "edits": (10, self._edits),
            "repeats": (10, self._repeats),
            "chooses": (10, self._chooses),
        }
        (name,) = self.chance.choices(list(acts), [weight for weight, _ in acts.values()])
        self.words[name] += 1
        try:
            await acts[name][1](person)
        except Exception as error:  # noqa: BLE001 - whatever it is, it belongs into the report
            self.troubles.append(f"{person.member.id} {name}: {type(error).__name__}: {error}")
        finally:
            person.member.modals.clear()
            self.troubles += [f"{person.member.id} {name}: {trouble}" for trouble in person.member.troubles]
            person.member.troubles.clear()
            del person.member.private_messages[:-3]
            self.idle.append(person)

    def _answered(self, exchange: Exchange) -> Exchange:
        """Notes how long it took; what was not answered as it should is a trouble."""
        self.milliseconds.append(exchange.milliseconds)
        if exchange.milliseconds > MOST_MILLISECONDS:
            self.slow.append(Slow(exchange.name, time.time(), exchange.milliseconds))
        if not exchange.ok:
            self.troubles.append(f"{exchange.name} was answered {exchange.status} {exchange.failure}")
        return exchange

    def _heard(self, shown: str) -> Word:
        word = word_in(shown)
        self.words[word] += 1
        if word is Word.FAILED:
            self.troubles.append(shown)
        return word

    async def _types(self, person: Person, line: str) -> tuple[Exchange, Word]:
        exchange = self._answered(await person.types(line))
        return exchange, self._heard(exchange.body.decode())

    async def _looks(self, person: Person) -> None:
        await self._types(person, self.chance.choice(("/pmi", "/personal-link", "/pmi history")))

    async def _checks(self, person: Person) -> None:
        await self._types(person, f"/pmi check {self._number()}")

    async def _sets_a_number(self, person: Person) -> None:
        wish = self._number()
        await self._sets(person, f"/pmi set {wish}", wish, self.hopes[person.member.id].pmi)

    async def _sets_a_link(self, person: Person) -> None:
        wish = "room." + "".join(self.chance.choices(string.ascii_lowercase, k=12))
        await self._sets(person, f"/personal-link set {wish}", wish, self.hopes[person.member.id].link)

    async def _sets(self, person: Person, line: str, wish: str, hope: Hope) -> None:
        exchange, word = await self._types(person, line)
        hope.told(word, wish)
        if word is Word.SAVED:
            self.changes.append(Change(person, exchange, time.monotonic()))

    async def _repeats(self, person: Person) -> None:
        """What was saved comes again, as Slack's repeats do: twice at once, and with the same answer if with any."""
        fresh = time.monotonic() - REPEATABLE_SECONDS
        self.changes = [each for each in self.changes if each.at > fresh]
        if not self.changes:
            await self._looks(person)
            return
        change = self.chance.choice(self.changes)
        for exchange in await asyncio.gather(*(self.slack.resend(change.exchange) for _ in range(2))):
            self._answered(exchange)
            word = self._heard(exchange.body.decode())
            if word in (Word.SAVED, Word.OTHER) and exchange.body != change.exchange.body:
                first, second = (one.body.decode()[:100] for one in (change.exchange, exchange))
                self.troubles.append(f"a repeat was answered {second} and not {first}")

    async def _edits(self, person: Person) -> None:
        """The dialog is opened, at the second try where Slack does not open it, filled in and saved."""
        await self._types(person, "/pmi edit")
        if person.view is None and "did not let the dialog open" in person.private_messages[-1].shown:
            self._answered(await person.presses("Open the Dialog", on=person.private_messages[-1]))
        if person.view is None:
            return
        wish = self._number()
        self._answered(await person.fills("pmi", wish))
        saved = self._answered(await person.submits())
        self.hopes[person.member.id].pmi.told(self._heard(saved.body.decode()), wish)

    async def _chooses(self, person: Person) -> None:
        """One of the numbers that are suggested is chosen by its button."""
        await self._types(person, "/pmi suggest")
        message = person.private_messages[-1]
        offered = choices(message)
        if not offered:
            return
        hope = self.hopes[person.member.id].pmi
        hope.perhaps.add(offered[0].replace(" ", ""))
        before = len(person.direct_messages)
        self._answered(await chooses(person, offered[0], on=message))
        await self.slack.until(
            lambda: (
                message.edited or person.private_messages[-1] is not message or len(person.direct_messages) > before
            ),
            LATER_SECONDS,
        )
        newest = person.direct_messages if len(person.direct_messages) > before else person.private_messages
        hope.told(self._heard(newest[-1].shown), offered[0].replace(" ", ""))

    def _number(self) -> str:
        return draw_number(self.chance.randrange).digits
