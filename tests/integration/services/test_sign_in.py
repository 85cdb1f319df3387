"""Signing in as a use case: what was begun comes back to the browser that began, once, in its time, under any key."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from bot.services.people import Actor
from bot.services.sign_in import STATE_LASTS, Begun, SignIns, StateUnknown, is_browser, new_browser
from bot.services.signed_in import Page, Return
from storage.secrets import KeyRing
from storage.tables import oauth_states
from storage.transactions import Store
from tests.integration.services.houses import KEY, house_of, use_cases

NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
PLACE = Return(Page.LINK, "the-key-of-an-invitation")
BROWSER = new_browser()
NEW_KEY = "a new key for tests, of 32 characters or more".replace(",", ";")


def sign_ins(store: Store, at: datetime = NOON, keys: str = KEY) -> SignIns:
    return SignIns(replace(house_of(store, lambda: at), keys=KeyRing.from_text(keys)))


async def begin(store: Store) -> Begun:
    return await sign_ins(store).begin(PLACE, BROWSER, with_verifier=True)


async def finished(cases: SignIns, state: str, browser: str = BROWSER) -> bool:
    try:
        return PLACE == (await cases.finish(state, browser)).back
    except StateUnknown:
        return False


async def test_what_was_begun_comes_back_with_all_that_was_kept(store: Store) -> None:
    begun = await begin(store)
    found = await sign_ins(store).finish(begun.state, BROWSER)

    assert (PLACE, begun.nonce) == (found.back, found.nonce)
    assert 43 == len(begun.state) == len(begun.nonce) == len(found.verifier) == len(begun.challenge)
    assert 4 == len({begun.state, begun.nonce, begun.challenge, found.verifier})


async def test_without_a_verifier_there_is_no_challenge(store: Store) -> None:
    begun = await sign_ins(store).begin(PLACE, BROWSER, with_verifier=False)

    assert ("", "") == (begun.challenge, (await sign_ins(store).finish(begun.state, BROWSER)).verifier)


async def test_it_comes_back_once_within_ten_minutes(store: Store) -> None:
    first, second = [await begin(store) for _ in range(2)]
    last, late = NOON + STATE_LASTS - timedelta(seconds=1), NOON + STATE_LASTS

    assert [True, False] == [await finished(sign_ins(store, last), first.state) for _ in range(2)]
    assert not await finished(sign_ins(store, late), second.state)


async def test_it_comes_back_to_nobody_elses_browser_and_not_afterwards_either(store: Store) -> None:
    for other in ("", new_browser(), BROWSER[:-1], "\udcff"):
        begun = await begin(store)

        assert not await finished(sign_ins(store), begun.state, other)
        assert not await finished(sign_ins(store), begun.state)


@pytest.mark.parametrize(
    "state", ["", "x", "A" * 43, "A" * 44, "é" * 43, "A" * 42 + "\n", "%00" * 14 + "A", "\ud800" * 43]
)
async def test_what_was_never_given_out_is_nothing(store: Store, state: str) -> None:
    assert not await finished(sign_ins(store), state)


async def test_nobody_who_reads_the_table_can_finish_anything(store: Store) -> None:
    begun = await begin(store)
    rows = await store.read(lambda tx: [tuple(row) for row in tx.execute(sa.select(oauth_states))])
    found = await sign_ins(store).finish(begun.state, BROWSER)

    assert 1 == len(rows)
    secrets = (begun.state, begun.nonce, begun.challenge, found.verifier, BROWSER, PLACE.name)
    assert not [secret for secret in secrets if secret in repr(rows)]


async def test_a_payload_of_another_state_is_nothing(store: Store) -> None:
    begun, other = [await begin(store) for _ in range(2)]
    payload = sa.select(oauth_states.c.payload).order_by(oauth_states.c.hash).limit(1).scalar_subquery()
    await store.write(lambda tx: tx.execute(sa.update(oauth_states).values(payload=payload)))

    assert [True, False] == sorted([await finished(sign_ins(store), one.state) for one in (begun, other)], reverse=True)


async def test_a_change_of_keys_disturbs_nobody_as_long_as_the_old_key_is_there(store: Store) -> None:
    first, second = [await begin(store) for _ in range(2)]

    assert await finished(sign_ins(store, keys=f"{NEW_KEY},{KEY}"), first.state)
    assert not await finished(sign_ins(store, keys=NEW_KEY), second.state)


async def test_a_workspace_is_known_once_somebody_of_it_was_here(store: Store) -> None:
    before = await sign_ins(store).is_known("T0ACME")
    await use_cases(store).rooms.own(Actor("T0ACME", "U0ANNA"))

    assert [False, True] == [before, await sign_ins(store).is_known("T0ACME")]
    assert not await sign_ins(store).is_known("T0")


def test_a_browser_is_known_by_what_only_we_give() -> None:
    assert is_browser(new_browser())
    assert not [text for text in ("", "x", "é" * 43, "A" * 43 + "\n") if is_browser(text)]
