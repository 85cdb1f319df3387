"""Choosing a personal link: save, remove, check, suggest, history."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

from bot.rules import Code, PersonalLink, Refusal, Violation, link_key, links_near, parse_link, read_link
from bot.services.arrival import arrive
from bot.services.house import House
from bot.services.judgement import NEAR, SUGGESTED, by_the_database, by_the_rules, free_among, judged
from bot.services.once import once
from bot.services.people import Actor, Call
from bot.services.refusals import Declined, Refused
from bot.services.room import room_of
from bot.services.rooms import Rooms
from bot.services.verdicts import Entry, Outcome, Saved, State, Suggestions, Verdict, entitlement, refusal_of
from storage import changes, links, members, workspaces
from storage.changes import Change, ChangeRow
from storage.claims import Claim, Holding
from storage.members import MemberRow
from storage.transactions import Transaction

Name = Callable[[], Awaitable[str]]
"""Asks for the real name of the actor; only where one is needed, since Slack is asked for it."""
DRAWN_FROM = 15
"""Suggestions are drawn from the best so many, so that two people of one name rarely get the same."""


class Links:
    """The use cases of the personal link."""

    def __init__(self, house: House, rooms: Rooms) -> None:
        self._house = house
        self._rooms = rooms

    async def save(self, call: Call, wish: str | None, name: Name) -> Saved:
        """Make the wish the actor's personal link; None leaves it as it is.

        `name` asks for the actor's own name, for free ones near a refused wish.

        Raises:
            Refused: rules, plan, licence or another holder stand against the wish. Nothing was changed.
            StorageError: the database did not answer as it should.
        """
        parsed = None if wish is None else parse_link(wish, self._house.names)
        if isinstance(parsed, Refusal):
            raise await by_the_rules(parsed, lambda: self._missing(call.actor), lambda: self._near(parsed.wish, name))

        def work(tx: Transaction) -> Saved | Refusal:
            return self._change(tx, call.actor, parsed)

        result = await self._house.store.write(once(self._house, call, work))
        if isinstance(result, Refusal):
            if Code.LINK_TAKEN in result.codes:
                self._house.on_claim("link", False)
            raise await by_the_database(result, lambda: self._near(result.wish, name))
        if result.changed:
            self._house.on_claim("link", True)
        return result

    async def remove(self, call: Call) -> Saved:
        """Give the actor's personal link up: it is held for them for a time.

        Raises:
            Declined: there is none.
            StorageError: the database did not answer as it should.
        """

        def work(tx: Transaction) -> Saved | Refusal:
            person = arrive(tx, self._house, call.actor)
            room = room_of(person, self._house.defaults)
            if person.link_key is None:
                return Saved(room, changed=False)
            members.set_link(tx, person.id, None)
            saved = self._let_go(tx, person, person.link_key)
            self._record(tx, person, Change("link.removed", person.link, None))
            return replace(saved, room=replace(room, link=None))

        result = await self._house.store.write(once(self._house, call, work))
        if isinstance(result, Refusal) or not result.changed:
            raise Declined("link.none")
        return result

    def _change(self, tx: Transaction, actor: Actor, wish: PersonalLink | None) -> Saved | Refusal:
        person = arrive(tx, self._house, actor)
        room = room_of(person, self._house.defaults)
        if wish is None or wish.spelling == person.link:
            return Saved(room, changed=False)
        at = self._house.now()
        taken = Violation(Code.LINK_TAKEN, wish.spelling)
        if room.missing_for_link:
            others = links.holders(tx, [wish.key], at).get(wish.key, person.id) != person.id
            return refusal_of(wish.spelling, room.missing_for_link, *([taken] if others else []))
        claim = links.claim(tx, wish.key, wish.spelling, person.id, at)
        if claim is Claim.LOST:
            return Refusal(wish.spelling, (taken,))
        members.set_link(tx, person.id, wish.key)
        moved = person.link_key is not None and person.link_key != wish.key
        saved = self._let_go(tx, person, person.link_key or "") if moved else Saved(room, changed=True)
        back = claim is Claim.BACK and person.link_key != wish.key
        action = "link.taken_back" if back else "link.changed" if person.link else "link.set"
        self._record(tx, person, Change(action, person.link, wish.spelling))
        return replace(saved, room=replace(room, link=wish.spelling))

    def _let_go(self, tx: Transaction, person: MemberRow, key: str) -> Saved:
        at = self._house.now()
        until = at + self._house.link_hold
        links.release(tx, key, person.id, at, until)
        return Saved(room_of(person, self._house.defaults), changed=True, before=person.link, held_until=until)

    def _record(self, tx: Transaction, person: MemberRow, change: Change) -> None:
        changes.record(tx, person.workspace, [change], self._house.now(), member_id=person.id, actor_id=person.id)

    async def check(self, actor: Actor, text: str, name: Name) -> Verdict:
        """How a wish stands at this moment. Changes nothing and never fails for what the text holds.

        Raises:
            StorageError: the database did not answer, and the rules alone had nothing against the wish.
        """
        parsed = parse_link(text, self._house.names)
        shown = parsed.wish if isinstance(parsed, Refusal) else parsed.spelling
        broken = parsed.violations if isinstance(parsed, Refusal) else ()
        key = "" if isinstance(parsed, Refusal) else parsed.key

        def look(tx: Transaction) -> Verdict:
            row = members.find(tx, actor.workspace, actor.user)
            holder = links.holders(tx, [key], self._house.now()).get(key) if key else None
            if row is not None and holder == row.id:
                return Verdict(Outcome.YOURS if row.link_key == key else Outcome.HELD, shown)
            missing = entitlement(row, workspaces.plan_of(tx, actor.workspace), self._house.defaults).link
            taken = () if holder is None else (Violation(Code.LINK_TAKEN, shown),)
            violations = (*refusal_of(shown, missing).violations, *broken, *taken)
            return Verdict(Outcome.REFUSED if violations else Outcome.FREE, shown, violations)

        return await judged(self._house.store, look, broken, shown, lambda: self._near(text, name))

    async def suggest(self, actor: Actor, text: str, name: Name) -> Suggestions:
        """Five free links from the text, if there is any, and from the actor's own name.

        Raises:
            Refused: plan or licence forbid choosing.
            StorageError: the database did not answer as it should.
        """
        missing = await self._missing(actor)
        if missing:
            raise Refused(refusal_of(text, missing))
        wish = read_link(text)
        free = await self._free(wish, name, DRAWN_FROM)
        found = _some_of(free, SUGGESTED, self._house.below)
        stem = "".join(character for character in wish.lower() if character.isascii() and character.isalnum())
        near = tuple(each for each in found if stem in each.lower().replace(".", ""))
        return Suggestions(wish, near, tuple(each for each in found if each not in near))

    async def history(self, actor: Actor) -> tuple[Entry, ...]:
        """Every link that the actor has held, the live one first."""
        await self._rooms.own(actor)

        def look(tx: Transaction) -> tuple[Entry, ...]:
            row = members.find(tx, actor.workspace, actor.user)
            if row is None:
                return ()
            kept = [self._entry(one) for one in links.of_holder(tx, row.id)]
            known = {link_key(entry.text) for entry in kept}
            gone = [entry for entry in _ever_chosen(changes.of_member(tx, row.id)) if link_key(entry.text) not in known]
            return tuple(sorted([*kept, *gone], key=lambda entry: entry.state is not State.LIVE))

        return await self._house.store.read(look)

    def _entry(self, one: Holding) -> Entry:
        if one.held_until is None:
            return Entry(one.text, State.LIVE, one.claimed_at, None)
        state = State.HELD if one.held_until > self._house.now() else State.LAPSED
        return Entry(one.text, state, one.claimed_at, one.held_until)

    async def _missing(self, actor: Actor) -> tuple[Code, ...]:
        return (await self._rooms.own(actor)).missing_for_link

    async def _near(self, wish: str, name: Name) -> tuple[str, ...]:
        return await self._free(wish, name, NEAR)

    async def _free(self, wish: str, name: Name, wanted: int) -> tuple[str, ...]:
        candidates = links_near(wish, await name(), self._house.names, self._house.below)
        return tuple(each.spelling for each in await free_among(candidates, wanted, self._not_held))

    async def _not_held(self, wishes: list[PersonalLink]) -> list[PersonalLink]:
        keys = [each.key for each in wishes]
        held = await self._house.store.read(lambda tx: links.holders(tx, keys, self._house.now()))
        return [each for each in wishes if each.key not in held]


def _some_of(best_first: tuple[str, ...], wanted: int, below: Callable[[int], int]) -> tuple[str, ...]:
    """So many of them, drawn by chance, still the best first."""
    left = list(enumerate(best_first))
    drawn = [left.pop(below(len(left))) for _ in range(min(wanted, len(left)))]
    return tuple(text for _, text in sorted(drawn))


def _ever_chosen(log: tuple[ChangeRow, ...]) -> list[Entry]:
    chosen: dict[str, Entry] = {}
    for row in log:
        if row.action.startswith("link.") and row.new is not None:
            chosen.setdefault(link_key(row.new), Entry(row.new, State.GONE, row.at, None))
    return list(chosen.values())
