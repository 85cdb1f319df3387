"""Who may customise: plan and licence, and which of the two is missing. Who can change them is for texts to say."""

from enum import StrEnum

from bot.rules.codes import Code


class Plan(StrEnum):
    """What a workspace has."""

    BASIC = "basic"
    PRO = "pro"
    BUSINESS = "business"
    EDUCATION = "education"
    ENTERPRISE = "enterprise"


class Licence(StrEnum):
    """What a member has, on any plan above Basic."""

    BASIC = "basic"
    LICENSED = "licensed"


def missing_for_pmi(plan: Plan, licence: Licence) -> tuple[Code, ...]:
    """What keeps this member from a PMI of their own choice; empty where nothing does. Basic plans have no licences."""
    if plan is Plan.BASIC:
        return (Code.PLAN_PMI,)
    return () if licence is Licence.LICENSED else (Code.LICENCE_PMI,)


def missing_for_link(plan: Plan, licence: Licence) -> tuple[Code, ...]:
    """What keeps this member from a personal link; empty where nothing does. Basic plans have no licences."""
    if plan is Plan.BASIC:
        return (Code.PLAN_LINK,)
    plan_codes = (Code.PLAN_LINK,) if plan is Plan.PRO else ()
    licence_codes = () if licence is Licence.LICENSED else (Code.LICENCE_LINK,)
    return plan_codes + licence_codes
