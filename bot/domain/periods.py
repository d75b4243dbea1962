"""Which period a moment is in, and when a team works: pure, in the team's own time zone.

Two days a year have a gap or an hour twice. What falls into a gap happens when the clocks
have jumped over it; what falls into a repeated hour happens the first time. Days of the week
go by their names only: programs disagree on which of them is number one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

# In the order of Python's `date.weekday`.
DAYS: tuple[str, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_DAY = timedelta(days=1)
# A time zone may skip a whole day (Samoa did), so one more week is looked at than needed.
_LOOK_AHEAD = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """A period that has ended: from `since` to `until` (aware UTC), which is when it is told.

    `key` names it among those of its job: the local day of `until`, as in 2026-03-29.
    """

    key: str
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """When a team works: from `start` up to `end` on `days` (names); no days are no work."""

    start: time
    end: time
    days: tuple[str, ...]


# A freeze may begin on one day of the week and end on another.
DayTime = tuple[str, time]


def moment_of(day: date, at: time, zone: ZoneInfo) -> datetime:
    """Return the first moment of a local day at which the clocks show `at` or later."""
    wanted = datetime.combine(day, at)
    early = wanted.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if early.astimezone(zone).replace(tzinfo=None) == wanted:
        return early
    # In a gap Python reads the clock with the offset from before (fold 0) or from after it
    # (fold 1); the jump lies between the two moments.
    return _jump(wanted.replace(tzinfo=zone, fold=1).astimezone(UTC), early, zone)


def daily(now: datetime, at: time, zone: ZoneInfo) -> Period:
    """Return the last day that ended at `at`, up to `now`."""
    today = now.astimezone(zone).date()
    return _last(now, today + _DAY, _DAY, lambda day: moment_of(day, at, zone))


def weekly(now: datetime, day: str, at: time, zone: ZoneInfo) -> Period:
    """Return the last week that ended on `day` (a name of DAYS) at `at`, up to `now`."""
    today = now.astimezone(zone).date()
    back = (today.weekday() - DAYS.index(day)) % 7
    return _last(now, today + (7 - back) * _DAY, 7 * _DAY, lambda one: moment_of(one, at, zone))


def interval(since: datetime, every: timedelta, now: datetime) -> int | None:
    """Return how many times `every` has gone by since `since`; None before it."""
    return int((now - since) / every) if now >= since else None


def works(moment: datetime, hours: Hours, zone: ZoneInfo) -> bool:
    """Return whether the team works at that moment."""
    return next_working_moment(moment, hours, zone) == moment


def next_working_moment(moment: datetime, hours: Hours, zone: ZoneInfo) -> datetime:
    """Return `moment` where the team works then, else when it begins to work next.

    A team that never works is taken at any time: nothing would be said at all otherwise.
    """
    today = moment.astimezone(zone).date()
    for ahead in range(_LOOK_AHEAD):
        day = today + ahead * _DAY
        if DAYS[day.weekday()] not in hours.days:
            continue
        begins, ends = moment_of(day, hours.start, zone), moment_of(day, hours.end, zone)
        if moment < ends and begins < ends:
            return max(moment, begins)
    return moment


def part_of_week(
    moment: datetime, begins: DayTime, ends: DayTime, zone: ZoneInfo
) -> tuple[datetime, datetime] | None:
    """Return the weekly window that `moment` is in, as its two ends, None outside of it.

    It may run past Sunday; with the same day and time at both ends it is the whole week.
    """
    (first, start), (last, end) = begins, ends
    length = (DAYS.index(last) - DAYS.index(first)) % 7
    if not length and end <= start:
        length = 7
    today = moment.astimezone(zone).date()
    for back in range(length + 1):
        day = today - back * _DAY
        if DAYS[day.weekday()] != first:
            continue
        window = moment_of(day, start, zone), moment_of(day + length * _DAY, end, zone)
        if window[0] <= moment < window[1]:
            return window
    return None


def _last(now: datetime, day: date, step: timedelta, ends: Callable[[date], datetime]) -> Period:
    """Return the period that ended last; `day` is when one ends at the latest."""
    while ends(day) > now:
        day -= step
    return Period(key=day.isoformat(), since=ends(day - step), until=ends(day))


def _jump(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """Return the moment between the two at which a zone's clocks jump."""
    old = before.astimezone(zone).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = before + (after - before) // 2
        if middle.astimezone(zone).utcoffset() == old:
            before = middle
        else:
            after = middle
    return after.replace(microsecond=0)
