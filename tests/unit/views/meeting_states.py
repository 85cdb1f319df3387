"""Every view and every message about meetings, in every state, by name."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product

from bot.services.meeting_results import Ended, JoinCard, Running, Startable, Started
from bot.services.session_records import LONGEST, Session
from bot.texts import Translator
from bot.views.addresses import Addresses
from bot.views.blocks import View
from bot.views.meeting_cards import (
    ended_message,
    ended_modal,
    join_card,
    question_message,
    question_modal,
    started_message,
    started_modal,
)
from bot.views.message import Message

KEY = "v1.k0." + "A" * 300
"""As long as a start link's key may be."""
INVITATION = "A" * 24
AT = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
THREAD = "1772355600.000100"
TOPICS = ("", "Q&A <!channel> *bold*", "\U0001f469\u200d\U0001f680" * 66, "x" * 200, "\u05e4\u05d2\u05d9\u05e9\u05d4")
LENGTHS = (timedelta(0), timedelta(minutes=1), timedelta(minutes=59), timedelta(hours=1), LONGEST, timedelta(hours=2.5))


def session(topic: str = "", ran: timedelta | None = None, by: str | None = "U0ANNA") -> Session:
    return Session(
        id="0" * 26,
        workspace="T0ACME",
        member_id="1" * 26,
        meeting_id=None,
        in_room=True,
        number="5829047316",
        topic=topic,
        started_at=AT,
        started_by=by,
        host_at=AT,
        ends_at=AT + LONGEST,
        ended_at=None if ran is None else AT + ran,
    )


def startables() -> Iterator[tuple[str, Startable]]:
    """A room where nothing runs, one where something does, and one where more runs than is shown."""
    yield "start", Startable(KEY)
    for place, topic in enumerate(TOPICS):
        yield f"running-{place}", Startable(KEY, (Running(session(topic), "U0ANNA", KEY),))
    one_off = replace(session("Budget"), in_room=False, meeting_id="2" * 26, number="61755501423")
    yield "one-off", Startable(KEY, (Running(one_off, "U0ANNA", KEY),))
    yield "of-others", Startable(KEY, (Running(session(), "U0BEN", KEY),))
    yield "many", Startable(KEY, tuple(Running(one_off, "U0BEN", KEY) for _ in range(60)))


def started() -> Iterator[tuple[str, Started]]:
    for (place, topic), fresh, passcode in product(enumerate(TOPICS), (True, False), (None, "@-_*`<>&9K")):
        yield f"{place} {fresh} {passcode}", Started(session(topic), "U0ANNA", fresh, KEY, passcode, pmis_off=fresh)


def ended() -> Iterator[tuple[str, Ended]]:
    for topic, ran, changed in product(TOPICS[:2], LENGTHS, (True, False)):
        yield f"{ran} {changed} {topic}", Ended(session(topic, ran), "U0ANNA", changed=changed)


def meeting_messages(t: Translator, addresses: Addresses) -> dict[str, Message]:
    found = {f"started {name}": started_message(each, t, addresses) for name, each in started()}
    found |= {f"ended {name}": ended_message(each, t) for name, each in ended()}
    for (place, topic), by, thread in product(enumerate(TOPICS), ("U0ANNA", "U0BEN", None), ("", THREAD)):
        card = JoinCard(session(topic, by=by), "U0ANNA", INVITATION)
        found[f"card {place} {by} {thread}"] = join_card(card, t, addresses, thread)
        for ran in LENGTHS:
            over = JoinCard(session(topic, ran, by), "U0ANNA")
            found[f"card over {place} {by} {thread} {ran}"] = join_card(over, t, addresses, thread)
    for (place, topic), thread in product(enumerate(TOPICS), ("", THREAD)):
        found[f"question {place} {thread}"] = question_message(topic, thread, t)
    return found


def meeting_dialogs(t: Translator, addresses: Addresses) -> dict[str, View]:
    found = {f"started {name}": started_modal(each, t, addresses) for name, each in started()}
    found |= {f"ended {name}": ended_modal(each, t) for name, each in ended()}
    found["question"] = question_modal(TOPICS[1], t)
    return found
