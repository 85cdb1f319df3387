"""When a scheduled meeting is and how it repeats, in words: times in each reader's own zone, as Slack shows them."""

from datetime import timedelta

from bot.rules import Repeats
from bot.services.timetable import Occurrence, Shown
from bot.texts import Translator
from bot.views.mrkdwn import Mrkdwn, escape, say

NO_TOPIC = "schedule.no_topic"


def moment(epoch: int, form: str, fallback: str) -> Mrkdwn:
    """A time in the reader's own zone and form; the fallback is for clients that cannot."""
    return Mrkdwn(f"<!date^{epoch}^{form}|{escape(fallback)}>")


def span(occurrence: Occurrence) -> Mrkdwn:
    """From when to when, with the day, in the reader's own zone."""
    start, end = occurrence.start, occurrence.end
    first = moment(int(start.timestamp()), "{date_long_pretty}, {time}", f"{start:%Y-%m-%d %H:%M} UTC")
    # The reader's zone decides whether it ends on the same day, and nobody here knows it: a long one says both days.
    form = "{time}" if end - start < timedelta(hours=12) else "{date_short_pretty}, {time}"
    return Mrkdwn(f"{first} – {moment(int(end.timestamp()), form, f'{end:%H:%M} UTC')}")


def topic_of(shown: Shown, occurrence: Occurrence | None, t: Translator) -> str:
    """The topic, or what stands for one."""
    return (occurrence.topic if occurrence is not None else shown.topic) or t(NO_TOPIC)


def repeats_line(shown: Shown, t: Translator) -> Mrkdwn | None:
    """How it repeats and until when; None for a single meeting."""
    if shown.repeats is Repeats.NONE:
        return None
    last = int(shown.last.start.timestamp())
    until = moment(last, "{date_long}", f"{shown.last.start:%Y-%m-%d}")
    return say(t, f"schedule.line.{shown.repeats}", zone=shown.zone.replace("_", " "), until=until)


def counts_line(shown: Shown, t: Translator) -> Mrkdwn:
    """How many said what."""
    counts = shown.counts
    return say(t, "schedule.counts", yes=str(counts.yes), no=str(counts.no), maybe=str(counts.maybe))
