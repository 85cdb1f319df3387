"""The reminder of a scheduled meeting, where it stands already and the meeting does not take place any more."""

import pytest

from bot.services.timetable import Occurrence, Reminded, Shown
from bot.texts import load_texts
from bot.views.schedule_cards import reminder_card
from tests.unit.views.planned import ADDRESSES, KEY, occurrence, shown

T = load_texts().for_locale(None)
OFF = [(shown(cancelled=True, coming=()), occurrence()), (shown(), occurrence(cancelled=True))]


@pytest.mark.parametrize(("meeting", "one"), OFF, ids=["all of it", "this one"])
def test_a_reminder_of_what_was_cancelled_says_so_and_leads_nowhere(meeting: Shown, one: Occurrence) -> None:
    card = reminder_card(Reminded(meeting, one, begun=False, is_due=False), T, ADDRESSES)

    assert "Cancelled: Review" == card.text
    assert "<@U0ANNA> has cancelled: ~Review~" in str(card.blocks)
    assert KEY not in str(card.blocks)
