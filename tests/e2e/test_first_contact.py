"""Who is given a PMI, by what, and who never is."""

import asyncio

import pytest

from bot.rules import PMI, parse_pmi
from storage import numbers
from tests.e2e.reading import asks, but_for_keys, dialog
from tests.e2e.stage import Stage

ASSIGNING = (
    "/pmi",
    "/pmi edit",
    "/pmi set 555 111 2222",
    "/pmi set 582 904 7316",
    "/pmi suggest",
    "/pmi suggest abc",
    "/pmi history",
    "/pmi @ben",
    "/pmi @robot",
    "/pmi @nobody",
    "/personal-link",
    "/personal-link edit",
    "/personal-link set jennifer",
    "/personal-link suggest",
    "/personal-link remove",
    "/personal-link history",
    "/personal-link @ben",
    "/room",
)
NOT_ASSIGNING = (
    "/pmi check 582 904 7316",
    "/pmi check 555 111 2222",
    "/pmi help",
    "/pmi ?",
    "/pmi frobnicate",
    "/personal-link check blue.harbour",
    "/personal-link help",
    "/room help",
)


async def test_every_contact_but_check_and_help_gives_a_number_of_ones_own(stage: Stage) -> None:
    stage.add("U0ROBOT", "Robot", is_bot=True)
    seen = set()
    for at, line in enumerate(ASSIGNING):
        newcomer = stage.add(f"U0NEW{at}", f"Newcomer{at} Jones")

        exchange = await newcomer.types(line)

        assert exchange.ok, line
        assert await stage.row(newcomer) is not None, line
        assert isinstance(parse_pmi(await stage.pmi(newcomer)), PMI), line
        assert "pmi.assigned" == (await stage.actions(newcomer))[0], line
        seen.add(await stage.pmi(newcomer))
    assert len(ASSIGNING) == len(seen)


async def test_check_and_help_leave_somebody_unknown(stage: Stage) -> None:
    for line in NOT_ASSIGNING:
        await asks(stage.anna, line)

        assert await stage.row(stage.anna) is None, line


async def test_a_colleague_who_is_looked_up_is_given_a_number_by_the_one_who_looks(stage: Stage) -> None:
    await asks(stage.anna, "/personal-link @ben")

    anna, (assigned,) = await stage.row(stage.anna), await stage.log(stage.ben)
    assert anna is not None
    assert ("pmi.assigned", await stage.pmi(stage.ben), anna.id) == (assigned.action, assigned.new, assigned.actor_id)
    assert f"{(await stage.pmi(stage.ben))[:3]} " in await asks(stage.ben, "/pmi")
    assert 1 == len(await stage.log(stage.ben))


@pytest.mark.parametrize("command", ["/pmi", "/personal-link"])
async def test_apps_leavers_and_strangers_have_no_room(stage: Stage, command: str) -> None:
    people = {
        stage.add("U0ROBOT", "Robot", is_bot=True): "is an app",
        stage.add("USLACKBOT", "Slackbot"): "is an app",
        stage.add("U0LEFT", "Leaver", deleted=True): "is deactivated",
        stage.add("U0AWAY", "Stranger", outside=True): "belongs to another organisation",
    }
    for person, words in people.items():
        assert words in await asks(stage.anna, f"{command} @{person.member.username}")
        assert await stage.row(person) is None
    await stage.sends(stage.anna, command, "<@U0NOBODY|nobody>")
    assert "has no room here" in stage.anna.private_messages[-1].shown


async def test_many_first_contacts_at_once_give_one_number(stage: Stage) -> None:
    made = [await stage.unsent(lambda: stage.anna.types("/pmi")) for _ in range(8)]
    url = stage.slack._delivery.url

    answers = await asyncio.gather(*(stage.sent_to(url, exchange) for exchange in made))

    assert [200] * 8 == [status for status, _ in answers]
    assert 1 == len({but_for_keys(body) for _, body in answers})
    row = await stage.row(stage.anna)
    assert row is not None
    assert [row.pmi] == [one.text for one in await stage.store.read(lambda tx: numbers.of_holder(tx, row.id))]


async def test_a_guest_of_the_workspace_has_a_room_and_a_dialog(stage: Stage) -> None:
    await stage.guest.types("/pmi edit")

    assert "Personal Meeting ID" == dialog(stage.guest).title
