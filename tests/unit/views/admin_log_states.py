"""The dialog of the change log in every state: each change that has words of its own, and some that have none."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

from bot.services.change_log import PAGE, LogFilter, LogKind, LogPage
from bot.texts import Translator
from bot.views.admin_log import log_modal
from bot.views.blocks import View
from storage.change_pages import Logged

AT = datetime(2026, 11, 24, 9, 12, tzinfo=UTC)
ANNA, BEN = "a" * 26, "b" * 26
URL = "https://room.example/admin/v1.key.csv"
VALUES = {
    "pmi.assigned pmi.changed pmi.taken_back meeting.started meeting.ended": ("5829047316", "61755501423"),
    "link.set link.changed link.taken_back link.removed": ("Blue.Harbour", "Green.Field"),
    "passcode.assigned passcode.changed passcode.removed": (None, None),
    "topic.changed meeting.topic_changed": ("*<!channel>* & co", "x" * 40),
    "waiting_room.changed": ("outside", None),
    "members_only.changed host_video.changed instant.changed scheduled.changed join_before_host.changed": ("yes", "no"),
    "host.added host.removed invitee.added invitee.removed": ("U0CARLA", "deleted-user#1"),
    "plan.changed licence.changed": (None, "business"),
    "meeting.scheduled meeting.cancelled meeting.answered occurrence.changed occurrence.cancelled": (None, "yes"),
    "meeting.time_changed meeting.repeats_changed meeting.minutes_changed meeting.place_changed": ("a\r\nb", None),
    "meeting.reminder_changed meeting.channel_changed app.uninstalled tokens.revoked": (None, None),
    "member.left member.returned member.erased workspace.purge_asked workspace.purged": (None, None),
    "reserved.added reserved.removed address.changed default_licence.changed": ("acme", "rooms.acme.example"),
    "policy.pmis_enabled policy.old_addresses_lead_on": ("yes", "no"),
    "policy.who_may_customise": ("licensed", "nobody"),
    "policy.link_hold_days": (None, "30"),
    "policy.passcode policy.of_another_day option.of.another.day": ("forced_on", None),
}
WHO = (
    ("U0ANNA", ANNA, "U0ANNA", ANNA),
    ("U0BEN", BEN, "U0ANNA", ANNA),
    (None, None, None, None),
    (None, BEN, None, ANNA),
)
"""Whose it is and who did it: the same, another, nobody, and two who are gone."""


def log_lines() -> list[Logged]:
    actions = [(action, values) for names, values in VALUES.items() for action in names.split()]
    return [
        Logged(f"{number:026}", whose_id, whose, who_id, who, action, old, new, AT)
        for number, (action, (old, new)) in enumerate(actions)
        for whose, whose_id, who, who_id in (WHO[number % len(WHO)],)
    ]


def log_dialogs(t: Translator) -> Iterator[tuple[str, View]]:
    lines = log_lines()
    for first in range(0, len(lines), PAGE):
        some = tuple(lines[first : first + PAGE])
        yield f"log_modal {first}", log_modal(LogPage(LogFilter(), some, some[-1].id, some[0].id), URL, t)
    asked = LogFilter("U0ANNA", LogKind.POLICY, date(2026, 3, 1), "Europe/Amsterdam")
    yield "log_modal empty", log_modal(LogPage(asked, (), None, None), URL, t)
