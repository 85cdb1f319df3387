"""Who may customise: the table of plans and licences."""

import pytest

from bot.rules import Code, Licence, Plan, missing_for_link, missing_for_pmi

TABLE = [
    (Plan.BASIC, Licence.BASIC, (Code.PLAN_PMI,), (Code.PLAN_LINK,)),
    (Plan.BASIC, Licence.LICENSED, (Code.PLAN_PMI,), (Code.PLAN_LINK,)),
    (Plan.PRO, Licence.BASIC, (Code.LICENCE_PMI,), (Code.PLAN_LINK, Code.LICENCE_LINK)),
    (Plan.PRO, Licence.LICENSED, (), (Code.PLAN_LINK,)),
    (Plan.BUSINESS, Licence.BASIC, (Code.LICENCE_PMI,), (Code.LICENCE_LINK,)),
    (Plan.BUSINESS, Licence.LICENSED, (), ()),
    (Plan.EDUCATION, Licence.BASIC, (Code.LICENCE_PMI,), (Code.LICENCE_LINK,)),
    (Plan.EDUCATION, Licence.LICENSED, (), ()),
    (Plan.ENTERPRISE, Licence.BASIC, (Code.LICENCE_PMI,), (Code.LICENCE_LINK,)),
    (Plan.ENTERPRISE, Licence.LICENSED, (), ()),
]


def test_the_table_covers_every_plan_with_every_licence() -> None:
    assert {(plan, licence) for plan in Plan for licence in Licence} == {(row[0], row[1]) for row in TABLE}


@pytest.mark.parametrize(("plan", "licence", "pmi", "link"), TABLE)
def test_plan_and_licence_say_what_is_missing(
    plan: Plan, licence: Licence, pmi: tuple[Code, ...], link: tuple[Code, ...]
) -> None:
    assert pmi == missing_for_pmi(plan, licence)
    assert link == missing_for_link(plan, licence)


def test_plans_and_licences_are_spelled_as_settings_spell_them() -> None:
    assert ["basic", "pro", "business", "education", "enterprise"] == list(Plan)
    assert ["basic", "licensed"] == list(Licence)
