"""More workspaces in one database: the same words everywhere, and nobody learns of anybody but "taken"."""

import re

import pytest
from pydantic import SecretStr

from bot.playground import Person
from bot.playground.state import Workspace
from tests.e2e.reading import FREE, asks, choices, dialog
from tests.e2e.stage import Stage


def another_workspace(stage: Stage) -> tuple[Workspace, Person]:
    """A second workspace with one person; the token of the first serves both here."""
    globex = stage.slack.add_workspace("T0GLOBEX", name="Globex", domain="globex")
    return globex, stage.add("U0DORA", "Dora Quist", workspace=globex)


def organisation(stage: Stage) -> tuple[Person, Person]:
    """One member in two workspaces of an Enterprise organisation."""
    people = []
    for team in ("T0NORTH", "T0SOUTH"):
        home = stage.slack.add_workspace(
            team, name=team, domain=team.lower(), enterprise_id="E0GRID", enterprise_name="Grid", org_install=True
        )
        people.append(stage.add("W0ELLA", "Ella Grant", workspace=home, team_id="T0NORTH"))
    return people[0], people[1]


def without_chance(text: str) -> str:
    """The text without the numbers and links that were drawn by chance, and without the second of the day."""
    return re.sub(r"[0-9]{3} [0-9]{3} [0-9]{4}|/j/[0-9]+|<!date\^[0-9]+\^", "#", text)


async def test_a_second_workspace_changes_nothing_in_what_is_said(stage: Stage) -> None:
    _, dora = another_workspace(stage)
    await asks(stage.ben, f"/pmi set {FREE}")
    await asks(stage.ben, "/personal-link set blue.harbour")
    for line in (
        "/pmi",
        f"/pmi set {FREE}",
        f"/pmi check {FREE}",
        "/pmi set 555 111 2222",
        "/pmi history",
        "/personal-link",
        "/personal-link set blue.harbour",
        "/personal-link check Blue.Harbour",
        "/room",
        "/pmi help",
    ):
        here = without_chance(await asks(stage.anna, line))
        there = without_chance(await asks(dora, line))

        # Free links near a wish are made from one's own name, and listed last.
        assert here.partition("These are free")[0] == there.partition("These are free")[0], line
        assert not re.search("acme|globex|ben", here + there.replace("jennifer", ""), re.IGNORECASE)


async def test_a_number_held_in_one_workspace_is_held_in_all(stage: Stage) -> None:
    _, dora = another_workspace(stage)
    (first,) = await stage.are_known(stage.anna)
    await asks(stage.anna, f"/pmi set {FREE}")

    for wish in (first, FREE):
        assert "It is taken." in await asks(dora, f"/pmi set {wish}")
        assert "It is taken." in await asks(dora, f"/pmi check {wish}")
    assert f"now {FREE}*" not in await asks(dora, "/pmi")


async def test_a_member_of_two_workspaces_of_an_organisation_has_one_room(stage: Stage) -> None:
    north, south = organisation(stage)
    await stage.start(stage.settings.model_copy(update={"slack_bot_token": SecretStr("xoxb-E0GRID-token")}))

    saved = await asks(north, f"/pmi set {FREE}")
    card = await asks(south, "/pmi")
    await south.types("/personal-link edit")
    await south.fills("link", "blue.harbour")
    await south.submits()

    assert f"now {FREE}*" in saved
    assert FREE in card
    assert "now blue.harbour*" in dialog(south).shown
    assert "/my/blue.harbour" in await asks(north, "/room")
    row = await stage.row(north)
    assert row is not None
    assert ("E0GRID", "W0ELLA") == (row.workspace, row.slack_user)


async def test_one_id_in_two_workspaces_is_two_people(stage: Stage) -> None:
    globex, _ = another_workspace(stage)
    namesake = stage.add("U0ANNA", "Another Anna", workspace=globex)

    await asks(stage.anna, f"/pmi set {FREE}")
    await stage.start(stage.settings.model_copy(update={"slack_bot_token": SecretStr(globex.bot_token)}))

    assert FREE not in await asks(namesake, "/pmi")
    assert "It is taken." in await asks(namesake, f"/pmi set {FREE}")


@pytest.mark.parametrize("act", ["claim", "edit", "save"])
async def test_a_member_of_another_organisation_is_refused_in_words(stage: Stage, act: str) -> None:
    stranger = stage.add("U0AWAY", "Stranger", outside=True)
    await asks(stage.anna, "/pmi suggest")
    message = stage.anna.private_messages[-1]
    taken = choices(message)
    if act == "save":
        await stage.anna.types("/pmi edit")
        stranger.member.modals.append(dialog(stage.anna))
        await stranger.fills("pmi", FREE)
        await stranger.submits()
        assert "You belong to another organisation" in dialog(stranger).errors["pmi"]
    elif act == "claim":
        await stranger.presses("Choose", value=taken[0], on=message)
        await stage.until_told(stranger, "You belong to another organisation")
    else:
        await asks(stage.anna, "/pmi")
        await stranger.presses("Edit", on=stage.anna.private_messages[-1])
        await stage.until_told(stranger, "You belong to another organisation")
        assert stranger.view is None

    assert await stage.row(stranger) is None
    assert not stranger.troubles


async def test_a_button_on_anothers_message_acts_for_the_one_who_presses_it(stage: Stage) -> None:
    await asks(stage.anna, "/pmi suggest")
    message = stage.anna.private_messages[-1]
    value = choices(message)[0]
    mine = await stage.pmi(stage.anna)

    await stage.ben.presses("Choose", value=value, on=message)
    await stage.slack.until(lambda: stage.slack.calls.of("response_url"))

    assert mine == await stage.pmi(stage.anna)
    assert value == await stage.pmi(stage.ben)
