"""Home where Slack or the database is unwell, or the opening of it comes again or from somebody who has none."""

import asyncio
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from structlog.testing import capture_logs

from bot.playground import Fault, TokenState
from bot.playground.delivery import Exchange
from bot.playground.state import Json
from bot.rules import group_digits
from storage.engine import sqlite_path
from storage.tables import seen_requests
from storage.transactions import Transaction
from tests.e2e.homes import all_done, home, opened, opening, published, shows
from tests.e2e.reading import ALSO_FREE, FREE, asks
from tests.e2e.stage import Stage, make_stage
from tests.integration.storage.engine.test_sqlite import locked

# Slack on a bad day


async def test_where_slack_asks_for_a_pause_home_is_shown_after_it(stage: Stage) -> None:
    """Seen red: where the wish was not kept, Home stayed as it was."""
    await opened(stage, stage.anna)
    stage.slack.faults.set("views.publish", Fault.RATE_LIMITED, retry_after=0)

    await asks(stage.anna, f"/pmi set {FREE}")

    await shows(stage, stage.anna, FREE)


async def test_a_pause_that_slack_asks_for_is_kept_and_ends_with_the_process(stage: Stage) -> None:
    stage.slack.faults.set("views.publish", Fault.RATE_LIMITED, retry_after=3600)
    await stage.anna.opens_home()
    await stage.until_called("views.publish", 1)

    await asks(stage.anna, f"/pmi set {FREE}")
    await stage.stop()

    assert 1 == published(stage)
    assert stage.anna.home is None
    assert "late_work_given_up" not in stage.heard.getvalue()


@pytest.mark.parametrize(
    "fault",
    [Fault.SERVER_ERROR, Fault.TIMEOUT, Fault.RESET, Fault.BROKEN_JSON, Fault.NOT_OK("internal_error")],
    ids=lambda fault: fault.kind,
)
async def test_what_slack_did_not_take_the_next_change_or_opening_mends(stage: Stage, fault: Fault) -> None:
    stage.slack.faults.set("views.publish", fault)
    assert 200 == (await stage.anna.opens_home()).status
    await all_done(stage)
    assert stage.anna.home is None

    assert "Saved" in await asks(stage.anna, f"/pmi set {FREE}")
    await shows(stage, stage.anna, FREE)
    stage.slack.faults.set("views.publish", fault)
    await asks(stage.anna, f"/pmi set {ALSO_FREE}")
    await all_done(stage)
    assert FREE in home(stage.anna).shown

    await stage.anna.opens_home()

    await shows(stage, stage.anna, ALSO_FREE)


async def test_with_a_dead_token_a_change_is_saved_and_slack_is_asked_nothing(stage: Stage) -> None:
    await opened(stage, stage.anna)
    stage.acme.token_state = TokenState.REVOKED
    await stage.anna.opens_home()
    await asks(stage.anna, f"/pmi set {FREE}")
    await stage.until_called("views.publish", 2)
    calls = published(stage)

    assert "Saved" in await asks(stage.anna, f"/pmi set {ALSO_FREE}")
    await stage.stop()

    assert calls == published(stage)


async def test_an_answer_never_waits_for_a_home(stage: Stage) -> None:
    await opened(stage, stage.anna)
    stage.slack.faults.set("views.publish", Fault.TIMEOUT, times=3)

    answers = [await stage.anna.types(f"/pmi set {number}") for number in (FREE, ALSO_FREE)]
    answers.append(await stage.anna.opens_home())

    assert all(answer.ok and answer.milliseconds < 1000 for answer in answers)


# The event


@pytest.mark.parametrize("at_once", [False, True], ids=["in_turn", "at_once"])
async def test_an_opening_four_times_is_one_first_contact_and_one_home(stage: Stage, *, at_once: bool) -> None:
    """Seen red: where the event was not known again, there were four calls in turn."""

    async def sent(retry: int) -> Exchange:
        answer = await stage.slack.send_event(stage.acme, opening(stage.anna), retry=retry, event_id="Ev1")
        if not at_once:
            await shows(stage, stage.anna, "Your room")
        return answer

    if at_once:
        answers = await asyncio.gather(*map(sent, range(4)))
    else:
        answers = [await sent(retry) for retry in range(4)]
    await all_done(stage)

    def rows(tx: Transaction) -> int:
        return tx.execute(sa.select(sa.func.count()).select_from(seen_requests)).scalar_one()

    assert [200] * 4 == [each.status for each in answers]
    assert ["pmi.assigned"] == await stage.actions(stage.anna)
    assert 1 == await stage.store.read(rows)
    assert group_digits(await stage.pmi(stage.anna)) in home(stage.anna).shown
    assert 1 == published(stage)


async def test_a_repeat_after_the_first_process_died_is_shown_by_the_next(stage: Stage) -> None:
    stage.slack.faults.set("views.publish", Fault.SERVER_ERROR)
    await stage.slack.send_event(stage.acme, opening(stage.anna), event_id="Ev1")
    await all_done(stage)
    assert stage.anna.home is None

    await stage.slack.send_event(stage.acme, opening(stage.anna), retry=1, event_id="Ev1")

    await shows(stage, stage.anna, "Your room")


@pytest.mark.parametrize(
    "changed",
    [{"tab": "messages"}, {"tab": "about"}, {"tab": None}, {"user": ""}, {"user": None}, {"user": "U" * 100}],
    ids=str,
)
async def test_another_tab_or_nobody_is_taken_and_changes_nothing(stage: Stage, changed: Json) -> None:
    answer = await stage.slack.send_event(stage.acme, opening(stage.anna) | changed)
    await all_done(stage)

    assert 200 == answer.status
    assert [] == stage.slack.calls.of("users.info")
    assert await stage.row(stage.anna) is None
    assert 0 == published(stage)


async def test_apps_deactivated_people_and_members_of_other_organisations_have_no_home(stage: Stage) -> None:
    """Seen red: where nobody was looked at, each of them was given a PMI."""
    others = [
        stage.add("U0BOT", "Robot", is_bot=True),
        stage.add("U0GONE", "Gone", deleted=True),
        stage.add("U0OUT", "Outsider", outside=True),
    ]
    with capture_logs() as logs:
        answers = [await other.opens_home() for other in others]
    await all_done(stage)

    assert [200] * 3 == [each.status for each in answers]
    assert ["refused"] * 3 == [line["outcome"] for line in logs if line["event"] == "request"]
    assert [None] * 3 == [await stage.row(other) for other in others]
    assert 0 == published(stage)


async def test_a_guest_of_this_workspace_has_a_home(stage: Stage) -> None:
    await opened(stage, stage.guest)

    assert group_digits(await stage.pmi(stage.guest)) in home(stage.guest).shown


async def test_while_slack_does_not_say_who_it_is_the_event_is_asked_for_again(stage: Stage) -> None:
    stage.slack.faults.set("users.info", Fault.SERVER_ERROR)

    first = await stage.anna.opens_home()
    assert 503 == first.status
    assert await stage.row(stage.anna) is None
    assert 200 == (await stage.anna.opens_home()).status
    await shows(stage, stage.anna, "Your room")


@pytest.mark.alone
async def test_without_a_database_an_opening_is_asked_for_again(make_database: Callable[..., str]) -> None:
    url = make_database("sqlite")
    async with make_stage(url) as stage:
        await stage.start()
        with locked(sqlite_path(url)):
            refused = await stage.anna.opens_home()

        assert 503 == refused.status
        assert refused.milliseconds < 2500
        assert 0 == published(stage)
        await opened(stage, stage.anna)
