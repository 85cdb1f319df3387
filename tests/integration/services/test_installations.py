"""Installations as use cases: one for each place, the later one counts, and of many who refresh one does."""

import asyncio
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from bot.services.installations import (
    APART,
    BEFORE,
    LEASE,
    Grant,
    Installations,
    Installed,
    NotRefreshed,
    Tokens,
)
from storage.secrets import KeyRing
from storage.tables import installations
from storage.transactions import Store, open_store
from tests.integration.services.houses import KEY, house_of

NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
SCOPES = ("commands", "chat:write")
OTHER_KEY = "another key for tests of 32 characters or more"


@dataclass
class Slack:
    """Gives a new token for each refresh token, once."""

    asked: list[str] = field(default_factory=list)
    refused: NotRefreshed | None = None
    lasts: timedelta = timedelta(hours=12)

    async def __call__(self, refresh_token: str) -> Tokens:
        await asyncio.sleep(0)
        if self.refused is not None:
            raise self.refused
        self.asked.append(refresh_token)
        if self.asked.count(refresh_token) > 1:
            raise NotRefreshed("invalid_refresh_token", for_good=True)
        return Tokens(f"xoxe.xoxb-after-{refresh_token}", f"after-{refresh_token}", NOON + self.lasts)


async def nothing(_refresh_token: str) -> Tokens:
    raise AssertionError("nobody is to be asked for a token")


async def no_time(_seconds: float) -> None:
    await asyncio.sleep(0)


def cases(store: Store, slack: Slack | None = None, at: datetime = NOON, keys: str = KEY) -> Installations:
    house = replace(house_of(store, lambda: at), keys=KeyRing.from_text(keys))
    return Installations(house, slack or nothing, no_time)


def grant(
    enterprise: str = "", team: str = "T0ACME", token: str = "xoxb-1", at: datetime = NOON, refresh: str = ""
) -> Grant:
    tokens = Tokens(token, refresh, NOON + timedelta(hours=12) if refresh else None)
    return Grant(enterprise, team, not team, "A0APP", "U0BOT", "U0ANNA", SCOPES, tokens, at)


async def found(store: Store, workspace: str = "T0ACME", team: str = "") -> str | None:
    """The token that is found."""
    one = await cases(store).find(workspace, team)
    return None if one is None else one.tokens.bot


async def installed(store: Store, given: Grant | None = None) -> Installed:
    given = given or grant()
    assert await cases(store).save(given)
    one = await cases(store).find(given.workspace, given.team)
    assert one is not None
    return one


async def rows(store: Store) -> list[str]:
    return await store.read(lambda tx: [repr(tuple(row)) for row in tx.execute(sa.select(installations))])


async def test_what_is_installed_is_found_with_all_that_was_granted(store: Store) -> None:
    one = await installed(store)

    assert ("T0ACME", "", "T0ACME", False) == (one.workspace, one.enterprise, one.team, one.of_organisation)
    assert ("A0APP", "U0BOT", "U0ANNA", SCOPES, NOON) == (
        one.app_id,
        one.bot_user,
        one.installer,
        one.scopes,
        one.since,
    )
    assert Tokens("xoxb-1") == one.tokens
    assert await found(store, "T0OTHER") is None


@pytest.mark.parametrize("length", [170, 201, 5000])
async def test_tokens_may_have_any_length_and_nobody_who_reads_the_table_knows_one(store: Store, length: int) -> None:
    bot, refresh = "xoxb-" + "b" * length, "xoxe-" + "r" * length
    one = await installed(store, grant(token=bot, refresh=refresh))

    assert Tokens(bot, refresh, NOON + timedelta(hours=12)) == one.tokens
    [row] = await rows(store)
    assert bot not in row
    assert refresh not in row
    assert bot not in repr(one)
    assert refresh not in repr(one)


async def test_where_it_is_installed_again_and_again_there_is_one_row_with_the_latest_tokens(
    store: Store, database_url: str
) -> None:
    """Seen red: with a plain insert: the second one was told busy."""
    other = await open_store(database_url)
    await asyncio.gather(*(cases(one).save(grant(token=f"xoxb-{at}")) for at, one in enumerate((store, other) * 4)))
    await other.close()
    assert await cases(store).save(grant(token="xoxb-last", at=NOON + SECOND))

    assert 1 == len(await rows(store))
    assert "xoxb-last" == await found(store)


async def test_an_install_that_arrives_after_a_later_one_changes_nothing(store: Store) -> None:
    await installed(store, grant(at=NOON + SECOND))

    assert not await cases(store).save(grant(token="xoxb-early", at=NOON))
    assert "xoxb-1" == await found(store)


@pytest.mark.row("R50")
async def test_what_is_ended_has_no_tokens_until_it_is_installed_again(store: Store) -> None:
    """Seen red: without the clause on `revoked_at`: the install from before its end brought the old token back."""
    one = await installed(store, grant(refresh="xoxe-1"))

    assert [True, False] == [await cases(store).end(one, NOON + 5 * SECOND) for _ in range(2)]
    assert await found(store) is None
    [row] = await rows(store)
    assert "v1." not in row
    assert not await cases(store).save(grant(token="xoxb-early", at=NOON + 4 * SECOND))
    assert await cases(store).save(grant(token="xoxb-again", at=NOON + 5 * SECOND))
    assert "xoxb-again" == await found(store)


