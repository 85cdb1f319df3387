"""Who may choose a PMI or a personal link, as rules.md has it: by plan and licence, on every way in."""

from itertools import product

import pytest

from bot.rules import Licence, Plan
from tests.e2e.reading import asks, choices, dialog
from tests.e2e.stage import Stage

OWN_PMI = {(plan, Licence.LICENSED) for plan in Plan if plan is not Plan.BASIC}
OWN_LINK = {(plan, Licence.LICENSED) for plan in Plan if plan not in (Plan.BASIC, Plan.PRO)}
PLAN_PMI = "plan does not include choosing a PMI"
PLAN_LINK = "plan does not include a personal link"
LICENCE_PMI = "Choosing a PMI needs a Licensed user"
LICENCE_LINK = "A personal link needs a Licensed user"


async def test_plan_and_licence_decide_who_may_choose(stage: Stage) -> None:
    await stage.are_known(stage.anna)
    for at, (plan, licence) in enumerate(product(Plan, Licence)):
        await stage.has_plan(plan)
        await stage.has_licence(stage.anna, licence)
        wish, link = f"58290473{10 + at}", f"blue.harbour{at}"

        number = await asks(stage.anna, f"/pmi set {wish}")
        named = await asks(stage.anna, f"/personal-link set {link}")

        assert ((plan, licence) in OWN_PMI) is ("*Saved." in number), (plan, licence, number)
        assert ((plan, licence) in OWN_PMI) is (wish == await stage.pmi(stage.anna)), (plan, licence)
        assert ((plan, licence) in OWN_LINK) is ("*Saved." in named), (plan, licence, named)
        assert ((plan, licence) in OWN_LINK) is (link == await stage.link(stage.anna)), (plan, licence)
        # Basic plans have no licences, so there only the plan is missing.
        below = plan in (Plan.BASIC, Plan.PRO)
        assert (plan is Plan.BASIC) is (PLAN_PMI in number), (plan, licence)
        assert below is (PLAN_LINK in named), (plan, licence)
        unlicensed = plan is not Plan.BASIC and licence is Licence.BASIC
        assert unlicensed is (LICENCE_PMI in number), (plan, licence)
        assert unlicensed is (LICENCE_LINK in named), (plan, licence)
        if "*Saved." not in number:
            assert "Whoever runs Standing Room here can" in number


async def test_what_the_plan_forbids_and_what_the_rules_forbid_are_said_together(stage: Stage) -> None:
    await asks(stage.ben, "/pmi set 582 904 7316")
    await asks(stage.ben, "/personal-link set blue.harbour")
    await stage.are_known(stage.anna)
    await stage.has_plan(Plan.PRO)
    await stage.has_licence(stage.anna, Licence.BASIC)
    table = {
        "/pmi {} 555 111 2222": (LICENCE_PMI, "*555 111 222* 2"),
        "/pmi {} 582 904 7316": (LICENCE_PMI, "It is taken."),
        "/personal-link {} jennifer": (PLAN_LINK, LICENCE_LINK, "common name"),
        "/personal-link {} 1abc": (PLAN_LINK, LICENCE_LINK, "5 characters or more", "starts with a letter"),
        "/personal-link {} Blue.Harbour": (PLAN_LINK, LICENCE_LINK, "It is taken."),
    }
    for line, expected in table.items():
        for word in ("set", "check"):
            shown = await asks(stage.anna, line.format(word))

            assert all(words in shown for words in expected), shown
            assert not choices(stage.anna.private_messages[-1]), shown


@pytest.mark.parametrize(("command", "words"), [("/pmi", LICENCE_PMI), ("/personal-link", LICENCE_LINK)])
async def test_an_old_button_and_a_dialog_opened_before_do_not_get_past_a_downgrade(
    stage: Stage, command: str, words: str
) -> None:
    await stage.anna.types(f"{command} suggest")
    message = stage.anna.private_messages[-1]
    value = choices(message)[0]
    await stage.anna.types(f"{command} edit")
    await stage.anna.fills(dialog(stage.anna).blocks[0]["block_id"], value)
    before = await stage.row(stage.anna)
    await stage.has_licence(stage.anna, Licence.BASIC)

    await stage.anna.submits()
    assert words in dialog(stage.anna).shown
    await stage.anna.presses(value=value, on=message)
    await stage.until_told(stage.anna, words)

    row = await stage.row(stage.anna)
    assert before is not None
    assert row is not None
    assert (before.pmi, before.link) == (row.pmi, row.link)


async def test_nobody_loses_a_number_or_a_link_by_a_downgrade(stage: Stage) -> None:
    await asks(stage.anna, "/pmi set 582 904 7316")
    await asks(stage.anna, "/personal-link set blue.harbour")
    await stage.has_plan(Plan.BASIC)

    card = await asks(stage.anna, "/room")

    assert "582 904 7316" in card
    assert "/my/blue.harbour" in card
    assert PLAN_PMI in await asks(stage.anna, "/pmi suggest")
    assert PLAN_LINK in await asks(stage.anna, "/personal-link suggest blue")
    assert "*Removed." in await asks(stage.anna, "/personal-link remove")
    assert PLAN_LINK in await asks(stage.anna, "/personal-link set blue.harbour")
