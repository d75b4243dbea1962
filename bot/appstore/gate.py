"""The one door through which all requests of a key go: how many at once, and when.

Knows pauses, the adaptive cap and the budget's pace; knows nothing of HTTP, retries or
what is asked. Everybody waits in one line and only its head looks at the door, so the
end of a pause or of a pacing interval never lets all of them through at once.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.appstore import budget as budgets
from bot.appstore.budget import MOST_IN_FLIGHT, Budget
from bot.clock import Clock, SteadyTime
from bot.errors import Limited

LONGEST_LINE = 2000
LONGEST_WAIT = 120.0
LONGEST_PACED_WAIT = 600.0

FIRST_PAUSE = 0.5
PAUSE_GROWTH = 1.3
LONGEST_PAUSE = 60.0
# Added to what Apple asks for, so that several bots with one key do not come back as one.
STAGGER = 0.1
SUCCESSES_FOR_ONE_MORE = 4

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pass:
    """The right to one request; `pause` is the last pause before it, `scout` if it probes."""

    pause: int
    scout: bool


class Gate:
    """Holds requests back: at most 20 out, fewer when Apple says so, none in a pause.

    After a pause one scout goes first; the rest follow when it is let through. The cap
    halves once a pause and grows by one for every four answers.
    """

    def __init__(self, clock: Clock, chance: random.Random) -> None:
        self._clock = clock
        self._time = SteadyTime(clock)
        self._chance = chance
        self._budget = Budget()
        self._cap = MOST_IN_FLIGHT
        self._out = 0
        self._in_line = 0
        self._line = asyncio.Lock()
        self._freed = asyncio.Event()
        self._last_start: datetime | None = None
        self._pauses = 0
        self._pauses_in_a_row = 0
        self._paused_until: datetime | None = None
        self._probing = False
        self._scout_out = False
        self._successes = 0

    def __repr__(self) -> str:
        return (
            f"<Gate out={self._out} cap={self._cap} line={self._in_line} "
            f"paused_until={self._paused_until}>"
        )

    @property
    def cap(self) -> int:
        """How many requests may be out at once, the budget aside."""
        return self._cap

    @property
    def budget(self) -> Budget:
        """What Apple still allows, and the end of the present pause if there is one.

        Its moments are those of a steady time, which a clock that is set leaves behind.
        """
        now, until = self._time.now(), self._paused_until
        return replace(
            self._budget,
            paused_until=until if until and until > now else None,
            hour_over_in=budgets.hour_over_in(self._budget, now),
        )

    async def enter(self) -> Pass:
        """Wait for one's turn; raise `Unavailable` when that is too far away to wait for."""
        self._refuse_beyond_patience()
        self._refuse_in_a_long_line()
        self._in_line += 1
        try:
            async with self._line:
                await self._until_open()
                return self._start()
        finally:
            self._in_line -= 1

    def leave(self, ticket: Pass) -> None:
        """Give the place back, whatever came of the request."""
        self._out -= 1
        if ticket.scout:
            self._scout_out = False
        self._freed.set()

    def answered(self, ticket: Pass, said: Mapping[str, int]) -> None:
        """Take note of an answer other than 429; `said` is its `X-Rate-Limit`."""
        self._spend(said)
        if ticket.pause != self._pauses:
            return
        self._probing = False
        self._pauses_in_a_row = 0
        self._successes += 1
        if self._cap < MOST_IN_FLIGHT and self._successes >= SUCCESSES_FOR_ONE_MORE:
            self._cap += 1
            self._successes = 0

    def refused(self, ticket: Pass, said: Mapping[str, int], retry_after: float | None) -> None:
        """Take note of a 429: everybody pauses, for `retry_after` seconds if Apple names them.

        Answers to requests that were out already when the pause began only prolong it, and
        a scout's refusal goes on with the pause without narrowing the gate again.
        """
        self._spend(said)
        begins = ticket.pause == self._pauses
        if begins:
            self._begin_pause(halve=not ticket.scout)
        elif retry_after is None:
            return
        seconds = self._backoff() if retry_after is None else retry_after + self._stagger()
        until = self._time.now() + timedelta(seconds=seconds)
        self._paused_until = max(self._paused_until or until, until)
        if begins:
            row = self._pauses_in_a_row
            log.warning("pause seconds=%.1f cap=%d in_a_row=%d", seconds, self._cap, row)

    def _begin_pause(self, *, halve: bool) -> None:
        self._pauses += 1
        self._pauses_in_a_row += 1
        self._probing = True
        self._successes = 0
        if halve:
            self._cap = max(1, self._cap // 2)

    def _backoff(self) -> float:
        most = min(LONGEST_PAUSE, FIRST_PAUSE * PAUSE_GROWTH**self._pauses_in_a_row)
        return self._chance.uniform(0, most)

    def _stagger(self) -> float:
        return self._chance.uniform(0, STAGGER)

    def _spend(self, said: Mapping[str, int]) -> None:
        low = self._budget.low
        self._budget = budgets.spent(self._budget, said, self._time.now())
        if self._budget.low and not low:
            log.warning("budget.low left=%s of=%s", self._budget.hour_left, self._budget.hour_limit)

    async def _until_open(self) -> None:
        while True:
            self._refuse_beyond_patience()
            seconds = max(self._pause_left(), self._pace_left())
            if seconds > 0:
                await self._clock.sleep(seconds)
            elif self._has_room():
                return
            else:
                self._freed.clear()
                await self._freed.wait()

    def _refuse_beyond_patience(self) -> None:
        left = self._pause_left()
        if left > LONGEST_WAIT:
            raise Limited(
                "Apple's request limit for this key is reached.",
                remedy=f"It may go on in {left / 60:.0f} minutes.",
                retry_after=left,
            )

    def _refuse_in_a_long_line(self) -> None:
        wait = self._in_line * budgets.hour_pace(self._budget, self._time.now())
        if wait > LONGEST_PACED_WAIT:
            raise Limited(
                "Apple's requests for this hour are nearly used up.",
                remedy=f"It may go on in {wait / 60:.0f} minutes.",
                retry_after=wait,
            )
        if self._in_line >= LONGEST_LINE:
            raise Limited("Too many requests to Apple are waiting.", remedy="Try again later.")

    def _pause_left(self) -> float:
        if self._paused_until is None:
            return 0.0
        return max(0.0, (self._paused_until - self._time.now()).total_seconds())

    def _pace_left(self) -> float:
        now = self._time.now()
        pace = budgets.spacing(self._budget, now)
        if not pace or self._last_start is None:
            return 0.0
        return max(0.0, pace - (now - self._last_start).total_seconds())

    def _has_room(self) -> bool:
        if self._probing and self._scout_out:
            return False
        return self._out < min(self._cap, budgets.most_in_flight(self._budget, self._time.now()))

    def _start(self) -> Pass:
        self._out += 1
        self._last_start = self._time.now()
        self._scout_out = self._probing
        return Pass(pause=self._pauses, scout=self._probing)
