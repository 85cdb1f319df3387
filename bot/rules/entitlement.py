"""Who may customise: plan, licence and what administrators say, and what is missing.

Who can change it is for texts to say.
"""

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


class Customisers(StrEnum):
    """Who in a workspace may choose a PMI or a personal link."""

    LICENSED = "licensed"
    """Whom plan and licence let."""
    NOBODY = "nobody"


def forbidden_for_pmi(customisers: Customisers, *, pmis_enabled: bool) -> tuple[Code, ...]:
    """What administrators have against a PMI of anybody's own choice."""
    if not pmis_enabled:
        return (Code.POLICY_PMIS_OFF,)
    return (Code.POLICY_PMI,) if customisers is Customisers.NOBODY else ()


def forbidden_for_link(customisers: Customisers, *, pmis_enabled: bool) -> tuple[Code, ...]:
    """What administrators have against personal links of anybody's own choice. A link leads to a PMI."""
    if not pmis_enabled:
        return (Code.POLICY_PMIS_OFF,)
    return (Code.POLICY_LINK,) if customisers is Customisers.NOBODY else ()


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
