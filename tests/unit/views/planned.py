"""Scheduled meetings in every state that a view of them can be in."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product

from bot import errors
from bot.rules import Answer, Code, Repeats, ScheduleWish, Violation
from bot.services.drafts import Draft, draft_of, new_draft
from bot.services.refusals import ScheduleRefused
from bot.services.timetable import (
    Adjusted,
    Cancelled,
    Changed,
    Coming,
    Counts,
    Invitee,
    Occurrence,
    Reminded,
    Scheduled,
    Seen,
    Shown,
)
from bot.texts import Translator
from bot.views.addresses import Addresses
from bot.views.blocks import View
from bot.views.meetings_list import MOST, cancel_modal, meeting_cancelled, meeting_saved, meetings_list
from bot.views.message import Message
from bot.views.schedule_cards import invitation_card, reminder_card, withdrawn_card
from bot.views.schedule_modal import schedule_modal, with_repeats

ADDRESSES = Addresses("https://room.example")
NOW = datetime(2026, 11, 24, 9, 12, tzinfo=UTC)
TOPICS = ("", "Weekly <!channel> & co *bold*", "\u05e4\u05d2\u05d9\u05e9\u05d4", "x" * 200)
KEY = "AbCdEfGhIjKlMnOpQrStUvWx"
MEETING = "0" * 26


def occurrence(days: int = 1, **more: object) -> Occurrence:
    start = NOW + timedelta(days=days)
    one = Occurrence(f"{start:%Y-%m-%dT%H:%M}", start, start + timedelta(minutes=45), "Review")
    return replace(one, **more)  # type: ignore[arg-type]


def shown(**more: object) -> Shown:
    coming = tuple(occurrence(days) for days in range(1, 8, 7))
    found = Shown(
        meeting_id=MEETING,
        workspace="T0ACME",
        holder="U0ANNA",
        holder_id="1" * 26,
        reader=None,
        topic="Review",
        zone="America/New_York",
        minutes=45,
        repeats=Repeats.NONE,
        times=1,
        first=coming[0],
        last=coming[-1],
        coming=coming,
        counts=Counts(3, 1, 0),
        invitees=(Invitee("U0BEN", invited=True, answer=Answer.MAYBE), Invitee("U0CARLA", invited=True)),
        channel="C0GENERAL",
        remind_minutes=10,
        on_pmi=False,
        number="58290473161",
        key=KEY,
        sequence=2,
        cancelled=False,
        passcode="aB3@-_*x9K",
    )
    return replace(found, **more)  # type: ignore[arg-type]


def every_shown() -> Iterator[tuple[str, Shown]]:
    for topic in TOPICS:
        yield f"{topic[:6]}", shown(topic=topic, repeats=Repeats.WEEKLY)
    for repeats, reader in product(Repeats, (None, "U0ANNA", "U0BEN")):
        yield f"{repeats}-{reader}", shown(repeats=repeats, reader=reader)
    odd = tuple(occurrence(days, cancelled=days % 2 == 0, changed=days % 2 == 1) for days in range(1, 11))
    yield "odd", shown(repeats=Repeats.DAILY, coming=odd)
    yield "cancelled", shown(cancelled=True, coming=())
    yield "over", shown(coming=())
    yield "nobody", shown(invitees=(), channel=None, passcode="", on_pmi=True, number="5829047316")
    yield "people", shown(channel=None)
    yield "channel", shown(invitees=())
    for said in Answer:
        yield f"said-{said}", shown(reader="U0BEN", invitees=(Invitee("U0BEN", invited=True, answer=said),))


def drafts() -> Iterator[tuple[str, Draft]]:
    for topic, on_pmi in product(TOPICS, (None, True, False)):
        yield f"new-{topic[:6]}-{on_pmi}", new_draft("Europe/Berlin", NOW, topic, on_pmi=on_pmi)
    for repeats, remind in product(Repeats, (None, 0, 10, 7, 2880)):
        until = "2027-03-01" if repeats is not Repeats.NONE else ""
        wish = ScheduleWish(
            topic="Review",
            zone="UTC",
            minutes=50,
            at=int(NOW.timestamp()),
            invitees=tuple(f"U0{place}" for place in range(50)),
            channel="C0GENERAL",
            on_pmi=True,
            repeats=repeats,
            count=7 if until else None,
            until=until,
            remind_minutes=remind,
            sequence=3,
        )
        seen = Seen(shown(repeats=repeats, reader="U0ANNA"), wish)
        alone = replace(wish, repeats=Repeats.NONE, count=None, until="", minutes=45)
        whole, one = draft_of(seen, None), draft_of(replace(seen, wish=alone), occurrence().key)
        assert whole is not None
        assert one is not None
        yield f"all-{repeats}-{remind}", whole
        yield f"one-{repeats}-{remind}", one


def schedule_refusals() -> Iterator[tuple[str, ScheduleRefused]]:
    codes = [code for code in Code if code.startswith("schedule.")]
    for code in codes:
        yield code, ScheduleRefused((Violation(code),))
    yield "all", ScheduleRefused(tuple(Violation(code) for code in codes))


def planned_messages(t: Translator) -> dict[str, Message]:
    found: dict[str, Message] = {}
    for name, one in every_shown():
        found[f"invitation_card {name}"] = invitation_card(one, t, ADDRESSES)
        for begun in (True, False):
            reminded = Reminded(one, occurrence(topic=one.topic), begun, is_due=True)
            found[f"reminder_card {name} {begun}"] = reminder_card(reminded, t, ADDRESSES)
        coming = [Coming(one, occurrence(topic=one.topic)), Coming(one, occurrence(0))]
        starts = {MEETING: ADDRESSES.start(KEY * 8)}
        found[f"meetings_list {name}"] = meetings_list(coming, starts, t, ADDRESSES, NOW)
        found[f"meetings_list {name} without"] = meetings_list(coming, {}, t, ADDRESSES, NOW)
    found["withdrawn_card"] = withdrawn_card(t)
    found["meetings_list none"] = meetings_list([], {}, t, ADDRESSES, NOW)
    many = [Coming(shown(topic="x" * 200, repeats=Repeats.WEEKLY), occurrence())] * (MOST + 1)
    found["meetings_list many"] = meetings_list(many, {}, t, ADDRESSES, NOW)
    return found | {f"failure {name}": errors.explain(error, t).message for name, error in schedule_refusals()}


def planned_dialogs(t: Translator) -> dict[str, View]:
    found: dict[str, View] = {}
    for name, draft in drafts():
        view = schedule_modal(draft, t)
        found[f"schedule_modal {name}"] = view
        if draft.occurrence is None:
            found |= {f"schedule_modal {name} {each}": with_repeats(view, each, t) for each in Repeats}
    for name, one in every_shown():
        found[f"cancel_modal {name}"] = cancel_modal(one, None, t)
        found[f"cancel_modal {name} one"] = cancel_modal(one, occurrence().key, t)
        for changed, which in product((True, False), (None, occurrence())):
            cancelled = Cancelled(one, changed, which)
            found[f"cancelled {name} {changed} {which is None}"] = meeting_cancelled(cancelled, t)
        found[f"scheduled {name}"] = meeting_saved(
            Scheduled(one, tuple(Adjusted), KEY * 8, place_is_set=True), t, ADDRESSES
        )
        found[f"changed {name}"] = meeting_saved(Changed(one, True, (), 2, True, KEY * 8), t, ADDRESSES)
        found[f"same {name}"] = meeting_saved(Changed(one, False, start_key=KEY * 8), t, ADDRESSES)
    return found
