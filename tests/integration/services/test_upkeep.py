"""What is done now and then."""

import secrets
from datetime import UTC, datetime, timedelta
from functools import partial

from bot.rules import Licence, Plan
from bot.services.house import House
from bot.services.room import Defaults
from bot.services.upkeep import AT_ONCE, forget_old_requests, forget_old_states, forget_old_tries
from storage import attempts, oauth_states, requests, workspaces
from storage.secrets import KeyRing
from storage.transactions import Store, Transaction
from tests.integration.services.houses import HOLD, KEY, NAMES, nobody_counts

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)


def house_at_noon(store: Store) -> House:
    return House(
        store=store,
        keys=KeyRing.from_text(KEY),
        names=NAMES,
        defaults=Defaults(Plan.BUSINESS, Licence.LICENSED),
        link_hold=HOLD,
        now=lambda: NOW,
        below=secrets.randbelow,
        on_claim=nobody_counts,
    )


async def test_requests_are_known_as_repeats_for_three_days(store: Store) -> None:
    house = house_at_noon(store)

    def remember(tx: Transaction) -> None:
        workspaces.ensure(tx, "T0ACME", NOW)
        for key, hours in (("a" * 64, 73), ("b" * 64, 71)):
            requests.remember(tx, key, "T0ACME", "sealed", NOW - timedelta(hours=hours))

    await store.write(remember)
    more = await forget_old_requests(house)
    kept = await store.read(lambda tx: (requests.answer_to(tx, "a" * 64), requests.answer_to(tx, "b" * 64)))

    assert not more
    assert (None, "sealed") == kept


async def test_many_are_forgotten_in_portions(store: Store) -> None:
    house = house_at_noon(store)
    old = NOW - timedelta(days=4)
    await store.write(
        lambda tx: [requests.remember(tx, f"{place:064}", "T0ACME", "x", old) for place in range(AT_ONCE + 1)]
    )

    assert [True, False] == [await forget_old_requests(house), await forget_old_requests(house)]


async def test_wrong_tries_are_forgotten_once_they_count_no_more(store: Store) -> None:
    house = house_at_noon(store)
    ages = {"a" * 64: 61, "b" * 64: 59}

    def try_them(tx: Transaction) -> None:
        for key, minutes in ages.items():
            at = NOW - timedelta(minutes=minutes)
            attempts.lock(tx, key, at)
            attempts.keep(tx, key, (1, 2), at)

    await store.write(try_them)

    assert not await forget_old_tries(house)
    assert {"b" * 64: (1, 2)} == await store.read(lambda tx: attempts.find(tx, list(ages)))


async def test_states_that_never_came_back_are_forgotten_in_portions(store: Store) -> None:
    house = house_at_noon(store)

    def begin(tx: Transaction, places: range) -> None:
        for place in places:
            until = NOW + timedelta(seconds=1 if place == 0 else -place)
            oauth_states.add(tx, state_hash=f"{place:064}", purpose="sign_in", payload="v1.x", expires_at=until)

    for first in range(0, AT_ONCE + 2, 100):
        await store.write(partial(begin, places=range(first, min(first + 100, AT_ONCE + 2))))
    more = [await forget_old_states(house), await forget_old_states(house)]
    left = await store.write(lambda tx: oauth_states.consume(tx, f"{0:064}", "sign_in", NOW))

    assert ([True, False], "v1.x") == (more, left)
