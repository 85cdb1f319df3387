"""What `/pmi` and `/personal-link` have in common: a thing that people wish for, in commands, dialogs and buttons.

What differs between a number and a link is a `Subject`; see `pmis` and `links`.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.grammar import Grammar
from bot.handlers.answers import Answer, private, update
from bot.handlers.asks import Ask, Kind
from bot.handlers.front import Front
from bot.handlers.homes import Homes
from bot.handlers.live import LiveVerdicts
from bot.handlers.relay import Relay
from bot.handlers.rooms import Card, RoomHandlers, Subcommand
from bot.ids import Action, Block
from bot.metrics import Outcome as Counted
from bot.services.people import NoticeKind
from bot.services.refusals import Refused
from bot.services.room import Room
from bot.services.verdicts import History, Outcome, Saved, Suggestions, Verdict
from bot.texts import Translator
from bot.views import lists
from bot.views.addresses import Addresses
from bot.views.blocks import View
from bot.views.choices import refusal_message, verdict_blocks, verdict_message
from bot.views.form import with_replaced
from bot.views.message import Message


@dataclass(frozen=True, slots=True)
class Subject:
    """A number or a link: its use cases, its views, its ids."""

    grammar: Grammar
    field: Block
    claim: Action
    notice: NoticeKind
    """How the result of `claim` is told."""
    edit: Action
    save: Callable[[Ask, str], Awaitable[Saved]]
    submit: Callable[[Ask], Awaitable[Saved]]
    check: Callable[[Ask, str], Awaitable[Verdict]]
    suggest: Callable[[Ask, str], Awaitable[Suggestions]]
    history: Callable[[Ask], Awaitable[History]]
    card: Card
    saved: Callable[[Saved, Translator, Addresses], Message]
    modal: Callable[[Room, Translator], View]
    modal_saved: Callable[[Saved, Translator, Addresses], View]
    more: Mapping[str, Callable[[Ask], Awaitable[Saved]]]
    """Subcommands of this subject alone, each a change without a wish."""


@dataclass(frozen=True, slots=True)
class WishHandlers:
    """The handlers of one subject."""

    subject: Subject
    rooms: RoomHandlers
    front: Front
    live: LiveVerdicts
    relay: Relay
    homes: Homes

    async def command(self, ask: Ask, t: Translator) -> Answer:
        """The command and its subcommands."""
        subcommands: dict[str, Subcommand] = {
            "edit": self._edit,
            "set": self._set,
            "check": self._check,
            "suggest": self._suggest,
            "history": self._history,
        }
        subcommands |= {word: self._changing(change) for word, change in self.subject.more.items()}
        return await self.rooms.command(self.subject.grammar, self.subject.card, subcommands, ask, t)

    async def _edit(self, ask: Ask, _rest: str, t: Translator) -> Answer:
        room = await self.rooms.rooms.own(ask.actor)
        return await self.rooms.open(ask, self.subject.modal(room, t), self.subject.edit, t)

    async def _set(self, ask: Ask, rest: str, t: Translator) -> Answer:
        return await self._saved(ask, self.subject.save(ask, rest), t)

    async def _check(self, ask: Ask, rest: str, t: Translator) -> Answer:
        return private(verdict_message(await self.subject.check(ask, rest), self.subject.claim, t))

    async def _suggest(self, ask: Ask, rest: str, t: Translator) -> Answer:
        try:
            found = await self.subject.suggest(ask, rest)
        except Refused as refused:
            return private(refusal_message(refused, self.subject.claim, t, "suggest.refused"), Counted.REFUSED)
        return private(lists.suggestions(found, self.subject.claim, t))

    async def _history(self, ask: Ask, _rest: str, t: Translator) -> Answer:
        return private(lists.history(await self.subject.history(ask), self.subject.claim, t))

    def _changing(self, change: Callable[[Ask], Awaitable[Saved]]) -> Subcommand:
        async def run(ask: Ask, _rest: str, t: Translator) -> Answer:
            return await self._saved(ask, change(ask), t)

        return run

    async def _saved(self, ask: Ask, change: Awaitable[Saved], t: Translator) -> Answer:
        saved = await self.homes.after(ask.actor, change)
        return private(self.subject.saved(saved, t, await self.rooms.where.of(ask.actor.workspace)))

    async def edit(self, ask: Ask, t: Translator) -> Answer:
        """The Edit button."""
        return self.front.shown(ask, await self._edit(ask, "", t), in_place=False)

    async def suggest(self, ask: Ask, t: Translator) -> Answer:
        """The button for other suggestions."""
        return self.front.shown(ask, await self._suggest(ask, ask.value, t), in_place=True)

    async def history(self, ask: Ask, t: Translator) -> Answer:
        """The History button; over Home in a dialog, since a message would come elsewhere."""
        if ask.kind is Kind.HOME_ACTION:
            view = lists.history_modal(await self.subject.history(ask), self.subject.claim, t)
            return self.front.shown(ask, await self.rooms.open(ask, view, Action(ask.label), t), in_place=False)
        return self.front.shown(ask, await self._history(ask, "", t), in_place=False)

    async def claim(self, ask: Ask, t: Translator) -> Answer:
        """A button that makes one's own what it shows: a suggestion, or Take Back."""
        promised = self.relay.promise(ask, self.subject.notice)
        change = self.homes.after(ask.actor, self.subject.save(promised, ask.value))
        if ask.kind is not Kind.DIALOG_ACTION:
            return self.relay.answer(promised, await change)
        self.live.stop(ask.view_id)
        try:
            saved = await change
        except Refused as refused:
            verdict = Verdict(Outcome.REFUSED, ask.value, refused.refusal.violations, refused.free)
            return self.front.updating(
                ask, self._judged(ask, verdict, t), verdict_message(verdict, self.subject.claim, t)
            )
        return self.relay.answer(promised, saved)

    async def typed(self, ask: Ask, t: Translator) -> Answer:
        """Something was typed into the dialog's field."""

        async def judge() -> Mapping[str, Any]:
            return self._judged(ask, await self.subject.check(ask, ask.value), t)

        self.live.typed(self.front.slack.of(ask.actor.workspace, ask.team), ask.view_id, ask.view_hash, judge)
        return Answer()

    def _judged(self, ask: Ask, verdict: Verdict, t: Translator) -> dict[str, Any]:
        new = verdict_blocks(verdict, self.subject.claim, t)
        return with_replaced(ask.view, self.subject.field, Block.VERDICT, new)

    async def submitted(self, ask: Ask, t: Translator) -> Answer:
        """Save in the dialog."""
        self.live.stop(ask.view_id)
        saved = await self.homes.after(ask.actor, self.subject.submit(ask))
        return update(self.subject.modal_saved(saved, t, await self.rooms.where.of(ask.actor.workspace)))
