"""A clock moved by hand, for telling the order of events without waiting for it."""

from __future__ import annotations

import asyncio
import heapq
from datetime import UTC, datetime, timedelta
from itertools import count

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class HandClock:
    """Implements `bot.clock.Clock`: time stands still until somebody moves it.

    With `auto` a sleep moves the hand to its own end at once; without, sleepers wait
    for `advance` or `travel`. `naps` lists the seconds of every sleep in order.
    """

    def __init__(self, start: datetime = START, *, auto: bool = False) -> None:
        self.auto = auto
        self.naps: list[float] = []
        self._now = start
        self._begin = start
        self._order = count()
        self._sleepers: list[tuple[datetime, int, asyncio.Future[None]]] = []

    def __repr__(self) -> str:
        return f"<HandClock {self._now.isoformat()} sleepers={len(self._sleepers)}>"

    def now(self) -> datetime:
        return self._now

    def steady(self) -> float:
        return (self._now - self._begin).total_seconds()

    async def sleep(self, seconds: float) -> None:
        self.naps.append(seconds)
        due = self._now + timedelta(seconds=seconds)
        if self.auto or seconds <= 0:
            await asyncio.sleep(0)
            self._now = max(self._now, due)
            return
        woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (due, next(self._order), woken))
        await woken

    def set(self, now: datetime) -> None:
        """Set the hand as people set a clock, forward or back: nobody's sleep is shorter for it."""
        by = now - self._now
        self._now = now
        self._begin += by
        self._sleepers = [(due + by, order, woken) for due, order, woken in self._sleepers]

    def advance(self, seconds: float) -> None:
        """Move the hand; everyone whose time has come wakes, the earliest first."""
        self._now += timedelta(seconds=seconds)
        while self._sleepers and self._sleepers[0][0] <= self._now:
            self._wake()

    async def travel(self, seconds: float) -> None:
        """Move the hand from one sleeper's moment to the next, so that each acts at its own."""
        end = self._now + timedelta(seconds=seconds)
        await breathe()
        while self._sleepers and self._sleepers[0][0] <= end:
            self._now = max(self._now, self._sleepers[0][0])
            self._wake()
            await breathe()
        self._now = end

    def _wake(self) -> None:
        woken = heapq.heappop(self._sleepers)[2]
        if not woken.done():
            woken.set_result(None)


async def breathe(turns: int = 20) -> None:
    """Let everything that is ready to run have its turn."""
    for _ in range(turns):
        await asyncio.sleep(0)