@pytest.mark.row("R50")
async def test_the_end_of_an_earlier_install_ends_no_later_one(store: Store) -> None:
    """Seen red: without the generation in the statement: the new token was gone."""
    one = await installed(store)
    await cases(store).save(grant(token="xoxb-again", at=NOON + SECOND))

    assert not await cases(store).end(one)
    assert "xoxb-again" == await found(store)


async def test_an_end_that_was_only_heard_of_keeps_no_install_out(store: Store) -> None:
    one = await installed(store, grant(at=NOON - 2 * APART))
    assert await cases(store).end(one)

    assert await cases(store).save(grant(token="xoxb-again", at=NOON - APART))
    assert "xoxb-again" == await found(store)


async def test_an_organisations_install_covers_every_team_of_it_and_a_teams_own_that_team_alone(store: Store) -> None:
    await installed(store, grant("E0ORG", "T0ONE", "xoxb-one"))
    before = [await found(store, "E0ORG", team) for team in ("T0ONE", "T0TWO", "")]
    await installed(store, grant("E0ORG", "", "xoxb-org", NOON + SECOND))
    both = [await found(store, "E0ORG", team) for team in ("T0ONE", "T0TWO", "")]
    await installed(store, grant("E0ORG", "T0ONE", "xoxb-again", NOON + 2 * SECOND))
    after = [await found(store, "E0ORG", team) for team in ("T0ONE", "T0TWO", "")]

    assert ["xoxb-one", None, "xoxb-one"] == before
    assert ["xoxb-org"] * 3 == both
    assert ["xoxb-again", "xoxb-org", "xoxb-org"] == after
    assert [None, None] == [await found(store, "E0ELSE", "T0ONE"), await found(store, "T0ONE", "T0ONE")]


async def test_under_another_key_there_is_no_installation_and_under_a_former_one_there_is(store: Store) -> None:
    await installed(store)

    assert await cases(store, keys=OTHER_KEY).find("T0ACME") is None
    assert await cases(store, keys=f"{OTHER_KEY},{KEY}").find("T0ACME") is not None


async def test_a_token_that_does_not_expire_or_not_soon_is_left_alone(store: Store) -> None:
    for given in (grant(), grant(refresh="xoxe-1", at=NOON + SECOND)):
        one = await installed(store, given)

        assert one == await cases(store, at=NOON + timedelta(hours=12) - BEFORE - SECOND).fresh(one)


async def test_of_five_in_two_processes_near_expiry_one_asks_for_a_new_token(store: Store, database_url: str) -> None:
    """Seen red: without the lease: five asked, and four were refused for good."""
    one = await installed(store, grant(refresh="xoxe-1"))
    slack, near = Slack(lasts=timedelta(hours=24)), NOON + timedelta(hours=12) - BEFORE
    other = await open_store(database_url)
    fresh = await asyncio.gather(*(cases(each, slack, near).fresh(one) for each in (store, other, store, other, store)))
    await other.close()

    assert ["xoxe-1"] == slack.asked
    # Whoever did not ask goes on with the old one, which is still good.
    assert {"xoxe.xoxb-after-xoxe-1", "xoxb-1"} == {each.tokens.bot for each in fresh}
    again = await cases(store).find("T0ACME")
    assert again is not None
    assert Tokens("xoxe.xoxb-after-xoxe-1", "after-xoxe-1", NOON + timedelta(hours=24)) == again.tokens


async def test_of_five_who_find_a_token_expired_one_asks_and_the_others_wait(store: Store) -> None:
    one = await installed(store, grant(refresh="xoxe-1"))
    slack, late = Slack(lasts=timedelta(hours=36)), NOON + timedelta(hours=13)
    fresh = await asyncio.gather(*(cases(store, slack, late).fresh(one) for _ in range(5)))

    assert ["xoxe-1"] == slack.asked
    assert {"xoxe.xoxb-after-xoxe-1"} == {each.tokens.bot for each in fresh}


async def test_whoever_died_over_it_leaves_it_to_another_after_the_lease(store: Store) -> None:
    one = await installed(store, grant(refresh="xoxe-1"))
    slack, late = Slack(lasts=timedelta(hours=36)), NOON + timedelta(hours=13)
    assert await cases(store)._leased(one, late)

    with pytest.raises(NotRefreshed):
        await cases(store, slack, late).fresh(one)
    fresh = await cases(store, slack, late + LEASE).fresh(one)
    assert "xoxe.xoxb-after-xoxe-1" == fresh.tokens.bot


async def test_where_slack_gives_no_new_token_the_old_one_is_used_while_it_is_good(store: Store) -> None:
    one = await installed(store, grant(refresh="xoxe-1"))
    slack = Slack(refused=NotRefreshed("invalid_refresh_token", for_good=True))

    assert one == await cases(store, slack, NOON + timedelta(hours=12) - SECOND).fresh(one)
    with pytest.raises(NotRefreshed) as refused:
        await cases(store, slack, NOON + timedelta(hours=13)).fresh(one)
    assert refused.value.for_good


async def test_what_was_revoked_meanwhile_is_not_brought_back_by_a_refresh(store: Store) -> None:
    one = await installed(store, grant(refresh="xoxe-1"))
    late = NOON + timedelta(hours=13)

    async def slack(_refresh_token: str) -> Tokens:
        assert await cases(store).end(one, late)
        return Tokens("xoxe.xoxb-2", "xoxe-2", NOON + timedelta(hours=36))

    house = house_of(store, lambda: late)
    with pytest.raises(NotRefreshed) as refused:
        await Installations(house, slack, no_time).fresh(one)
    assert refused.value.for_good
    assert await found(store) is None
