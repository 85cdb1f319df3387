"""The personal link as a subject of wishes."""

from functools import partial

from bot.handlers.asks import Ask
from bot.handlers.rooms import GRAMMAR, RoomHandlers
from bot.handlers.wishes import Subject
from bot.ids import Action, Block, Command
from bot.services.links import Links
from bot.services.people import NoticeKind
from bot.services.verdicts import History, Saved, Suggestions, Verdict
from bot.views.cards import link_card, link_saved
from bot.views.link_modal import link_modal, link_modal_saved, read_link_modal


def link_subject(links: Links, rooms: RoomHandlers) -> Subject:
    """`/personal-link`, its dialog and its buttons. Free links near a wish are made from the person's own name."""

    async def save(ask: Ask, text: str) -> Saved:
        return await links.save(ask.call, text, partial(rooms.name, ask))

    async def submit(ask: Ask) -> Saved:
        return await links.save(ask.call, read_link_modal(ask.view).link, partial(rooms.name, ask))

    async def check(ask: Ask, text: str) -> Verdict:
        return await links.check(ask.actor, text, partial(rooms.name, ask))

    async def suggest(ask: Ask, text: str) -> Suggestions:
        return await links.suggest(ask.actor, text, partial(rooms.name, ask))

    async def history(ask: Ask) -> History:
        return await links.history(ask.actor)

    async def remove(ask: Ask) -> Saved:
        return await links.remove(ask.call)

    return Subject(
        grammar=GRAMMAR[Command.LINK],
        field=Block.LINK,
        claim=Action.CLAIM_LINK,
        notice=NoticeKind.LINK_SAVED,
        edit=Action.EDIT_LINK,
        save=save,
        submit=submit,
        check=check,
        suggest=suggest,
        history=history,
        card=link_card,
        saved=link_saved,
        modal=link_modal,
        modal_saved=link_modal_saved,
        more={"remove": remove},
    )
