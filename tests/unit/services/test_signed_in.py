"""What browsers and links carry: only what was sealed here is read, for what it was sealed, and in its time."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.services.signed_in import LASTS, LONGEST_NAME, Page, Return, Seals, SignedIn
from storage.secrets import KeyRing

NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
OLD, NEW = "an old key of 32 characters or more", "a new key of 32 characters or more"
ANNA = SignedIn("T0ACME", "U0ANNA", "Anna Larsson")
ROOM = Return(Page.LINK, "a-key-that-opens")


def seals(at: datetime = NOON, keys: str = NEW) -> Seals:
    return Seals(KeyRing.from_text(keys), lambda: at)


def test_what_a_member_shows_is_good_for_twelve_hours() -> None:
    shown = seals().member(ANNA)

    assert ANNA == seals(NOON + LASTS - timedelta(seconds=1)).read_member(shown)
    assert seals(NOON + LASTS).read_member(shown) is None


def test_neither_shows_anything_of_what_is_in_them() -> None:
    shown = seals().member(ANNA) + seals().ticket(ROOM)

    assert not [word for word in ("T0ACME", "U0ANNA", "Anna", "a-key", "link") if word in shown]


def test_neither_is_good_for_the_other() -> None:
    assert seals().read_ticket(seals().member(ANNA)) is None
    assert seals().read_member(seals().ticket(ROOM)) is None


def test_both_outlive_a_change_of_keys_as_long_as_the_old_key_is_there() -> None:
    shown, ticket = seals(keys=OLD).member(ANNA), seals(keys=OLD).ticket(ROOM)

    assert (ANNA, ROOM) == (
        seals(keys=f"{NEW},{OLD}").read_member(shown),
        seals(keys=f"{NEW},{OLD}").read_ticket(ticket),
    )
    assert (None, None) == (seals(keys=NEW).read_member(shown), seals(keys=NEW).read_ticket(ticket))


@pytest.mark.parametrize(
    ("column", "content"),
    [
        ("ticket", '{"who":{"workspace":"T0ACME","user":"U0ANNA","name":""},"until":9999999999}'),
        ("member", '{"page":"wait","name":""}'),
    ],
)
def test_what_was_sealed_for_something_else_is_nothing_whatever_it_says(column: str, content: str) -> None:
    ring = KeyRing.from_text(NEW)
    wrong, right = (
        ring.seal(content, table="sign_in", column=each, workspace="", key="")
        for each in (column, "member" if column == "ticket" else "ticket")
    )
    read = seals().read_member if column == "ticket" else seals().read_ticket

    assert read(wrong) is None
    assert read(right) is not None


@pytest.mark.parametrize("purpose", ["member", "ticket"])
@pytest.mark.parametrize("content", ["", "{}", "null", "[]", '{"who":1,"until":2}', '{"page":"//evil","name":"x"}'])
def test_what_was_sealed_in_another_shape_is_nothing(purpose: str, content: str) -> None:
    sealed = KeyRing.from_text(NEW).seal(content, table="sign_in", column=purpose, workspace="", key="")

    assert seals().read_member(sealed) is None
    assert seals().read_ticket(sealed) is None


@given(st.text())
def test_what_anybody_makes_up_is_nothing(text: str) -> None:
    assert seals().read_member(text) is None
    assert seals().read_ticket(text) is None


@given(st.integers(0, 10_000), st.integers(0, 255))
def test_what_was_altered_is_nothing(where: int, letter: int) -> None:
    shown = seals().member(ANNA)
    at = where % len(shown)
    altered = shown[:at] + chr(letter) + shown[at + 1 :]

    assert altered == shown or seals().read_member(altered) is None


@given(st.text(st.characters(exclude_categories=()), max_size=2 * LONGEST_NAME), st.sampled_from(Page))
def test_a_ticket_can_be_made_for_any_name(name: str, page: Page) -> None:
    found = seals().read_ticket(seals().ticket(Return(page, name)))

    assert Return(page, name[:LONGEST_NAME].encode(errors="replace").decode()) == found
