"""What a key's requests came to, hour by hour: a tally for those who watch the budget.

Counts every try that went out, repeated ones too, since each costs one of the hour's
requests; knows nothing of what was asked.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime

import httpx

from bot.appstore.budget import parse
from bot.appstore.transport import CutOff
from bot.clock import Clock

# Two weeks; what nobody took by then is dropped, the oldest first.
MOST_HOURS = 24 * 14


@dataclass(frozen=True, slots=True, kw_only=True)
class UsageRow:
    """What an account used in the hour that begins at `hour`, aware UTC.

    `requests` counts all; `refused` were too many (429), `faults` had no answer or a 5xx,
    `declined` another 4xx. `least_left` is the lowest figure Apple named as left of the
    hour's requests, None where it named none.
    """

    account: str
    hour: datetime
    requests: int
    refused: int
    faults: int
    declined: int
    least_left: int | None = None


@dataclass(slots=True, kw_only=True)
class _Tally:
    requests: int = 0
    refused: int = 0
    faults: int = 0
    declined: int = 0
    least_left: int | None = None


class Usage:
    """Counts outcomes by hour until somebody takes the counts."""

    def __init__(self, account: str, clock: Clock) -> None:
        self._account = account
        self._clock = clock
        self._hours: dict[datetime, _Tally] = {}

    def __repr__(self) -> str:
        return f"<Usage {self._account} hours={len(self._hours)}>"

    def count(
        self, _request: httpx.Request, outcome: httpx.Response | httpx.TransportError
    ) -> None:
        """Count one try; a connection that could not be made is a fault too."""
        hour = self._clock.now().replace(minute=0, second=0, microsecond=0)
        tally = self._hours.setdefault(hour, _Tally())
        tally.requests += 1
        if isinstance(outcome, httpx.Response):
            _note(tally, outcome)
        elif not isinstance(outcome, CutOff):
            tally.faults += 1
        while len(self._hours) > MOST_HOURS:
            del self._hours[min(self._hours)]

    def take(self) -> tuple[UsageRow, ...]:
        """Return what was counted since the last time, oldest hour first, and begin anew.

        The same hour may come again: rows of one account and hour are to be added up, with
        the lowest `least_left`.
        """
        taken, self._hours = self._hours, {}
        return tuple(
            UsageRow(
                account=self._account,
                hour=hour,
                **{one.name: getattr(taken[hour], one.name) for one in fields(_Tally)},
            )
            for hour in sorted(taken)
        )


def _note(tally: _Tally, response: httpx.Response) -> None:
    status = response.status_code
    if status == httpx.codes.TOO_MANY_REQUESTS:
        tally.refused += 1
    elif status >= 500:
        tally.faults += 1
    elif status >= 400:
        tally.declined += 1
    left = parse(response.headers.get("X-Rate-Limit")).get("user-hour-rem")
    if left is not None:
        tally.least_left = left if tally.least_left is None else min(tally.least_left, left)
