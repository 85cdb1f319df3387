"""The shared rules: what a PMI, a personal link and a room must satisfy, how they are read, shown and suggested.

Pure: text in, values out. No clock, no chance of their own, no database, no Slack. Read `numbers` and `links` first.
"""

from bot.rules.codes import Code
from bot.rules.common_names import CommonNames, load_common_names
from bot.rules.drawing import LONG, SHORT, Below, draw_number, numbers_containing, numbers_near
from bot.rules.entitlement import (
    Customisers,
    Licence,
    Plan,
    forbidden_for_link,
    forbidden_for_pmi,
    missing_for_link,
    missing_for_pmi,
)
from bot.rules.holds import LONGEST_HOLD, parse_hold_days
from bot.rules.hosts import LONGEST_HOST, HostName, is_domain, is_offered, parse_host
from bot.rules.link_suggestions import links_from_name, links_from_wish
from bot.rules.links import PersonalLink, is_a_link_key, link_key, parse_link
from bot.rules.names import GuestName, parse_guest_name
from bot.rules.numbers import PMI, is_a_number, parse_pmi
from bot.rules.options import PREFERENCES, PRODUCT_POLICY, SWITCHES, Lock, Option, Policy, Stance
from bot.rules.passcodes import Passcode, draw_passcode, is_soon_guessed, is_weak, parse_passcode
from bot.rules.reading import read_link, read_number, read_plainly
from bot.rules.refusals import Refusal, Violation
from bot.rules.rooms import (
    MOST_HOSTS,
    Choice,
    RoomSettings,
    WaitingRoom,
    broken_by_hosts,
    broken_by_locks,
    guarded,
    settled,
)
from bot.rules.schedules import MOST_INVITEES, MOST_TIMES, Answer, Repeats, ScheduleWish
from bot.rules.showing import group_digits, marked
from bot.rules.topics import Topic, parse_topic
from bot.rules.tries import ADDRESS_LIMIT, SOURCE_LIMIT, TryLimit

__all__ = [
    "ADDRESS_LIMIT",
    "LONG",
    "LONGEST_HOLD",
    "LONGEST_HOST",
    "MOST_HOSTS",
    "MOST_INVITEES",
    "MOST_TIMES",
    "PMI",
    "PREFERENCES",
    "PRODUCT_POLICY",
    "SHORT",
    "SOURCE_LIMIT",
    "SWITCHES",
    "Answer",
    "Below",
    "Choice",
    "Code",
    "CommonNames",
    "Customisers",
    "GuestName",
    "HostName",
    "Licence",
    "Lock",
    "Option",
    "Passcode",
    "PersonalLink",
    "Plan",
    "Policy",
    "Refusal",
    "Repeats",
    "RoomSettings",
    "ScheduleWish",
    "Stance",
    "Topic",
    "TryLimit",
    "Violation",
    "WaitingRoom",
    "broken_by_hosts",
    "broken_by_locks",
    "draw_number",
    "draw_passcode",
    "forbidden_for_link",
    "forbidden_for_pmi",
    "group_digits",
    "guarded",
    "is_a_link_key",
    "is_a_number",
    "is_domain",
    "is_offered",
    "is_soon_guessed",
    "is_weak",
    "link_key",
    "links_from_name",
    "links_from_wish",
    "load_common_names",
    "marked",
    "missing_for_link",
    "missing_for_pmi",
    "numbers_containing",
    "numbers_near",
    "parse_guest_name",
    "parse_hold_days",
    "parse_host",
    "parse_link",
    "parse_passcode",
    "parse_pmi",
    "parse_topic",
    "read_link",
    "read_number",
    "read_plainly",
    "settled",
]
