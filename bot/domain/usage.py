"""Requests to Apple by the hour, and when more of them fail than usual."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
# A jump: so many requests in the last hour, such a share of them in vain, so many times the
# share of the day before.
FEWEST_REQUESTS = 20
LEAST_SHARE = 0.25
TIMES_AS_MANY = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Hour:
    """What an account asked in the hour that begins at `start`, aware UTC.

    `refused` were too many (429), `faults` had no answer or a 5xx, `others` another 4xx;
    `lowest_left` is the least that Apple named as left of the hour, None where it named none.
    """

    account: str
    start: datetime
    requests: int
    refused: int = 0
    faults: int = 0
    others: int = 0
    lowest_left: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What an account's hours came to; `busiest` is the most requests in one of them."""

    account: str
    requests: int
    refused: int
    faults: int
    others: int
    busiest: int
    lowest_left: int | None

    @property
    def failed(self) -> int:
        """How many were in vain, whatever the reason."""
        return self.refused + self.faults + self.others

    @property
    def share(self) -> float:
        """The part of them that was in vain, 0 where nothing was asked."""
        return self.failed / self.requests if self.requests else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Jump:
    """More fails than usual: the last hour, and the share of the day before."""

    hour: datetime
    now: Tally
    before: float


def beginning(when: datetime) -> datetime:
    """Return when the hour of a moment begins."""
    return when.replace(minute=0, second=0, microsecond=0)


def tally(account: str, hours: Iterable[Hour]) -> Tally:
    """Return what hours came to together."""
    found = list(hours)
    return Tally(
        account=account,
        requests=sum(one.requests for one in found),
        refused=sum(one.refused for one in found),
        faults=sum(one.faults for one in found),
        others=sum(one.others for one in found),
        busiest=max((one.requests for one in found), default=0),
        lowest_left=min(
            (one.lowest_left for one in found if one.lowest_left is not None), default=None
        ),
    )


def tallies(hours: Iterable[Hour]) -> tuple[Tally, ...]:
    """Return what hours came to, for each account, by its name."""
    found = list(hours)
    names = sorted({one.account for one in found})
    return tuple(tally(name, [one for one in found if one.account == name]) for name in names)


def jump(account: str, hours: Iterable[Hour], now: datetime) -> Jump | None:
    """Return how an account's failures jumped, None when they did not.

    The last hour is the running one; while that has too few requests to tell, the one before
    counts with it. The day before are the 24 hours that came earlier.
    """
    own = [one for one in hours if one.account == account]
    this = beginning(now)
    for first in (this, this - HOUR):
        last = tally(account, (one for one in own if first <= one.start <= this))
        if last.requests >= FEWEST_REQUESTS:
            before = tally(account, (one for one in own if first - DAY <= one.start < first))
            high = last.share >= max(LEAST_SHARE, TIMES_AS_MANY * before.share)
            return Jump(hour=this, now=last, before=before.share) if high else None
    return None
