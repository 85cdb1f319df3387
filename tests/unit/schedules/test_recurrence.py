"""When a meeting takes place: local times, clocks that change, series and their ends, and what is refused."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules import Code, Repeats, ScheduleWish
from bot.rules.schedules import MOST_TIMES
from bot.services.recurrence import Rule, Timing, key_of, local_of, read_timing, zone_of
from bot.services.timetable import Adjusted

NOW = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
BERLIN = "Europe/Berlin"
ZONES = ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "Africa/Casablanca", "UTC")


def wish(day: str = "2026-03-10", clock: str = "09:30", **more: object) -> ScheduleWish:
    given_ = {"topic": "", "zone": BERLIN, "minutes": 30, "date": day, "time": clock} | more
    return ScheduleWish(**given_)  # type: ignore[arg-type]


def timing(asked: ScheduleWish, was: Rule | None = None, now: datetime = NOW) -> Timing:
    found = read_timing(asked, now, was)
    assert isinstance(found, Timing), found
    return found


def codes(asked: ScheduleWish, was: Rule | None = None, now: datetime = NOW) -> list[Code]:
    found = read_timing(asked, now, was)
    assert not isinstance(found, Timing)
    return [violation.code for violation in found]


def utc(asked: ScheduleWish) -> list[str]:
    return [start.at.strftime("%Y-%m-%d %H:%M") for start in timing(asked).starts]


# One meeting


def test_a_local_time_is_a_moment() -> None:
    assert ["2026-03-10 08:30"] == utc(wish())
    assert ["2026-03-30 07:30"] == utc(wish("2026-03-30"))
    assert ["2026-03-10 04:00"] == utc(wish(zone="Asia/Kolkata"))


def test_a_moment_is_a_local_time() -> None:
    at = int(datetime(2026, 3, 10, 8, 30, 59, tzinfo=UTC).timestamp())

    assert Rule("2026-03-10T09:30", BERLIN) == timing(wish("", "", at=at)).rule


def test_a_time_that_clocks_leave_out_is_an_hour_later_and_that_is_said() -> None:
    found = timing(wish("2026-03-29", "02:30"))

    assert (Adjusted.GAP,) == found.adjusted
    assert datetime(2026, 3, 29, 1, 30, tzinfo=UTC) == found.starts[0].at
    assert (3, 30) == (found.starts[0].at.astimezone(ZoneInfo(BERLIN)).hour, 30)


def test_where_clocks_leave_out_half_an_hour_it_is_half_an_hour() -> None:
    found = timing(wish("2026-10-04", "02:15", zone="Australia/Lord_Howe"))

    assert (Adjusted.GAP,) == found.adjusted
    assert "02:45" == found.starts[0].at.astimezone(ZoneInfo("Australia/Lord_Howe")).strftime("%H:%M")


def test_of_a_time_that_comes_twice_the_first_one_counts_and_that_is_said() -> None:
    found = timing(wish("2026-10-25", "02:30"))

    assert (Adjusted.TWICE,) == found.adjusted
    assert datetime(2026, 10, 25, 0, 30, tzinfo=UTC) == found.starts[0].at


def test_the_second_of_two_equal_times_cannot_be_chosen_and_that_is_said() -> None:
    second = int(datetime(2026, 10, 25, 1, 30, tzinfo=UTC).timestamp())

    found = timing(wish("", "", at=second))

    assert ((Adjusted.TWICE,), second - 3600) == (found.adjusted, int(found.starts[0].at.timestamp()))


# Series


def test_a_weekly_meeting_keeps_its_local_time_when_clocks_change() -> None:
    assert ["2026-03-20 08:30", "2026-03-27 08:30", "2026-04-03 07:30"] == utc(
        wish("2026-03-20", repeats=Repeats.WEEKLY, count=3)
    )


def test_a_daily_meeting_that_clocks_leave_out_on_one_day_is_later_there_alone() -> None:
    asked = wish("2026-03-28", "02:30", repeats=Repeats.DAILY, count=3)

    assert ["2026-03-28 01:30", "2026-03-29 01:30", "2026-03-30 00:30"] == utc(asked)
    assert () == timing(asked).adjusted


def test_weekdays_are_monday_to_friday() -> None:
    found = timing(wish("2026-03-12", repeats=Repeats.WEEKDAYS, count=4))

    assert ["2026-03-12", "2026-03-13", "2026-03-16", "2026-03-17"] == [start.key[:10] for start in found.starts]
    assert () == found.adjusted


@pytest.mark.parametrize("day", ["2026-03-14", "2026-03-15"])
def test_weekdays_from_a_weekend_on_begin_on_monday_and_that_is_said(day: str) -> None:
    found = timing(wish(day, repeats=Repeats.WEEKDAYS, count=1))

    assert ("2026-03-16T09:30", (Adjusted.WEEKEND,)) == (found.rule.starts, found.adjusted)


def test_months_without_the_day_are_left_out_and_that_is_said() -> None:
    found = timing(wish("2026-03-31", repeats=Repeats.MONTHLY, count=3))

    assert ["2026-03-31", "2026-05-31", "2026-07-31"] == [start.key[:10] for start in found.starts]
    assert (Adjusted.SHORT_MONTHS,) == found.adjusted


def test_the_last_day_of_a_series_is_part_of_it() -> None:
    found = timing(wish("2026-03-10", "23:30", repeats=Repeats.WEEKLY, until="2026-03-24"))

    assert ["2026-03-10", "2026-03-17", "2026-03-24"] == [start.key[:10] for start in found.starts]


@pytest.mark.parametrize(
    ("repeats", "times", "last"),
    [
        (Repeats.DAILY, 500, "2027-07-22"),
        (Repeats.WEEKDAYS, 500, "2028-02-07"),
        (Repeats.WEEKLY, 105, "2028-03-07"),
        (Repeats.MONTHLY, 25, "2028-03-10"),
    ],
)
def test_a_series_without_an_end_ends_after_two_years_or_500_meetings(repeats: Repeats, times: int, last: str) -> None:
    found = timing(wish(repeats=repeats))

    assert (times, last, (Adjusted.BOUNDED,)) == (len(found.starts), found.starts[-1].key[:10], found.adjusted)


def test_where_both_ends_are_given_the_number_of_meetings_counts() -> None:
    assert Rule("2026-03-10T09:30", BERLIN, Repeats.DAILY, 4, None) == (
        timing(wish(repeats=Repeats.DAILY, count=4, until="2026-03-11")).rule
    )


def test_one_meeting_has_no_end_of_a_series() -> None:
    assert Rule("2026-03-10T09:30", BERLIN) == timing(wish(count=4, until="2026-03-11")).rule


# What is refused


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        (wish("2026-03-01", "10:00"), Code.SCHEDULE_PAST),  # it is ten there now
        (wish("2026-02-28", "23:59"), Code.SCHEDULE_PAST),
        (wish("1970-01-01", "00:00"), Code.SCHEDULE_PAST),
        (wish("", "", at=int(NOW.timestamp())), Code.SCHEDULE_PAST),
        (wish("", "", at=-(10**15)), Code.SCHEDULE_PAST),
        (wish("", "", at=10**15), Code.SCHEDULE_FAR),
        (wish("2028-03-03", "12:00"), Code.SCHEDULE_FAR),
        (wish("9999-12-31", "23:59", zone="America/New_York"), Code.SCHEDULE_FAR),
        (wish(repeats=Repeats.WEEKLY, until="2026-03-09"), Code.SCHEDULE_UNTIL),
        (wish(repeats=Repeats.WEEKLY, until="2028-03-11"), Code.SCHEDULE_LONG),
        (wish(repeats=Repeats.WEEKLY, until="9999-12-31"), Code.SCHEDULE_LONG),
        (wish(repeats=Repeats.WEEKLY, count=106), Code.SCHEDULE_LONG),
        (wish(repeats=Repeats.MONTHLY, count=500), Code.SCHEDULE_LONG),
        (wish(repeats=Repeats.DAILY, until="2027-07-23"), Code.SCHEDULE_MANY),
    ],
)
def test_what_cannot_be_is_refused(asked: ScheduleWish, code: Code) -> None:
    assert [code] == codes(asked)


@pytest.mark.parametrize(
    "asked",
    [
        wish("2026-03-01", "10:01"),
        wish("2028-02-29", "12:00"),
        wish(repeats=Repeats.WEEKLY, until="2026-03-10"),
        wish(repeats=Repeats.WEEKLY, until="2028-03-10"),
        wish(repeats=Repeats.WEEKLY, count=105),
        wish(repeats=Repeats.DAILY, until="2027-07-22"),
        wish(repeats=Repeats.DAILY, count=500),
    ],
)
def test_what_is_just_within_the_bounds_is_taken(asked: ScheduleWish) -> None:
    assert isinstance(read_timing(asked, NOW), Timing)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "Europe",
        "Mars/Olympus",
        "europe/berlin/",
        "../../etc/passwd",
        "/etc/localtime",
        "right/Europe/Berlin",
        "posixrules",
        "Europe/Berlin\n",
        "Europe/Berlin\x00",
        "E" * 65,
        "Ｅurope/Berlin",
        "localtime",
        "America/",
    ],
)
def test_a_zone_that_there_is_not_is_refused(name: str) -> None:
    assert zone_of(name) is None
    assert [Code.SCHEDULE_ZONE] == codes(wish(zone=name))


@pytest.mark.parametrize("name", [*ZONES, "America/Argentina/Buenos_Aires", "Etc/GMT+5", "Asia/Calcutta", "EST5EDT"])
def test_a_zone_that_there_is_is_taken(name: str) -> None:
    assert zone_of(name) is not None


def test_no_shape_says_nothing_of_the_time() -> None:
    assert [] == codes(wish("soon", "09:30"))
    assert [] == codes(wish("2026-03-10", "25:00"))


# A meeting that is changed


def test_a_series_that_has_begun_may_stay_as_it_was_and_may_be_moved() -> None:
    was = timing(wish("2026-02-24", repeats=Repeats.WEEKLY, count=3), now=NOW - timedelta(days=30)).rule

    assert was == timing(wish("2026-02-24", repeats=Repeats.WEEKLY, count=3), was).rule
    assert "2026-02-24T11:00" == timing(wish("2026-02-24", "11:00", repeats=Repeats.WEEKLY, count=3), was).rule.starts
    assert [Code.SCHEDULE_PAST] == codes(wish("2026-02-24", "11:00", repeats=Repeats.WEEKLY, count=1), was)
    assert [Code.SCHEDULE_PAST] == codes(wish("2026-02-24", "11:00"), was)


def test_a_time_that_clocks_leave_out_comes_back_as_it_was_typed() -> None:
    was = timing(wish("2026-03-29", "02:30", repeats=Repeats.DAILY, count=3))

    again = wish("", "", at=int(was.starts[0].at.timestamp()), repeats=Repeats.DAILY, count=3)

    assert was.rule == timing(again, was.rule).rule


# Every series


days = st.dates(NOW.date() + timedelta(days=2), NOW.date() + timedelta(days=700))
clocks = st.times().map(lambda at: at.strftime("%H:%M"))
series = st.sampled_from([each for each in Repeats if each is not Repeats.NONE])


@given(days, clocks, st.sampled_from(ZONES), series, st.integers(1, 60))
def test_every_time_of_a_series_is_at_the_same_local_time_but_where_clocks_leave_it_out(
    day: object, clock: str, name: str, repeats: Repeats, count: int
) -> None:
    asked = wish(str(day), clock, zone=name, repeats=repeats, count=count)
    found = read_timing(asked, NOW)
    if not isinstance(found, Timing):
        assert [Code.SCHEDULE_LONG] == [violation.code for violation in found]
        return
    zone = ZoneInfo(name)

    assert count == len(found.starts)
    assert sorted(start.at for start in found.starts) == [start.at for start in found.starts]
    for start in found.starts:
        local = start.at.astimezone(zone).replace(tzinfo=None)
        key = local_of(start.key)
        assert (key_of(key), clock) == (start.key, start.key[11:])
        # It is where it should be, or later by what clocks leave out; and no local time that there is not.
        left_out = key.replace(tzinfo=zone).astimezone(UTC).astimezone(zone).replace(tzinfo=None) != key
        assert (local != key) is left_out
        assert timedelta(0) <= local - key <= timedelta(hours=1)


@given(days, st.sampled_from(ZONES), series, st.integers(0, 700))
def test_no_time_of_a_series_is_after_its_last_day(day: object, name: str, repeats: Repeats, length: int) -> None:
    until = datetime.fromisoformat(str(day)).date() + timedelta(days=length)
    found = read_timing(wish(str(day), "12:00", zone=name, repeats=repeats, until=str(until)), NOW)
    if isinstance(found, Timing):
        assert 1 <= len(found.starts) <= MOST_TIMES
        assert found.starts[-1].key[:10] <= str(until)
    else:
        assert {violation.code for violation in found} <= {Code.SCHEDULE_MANY, Code.SCHEDULE_UNTIL}
