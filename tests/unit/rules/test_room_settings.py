"""What holds in a room under a policy, and the floor beneath it; topics and alternative hosts."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules import (
    PREFERENCES,
    PRODUCT_POLICY,
    SWITCHES,
    Choice,
    Code,
    Lock,
    Option,
    Policy,
    Stance,
    Topic,
    WaitingRoom,
    broken_by_hosts,
    guarded,
    parse_topic,
    settled,
)

CHOICES = st.builds(
    Choice,
    topic=st.just(""),
    passcode=st.sampled_from([None, "aB3@-_*x9K"]),
    waiting_room=st.none() | st.sampled_from(WaitingRoom),
    options=st.dictionaries(st.sampled_from(SWITCHES), st.booleans()),
    hosts=st.just(()),
)
POLICIES = st.builds(Policy, st.dictionaries(st.sampled_from(Option), st.sampled_from(Stance)), sign_in=st.booleans())


@pytest.mark.parametrize(
    ("stance", "not_chosen", "chosen_on", "chosen_off"),
    [
        (Stance.FORCED_ON, True, True, True),
        (Stance.FORCED_OFF, False, False, False),
        (Stance.OFF_UNLESS_CHOSEN, False, True, False),
        (Stance.ON_UNLESS_CHOSEN, True, True, False),
    ],
)
def test_a_stance_says_what_holds(stance: Stance, *, not_chosen: bool, chosen_on: bool, chosen_off: bool) -> None:
    assert [not_chosen, chosen_on, chosen_off] == [stance.holds(chosen) for chosen in (None, True, False)]


def test_a_new_room_has_what_the_product_says() -> None:
    found = settled(Choice(passcode="aB3@-_*x9K"), PRODUCT_POLICY)

    assert ("aB3@-_*x9K", WaitingRoom.NOBODY, "", ()) == (found.passcode, found.waiting_room, found.topic, found.hosts)
    assert {option: None if option in PREFERENCES else False for option in SWITCHES} == found.options
    assert {Option.MEMBERS_ONLY: Lock.SIGN_IN} == PRODUCT_POLICY.locks


@given(CHOICES, POLICIES)
def test_no_choice_under_any_policy_leaves_a_room_open(choice: Choice, policy: Policy) -> None:
    assert not settled(choice, policy).is_open


@given(CHOICES, POLICIES, POLICIES)
def test_what_may_be_saved_is_guarded_by_itself_under_every_policy(choice: Choice, then: Policy, later: Policy) -> None:
    kept = guarded(choice, then)

    if kept is not None:
        alone = kept.passcode is not None or kept.waiting_room not in (None, WaitingRoom.NOBODY)
        assert alone or kept.options[Option.MEMBERS_ONLY]
        assert settled(choice, then) == settled(kept, then)
        assert not settled(kept, later).is_open


@given(CHOICES, POLICIES)
def test_what_is_locked_is_as_the_policy_says_whatever_was_chosen(choice: Choice, policy: Policy) -> None:
    found = settled(choice, policy)
    other = settled(Choice(choice.topic, choice.passcode, choice.waiting_room, {}, choice.hosts), policy)

    for option in policy.locks.keys() - {Option.PASSCODE, Option.WAITING_ROOM}:
        assert found.options[option] is other.options[option] is policy.stance(option).is_on


@pytest.mark.parametrize(
    ("passcode", "waiting_room", "members_only", "sign_in"),
    list(product((None, "aB3@-_*x9K"), (None, *WaitingRoom), (None, False, True), (False, True))),
)
def test_the_floor(
    passcode: str | None, waiting_room: WaitingRoom | None, *, members_only: bool | None, sign_in: bool
) -> None:
    """At least one of passcode, waiting room and members only; the last does not count where nobody can sign in."""
    options = {} if members_only is None else {Option.MEMBERS_ONLY: members_only}
    choice = Choice(passcode=passcode, waiting_room=waiting_room, options=options)
    guards = [passcode is not None, waiting_room in ("everybody", "outside"), bool(members_only) and sign_in]

    assert any(guards) is (guarded(choice, Policy({}, sign_in=sign_in)) is not None)


@given(CHOICES, POLICIES)
def test_what_is_guarded_by_itself_is_saved_as_it_was_chosen(choice: Choice, policy: Policy) -> None:
    alone = choice.passcode is not None or choice.waiting_room in ("everybody", "outside")

    if alone or choice.options.get(Option.MEMBERS_ONLY):
        assert guarded(choice, policy) in (choice, None)


def test_a_guard_that_only_the_policy_has_put_there_becomes_chosen() -> None:
    kept = guarded(Choice(), Policy({Option.WAITING_ROOM: Stance.FORCED_ON}, sign_in=False))

    assert Choice(waiting_room=WaitingRoom.EVERYBODY) == kept
    kept = guarded(Choice(), Policy({Option.MEMBERS_ONLY: Stance.FORCED_ON}, sign_in=True))
    assert Choice(waiting_room=WaitingRoom.NOBODY, options={Option.MEMBERS_ONLY: True}) == kept


@pytest.mark.parametrize("stance", [Stance.FORCED_OFF, Stance.OFF_UNLESS_CHOSEN])
def test_who_relied_on_signing_in_has_everybody_wait_once_nobody_can(stance: Stance) -> None:
    choice = Choice(options={Option.MEMBERS_ONLY: True})

    assert WaitingRoom.NOBODY is settled(choice, Policy({}, sign_in=True)).waiting_room
    without = settled(choice, Policy({Option.WAITING_ROOM: stance}, sign_in=False))
    assert WaitingRoom.EVERYBODY is without.waiting_room
    assert without.options[Option.MEMBERS_ONLY] is False


def test_a_passcode_is_in_no_repr() -> None:
    choice = Choice(passcode="aB3@-_*x9K")

    assert "aB3" not in f"{choice!r} {settled(choice, PRODUCT_POLICY)!r}"


@given(st.text(st.characters(exclude_categories=()), max_size=250))
def test_any_text_is_a_topic_or_refused_and_a_topic_stays_as_it_is(text: str) -> None:
    parsed = parse_topic(text)

    if isinstance(parsed, Topic):
        assert parsed == parse_topic(parsed.text)
        assert len(parsed.text) <= 200
        parsed.text.encode()
    else:
        assert set(parsed.codes) <= {Code.ROOM_TOPIC_LONG, Code.ROOM_TOPIC_CHARACTERS}


def test_alternative_hosts_are_others_and_not_too_many() -> None:
    ten = [f"U0{place}" for place in range(10)]

    assert () == broken_by_hosts(ten, "U0ANNA")
    assert () == broken_by_hosts([], "U0ANNA")
    both = broken_by_hosts([*ten, "U0ANNA"], "U0ANNA")
    assert [Code.ROOM_HOSTS_MANY, Code.ROOM_HOSTS_SELF] == [violation.code for violation in both]
