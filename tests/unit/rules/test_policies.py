"""What administrators may say: who customises, for how long links are held, and that a guard stays possible."""

import hypothesis.strategies as st
import pytest
from hypothesis import given

from bot.rules import (
    Choice,
    Code,
    Customisers,
    Lock,
    Option,
    Policy,
    Refusal,
    Stance,
    WaitingRoom,
    broken_by_locks,
    forbidden_for_link,
    forbidden_for_pmi,
    parse_hold_days,
    settled,
)

GUARDS = (Option.PASSCODE, Option.WAITING_ROOM, Option.MEMBERS_ONLY)
POLICIES = st.builds(
    Policy,
    st.dictionaries(st.sampled_from(Option), st.sampled_from(Stance)),
    sign_in=st.booleans(),
    pmis_enabled=st.booleans(),
)
CHOICES = st.builds(
    Choice,
    passcode=st.sampled_from((None, "aB3@-_*x9K")),
    waiting_room=st.sampled_from((None, *WaitingRoom)),
    options=st.dictionaries(st.sampled_from(Option), st.booleans()),
)


@given(CHOICES, POLICIES)
def test_no_policy_and_no_settings_together_leave_a_room_open(choice: Choice, policy: Policy) -> None:
    assert not settled(choice, policy).is_open


@given(POLICIES)
def test_a_guard_is_possible_unless_all_three_are_forced_off(policy: Policy) -> None:
    forced_off = [policy.stance(guard) is Stance.FORCED_OFF for guard in GUARDS]

    assert (not all(forced_off)) is policy.leaves_a_guard


def test_without_sign_in_members_only_guards_nothing() -> None:
    stances = dict.fromkeys((Option.PASSCODE, Option.WAITING_ROOM), Stance.FORCED_OFF)

    assert Policy(stances, sign_in=True).leaves_a_guard
    assert not Policy(stances, sign_in=False).leaves_a_guard


def test_where_pmis_are_turned_off_nothing_uses_them_whatever_is_said() -> None:
    policy = Policy(dict.fromkeys(Option, Stance.FORCED_ON), sign_in=True, pmis_enabled=False)
    found = settled(Choice(passcode="aB3@-_*x9K"), policy)

    for option in (Option.PMI_FOR_INSTANT, Option.PMI_FOR_SCHEDULED):
        assert found.options[option] is False
        assert Lock.PMIS is policy.lock(option)
    assert Lock.POLICY is policy.lock(Option.PASSCODE)


def test_a_passcode_that_is_wanted_and_not_there_yet_can_be_typed_by_nobody() -> None:
    policy = Policy({Option.PASSCODE: Stance.FORCED_ON}, sign_in=False)

    assert settled(Choice(waiting_room=WaitingRoom.EVERYBODY), policy).passcode == ""


@pytest.mark.parametrize(
    ("customisers", "enabled", "pmi", "link"),
    [
        (Customisers.LICENSED, True, (), ()),
        (Customisers.NOBODY, True, (Code.POLICY_PMI,), (Code.POLICY_LINK,)),
        (Customisers.LICENSED, False, (Code.POLICY_PMIS_OFF,), (Code.POLICY_PMIS_OFF,)),
        (Customisers.NOBODY, False, (Code.POLICY_PMIS_OFF,), (Code.POLICY_PMIS_OFF,)),
    ],
)
def test_administrators_say_who_may_customise(
    customisers: Customisers, *, enabled: bool, pmi: tuple[Code, ...], link: tuple[Code, ...]
) -> None:
    assert pmi == forbidden_for_pmi(customisers, pmis_enabled=enabled)
    assert link == forbidden_for_link(customisers, pmis_enabled=enabled)


@pytest.mark.parametrize(
    ("typed", "days"), [("", None), (" \u200b", None), ("0", 0), (" 30 ", 30), ("0030", 30), ("3650", 3650)]
)
def test_a_hold_is_a_number_of_days_or_left_to_the_operator(typed: str, days: int | None) -> None:
    assert days == parse_hold_days(typed)


@pytest.mark.parametrize("typed", ["3651", "-1", "1.5", "+1", "٣٠", "30 days", "9" * 500])
def test_nothing_else_is_a_hold(typed: str) -> None:
    refused = parse_hold_days(typed)

    assert isinstance(refused, Refusal)
    assert (Code.POLICY_HOLD,) == refused.codes


def test_what_is_locked_is_refused_where_it_is_asked_for_anew() -> None:
    policy = Policy(dict.fromkeys(Option, Stance.FORCED_OFF), sign_in=False)
    before = Choice(passcode="aB3@-_*x9K", waiting_room=WaitingRoom.NOBODY, options={Option.HOST_VIDEO: True})
    asked = {Option.HOST_VIDEO: True, Option.MUTE_ON_ENTRY: True, Option.MEMBERS_ONLY: True}
    broken = broken_by_locks(before, "other-one", WaitingRoom.EVERYBODY, asked, policy)

    assert [Option.MUTE_ON_ENTRY, Option.WAITING_ROOM, Option.PASSCODE] == [each.text for each in broken]
    assert () == broken_by_locks(before, before.passcode, WaitingRoom.NOBODY, {Option.HOST_VIDEO: True}, policy)
