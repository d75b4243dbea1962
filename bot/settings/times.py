"""What times of marquee.toml may look like: spans, clocks, days, weeks, dates.

Each reader returns the value or raises Wrong. Days are written by name and returned as
Python counts them, Monday 0; times of day are in the team's zone and carry none.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

from bot.settings.names import DAYS
from bot.settings.problems import Wrong, nearest, shown
from bot.settings.shapes import Reader, one_of, text
from bot.settings.values import Weekly

_UNITS = {
    "s": timedelta(seconds=1),
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
}
_DURATION = re.compile(r"(\d{1,6})([smhd])")
_LONGEST = timedelta(days=3650)
_LONGEST_UNDO = timedelta(hours=1)
_LONGEST_EXPIRY = timedelta(days=30)
_CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")
_SHORTEST_POLL, _LONGEST_POLL = timedelta(minutes=1), timedelta(minutes=5)
NEVER = "never"


def timezone(value: object) -> ZoneInfo:
    """Read the name of a time zone, as in `Europe/Berlin`."""
    name = text(value)
    try:
        return ZoneInfo(name)
    except (OSError, ValueError, KeyError):
        near = nearest(name, available_timezones())
        raise Wrong(
            f"{shown(name)} is no time zone.", near or 'Write one such as "Europe/Berlin".'
        ) from None


def duration(value: object) -> timedelta:
    """Read a time span such as `30m`, `4h` or `7d`."""
    found = _DURATION.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise Wrong(f"{shown(value)} is no time span.", 'Write it as "30m", "4h" or "7d".')
    span = int(found.group(1)) * _UNITS[found.group(2)]
    if span > _LONGEST:
        raise Wrong(f"{shown(value)} is longer than ten years.", "Write a shorter one.")
    return span


def expiry(value: object) -> timedelta:
    """Read how long people may decide: nobody remembers what was asked longer ago."""
    span = positive_duration(value)
    if span > _LONGEST_EXPIRY:
        raise Wrong(f"{shown(value)} is longer than 30 days.", 'Write "30d" or less.')
    return span


def undo_window(value: object) -> timedelta:
    """Read how long an approved push waits; longer than an hour is a time of its own."""
    span = duration(value)
    if span > _LONGEST_UNDO:
        raise Wrong(f"{shown(value)} is longer than an hour.", 'Write "1h" or less.')
    return span


def positive_duration(value: object) -> timedelta:
    """Read a time span that is longer than nothing."""
    span = duration(value)
    if not span:
        raise Wrong(f"{shown(value)} is no time at all.", 'Write one such as "1d".')
    return span


def poll(value: object) -> timedelta:
    """Read how often all apps are looked at, from one minute to five."""
    span = duration(value)
    if not _SHORTEST_POLL <= span <= _LONGEST_POLL:
        raise Wrong(
            f"{shown(value)} is not between one minute and five.", 'Write one such as "2m".'
        )
    return span


def clock(value: object) -> time:
    """Read a time of day on a 24 hour clock, as in `18:00`."""
    found = _CLOCK.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise Wrong(f"{shown(value)} is no time of day.", 'Write it as "18:00", in quotes.')
    return time(int(found.group(1)), int(found.group(2)))


def hours(value: object) -> tuple[time, time]:
    """Read a part of a day such as `09:00-18:00`, begin and end."""
    begin, separator, end = text(value).partition("-")
    if not separator:
        raise Wrong(f"{shown(value)} is no part of a day.", 'Write it as "09:00-18:00".')
    start, stop = clock(begin.strip()), clock(end.strip())
    if start >= stop:
        raise Wrong(
            f"{shown(value)} ends before it has begun.",
            "Put the earlier time first; both on a day.",
        )
    return start, stop


def day(value: object) -> int:
    """Read the name of a day of the week, `mon` to `sun`."""
    return DAYS.index(one_of(value, DAYS, "day of the week"))


def time_of_week(value: object) -> tuple[int, time]:
    """Read a day and a time such as `mon 09:00`."""
    words = text(value).split()
    if len(words) != 2:
        raise Wrong(f"{shown(value)} is no day and time.", 'Write it as "mon 09:00".')
    return day(words[0]), clock(words[1])


def weekly(value: object) -> Weekly | None:
    """Read when something happens each week, None for `never`."""
    if value == NEVER:
        return None
    on, at = time_of_week(value)
    return Weekly(day=on, at=at)


def part_of_week(value: object) -> tuple[tuple[int, time], tuple[int, time]]:
    """Read a part of every week such as `fri 16:00 - mon 08:00`; it may run past Sunday."""
    begin, separator, end = text(value).partition("-")
    if not separator:
        raise Wrong(f"{shown(value)} is no part of a week.", 'Write it as "fri 16:00 - mon 08:00".')
    start, stop = time_of_week(begin), time_of_week(end)
    if start == stop:
        raise Wrong(f"{shown(value)} ends where it begins.", "Let it end at another time.")
    return start, stop


def instant(zone: ZoneInfo, *, end_of_day: bool = False) -> Reader[datetime]:
    """Return a reader of a TOML date-time or date, which gives an aware UTC datetime.

    What carries no offset is local to `zone`; a date alone is its first moment there, or
    the first one after it for `end_of_day`. A local time that a clock skips in spring is
    taken with the offset from before the change, and of one that comes twice in autumn the
    first is meant: what `zoneinfo` does with fold 0.
    """

    def read(value: object) -> datetime:
        if not isinstance(value, date):
            raise Wrong(
                f"{shown(value)} is no date.",
                "Write it without quotes, as in 2026-12-23T18:00:00 or 2026-12-23.",
            )
        try:
            return _utc(value, zone, end_of_day=end_of_day)
        except OverflowError:
            raise Wrong(f"{shown(value)} is out of reach.", "Write a date of our time.") from None

    return read


def _utc(value: date, zone: ZoneInfo, *, end_of_day: bool) -> datetime:
    if not isinstance(value, datetime):
        midnight = value + timedelta(days=1) if end_of_day else value
        value = datetime.combine(midnight, time(), zone)
    elif value.tzinfo is None:
        value = value.replace(tzinfo=zone)
    return value.astimezone(UTC)
