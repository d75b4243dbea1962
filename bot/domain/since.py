"""From when on a person wants to be told: "24h", "7d", "yesterday", "monday", a date."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from difflib import get_close_matches
from zoneinfo import ZoneInfo

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
EXAMPLES = "24h, 7d, today, yesterday, monday or 2026-11-20"
LONGEST = timedelta(days=366)

_SPAN = re.compile(r"(\d{1,4})\s*(h|hours?|d|days?|w|weeks?)")
_UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}
_NAMED: Mapping[str, int] = {"today": 0, "yesterday": 1}


def since(word: str, *, now: datetime, zone: ZoneInfo) -> datetime | None:
    """Return the moment (aware, in `zone`) that a word names, None when it names none.

    A day begins at midnight of the zone; a week day is the last one, today's if it is that.
    What lies ahead or more than a year back names none.
    """
    folded = word.casefold().strip()
    for understand in _WAYS:
        found = understand(folded, now.astimezone(zone))
        if found is not None:
            return found if now - LONGEST <= found <= now else None
    return None


def nearest(word: str) -> str | None:
    """Return the word that was probably meant, None when none is near."""
    near = get_close_matches(word.casefold(), [*_NAMED, *DAYS], n=1, cutoff=0.6)
    return near[0] if near else None


def looks_like_a_time(word: str) -> bool:
    """Return whether a word can hardly be meant as anything but a time."""
    return bool(re.match(r"\d+[a-z]*$|\d{4}-|\d{1,2}[./]", word.casefold())) or bool(nearest(word))


def _span(word: str, local: datetime) -> datetime | None:
    found = _SPAN.fullmatch(word)
    # Real hours, whatever the clocks did meanwhile.
    return _earlier(local, int(found[1]) * _UNITS[found[2][0]]) if found else None


def _named(word: str, local: datetime) -> datetime | None:
    return _midnight(local, back=_NAMED[word]) if word in _NAMED else None


def _week_day(word: str, local: datetime) -> datetime | None:
    named = [place for place, day in enumerate(DAYS) if len(word) > 2 and day.startswith(word)]
    return _midnight(local, back=(local.weekday() - named[0]) % 7) if named else None


def _date(word: str, local: datetime) -> datetime | None:
    try:
        day = date.fromisoformat(word)
    except ValueError:
        return None
    return datetime.combine(day, time(), tzinfo=local.tzinfo)


def _midnight(local: datetime, *, back: int) -> datetime:
    return datetime.combine(local.date() - timedelta(days=back), time(), tzinfo=local.tzinfo)


def _earlier(local: datetime, span: timedelta) -> datetime:
    return datetime.fromtimestamp(local.timestamp() - span.total_seconds(), tz=local.tzinfo)


_WAYS: tuple[Callable[[str, datetime], datetime | None], ...] = (_span, _named, _week_day, _date)
