"""What is measured with years behind it: a restart, and how soon people are answered after it."""

from __future__ import annotations

import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from bot.domain.listing import App
from bot.domain.proposals import Target
from bot.sandbox.cast import AIKO, ASO, BEN, MIA, RUTH
from bot.sandbox.setup import DATABASE
from tests.bench.bot import RunningBot
from tests.bench.figures import middle, spread, verdict
from tests.bench.lines import Worker
from tests.bench.listing import APP_ID, BUNDLE_ID, CODES, COMING, PLATFORM
from tests.bench.rounds import Bench
from tests.bench.years import Cast, Place, write_years

PAST, OPEN = 10_000, 500
# Each round asks from the first moment on, while the jobs of the start still run.
ASKED = 40
CAST = Cast(proposers=(MIA, RUTH), approver=BEN, others=(AIKO, RUTH), channel=ASO)


@dataclass(slots=True, kw_only=True)
class Restarts:
    """What the rounds found: seconds, milliseconds and megabytes."""

    ready: list[float] = field(default_factory=list)
    proposals: list[float] = field(default_factory=list)
    home: list[float] = field(default_factory=list)
    held: list[float] = field(default_factory=list)


async def years(bench: Bench) -> None:
    """A restart with 500 open proposals and 10,000 past ones, and two answers after it."""
    folder = bench.stage.new_folder()
    began = time.perf_counter()
    await _write(bench.stage.world, folder / DATABASE)
    size = (folder / DATABASE).stat().st_size / 1024 / 1024
    bench.say(
        f"years          {OPEN} open and {PAST:,} past proposals, {size:.0f} MB, "
        f"written in {time.perf_counter() - began:.0f} s"
    )
    found = Restarts()
    for _ in range(bench.rounds):
        async with bench.stage.bot(folder) as (bot, _):
            await _ask(bench.stage.world, bot, found)
    refusals = (await bench.stage.world.ask("refused"))["refusals"]
    assert not refusals, refusals[:3]
    _tell(bench, found)


async def _ask(world: Worker, bot: RunningBot, found: Restarts) -> None:
    began = time.perf_counter()
    # That it is accepted is what is timed first; then it is drawn like the others.
    await world.ask("accepted")
    found.ready.append(bot.ready_s + time.perf_counter() - began)
    for _ in range(ASKED):
        found.proposals += (await world.ask("answered", command="/aso proposals", times=1))["took"]
        found.home += (await world.ask("home", times=1))["took"]
    found.held.append(bot.resident_mb())


async def _write(world: Worker, path: Path) -> None:
    version = (await world.ask("place"))["version_id"]
    voters = [CAST.voters(number) for number in range(OPEN)]
    stamps = (await world.ask("posted", voters=voters))["stamps"]
    place = Place(
        app=App(id=APP_ID, bundle_id=BUNDLE_ID, name="Harbour", primary_locale="en-US"),
        target=Target(app_id=APP_ID, platform=PLATFORM, version_id=version),
        number="4.1",
        state=COMING,
        locales=CODES,
    )
    await write_years(path, place, CAST, past=PAST, stamps=stamps, now=datetime.now(UTC))


def _tell(bench: Bench, found: Restarts) -> None:
    figures = bench.figures
    figures.years_ready_s = middle(found.ready)
    figures.years_proposals_p99_ms = _part(found.proposals, 99)
    figures.years_home_p99_ms = _part(found.home, 99)
    figures.years_rss_mb = round(middle(found.held), 1)
    bench.say(
        f"restart        {spread(found.ready)} until an event is accepted; "
        f"{verdict(figures, 'years_ready_s')}"
    )
    bench.say(
        f"/aso proposals {_milliseconds(found.proposals)}; "
        f"{verdict(figures, 'years_proposals_p99_ms')}"
    )
    bench.say(
        f"App Home       {_milliseconds(found.home)}; {verdict(figures, 'years_home_p99_ms')}"
    )
    bench.say(f"memory then    {middle(found.held):.1f} MB")


def _milliseconds(took: Sequence[float]) -> str:
    p50, p99 = _part(took, 50), _part(took, 99)
    return f"{len(took)} times, p50 {p50:.0f} ms, p99 {p99:.0f} ms"


def _part(took: Sequence[float], hundredth: int) -> float:
    return round(statistics.quantiles(took, n=100, method="inclusive")[hundredth - 1], 1)
