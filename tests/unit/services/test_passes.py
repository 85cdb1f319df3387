"""Passes and tickets: only what was sealed here is read, for what it was sealed, and in its time."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.services.passes import LONGEST_NAME, PASS_LASTS, Door, Passes, Place, SignedIn
from storage.secrets import KeyRing

NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
OLD, NEW = "an old key of 32 characters or more", "a new key of 32 characters or more"
ANNA = SignedIn("T0ACME", "U0ANNA", "Anna Larsson")
ROOM = Place(Door.INVITATION, "a-key-that-opens")


def passes(at: datetime = NOON, keys: str = NEW) -> Passes:
    return Passes(KeyRing.from_text(keys), lambda: at)


def test_a_pass_shows_who_bears_it_for_twelve_hours() -> None:
    issued = passes().issue(ANNA)

    assert ANNA == passes(NOON + PASS_LASTS - timedelta(seconds=1)).holder(issued)
    assert passes(NOON + PASS_LASTS).holder(issued) is None


def test_a_pass_and_a_ticket_show_nothing_of_what_is_in_them() -> None:
    shown = passes().issue(ANNA) + passes().ticket(ROOM)

    assert not [word for word in ("T0ACME", "U0ANNA", "Anna", "a-key", "invitation") if word in shown]


def test_neither_is_good_for_the_other() -> None:
    assert passes().place(passes().issue(ANNA)) is None
    assert passes().holder(passes().ticket(ROOM)) is None


def test_both_outlive_a_change_of_keys_as_long_as_the_old_key_is_there() -> None:
    issued, ticket = passes(keys=OLD).issue(ANNA), passes(keys=OLD).ticket(ROOM)

    assert (ANNA, ROOM) == (passes(keys=f"{NEW},{OLD}").holder(issued), passes(keys=f"{NEW},{OLD}").place(ticket))
    assert (None, None) == (passes(keys=NEW).holder(issued), passes(keys=NEW).place(ticket))


@pytest.mark.parametrize("purpose", ["pass", "ticket"])
@pytest.mark.parametrize("content", ["", "{}", "null", "[]", '{"who":1,"until":2}', '{"door":"//evil","name":"x"}'])
def test_what_was_sealed_in_another_shape_is_nothing(purpose: str, content: str) -> None:
    sealed = KeyRing.from_text(NEW).seal(content, table="sign_in", column=purpose, workspace="", key="")

    assert passes().holder(sealed) is None
    assert passes().place(sealed) is None


@given(st.text())
def test_what_anybody_makes_up_is_nothing(text: str) -> None:
    assert passes().holder(text) is None
    assert passes().place(text) is None


@given(st.integers(0, 10_000), st.integers(0, 255))
def test_a_pass_that_was_altered_is_nothing(where: int, letter: int) -> None:
    issued = passes().issue(ANNA)
    at = where % len(issued)
    altered = issued[:at] + chr(letter) + issued[at + 1 :]

    assert altered == issued or passes().holder(altered) is None


@given(st.text(st.characters(exclude_categories=()), max_size=2 * LONGEST_NAME), st.sampled_from(Door))
def test_a_ticket_can_be_made_for_any_name(name: str, door: Door) -> None:
    found = passes().place(passes().ticket(Place(door, name)))

    assert Place(door, name[:LONGEST_NAME].encode(errors="replace").decode()) == found
