"""What was asked of Apple beside the regular looks, so that those can make up for it."""

from __future__ import annotations

from collections import deque
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
