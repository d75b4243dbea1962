"""The periodic jobs as one table; APScheduler is only the clock that calls their ticks.

Every tick is idempotent, so a double run, a missed run and a restart are harmless.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from apscheduler.job import Job as Planned
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

from bot.errors import BotError
from bot.workflow.desk import Desk
from bot.workflow.watch import looking, reminding, summing, tidying, using, weekly

log = logging.getLogger(__name__)

# By default APScheduler drops a job that is a second late and may run one beside itself.
RULES: Mapping[str, Any] = {"misfire_grace_time": 3600, "coalesce": True, "max_instances": 1}


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A row of the table: what is called, how often (seconds), and what it does.

    Every job runs once at the start, for what was missed while nobody ran.
    """

    name: str
    every: int
    meaning: str
    tick: Callable[[Desk], Awaitable[None]]

    def schedule(self, start: datetime) -> IntervalTrigger:
        """Return when it runs: at `start` and then every so often, whatever the time zone."""
        return IntervalTrigger(seconds=self.every, start_date=start, timezone=UTC)


# What asks only the store runs every minute, what asks Apple or Slack more seldom.
JOBS: tuple[Job, ...] = (
    Job(
        name="watch",
        every=120,
        meaning="looks at all apps in one request and announces each change of a version's state",
        tick=looking.watch,
    ),
    Job(
        name="remind",
        every=60,
        meaning="says what [[reminder]] asks for, once a period",
        tick=reminding.remind,
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


class Scheduler:
    """Calls every job's tick in its time, the first ones at once."""

    def __init__(self, desk: Desk) -> None:
        self._scheduler = AsyncIOScheduler(timezone=UTC)
        start = desk.clock.now()
        for job in JOBS:
            self._scheduler.add_job(
                tick,
                job.schedule(start),
                args=[job, desk],
                id=job.name,
                next_run_time=start,
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

    def stop(self) -> None:
        """Call no more ticks."""
        self._scheduler.shutdown(wait=False)
