"""The periodic jobs as one table; APScheduler is only the clock that calls their ticks.

Every tick is idempotent, so a double run, a missed run and a restart are harmless. A clock
that is set is noticed within a minute: APScheduler counts on a steady one between two looks,
and would else sleep for as long as the clock was set back.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from apscheduler.job import Job as Planned
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

from bot.errors import BotError
from bot.workflow.desk import Desk
from bot.workflow.watch import (
    asking,
    clockwork,
    fetching,
    looking,
    reminding,
    reviewing,
    summing,
    tidying,
    timing,
    using,
    weekly,
)

log = logging.getLogger(__name__)

# By default APScheduler drops a job that is a second late.
RULES: Mapping[str, Any] = {"misfire_grace_time": 3600, "coalesce": True}
# How often the wall clock is held against a steady one, and how far apart they may run (s).
LOOK_AT_CLOCK = 60.0
MOST_DRIFT = timedelta(seconds=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A row of the table: what is called, how often (seconds), and what it does.

    Every job runs once at the start, for what was missed while nobody ran.
    """

    name: str
    every: int
    meaning: str
    tick: Callable[[Desk], Awaitable[None]]

    def schedule(self, start: datetime, every: int | None = None) -> IntervalTrigger:
        """Return when it runs: at `start` and then every so often, whatever the time zone."""
        return IntervalTrigger(seconds=every or self.every, start_date=start, timezone=UTC)


# What asks only the store runs every minute, what asks Apple or Slack more seldom.
JOBS: tuple[Job, ...] = (
    Job(
        name="clock",
        every=60,
        meaning="notices that the clock was set back and lets nothing wait for the lost future",
        tick=clockwork.set_right,
    ),
    Job(
        name="watch",
        every=120,
        meaning="looks at all apps in one request and announces each change of a version's state",
        tick=looking.watch,
    ),
    Job(
        name="deliveries",
        every=3600,
        meaning="fetches what Apple could not deliver to webhooks and has it read again",
        tick=fetching.catch_up,
    ),
    Job(
        name="remind",
        every=60,
        meaning="says what [[reminder]] asks for, once a period",
        tick=reminding.remind,
    ),
    Job(
        name="ask",
        every=60,
        meaning="asks approvers who are missing, once a day, and announces that a proposal ends",
        tick=asking.ask,
    ),
    Job(
        name="reviews",
        every=60,
        meaning="asks for the review of what was pushed without approval, once a day",
        tick=reviewing.ask,
    ),
    Job(
        name="pushes",
        every=60,
        meaning="begins pushes whose time has come and brings back texts whose time is over",
        tick=timing.push,
    ),
    Job(
        name="failures",
        every=60,
        meaning="posts one summary a day, at `summary_at`, of what failed for good",
        tick=summing.sum_up_failures,
    ),
    Job(
        name="usage",
        every=60,
        meaning="writes down what was asked of Apple and says once when more of it fails",
        tick=using.keep_usage,
    ),
    Job(
        name="weekly",
        every=60,
        meaning="posts the summary of a week, once, on the day and at the time of `weekly`",
        tick=weekly.look_back,
    ),
    Job(
        name="reconcile",
        every=900,
        meaning="compares open proposals with the reactions that Slack shows",
        tick=tidying.reconcile,
    ),
    Job(
        name="expire",
        every=60,
        meaning="ends proposals whose time is over",
        tick=tidying.expire,
    ),
)


async def tick(job: Job, desk: Desk) -> None:
    """Run one tick; what goes wrong is logged and tried again at the next."""
    try:
        await job.tick(desk)
    except BotError as error:
        log.warning("job.failed job=%s error=%s", job.name, error)
    except Exception:
        log.exception("job.broken job=%s", job.name)


def _chosen(job: Job, desk: Desk) -> int | None:
    """Return how often a job runs where marquee.toml says so, else None."""
    return int(desk.rules.poll.total_seconds()) if job.tick is looking.watch else None


def _beside_itself(job: Job, desk: Desk) -> int:
    """Return how many ticks of a job may be under way: one, or one for each account.

    A look that waits for an account leaves the others to the next tick.
    """
    return len(desk.accounts.names) if job.tick is looking.watch else 1


class Scheduler:
    """Calls every job's tick in its time, the first ones at once."""

    def __init__(self, desk: Desk) -> None:
        self._scheduler = AsyncIOScheduler(timezone=UTC)
        self._clock = desk.clock
        self._looked: tuple[datetime, float] | None = None
        self._next_look: asyncio.TimerHandle | None = None
        start = desk.clock.now()
        for job in JOBS:
            self._scheduler.add_job(
                tick,
                job.schedule(start, _chosen(job, desk)),
                args=[job, desk],
                id=job.name,
                next_run_time=start,
                max_instances=_beside_itself(job, desk),
                **RULES,
            )

    def __repr__(self) -> str:
        return f"<Scheduler jobs={len(JOBS)}>"

    def planned(self) -> Iterable[Planned]:
        """Return the jobs as the clock holds them, with their triggers and rules."""
        return tuple(self._scheduler.get_jobs())

    def start(self) -> None:
        """Begin to call ticks."""
        self._scheduler.start()
        self._look()

    def stop(self) -> None:
        """Call no more ticks."""
        if self._next_look is not None:
            self._next_look.cancel()
        self._scheduler.shutdown(wait=False)

    def look_at_clock(self, steady: float) -> bool:
        """Run every job now if the clock was set since the last look; return whether it was.

        `steady` are the seconds of a clock that nobody sets. Ticks may run twice, so one too
        many is harmless, and nothing has to be known of how far the clock was set.
        """
        now, before = self._clock.now(), self._looked
        self._looked = (now, steady)
        if before is None:
            return False
        drift = (now - before[0]) - timedelta(seconds=steady - before[1])
        if abs(drift) <= MOST_DRIFT:
            return False
        log.warning("clock.was_set by=%s", drift)
        for job in self._scheduler.get_jobs():
            job.modify(next_run_time=now)
        return True

    def _look(self) -> None:
        loop = asyncio.get_running_loop()
        self.look_at_clock(loop.time())
        self._next_look = loop.call_later(LOOK_AT_CLOCK, self._look)
