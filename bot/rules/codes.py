"""The codes of the rules, one for each, in the order that refusals list them. Words for people are in texts."""

from enum import StrEnum


class Code(StrEnum):
    """What a wish can be refused for. The dotted value is catalogue key, test id and anchor alike."""

    PMI_CHARACTERS = "pmi.characters"
    PMI_LENGTH = "pmi.length"
    PMI_FIRST_DIGIT = "pmi.first_digit"
    PMI_PREFIX = "pmi.prefix"
    PMI_REPEATED_GROUP = "pmi.repeated_group"
    PMI_SAME_DIGIT_GROUPS = "pmi.same_digit_groups"
    PMI_SAME_DIGIT = "pmi.same_digit"
    PMI_RUN = "pmi.run"
    PMI_SEQUENCE = "pmi.sequence"
    PMI_TAKEN = "pmi.taken"
    LINK_TOO_SHORT = "link.too_short"
    LINK_TOO_LONG = "link.too_long"
    LINK_FIRST_CHARACTER = "link.first_character"
    LINK_CHARACTERS = "link.characters"
    LINK_COMMON_NAME = "link.common_name"
    LINK_TAKEN = "link.taken"
    PLAN_PMI = "plan.pmi"
    PLAN_LINK = "plan.link"
    LICENCE_PMI = "licence.pmi"
    LICENCE_LINK = "licence.link"
