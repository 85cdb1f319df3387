"""Words that administrators keep from being chosen as personal links. Who has such a link keeps it."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from pydantic import TypeAdapter

from bot.rules import Refusal
from bot.rules.reserved import BadWord, ReservedWord, parse_word, words_of
from bot.services.arrival import arrive
from bot.services.house import House
from bot.services.once import once
from bot.services.people import Call
from storage import changes, reserved
from storage.changes import Change
from storage.reserved import Word
from storage.transactions import Transaction

MOST = 500
"""Words of a workspace."""
AT_ONCE = 5_000
"""Links that are looked at in one transaction."""
SHOWN = 20
"""Links that are named which the words would break."""


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that cannot be done: its number from 1 on, and the code of why."""

    number: int
    why: str


class NamesRefused(Exception):  # noqa: N818  a refusal is an answer, not an error
    """Lines that cannot be done. Nothing was changed. `crowded` says that there would be too many words."""

    def __init__(
        self, added: tuple[BadLine, ...] = (), removed: tuple[BadLine, ...] = (), *, crowded: bool = False
    ) -> None:
        super().__init__("names")
        self.added = added
        self.removed = removed
        self.crowded = crowded


@dataclass(frozen=True, slots=True)
class NamesWish:
    """What was typed: words to add and words to remove, one on each line."""

    add: str
    remove: str


@dataclass(frozen=True, slots=True)
class Broken:
    """A link in use that could not be chosen any more."""

    user: str
    spelling: str


@dataclass(frozen=True, slots=True)
class NamesChange:
    """What a wish comes to: words that are new and words that go, and the links in use that the new ones refuse."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    broken: tuple[Broken, ...] = ()
    """At most `SHOWN`."""
    count: int = 0
    """How many these are in all."""


_DONE = TypeAdapter(NamesChange)


class ReservedNames:
    """The use cases of reserved names."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def see(self, workspace: str) -> tuple[str, ...]:
        """The words of a workspace, as they are typed.

        Raises:
            StorageError: the database did not answer as it should.
        """
        found = await self._house.store.read(partial(reserved.words, workspace=workspace))
        return tuple(_typed(word).text for word in found)

    async def try_out(self, workspace: str, wish: NamesWish) -> NamesChange:
        """What a wish would come to. Changes nothing.

        Raises:
            NamesRefused: lines are bad, or there would be too many words.
            StorageError: the database did not answer as it should.
        """
        add, remove = _parsed(wish)
        known = await self._house.store.read(partial(reserved.words, workspace=workspace))
        new, gone = _judged(known, add, remove)
        return await self._with_broken(workspace, new, gone)

    async def save(self, call: Call, wish: NamesWish) -> NamesChange:
        """Add and remove words, all at once. Raises as `try_out`."""
        add, remove = _parsed(wish)
        workspace = call.actor.workspace

        def work(tx: Transaction) -> NamesChange:
            person = arrive(tx, self._house, call.actor)
            reserved.take_turn(tx, workspace)
            new, gone = _judged(reserved.words(tx, workspace), add, remove)
            reserved.remove(tx, workspace, [Word(word.key, word.is_prefix) for word in gone])
            reserved.add(tx, workspace, [Word(word.key, word.is_prefix) for word in new])
            done = [Change("reserved.removed", word.text, None) for word in gone]
            done += [Change("reserved.added", None, word.text) for word in new]
            changes.record(tx, workspace, done, self._house.now(), member_id=None, actor_id=person.id)
            return NamesChange(tuple(word.text for word in new), tuple(word.text for word in gone))

        # Looked up first, since what has gone already would be refused where a click comes twice.
        work_once = once(self._house, call, work, _DONE, is_long=True)
        done = await self._house.store.write(work_once)
        if isinstance(done, Refusal):
            raise TypeError("Words are refused by raising.")
        words = [word for word in map(parse_word, done.added) if isinstance(word, ReservedWord)]
        gone = [word for word in map(parse_word, done.removed) if isinstance(word, ReservedWord)]
        return await self._with_broken(workspace, words, gone)

    async def _with_broken(
        self, workspace: str, new: Sequence[ReservedWord], gone: Sequence[ReservedWord]
    ) -> NamesChange:
        """The change with the links that the new words refuse, a transaction for each piece."""
        judge, count, after = words_of(new), 0, ""
        broken: list[Broken] = []
        while new:
            piece = partial(reserved.live_links, workspace=workspace, after=after, most=AT_ONCE)
            found = await self._house.store.read(piece)
            refused = [Broken(link.user, link.spelling) for link in found if judge.refuse(link.key)]
            count += len(refused)
            broken += refused[: SHOWN - len(broken)]
            if len(found) < AT_ONCE:
                break
            after = found[-1].user
        added, removed = tuple(word.text for word in new), tuple(word.text for word in gone)
        return NamesChange(added, removed, tuple(broken), count)


def _typed(word: Word) -> ReservedWord:
    return ReservedWord(word.key, word.is_prefix)


def _parsed(wish: NamesWish) -> tuple[dict[ReservedWord, int], dict[ReservedWord, int]]:
    """The words with the first line that each stands on.

    Raises:
        NamesRefused: with every line that is no word.
    """
    (add, bad_add), (remove, bad_remove) = _lines(wish.add), _lines(wish.remove)
    bad_remove += [BadLine(number, "names.both") for word, number in remove.items() if word in add]
    if bad_add or bad_remove:
        raise NamesRefused(tuple(bad_add), tuple(sorted(bad_remove, key=lambda bad: bad.number)))
    return add, remove


def _lines(text: str) -> tuple[dict[ReservedWord, int], list[BadLine]]:
    words: dict[ReservedWord, int] = {}
    bad: list[BadLine] = []
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        word = parse_word(line)
        if isinstance(word, BadWord):
            bad.append(BadLine(number, word.value))
        else:
            words.setdefault(word, number)
    return words, bad


def _judged(
    known: Sequence[Word], add: dict[ReservedWord, int], remove: dict[ReservedWord, int]
) -> tuple[list[ReservedWord], list[ReservedWord]]:
    """The words that are new, and those that go; what is there already is not added again.

    Raises:
        NamesRefused: what is to go is not there, or there would be too many.
    """
    there = {_typed(word) for word in known}
    missing = tuple(BadLine(number, "names.unknown") for word, number in remove.items() if word not in there)
    new = [word for word in add if word not in there]
    crowded = len(there) + len(new) - (len(remove) - len(missing)) > MOST
    if missing or crowded:
        raise NamesRefused(removed=missing, crowded=crowded)
    return new, list(remove)
