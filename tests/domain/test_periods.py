"""Periods and working hours, on ordinary days and on those that move the clocks."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.periods import (
    DAYS,
    Hours,
    daily,
    interval,
    moment_of,
    next_working_moment,
    part_of_week,
    weekly,
    works,
)

BERLIN, SYDNEY, APIA = (
    ZoneInfo("Europe/Berlin"),
    ZoneInfo("Australia/Sydney"),
    ZoneInfo("Pacific/Apia"),
)
ZONES = (
    BERLIN,
    SYDNEY,
    ZoneInfo("America/St_Johns"),
    ZoneInfo("Asia/Kathmandu"),
    ZoneInfo("America/Santiago"),
    ZoneInfo("UTC"),
)
OFFICE = Hours(start=time(9), end=time(18), days=("mon", "tue", "wed", "thu", "fri"))

# From 2020 to 2035.
moments = st.integers(1_577_836_800, 2_051_222_400).map(lambda at: datetime.fromtimestamp(at, UTC))
clocks = st.builds(time, st.integers(0, 23), st.integers(0, 59))
zones = st.sampled_from(ZONES)


def at(text: str, zone: ZoneInfo = BERLIN, *, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone, fold=fold).astimezone(UTC)


@pytest.mark.parametrize(
    ("day", "clock", "zone", "moment"),
    [
        ("2026-03-02", time(18), BERLIN, "2026-03-02T17:00:00+00:00"),
        ("2026-07-02", time(18), BERLIN, "2026-07-02T16:00:00+00:00"),
        # From 02:00 the clocks of Berlin jump to 03:00, which is 01:00 UTC.
        ("2026-03-29", time(2), BERLIN, "2026-03-29T01:00:00+00:00"),
        ("2026-03-29", time(2, 30), BERLIN, "2026-03-29T01:00:00+00:00"),
        ("2026-03-29", time(3), BERLIN, "2026-03-29T01:00:00+00:00"),
        ("2026-03-29", time(3, 30), BERLIN, "2026-03-29T01:30:00+00:00"),
        # From 03:00 they go back to 02:00: 02:30 comes at 00:30 UTC and at 01:30 UTC.
        ("2026-10-25", time(2, 30), BERLIN, "2026-10-25T00:30:00+00:00"),
        ("2026-10-25", time(3), BERLIN, "2026-10-25T02:00:00+00:00"),
        ("2026-10-04", time(2, 15), SYDNEY, "2026-10-03T16:00:00+00:00"),
        # Samoa had no 30 December 2011.
        ("2011-12-30", time(9), APIA, "2011-12-30T10:00:00+00:00"),
    ],
)
def test_a_time_of_day_is_the_first_moment_that_shows_it(
    day: str, clock: time, zone: ZoneInfo, moment: str
) -> None:
    assert moment_of(date.fromisoformat(day), clock, zone).isoformat() == moment


@pytest.mark.parametrize(
    ("now", "key", "hours"),
    [
        ("2026-03-02T17:59", "2026-03-01", 24),
        ("2026-03-02T18:00", "2026-03-02", 24),
        ("2026-03-29T18:00", "2026-03-29", 23),
        ("2026-10-25T20:00", "2026-10-25", 25),
        ("2026-01-01T00:00", "2025-12-31", 24),
    ],
)
def test_a_day_ends_at_its_time_and_is_as_long_as_it_is(now: str, key: str, hours: int) -> None:
    period = daily(at(now), time(18), BERLIN)

    assert (period.key, period.until - period.since) == (key, timedelta(hours=hours))


@pytest.mark.parametrize(
    ("now", "key"),
    [
        ("2026-03-02T08:59", "2026-02-23"),
        ("2026-03-02T09:00", "2026-03-02"),
        ("2026-03-08T23:00", "2026-03-02"),
        ("2026-03-09T09:00", "2026-03-09"),
    ],
)
def test_a_week_ends_on_the_day_of_that_name(now: str, key: str) -> None:
    assert weekly(at(now), "mon", time(9), BERLIN).key == key
    assert date.fromisoformat(key).strftime("%a") == "Mon"


@given(moments, clocks, zones)
def test_a_day_has_ended_and_the_next_one_has_not(
    now: datetime, clock: time, zone: ZoneInfo
) -> None:
    period = daily(now, clock, zone)

    assert period.since < period.until <= now
    assert moment_of(date.fromisoformat(period.key) + timedelta(days=1), clock, zone) > now
    assert timedelta(hours=22) <= period.until - period.since <= timedelta(hours=26)


@given(moments, st.sampled_from(DAYS), clocks, zones)
def test_a_week_has_ended_and_the_next_one_has_not(
    now: datetime, day: str, clock: time, zone: ZoneInfo
) -> None:
    period = weekly(now, day, clock, zone)

    assert period.since < period.until <= now < period.until + timedelta(days=7, hours=2)
    assert DAYS[date.fromisoformat(period.key).weekday()] == day


@given(moments, st.integers(0, 10_000), clocks, zones)
def test_time_that_goes_on_leads_to_no_earlier_day(
    now: datetime, minutes: int, clock: time, zone: ZoneInfo
) -> None:
    later = daily(now + timedelta(minutes=minutes), clock, zone)
    assert daily(now, clock, zone).until <= later.until


def test_an_interval_is_counted_in_real_hours() -> None:
    since = at("2026-03-28T12:00")

    assert interval(since, timedelta(days=1), since - timedelta(seconds=1)) is None
    assert interval(since, timedelta(days=1), since) == 0
    assert interval(since, timedelta(days=1), at("2026-03-29T12:59")) == 0
    assert interval(since, timedelta(days=1), at("2026-03-29T13:00")) == 1


@pytest.mark.parametrize(
    ("moment", "working"),
    [
        ("2026-03-02T10:00", "2026-03-02T10:00"),
        ("2026-03-02T08:00", "2026-03-02T09:00"),
        ("2026-03-02T18:00", "2026-03-03T09:00"),
        ("2026-03-06T18:00", "2026-03-09T09:00"),
        ("2026-03-07T12:00", "2026-03-09T09:00"),
        # The weekends on which the clocks move.
        ("2026-03-28T12:00", "2026-03-30T09:00"),
        ("2026-10-24T12:00", "2026-10-26T09:00"),
    ],
)
def test_what_falls_outside_of_working_hours_waits_for_the_next(moment: str, working: str) -> None:
    assert next_working_moment(at(moment), OFFICE, BERLIN) == at(working)


def test_hours_that_a_night_skips_do_not_come_that_day() -> None:
    night = Hours(start=time(2), end=time(3), days=DAYS)

    assert next_working_moment(at("2026-03-29T00:00"), night, BERLIN) == at("2026-03-30T02:00")


def test_a_team_that_never_works_is_taken_at_any_time() -> None:
    assert works(at("2026-03-07T12:00"), Hours(start=time(9), end=time(18), days=()), BERLIN)


@given(moments, clocks, clocks, st.sets(st.sampled_from(DAYS), min_size=1), zones)
def test_the_next_working_moment_is_one_and_none_lies_before_it(
    now: datetime, one: time, other: time, days: set[str], zone: ZoneInfo
) -> None:
    hours = Hours(start=min(one, other), end=max(one, other), days=tuple(days))
    found = next_working_moment(now, hours, zone)

    assert found >= now
    if hours.end > hours.start:
        local = found.astimezone(zone)
        assert DAYS[local.weekday()] in days
        assert works(found, hours, zone)
    for part in range(1, 8):
        between = now + (found - now) * part / 8
        assert found == now or not works(between, hours, zone)


@pytest.mark.parametrize(
    ("moment", "inside"),
    [
        ("2026-03-06T15:59", False),
        ("2026-03-06T16:00", True),
        ("2026-03-08T12:00", True),
        ("2026-03-09T07:59", True),
        ("2026-03-09T08:00", False),
        ("2026-03-29T02:30", True),
    ],
)
def test_a_part_of_the_week_may_run_past_sunday(moment: str, inside: bool) -> None:
    window = part_of_week(at(moment), ("fri", time(16)), ("mon", time(8)), BERLIN)

    assert (window is not None) == inside
    if window is not None:
        assert window[0] <= at(moment) < window[1]


def test_a_part_of_the_week_may_begin_and_end_on_one_day() -> None:
    lunch = ("wed", time(12)), ("wed", time(13))
    night = ("wed", time(20)), ("wed", time(8))

    assert part_of_week(at("2026-03-04T12:30"), *lunch, BERLIN)
    assert not part_of_week(at("2026-03-04T13:30"), *lunch, BERLIN)
    assert part_of_week(at("2026-03-02T12:00"), *night, BERLIN) == (
        at("2026-02-25T20:00"),
        at("2026-03-04T08:00"),
    )
