"""What Apple still allows a key, and how fast that lets us go; pure arithmetic.

Source: App Store Connect API, "Identifying Rate Limits": `X-Rate-Limit` holds
`name:number` pairs, hourly ones on reads, at times only those of a minute on writes,
at times two header lines joined by a comma.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

MOST_IN_FLIGHT = 20
PAIR = re.compile(r"([a-z][a-z-]*)\s*:\s*(\d{1,9})(?=\s*(?:[;,]|$))")

# (requests left in the minute, at most in flight): the first row that is reached holds.
MINUTE_CAPS = ((40, MOST_IN_FLIGHT), (20, 8), (10, 4), (0, 2))
LAST_FEW = 5
MINUTE = timedelta(seconds=60)
HOUR = timedelta(seconds=3600)

RESERVE = 0.1
# With one request each PACE/left seconds, 350 left become 1 after an hour without a pause.
PACE = 600.0
SLOWEST = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """Requests allowed and left, None where Apple has not said; moments are aware UTC.

    `hour_over_in` is the seconds until all that was counted when Apple spoke of the hour is
    allowed again, None where it did not or where that is over.
    """

    hour_limit: int | None = None
    hour_left: int | None = None
    hour_seen_at: datetime | None = None
    hour_over_in: float | None = None
    minute_limit: int | None = None
    minute_left: int | None = None
    minute_seen_at: datetime | None = None
    paused_until: datetime | None = None

    @property
    def low(self) -> bool:
        """Whether less than a tenth of the hour's requests is left."""
        if self.hour_limit is None or self.hour_left is None:
            return False
        return self.hour_left < RESERVE * self.hour_limit


def hour_over_in(budget: Budget, now: datetime) -> float | None:
    """Return `hour_over_in` as of `now`."""
    if budget.hour_seen_at is None or now - budget.hour_seen_at >= HOUR:
        return None
    return (budget.hour_seen_at + HOUR - now).total_seconds()


def parse(header: str | None) -> Mapping[str, int]:
    """Return the pairs of an `X-Rate-Limit` header, known or not; nonsense is left out."""
    return {name: int(number) for name, number in PAIR.findall(header.lower())} if header else {}


def spent(budget: Budget, said: Mapping[str, int], now: datetime) -> Budget:
    """Return `budget` after one more answer, which said `said` at `now`.

    An answer without a figure for the hour still used one request of it.
    """
    left, minute_left = said.get("user-hour-rem"), said.get("user-minute-rem")
    if left is not None:
        budget = replace(
            budget,
            hour_limit=said.get("user-hour-lim", budget.hour_limit),
            hour_left=left,
            hour_seen_at=now,
        )
    elif budget.hour_left:
        budget = replace(budget, hour_left=budget.hour_left - 1)
    if minute_left is not None:
        budget = replace(
            budget,
            minute_limit=said.get("user-minute-lim", budget.minute_limit),
            minute_left=minute_left,
            minute_seen_at=now,
        )
    return budget


def most_in_flight(budget: Budget, now: datetime) -> int:
    """Return how many requests may be out at once, 1 to 20, as far as the budget says."""
    if spacing(budget, now):
        return 1
    seen = budget.minute_seen_at
    if budget.minute_left is None or seen is None or now - seen >= MINUTE:
        return MOST_IN_FLIGHT
    left = budget.minute_left
    return next(cap for least, cap in MINUTE_CAPS if left >= least)


def spacing(budget: Budget, now: datetime) -> float:
    """Return the seconds to leave between two requests, 0 while there are plenty left."""
    return max(hour_pace(budget, now), minute_pace(budget, now))


def hour_pace(budget: Budget, now: datetime) -> float:
    """Return the seconds between requests that make the hour's last tenth last."""
    seen = budget.hour_seen_at
    if not budget.low or seen is None or now - seen >= HOUR:
        return 0.0
    return min(SLOWEST, PACE / max(budget.hour_left or 0, 1))


def minute_pace(budget: Budget, now: datetime) -> float:
    """Return the seconds between requests that make a minute's last few last for all of it."""
    seen = budget.minute_seen_at
    if budget.minute_left is None or seen is None or now - seen >= MINUTE:
        return 0.0
    return 0.0 if budget.minute_left >= LAST_FEW else SLOWEST / (budget.minute_left + 1)
