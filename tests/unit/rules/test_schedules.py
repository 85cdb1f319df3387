"""What a meeting must satisfy to be scheduled, as far as it takes no calendar to know."""

from dataclasses import replace

import pytest

from bot.rules import Code, Repeats, ScheduleWish
from bot.rules.schedules import is_a_date, is_a_slack_id, is_a_time, read_shape

HOLDER = "U0ANNA"
GOOD = ScheduleWish("Weekly", "Europe/Berlin", 30, date="2026-03-10", time="09:30", invitees=("U0BEN",))


def codes(**changes: object) -> list[Code]:
    return [violation.code for violation in read_shape(replace(GOOD, **changes), HOLDER)[1]]  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["2026-03-10", "2028-02-29", "2000-02-29", "1970-01-01", "9999-12-31"])
def test_a_day_that_there_is_is_a_date(text: str) -> None:
    assert is_a_date(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-3-10",
        "2026-13-01",
        "2026-00-10",
        "2026-01-00",
        "2026-04-31",
        "2026-02-29",
        "2100-02-29",
        "1969-12-31",
        "0000-01-01",
        "10.03.2026",
        "2026-03-10\n",
        " 2026-03-10",
        "٢٠٢٦-٠٣-١٠",
        "２０２６-03-10",
        "2026-03-10T09:30",
        "9" * 5000,
    ],
)
def test_anything_else_is_no_date(text: str) -> None:
    assert not is_a_date(text)
    assert [Code.SCHEDULE_DATE] == codes(date=text)


@pytest.mark.parametrize("text", ["00:00", "09:30", "19:59", "23:59"])
def test_a_time_of_the_day_is_a_time(text: str) -> None:
    assert is_a_time(text)


@pytest.mark.parametrize(
    "text", ["", "24:00", "9:30", "09:60", "09:30\n", "09:30:00", "９:30", "٠٩:٣٠", "-1:00", "ab:cd"]
)
def test_anything_else_is_no_time(text: str) -> None:
    assert not is_a_time(text)
    assert [Code.SCHEDULE_TIME] == codes(time=text)


def test_a_moment_needs_neither_date_nor_time() -> None:
    assert [] == codes(at=1_800_000_000, date="", time="")


@pytest.mark.parametrize("minutes", [5, 6, 1439, 1440])
def test_a_meeting_takes_from_five_minutes_to_a_day(minutes: int) -> None:
    assert [] == codes(minutes=minutes)


@pytest.mark.parametrize("minutes", [-30, 0, 4, 1441, 10**12])
def test_another_length_is_refused(minutes: int) -> None:
    assert [Code.SCHEDULE_MINUTES] == codes(minutes=minutes)


@pytest.mark.parametrize("count", [None, 1, 500])
def test_a_series_has_up_to_500_meetings(count: int | None) -> None:
    assert [] == codes(repeats=Repeats.DAILY, count=count)


@pytest.mark.parametrize("count", [-1, 0, 501, 10**12])
def test_a_series_of_another_number_is_refused_and_one_meeting_has_none(count: int) -> None:
    assert [Code.SCHEDULE_COUNT] == codes(repeats=Repeats.DAILY, count=count)
    assert [] == codes(repeats=Repeats.NONE, count=count, until="soon")


def test_a_last_day_is_a_day() -> None:
    assert [] == codes(repeats=Repeats.DAILY, until="2026-04-01")
    assert [Code.SCHEDULE_UNTIL] == codes(repeats=Repeats.DAILY, until="2026-04-31")


def test_fifty_people_are_invited_at_most_each_counted_once_and_the_holder_not() -> None:
    fifty = tuple(f"U{number}" for number in range(10, 60))

    assert [] == codes(invitees=(*fifty, *fifty, HOLDER))
    assert [Code.SCHEDULE_INVITEES_MANY] == codes(invitees=(*fifty, "U60"))
    assert fifty == read_shape(replace(GOOD, invitees=(HOLDER, *fifty, *fifty)), HOLDER)[0].invitees


@pytest.mark.parametrize("text", ["U0BEN", "W012A", "C0GENERAL", "G1", "U" + "A" * 31])
def test_what_slack_makes_is_an_id(text: str) -> None:
    assert is_a_slack_id(text)


@pytest.mark.parametrize(
    "text", ["", "U", "u0ben", "<@U0BEN>", "U0BEN\n", "U0 BEN", "@ben", "U" * 33, "Ｕ0BEN", "U0\x00"]
)
def test_what_slack_never_makes_is_refused_as_a_person_and_as_a_channel(text: str) -> None:
    assert [Code.SCHEDULE_INVITEES] == codes(invitees=(text,))
    assert [Code.SCHEDULE_CHANNEL] == codes(channel=text)


@pytest.mark.parametrize("minutes", [None, 0, 10, 10_080])
def test_a_reminder_comes_up_to_a_week_before(minutes: int | None) -> None:
    assert [] == codes(remind_minutes=minutes)


@pytest.mark.parametrize("minutes", [-1, 10_081])
def test_another_reminder_is_refused(minutes: int) -> None:
    assert [Code.SCHEDULE_REMINDER] == codes(remind_minutes=minutes)


def test_everything_that_is_wrong_is_said_at_once_and_in_order() -> None:
    assert [
        Code.ROOM_TOPIC_LONG,
        Code.ROOM_TOPIC_CHARACTERS,
        Code.SCHEDULE_DATE,
        Code.SCHEDULE_TIME,
        Code.SCHEDULE_MINUTES,
        Code.SCHEDULE_COUNT,
        Code.SCHEDULE_UNTIL,
        Code.SCHEDULE_INVITEES,
        Code.SCHEDULE_CHANNEL,
        Code.SCHEDULE_REMINDER,
    ] == codes(
        topic="x\r\n" * 100,
        date="",
        time="",
        minutes=0,
        repeats=Repeats.DAILY,
        count=0,
        until="x",
        invitees=("x",),
        channel="x",
        remind_minutes=-1,
    )


def test_a_response_url_is_not_in_what_is_printed() -> None:
    assert "hooks" not in repr(replace(GOOD, response_url="https://hooks.slack.com/x"))
