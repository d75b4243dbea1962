"""One run: people work in bad weather, then it is calm, then everything is compared."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path

from tests.chaos import plan, verdict
from tests.chaos.bending import Bent, try_to_bend
from tests.chaos.people import People
from tests.chaos.weather import Climate, Weather
from tests.chaos.world import PROPOSERS, VOTERS, World

LOOK_AGAIN = 1.0
MOST_NAMED = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How much of everything: see `Climate`; `seconds` is how long a run may take at most.

    No proposal has more than so many `locales`.
    """

    proposals: int
    apps: int
    climate: Climate
    seconds: float
    seed: int
    locales: int = plan.THERE
    bent_bytes: int = 80
    say: Callable[[str], None] = lambda _line: None


@dataclass(kw_only=True)
class Report:
    """What a run came to."""

    seed: int
    struck: Counter[str] = field(default_factory=Counter)
    ends: Counter[str] = field(default_factory=Counter)
    again: Counter[str] = field(default_factory=Counter)
    restarts: int = 0
    requests: int = 0
    items: int = 0
    seconds: float = 0.0
    record: Bent | None = None
    problems: list[str] = field(default_factory=list)
    tail: list[str] = field(default_factory=list)


async def run(options: Options) -> Report:
    """Run it and return what it came to; `problems` is empty when all sides agree."""
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)
    the = plan.draw(
        options.proposals,
        apps=options.apps,
        proposers=PROPOSERS,
        voters=VOTERS,
        seed=options.seed,
        most=options.locales,
    )
    with tempfile.TemporaryDirectory(prefix="marquee-chaos-") as folder:
        return await _Run(options, the, Path(folder)).go()


class _Run:
    def __init__(self, options: Options, the: plan.Plan, folder: Path) -> None:
        self._options = options
        self._cases = the.cases
        self._folder = folder
        self._world = World(the, folder)
        self._people = People(self._world, the.cases, seed=options.seed)
        self._weather = Weather(self._world, options.climate, seed=options.seed)
        self._began = time.monotonic()
        self._report = Report(seed=options.seed)
        self._is_calm = False

    async def go(self) -> Report:
        report = self._report
        async with self._world.running():
            try:
                async with asyncio.timeout(self._options.seconds):
                    await self._rough()
                    await self._calm()
            except TimeoutError:
                report.problems.append(f"it took longer than {self._options.seconds:.0f} s")
            report.struck = self._weather.counts()
            report.problems += verdict.disagreements(self._world, self._cases)
            report.restarts = self._world.child.restarts
            report.tail = self._world.child.status()["tail"]
        self._count()
        return report

    async def _rough(self) -> None:
        async with self._telling(), _beside(self._people.retry_what_failed()):
            async with asyncio.TaskGroup() as tasks:
                people = tasks.create_task(self._people.work())
                tasks.create_task(self._weather.blow(people))
            self._weather.clear()

    async def _calm(self) -> None:
        """Let everything come to rest, after one more restart; people clear away what is left."""
        async with self._telling(), _beside(self._people.retry_what_failed()):
            async with asyncio.TaskGroup() as tasks:
                for case in self._cases:
                    if case.leaves:
                        press = self._people.press_until(
                            case, case.proposer, "Withdraw", "withdrawn"
                        )
                        tasks.create_task(press)
            await self._world.child.kill()
            self._is_calm = True
            while verdict.unrest(self._world, self._cases):
                await asyncio.sleep(LOOK_AGAIN)
                # What reached Apple unasked is wrong for good: nothing is to be waited for.
                if any(verdict.written_unasked(self._world, self._cases)):
                    return

    def _waits(self) -> str:
        busy = sorted(self._people.busy)
        if self._is_calm:
            busy = verdict.unrest(self._world, self._cases)
        return f"; {', '.join(busy)}" if 0 < len(busy) <= MOST_NAMED else ""

    def _count(self) -> None:
        report, world = self._report, self._world
        stored = verdict.statuses(world)
        report.ends = Counter(
            f"{case.fate}: {stored.get(case.mark, 'nowhere')}" for case in self._cases
        )
        report.again = +self._people.again
        report.requests = len(world.requests)
        report.items = sum(len(case.places) for case in self._cases)
        report.record = try_to_bend(
            world.database,
            world.environment,
            self._folder,
            changes=self._options.bent_bytes,
            seed=self._options.seed,
        )
        report.problems += report.record.problems
        report.seconds = time.monotonic() - self._began

    @contextlib.asynccontextmanager
    async def _telling(self) -> AsyncIterator[None]:
        async def tell() -> None:
            while True:
                await asyncio.sleep(15.0)
                stored = Counter(verdict.statuses(self._world).values())
                told = ", ".join(f"{count} {status}" for status, count in sorted(stored.items()))
                self._options.say(
                    f"{time.monotonic() - self._began:.0f} s: {told};"
                    f" {self._weather.counts().total()} troubles,"
                    f" {self._world.child.restarts} restarts{self._waits()}"
                )

        async with _beside(tell()):
            yield


@contextlib.asynccontextmanager
async def _beside(work: object) -> AsyncIterator[None]:
    """Let something run until the block ends."""
    task = asyncio.ensure_future(work)  # type: ignore[call-overload]
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
