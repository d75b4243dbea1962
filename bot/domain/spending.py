"""What was asked of Apple beside the regular looks, and whether there is room for more."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from datetime import datetime, timedelta

HOUR = timedelta(hours=1)


class Spending:
    """Counts requests by account, and forgets what is older than an hour."""

    def __init__(self) -> None:
        self._spent: dict[str, deque[tuple[datetime, int]]] = {}

    def __repr__(self) -> str:
        return f"<Spending accounts={len(self._spent)}>"

    def add(self, account: str, requests: int, *, now: datetime) -> None:
        """Count so many requests of an account."""
        if requests > 0:
            self._spent.setdefault(account, deque()).append((now, requests))
            self.lately(account, now=now)

    def lately(self, account: str, *, now: datetime) -> int:
        """Return how many requests were counted in the hour before `now`."""
        spent = self._spent.get(account, deque())
        # What lies ahead was counted before the clock was set back.
        while spent and not now - HOUR < spent[0][0] <= now:
            spent.popleft()
        return sum(requests for at, requests in spent if at <= now)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortage:
    """Too little room at Apple for some requests: `left` of `limit` in this hour.

    `fits` where it is enough for them, but they reach what is only spent slowly. From `until`
    on, aware UTC, all of the hour is there again, as long as nothing else is asked.
    """

    left: int
    limit: int
    fits: bool
    until: datetime


def shortage(
    requests: int, *, left: int | None, limit: int | None, reserve: float, until: datetime | None
) -> Shortage | None:
    """Return what stands in the way of so many requests now, None where nothing is known to.

    `reserve` is the share of the limit that is only spent slowly.
    """
    if left is None or limit is None or until is None or requests == 0:
        return None
    if left - requests >= reserve * limit:
        return None
    return Shortage(left=left, limit=limit, fits=requests <= left, until=until)
