"""The shared rules: what a PMI and a personal link must satisfy, how they are read, shown and suggested.

Pure: text in, values out. No clock, no chance of their own, no database, no Slack. Read `numbers` and `links` first.
"""

from bot.rules.codes import Code
from bot.rules.common_names import CommonNames, load_common_names
from bot.rules.drawing import Below, draw_number, numbers_containing, numbers_near
from bot.rules.entitlement import Licence, Plan, missing_for_link, missing_for_pmi
from bot.rules.link_suggestions import links_from_name, links_from_wish
from bot.rules.links import PersonalLink, link_key, parse_link
from bot.rules.numbers import PMI, parse_pmi
from bot.rules.reading import read_link, read_number
from bot.rules.refusals import Refusal, Violation
from bot.rules.showing import group_digits, marked

__all__ = [
    "PMI",
    "Below",
    "Code",
    "CommonNames",
    "Licence",
    "PersonalLink",
    "Plan",
    "Refusal",
    "Violation",
    "draw_number",
    "group_digits",
    "link_key",
    "links_from_name",
    "links_from_wish",
    "load_common_names",
    "marked",
    "missing_for_link",
    "missing_for_pmi",
    "numbers_containing",
    "numbers_near",
    "parse_link",
    "parse_pmi",
    "read_link",
    "read_number",
]
