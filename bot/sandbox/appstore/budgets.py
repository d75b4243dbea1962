"""Request budgets: a rolling hour and a rolling minute for each key, and their header.

It knows how much is left and how Apple writes it down. Header forms: an hour's
figures on reads, a minute's on writes, both joined when so asked.
"""

from __future__ import annotations

from collections import defaultdict, deque

from bot.sandbox.appstore.refusals import TOO_MANY, RefusalError, refusal

HOUR = 3600.0
MINUTE = 60.0


class Budgets:
    """How often each key asked lately; moments are seconds on one clock."""

    def __init__(self) -> None:
        self._asked: dict[str, deque[float]] = defaultdict(deque)
        self._wrote: dict[str, deque[float]] = defaultdict(deque)

    def spend(
        self, key_id: str, now: float, *, writes: bool, hour: int, minute: int | None
    ) -> None:
        """Count one request; raises RefusalError with 429 when a budget is used up."""
        asked, wrote = self._asked[key_id], self._wrote[key_id]
        _forget(asked, now - HOUR)
        _forget(wrote, now - MINUTE)
        if len(asked) >= hour or (writes and minute is not None and len(wrote) >= minute):
            raise too_many()
        asked.append(now)
        if writes:
            wrote.append(now)

    def header(
        self, key_id: str, *, writes: bool, hour: int, minute: int | None, joined: bool
    ) -> str:
        """Return the value of `X-Rate-Limit` as it stands after the last request."""
        hours = f"user-hour-lim:{hour};user-hour-rem:{hour - len(self._asked[key_id])};"
        if minute is None:
            return hours
        minutes = f"user-minute-lim:{minute};user-minute-rem:{minute - len(self._wrote[key_id])};"
        if joined:
            return f"{hours}, {minutes}"
        return minutes if writes else hours


def too_many(retry_after: int | None = None) -> RefusalError:
    """Return Apple's 429, with `Retry-After` (whole seconds) where one is given."""
    error = refusal("RATE_LIMIT_EXCEEDED", TOO_MANY)
    if retry_after is not None:
        error.headers["Retry-After"] = str(retry_after)
    return error


def _forget(moments: deque[float], before: float) -> None:
    while moments and moments[0] <= before:
        moments.popleft()
