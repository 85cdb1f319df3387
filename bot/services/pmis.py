"""Choosing a PMI: save, check, suggest, history."""

from collections.abc import Iterator
from dataclasses import replace

from bot.rules import (
    PMI,
    Code,
    Refusal,
    Violation,
    draw_number,
    numbers_containing,
    numbers_near,
    parse_pmi,
    read_number,
)
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
    may_be_offered,
)
from bot.services.people import Actor, Call
from bot.services.refusals import Refused
from bot.services.room import Room, room_of
from bot.services.room_records import RoomRecords
from bot.services.rooms import Rooms
from bot.services.verdicts import Entry, History, Outcome, Saved, State, Suggestions, Verdict, entitlement, refusal_of
from storage import changes, members, numbers, postings, workspaces
from storage.changes import Change
from storage.claims import Claim, Holding
from storage.members import MemberRow
from storage.moves import move
from storage.transactions import Transaction

_DIGITS = frozenset("0123456789")


class PMIs:
    """The use cases of the Personal Meeting ID."""

    def __init__(self, house: House, rooms: Rooms) -> None:
        self._house = house
        self._rooms = rooms
        self._records = RoomRecords(house)

    async def save(self, call: Call, wish: str | None, *, for_instant: bool | None = None) -> Saved:
        """Make the wish the actor's PMI and keep the preference, both or neither; None leaves either as it is.

        Raises:
            Refused: rules, plan, licence or another holder stand against the wish. Nothing was changed.
            StorageError: the database did not answer as it should.
        """
        parsed = None if wish is None else parse_pmi(wish)
        if isinstance(parsed, Refusal):
            raise await by_the_rules(parsed, lambda: self._missing(call.actor), lambda: self._instead(parsed.wish))

        def work(tx: Transaction, claims: list[Claim]) -> Saved | Refusal:
            return self._change(tx, arrive(tx, self._house, call.actor), parsed, claims, for_instant=for_instant)

        result = await claimed(self._house, "pmi", call, work)
        if isinstance(result, Refusal):
            raise await by_the_database(result, lambda: self._instead(result.wish))
        return result

    def _change(
        self, tx: Transaction, person: MemberRow, wish: PMI | None, claims: list[Claim], *, for_instant: bool | None
    ) -> Saved | Refusal:
        room = room_of(person, self._house.defaults)
        if for_instant is not None and for_instant != room.pmi_for_instant and room.instant_is_locked:
            return Refusal(room.pmi, (Violation(Code.POLICY_INSTANT, room.pmi),))
        done: list[Change] = []
        if wish is not None and wish.digits != person.pmi:
            change = self._move(tx, person, room, wish.digits, claims)
            if isinstance(change, Refusal):
                return change
            done.append(change)
            room = replace(room, pmi=wish.digits)
        if for_instant is not None and for_instant != room.pmi_for_instant:
            members.set_pmi_for_instant(tx, person.id, wanted=for_instant)
            done.append(Change("instant.changed", _yes_or_no(room.pmi_for_instant), _yes_or_no(for_instant)))
            room = replace(room, pmi_for_instant=for_instant)
        if done:
            changes.record(tx, person.workspace, done, self._house.now(), member_id=person.id, actor_id=person.id)
            postings.refresh_room(tx, person.id, self._house.now())
        return Saved(room, changed=bool(done), before=person.pmi if room.pmi != person.pmi else None)

    def _move(
        self, tx: Transaction, person: MemberRow, room: Room, digits: str, claims: list[Claim]
    ) -> Change | Refusal:
        at = self._house.now()
        taken = Violation(Code.PMI_TAKEN, digits)
        if room.missing_for_pmi:
            others = numbers.holders(tx, [digits]).get(digits, person.id) != person.id
            return refusal_of(digits, room.missing_for_pmi, *([taken] if others else []))
        if self._records.has_passcode(tx, person.id, digits):
            return Refusal(digits, (Violation(Code.PMI_PASSCODE, digits),))
        claim = move(tx, person.id, person.pmi, digits, at)
        claims.append(claim)
        if claim is Claim.LOST:
            return Refusal(digits, (taken,))
        return Change("pmi.taken_back" if claim is Claim.BACK else "pmi.changed", person.pmi, digits)

    async def check(self, actor: Actor, text: str) -> Verdict:
        """How a wish stands at this moment. Changes nothing and never fails for what the text holds.

        Raises:
            StorageError: the database did not answer, and the rules alone had nothing against the wish.
        """
        parsed = parse_pmi(text)
        digits = parsed.wish if isinstance(parsed, Refusal) else parsed.digits
        broken = parsed.violations if isinstance(parsed, Refusal) else ()

        def look(tx: Transaction) -> Verdict:
            row, holder = self._actor_and_holder(tx, actor, "" if broken else digits)
            if row is not None and row.pmi == digits:
                return Verdict(Outcome.YOURS, digits)
            known = workspaces.entitling(tx, actor.workspace) if row is None else row
            missing = refusal_of(digits, entitlement(known, self._house.defaults).pmi).violations
            if row is not None and holder == row.id:
                return Verdict(Outcome.HELD, digits, missing)
            taken = () if holder is None else (Violation(Code.PMI_TAKEN, digits),)
            violations = (*missing, *broken, *taken)
            if not violations:
                return Verdict(Outcome.FREE, digits)
            offer = self._offer(tx, digits) if may_be_offered(violations) else Offer()
            return Verdict(Outcome.REFUSED, digits, violations, offer.free, offer.near)

        return await judged(self._house.store, look, broken, digits)

    @staticmethod
    def _actor_and_holder(tx: Transaction, actor: Actor, digits: str) -> tuple[MemberRow | None, str | None]:
        if not digits:
            return members.find(tx, actor.workspace, actor.user), None
        known = members.find_beside(tx, actor.workspace, actor.user, digits)
        return known or (None, numbers.holders(tx, [digits]).get(digits))

    async def suggest(self, actor: Actor, text: str) -> Suggestions:
        """Five free numbers that pass every rule, holding the digits if there are any.

        Raises:
            Refused: plan or licence forbid choosing, or the text is more than digits.
            StorageError: the database did not answer as it should.
        """
        digits = read_number(text)
        missing = await self._missing(actor)
        strange = [v for v in _violations(parse_pmi(text)) if v.code is Code.PMI_CHARACTERS]
        if missing or strange:
            raise Refused(refusal_of(digits, missing, *strange))

        def look(tx: Transaction) -> Suggestions:
            near = self._free(tx, numbers_containing(digits, self._house.below), SUGGESTED) if digits else ()
            others = self._free(tx, self._any(), SUGGESTED) if len(near) < SUGGESTED else ()
            return Suggestions(digits, near, others[: SUGGESTED - len(near)])

        return await self._house.store.read(look)

    async def history(self, actor: Actor) -> History:
        """Every number that the actor has held, the live one first.

        Raises:
            StorageError: the database did not answer as it should.
        """

        def entries(tx: Transaction, row: MemberRow) -> tuple[Entry, ...]:
            held = numbers.of_holder(tx, row.id)
            return tuple(_entry(one) for one in sorted(held, key=lambda one: one.released_at is not None))

        return await history_of(self._house, actor, entries, lambda room: room.missing_for_pmi)

    async def _missing(self, actor: Actor) -> tuple[Code, ...]:
        return (await self._rooms.own(actor)).missing_for_pmi

    async def _instead(self, wish: str) -> Offer:
        return await self._house.store.read(lambda tx: self._offer(tx, wish))

    def _offer(self, tx: Transaction, wish: str) -> Offer:
        digits = "".join(character for character in wish if character in _DIGITS)
        near = self._free(tx, numbers_near(digits, self._house.below), NEAR) if digits else ()
        return Offer(near) if near else Offer(self._free(tx, self._any(), NEAR), near=False)

    def _free(self, tx: Transaction, candidates: Iterator[PMI], wanted: int) -> tuple[str, ...]:
        return free_among(tx, (each.digits for each in candidates), wanted, _not_held)

    def _any(self) -> Iterator[PMI]:
        while True:
            yield draw_number(self._house.below)


def _not_held(tx: Transaction, digits: list[str]) -> list[str]:
    held = numbers.holders(tx, digits)
    return [each for each in digits if each not in held]


def _entry(one: Holding) -> Entry:
    if one.released_at is None:
        return Entry(one.text, State.LIVE, one.claimed_at)
    return Entry(one.text, State.HELD, one.released_at)


def _violations(parsed: PMI | Refusal) -> tuple[Violation, ...]:
    return parsed.violations if isinstance(parsed, Refusal) else ()


def _yes_or_no(answer: bool | None) -> str | None:  # noqa: FBT001  three-valued: not yet said is None
    return None if answer is None else "yes" if answer else "no"
