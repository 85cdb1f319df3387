"""Choosing a personal link: save, remove, check, suggest, history."""

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace

from bot.rules import (
    Code,
    PersonalLink,
    Refusal,
    Violation,
    link_key,
    links_from_name,
    links_from_wish,
    parse_link,
    read_link,
)
from bot.rules.refusals import violation_of
from bot.rules.reserved import ReservedWord, ReservedWords, words_of
from bot.services.arrival import arrive
from bot.services.house import House
from bot.services.judgement import (
    NEAR,
    SUGGESTED,
    Offer,
    by_the_database,
    by_the_rules,
    claimed,
    free_among,
    history_of,
    judged,
)
from bot.services.once import once
from bot.services.people import Actor, Call
from bot.services.policies import link_hold_of
from bot.services.refusals import Declined, Refused
from bot.services.room import room_of
from bot.services.rooms import Rooms
from bot.services.verdicts import (
    SAVED,
    Entry,
    History,
    Outcome,
    Saved,
    State,
    Suggestions,
    Verdict,
    entitlement,
    refusal_of,
)
from storage import changes, links, members, postings, reserved, workspaces
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
            raise await by_the_rules(
                parsed, lambda: self._missing(call.actor), lambda: self._instead(call.actor, parsed.wish, name)
            )

        def work(tx: Transaction, claims: list[Claim]) -> Saved | Refusal:
            return self._change(tx, arrive(tx, self._house, call.actor), parsed, claims)

        result = await claimed(self._house, "link", call, work)
        if isinstance(result, Refusal):
            raise await by_the_database(result, lambda: self._instead(call.actor, result.wish, name))
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

        work_once = once(self._house, call, work, SAVED)
        result = await self._house.store.write(work_once)
        if isinstance(result, Refusal) or not result.changed:
            raise Declined("link.none")
        return result

    def _change(
        self, tx: Transaction, person: MemberRow, wish: PersonalLink | None, claims: list[Claim]
    ) -> Saved | Refusal:
        room = room_of(person, self._house.defaults)
        if wish is None or wish.spelling == person.link:
            return Saved(room, changed=False)
        at = self._house.now()
        taken = Violation(Code.LINK_TAKEN, wish.spelling)
        against = self._against(tx, person, wish)
        if room.missing_for_link:
            return refusal_of(wish.spelling, room.missing_for_link, *against)
        if against and against[0].code is Code.LINK_RESERVED:
            return Refusal(wish.spelling, against)
        claim = links.claim(tx, wish.key, wish.spelling, person.id, at)
        claims.append(claim)
        if claim is Claim.LOST:
            return Refusal(wish.spelling, (taken,))
        members.set_link(tx, person.id, wish.key)
        moved = person.link_key is not None and person.link_key != wish.key
        saved = self._let_go(tx, person, person.link_key or "") if moved else Saved(room, changed=True)
        back = claim is Claim.BACK and person.link_key != wish.key
        action = "link.taken_back" if back else "link.changed" if person.link else "link.set"
        self._record(tx, person, Change(action, person.link, wish.spelling))
        return replace(saved, room=replace(room, link=wish.spelling))

    def _against(self, tx: Transaction, person: MemberRow, wish: PersonalLink) -> tuple[Violation, ...]:
        """What workspace and others have against a wish. What somebody uses, or what is held for them, is theirs."""
        holder, is_reserved = reserved.standing(tx, person.workspace, wish.key, self._house.now())
        return () if holder == person.id else _against(wish.spelling, holder, is_reserved=is_reserved)

    def _let_go(self, tx: Transaction, person: MemberRow, key: str) -> Saved:
        at = self._house.now()
        until = at + link_hold_of(tx, self._house, person.workspace)
        links.release(tx, key, person.id, at, until)
        return Saved(room_of(person, self._house.defaults), changed=True, before=person.link, held_until=until)

    def _record(self, tx: Transaction, person: MemberRow, change: Change) -> None:
        changes.record(tx, person.workspace, [change], self._house.now(), member_id=person.id, actor_id=person.id)
        postings.refresh(tx, person.id, self._house.now())

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
            standing = reserved.standing(tx, actor.workspace, key, self._house.now()) if key else (None, False)
            holder, is_reserved = standing
            if row is not None and key and row.link_key == key:
                return Verdict(Outcome.YOURS, shown)
            known = workspaces.entitling(tx, actor.workspace) if row is None else row
            missing = refusal_of(shown, entitlement(known, self._house.defaults).link).violations
            if row is not None and holder == row.id:
                return Verdict(Outcome.HELD, shown, missing)
            violations = (*missing, *broken, *_against(shown, holder, is_reserved=is_reserved))
            return Verdict(Outcome.REFUSED if violations else Outcome.FREE, shown, violations)

        return await judged(self._house.store, look, broken, shown, lambda: self._instead(actor, text, name))

    async def suggest(self, actor: Actor, text: str, name: Name) -> Suggestions:
        """Five free links made of the text, the text itself first if it is free; where too few are, of the own name.

        Raises:
            Refused: plan or licence forbid choosing.
            StorageError: the database did not answer as it should.
        """
        wish = read_link(text)
        missing = await self._missing(actor)
        if missing:
            raise Refused(refusal_of(wish, missing))
        known, names, below = await name(), self._house.names, self._house.below

        def look(tx: Transaction) -> Suggestions:
            kept = _reserved(tx, actor)
            if next(links_from_wish(wish, known, names, below), None) is None:
                free = self._free(tx, kept, links_from_name(known, names, below), DRAWN_FROM)
                return Suggestions("", (), _some_of(free, SUGGESTED, below))
            free = self._free(tx, kept, links_from_wish(wish, known, names, below), DRAWN_FROM)
            itself = tuple(each for each in free[:1] if link_key(each) == link_key(wish))
            near = itself + _some_of(free[len(itself) :], SUGGESTED - len(itself), below)
            if len(near) == SUGGESTED:
                return Suggestions(wish, near, ())
            more = self._free(tx, kept, links_from_name(known, names, below), DRAWN_FROM)
            others = tuple(each for each in more if each not in near)
            return Suggestions(wish, near, _some_of(others, SUGGESTED - len(near), below))

        return await self._house.store.read(look)

    async def history(self, actor: Actor) -> History:
        """Every link that the actor has held, the live one first.

        Raises:
            StorageError: the database did not answer as it should.
        """

        def entries(tx: Transaction, row: MemberRow) -> tuple[Entry, ...]:
            kept = [self._entry(one) for one in links.of_holder(tx, row.id)]
            known = {link_key(entry.text) for entry in kept}
            gone = [entry for entry in _ever_chosen(changes.of_member(tx, row.id)) if link_key(entry.text) not in known]
            return tuple(sorted([*kept, *gone], key=lambda entry: entry.state is not State.LIVE))

        return await history_of(self._house, actor, entries, lambda room: room.missing_for_link)

    def _entry(self, one: Holding) -> Entry:
        if one.held_until is None:
            return Entry(one.text, State.LIVE, one.claimed_at)
        state = State.HELD if one.held_until > self._house.now() else State.LAPSED
        return Entry(one.text, state, one.held_until)

    async def _missing(self, actor: Actor) -> tuple[Code, ...]:
        return (await self._rooms.own(actor)).missing_for_link

    async def _instead(self, actor: Actor, wish: str, name: Name) -> Offer:
        known, names, below = await name(), self._house.names, self._house.below

        def look(tx: Transaction) -> Offer:
            kept = _reserved(tx, actor)
            near = self._free(tx, kept, links_from_wish(wish, known, names, below), NEAR)
            if near:
                return Offer(near)
            return Offer(self._free(tx, kept, links_from_name(known, names, below), NEAR), near=False)

        return await self._house.store.read(look)

    def _free(
        self, tx: Transaction, kept: ReservedWords, candidates: Iterator[PersonalLink], wanted: int
    ) -> tuple[str, ...]:
        possible = (each for each in candidates if not kept.refuse(each.key))
        return tuple(each.spelling for each in free_among(tx, possible, wanted, self._not_held))

    def _not_held(self, tx: Transaction, wishes: list[PersonalLink]) -> list[PersonalLink]:
        held = links.holders(tx, [each.key for each in wishes], self._house.now())
        return [each for each in wishes if each.key not in held]


