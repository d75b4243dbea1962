"""The table of jobs: when each runs, under which rules, and that none can break the clock."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.errors import Unavailable
from bot.jobs import JOBS, Job, Scheduler, tick
from bot.workflow.desk import Desk
from tests.clock import START
from tests.workspace import a_workspace

PAGE = Path(__file__).parents[1] / "docs" / "jobs.md"
BERLIN = ZoneInfo("Europe/Berlin")
jobs = pytest.mark.parametrize("job", JOBS, ids=lambda job: job.name)


@jobs
def test_a_job_runs_at_the_start_and_then_in_its_interval(job: Job) -> None:
    schedule = job.schedule(START)
    now, fired = START, []
    for _ in range(4):
        due = schedule.get_next_fire_time(fired[-1] if fired else None, now)
        fired.append(due)
        now = due + timedelta(seconds=1)

    assert fired == [START + timedelta(seconds=job.every * turn) for turn in range(4)]


@jobs
@pytest.mark.parametrize("night", ["2026-03-29 01:00", "2026-10-25 01:00"])
def test_a_night_that_moves_the_clocks_leaves_the_intervals_as_they_are(
    job: Job, night: str
) -> None:
    start = datetime.fromisoformat(night).replace(tzinfo=BERLIN)
    schedule = job.schedule(start)
    fired = [schedule.get_next_fire_time(None, start)]
    while fired[-1] - fired[0] < timedelta(hours=4):
        fired.append(schedule.get_next_fire_time(fired[-1], fired[-1]))

    gaps = {after - before for before, after in pairwise(fired)}
    assert gaps == {timedelta(seconds=job.every)}


async def test_a_late_job_runs_once_and_never_beside_itself(tmp_path: Path) -> None:
    async with a_workspace(tmp_path) as team:
        planned = {job.id: job for job in Scheduler(team.bot.desk).planned()}

    assert set(planned) == {job.name for job in JOBS}
    for job in planned.values():
        assert (job.misfire_grace_time, job.coalesce, job.max_instances) == (3600, True, 1)
        assert job.next_run_time == team.clock.now()


async def test_every_job_is_harmless_twice_on_a_fresh_store(tmp_path: Path) -> None:
    async with a_workspace(tmp_path) as team:
        for job in (*JOBS, *JOBS):
            await tick(job, team.bot.desk)

        assert team.messages() == []


@pytest.mark.parametrize("error", [Unavailable("Nobody answers."), ZeroDivisionError()])
async def test_a_tick_never_raises(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, error: Exception
) -> None:
    async def breaks(_desk: Desk) -> None:
        raise error

    broken = Job(name="broken", every=60, meaning="breaks", tick=breaks)
    async with a_workspace(tmp_path) as team:
        await tick(broken, team.bot.desk)

    assert "job=broken" in caplog.text


@pytest.mark.parametrize("by", [timedelta(days=300), -timedelta(days=300), timedelta(minutes=-2)])
async def test_a_clock_that_was_set_has_every_job_run_at_once(
    tmp_path: Path, by: timedelta
) -> None:
    async with a_workspace(tmp_path) as team:
        scheduler = Scheduler(team.bot.desk)
        scheduler.look_at_clock(1000.0)
        team.clock.set(START + timedelta(seconds=60) + by)

        assert scheduler.look_at_clock(1060.0)
        assert {job.next_run_time for job in scheduler.planned()} == {team.clock.now()}


async def test_a_clock_that_goes_as_it_should_changes_nothing(tmp_path: Path) -> None:
    async with a_workspace(tmp_path) as team:
        scheduler = Scheduler(team.bot.desk)
        planned = [job.next_run_time for job in scheduler.planned()]
        for turn in range(5):
            # A second or two are lost and found by every clock.
            team.clock.set(START + timedelta(seconds=60 * turn + turn % 2))
            assert not scheduler.look_at_clock(1000.0 + 60 * turn)

        assert [job.next_run_time for job in scheduler.planned()] == planned


def test_every_job_is_described_once_with_its_interval() -> None:
    rows = re.findall(r"^\| `(\w+)` \| every (\d+) (s|min) \|", PAGE.read_text("utf-8"), re.M)
    seconds = {"s": 1, "min": 60}
    described = [(name, int(count) * seconds[unit]) for name, count, unit in rows]
    assert described == [(job.name, job.every) for job in JOBS]
