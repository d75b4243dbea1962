"""Time as an argument: what moment it is and how to wait for a later one.

Aware UTC everywhere. Code that waits or stamps takes a `Clock`, so that the
order of events can be told without waiting for it. What is stored is stamped with the
clock's own moments; a pause in memory is counted on a `SteadyTime`.
"""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """The three things the bot asks of time."""

    def now(self) -> datetime:
        """Return the present moment, aware, in UTC."""
        ...

    def steady(self) -> float:
        """Return seconds that go on evenly, whatever the clock is set to; only spans count."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Return after `seconds`, counted as `steady` counts."""
        ...


class WallClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """Return the present moment, aware, in UTC."""
        return datetime.now(UTC)

    def steady(self) -> float:
        """Return the seconds of a clock that nobody sets."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Return after `seconds` of real time."""
        await asyncio.sleep(seconds)


class SteadyTime:
    """Moments for pauses that are only kept in memory: setting the clock moves none of them.

    They begin at what the clock showed and part from it when it is set, so they are never
    stored and never held against stored ones.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._begin = clock.now()
        self._began = clock.steady()

    def __repr__(self) -> str:
        return f"<SteadyTime {self.now().isoformat()}>"

    def now(self) -> datetime:
        """Return the present moment of this time, aware, in UTC."""
        return self._begin + timedelta(seconds=self._clock.steady() - self._began)