def _against(spelling: str, holder: str | None, *, is_reserved: bool) -> tuple[Violation, ...]:
    """What the words of the workspace and a holder, who is somebody else, have against a link."""
    kept = (violation_of(Code.LINK_RESERVED, spelling, ((0, len(spelling)),)),) if is_reserved else ()
    return (*kept, *(() if holder is None else (Violation(Code.LINK_TAKEN, spelling),)))


def _reserved(tx: Transaction, actor: Actor) -> ReservedWords:
    return words_of(ReservedWord(word.key, word.is_prefix) for word in reserved.words(tx, actor.workspace))


def _some_of(best_first: tuple[str, ...], wanted: int, below: Callable[[int], int]) -> tuple[str, ...]:
    """So many of them, drawn by chance, still the best first."""
    left = list(enumerate(best_first))
    drawn = [left.pop(below(len(left))) for _ in range(min(wanted, len(left)))]
    return tuple(text for _, text in sorted(drawn))


def _ever_chosen(log: tuple[ChangeRow, ...]) -> list[Entry]:
    chosen: dict[str, Entry] = {}
    for row in log:
        if row.action.startswith("link.") and row.new is not None:
            chosen.setdefault(link_key(row.new), Entry(row.new, State.GONE, row.at))
    return list(chosen.values())
