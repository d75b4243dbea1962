"""The periodic jobs as one table; APScheduler is only the clock that calls their ticks.

Every tick is idempotent, so a double run, a missed run and a restart are harmless.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

from bot.errors import BotError
from bot.workflow import watching
from bot.workflow.desk import Desk

log = logging.getLogger(__name__)

# By default APScheduler drops a job that is a second late.
GRACE_SECONDS = 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A row of the table: what is called, how often (seconds), and what it does."""

    name: str
    every: float
    meaning: str
    tick: Callable[[Desk], Awaitable[None]]
    at_start: bool = True


JOBS: tuple[Job, ...] = (
    Job(
        name="watch",
        every=120,
        meaning="looks at all apps in one request and announces version states once",
        tick=watching.watch,
    ),
    Job(
        name="remind",
        every=300,
        meaning="says what [[reminder]] asks for, once a period",
        tick=watching.remind,
    ),
    Job(
        name="failures",
        every=300,
        meaning="posts one summary a day, at 18:00, of what failed for good",
        tick=watching.sum_up_failures,
    ),
    Job(
        name="reconcile",
        every=900,
        meaning="compares open proposals with the reactions that Slack shows",
        tick=watching.reconcile,
    ),
    Job(
        name="expire",
        every=300,
        meaning="ends proposals whose time is over",
        tick=watching.expire,
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
        self._scheduler = AsyncIOScheduler(
            timezone="UTC",
            job_defaults={
                "misfire_grace_time": GRACE_SECONDS,
                "coalesce": True,
                "max_instances": 1,
            },
        )
        for job in JOBS:
            first = {"next_run_time": desk.clock.now()} if job.at_start else {}
            self._scheduler.add_job(
                tick,
                IntervalTrigger(seconds=int(job.every)),
                args=[job, desk],
                id=job.name,
                **first,
            )

    def __repr__(self) -> str:
        return f"<Scheduler jobs={len(JOBS)}>"

    def start(self) -> None:
        """Begin to call ticks."""
        self._scheduler.start()

    def stop(self) -> None:
        """Call no more ticks."""
        self._scheduler.shutdown(wait=False)
