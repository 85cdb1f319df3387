"""The dialogs of plan and licences in every state, by name."""

from bot.ids import Callback
from bot.rules import Licence, Plan
from bot.services.administration import LicencesSaved, TermsSaved, WorkspaceSeen
from bot.services.licence_lists import Bad
from bot.texts import Translator
from bot.views.admin_members import (
    licence_list_modal,
    licences_modal,
    licences_saved,
    lines_wrong,
    members_modal,
    members_modal_saved,
    people_away,
)
from bot.views.blocks import View
from bot.views.notice import notice_modal

FILE_URL = f"https://room.example/admin/{'k' * 400}.csv"
UNSET = WorkspaceSeen(None, None, 1, Plan.BASIC, Licence.BASIC)
SET = WorkspaceSeen(Plan.ENTERPRISE, Licence.LICENSED, 123_456, Plan.BASIC, Licence.BASIC)


def admin_member_dialogs(t: Translator) -> dict[str, View]:
    """The dialogs, and what stands beneath their fields as words in a dialog."""
    many = tuple(f"U0{chr(65 + place // 26)}{chr(65 + place % 26)}" for place in range(230))
    lines = {why: tuple(range(place, 2000, 7)) for place, why in enumerate(Bad, 1)}
    few = {why: (place,) for place, why in enumerate(Bad, 1)}
    words = [lines_wrong({}, t), lines_wrong(lines, t), lines_wrong(few, t)]
    words += [people_away(["Ben"], 1, t), people_away(["Ben", "U9"], 7, t)]
    return {
        "plan and licences": members_modal(UNSET, FILE_URL, t),
        "plan and licences, set": members_modal(SET, FILE_URL, t),
        **{
            f"plan and licences, saved: {plan} {licence}": members_modal_saved(
                TermsSaved(SET, plan=plan, licence=licence), t
            )
            for plan in (False, True)
            for licence in (False, True)
        },
        "licences": licences_modal(SET, t),
        "licence list": licence_list_modal(t),
        **{
            f"licences saved: {count}": licences_saved(Callback.ADMIN_LICENCES, LicencesSaved(many[:count]), t)
            for count in (0, 1, 2, 21, 230)
        },
        **{f"licences refused: {place}": notice_modal(text, t) for place, text in enumerate(words)},
    }
