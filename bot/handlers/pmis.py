"""The PMI as a subject of wishes."""

from bot.handlers.asks import Ask, Kind
from bot.handlers.rooms import GRAMMAR
from bot.handlers.wishes import Subject
from bot.ids import Action, Block, Command
from bot.services.people import NoticeKind
from bot.services.pmis import PMIs
from bot.services.verdicts import History, Saved, Suggestions, Verdict
from bot.views.cards import pmi_card, pmi_saved
from bot.views.pmi_modal import pmi_modal, pmi_modal_saved, read_pmi_modal


def pmi_subject(pmis: PMIs) -> Subject:
    """`/pmi`, its dialog and its buttons."""

    async def save(ask: Ask, text: str) -> Saved:
        # A number that is chosen in the dialog saves what was ticked there as well.
        ticked = read_pmi_modal(ask.view).for_instant if ask.kind is Kind.DIALOG_ACTION else None
        return await pmis.save(ask.call, text, for_instant=ticked)

    async def submit(ask: Ask) -> Saved:
        form = read_pmi_modal(ask.view)
        return await pmis.save(ask.call, form.number, for_instant=form.for_instant)

    async def check(ask: Ask, text: str) -> Verdict:
        return await pmis.check(ask.actor, text)

    async def suggest(ask: Ask, text: str) -> Suggestions:
        return await pmis.suggest(ask.actor, text)

    async def history(ask: Ask) -> History:
        return await pmis.history(ask.actor)

    return Subject(
        grammar=GRAMMAR[Command.PMI],
        field=Block.PMI,
        claim=Action.CLAIM_PMI,
        notice=NoticeKind.PMI_SAVED,
        edit=Action.EDIT_PMI,
        save=save,
        submit=submit,
        check=check,
        suggest=suggest,
        history=history,
        card=pmi_card,
        saved=pmi_saved,
        modal=pmi_modal,
        modal_saved=pmi_modal_saved,
        more={},
    )
