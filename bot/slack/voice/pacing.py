"""Slack's patience: so many calls in so many seconds, and no call on top of another."""

from __future__ import annotations

import asyncio
from collections import deque
from datetime import datetime, timedelta

from bot.clock import Clock, SteadyTime


class Pace:
    """At most `most` turns in any `seconds`; who gets none waits or gives up."""

    def __init__(self, clock: Clock, *, most: int, seconds: float) -> None:
        self._time = SteadyTime(clock)
        self._most = most
        self._span = timedelta(seconds=seconds)
        self._taken: deque[datetime] = deque(maxlen=most)

    def __repr__(self) -> str:
        return f"<Pace {len(self._taken)} of {self._most} in {self._span}>"

    def wait(self) -> float:
        """Return the seconds until a turn is free, 0 when one is."""
        if len(self._taken) < self._most:
            return 0.0
        return max(0.0, (self._taken[0] + self._span - self._time.now()).total_seconds())

    def try_take(self) -> bool:
        """Take a turn if one is free now."""
        if self.wait() > 0:
            return False
        self._taken.append(self._time.now())
        return True


async def woken(event: asyncio.Event, clock: Clock, seconds: float | None) -> None:
    """Return when `event` is set or after `seconds`, whichever is first; clears the event."""
    waits: list[asyncio.Future[object]] = [asyncio.ensure_future(event.wait())]
    if seconds is not None:
        waits.append(asyncio.ensure_future(clock.sleep(seconds)))
    try:
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()
        await asyncio.gather(*waits, return_exceptions=True)
    event.clear()
