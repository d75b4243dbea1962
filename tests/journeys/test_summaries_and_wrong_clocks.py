"""A clock that was ahead and is right again takes nothing out of the summaries."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from bot.sandbox.cast import BEN, MIA
from tests.clock import HandClock
from tests.journeys.test_watch_summaries import a_failed_push, summaries
from tests.journeys.ticking import in_berlin, run, wait, wait_until
from tests.workspace import Workspace, a_workspace


@pytest_asyncio.fixture
async def team(tmp_path: Path) -> AsyncIterator[Workspace]:
    async with a_workspace(tmp_path, clock=HandClock(in_berlin("2026-03-02 16:00"))) as one:
        await run(one, "watch", "failures", "clock")
        yield one


async def shows(team: Workspace, local: str) -> None:
    """Set the clock and let the bot notice."""
    team.clock.set(in_berlin(local))
    await run(team, "clock", "failures")


async def put_right(team: Workspace) -> None:
    await wait(team, hours=1.1)
    await run(team, "clock")


@pytest.mark.parametrize("ahead", ["2026-03-03 12:00", "2026-03-03 22:00"])
async def test_what_failed_since_the_clock_is_right_is_in_the_next_summary(
    team: Workspace, ahead: str
) -> None:
    await shows(team, ahead)
    await shows(team, "2026-03-02 16:05")
    await a_failed_push(team, "ko")
    await put_right(team)
    for day in range(2, 6):
        await wait_until(team, f"2026-03-0{day} 18:01")
        await run(team, "clock", "failures")

    assert len(summaries(team)) == 1
    assert "Korean" in summaries(team)[0]


async def test_what_failed_while_the_clock_was_ahead_is_in_the_next_summary(
    team: Workspace,
) -> None:
    await shows(team, "2026-03-30 12:00")
    await a_failed_push(team, "ko")
    await shows(team, "2026-03-02 16:05")
    await put_right(team)
    await wait_until(team, "2026-03-02 18:01")
    await run(team, "failures")

    assert len(summaries(team)) == 1
    assert "Korean" in summaries(team)[0]


async def test_a_day_that_was_summed_up_too_early_is_summed_up_when_it_comes(
    team: Workspace,
) -> None:
    await a_failed_push(team, "ja")
    await shows(team, "2026-03-08 18:10")
    assert len(summaries(team)) == 1
    await shows(team, "2026-03-02 16:30")
    await team.restart()
    await put_right(team)
    for day in range(2, 8):
        await wait_until(team, f"2026-03-0{day} 18:01")
        await run(team, "clock", "failures")
    before = len(summaries(team))
    await a_failed_push(team, "ko")
    await wait_until(team, "2026-03-08 18:01")
    await run(team, "clock", "failures", "failures")

    assert len(summaries(team)) == before + 1
    assert "Korean" in summaries(team)[-1]


async def test_what_was_pushed_since_the_clock_is_right_is_in_the_summary_of_its_week(
    tmp_path: Path,
) -> None:
    async with a_workspace(tmp_path, clock=HandClock(in_berlin("2026-03-02 08:00"))) as team:
        await run(team, "watch", "weekly", "clock")
        team.clock.set(in_berlin("2026-03-02 20:00"))
        await run(team, "clock", "weekly")
        team.clock.set(in_berlin("2026-03-02 08:05"))
        await run(team, "clock")
        message = await team.propose(MIA, "edit tidewell de-DE", Subtitle="Stilles Heft")
        await team.react(BEN, message)
        await team.says(message, "Pushed")
        await put_right(team)
        for local in ("2026-03-02 09:30", "2026-03-09 09:01"):
            await wait_until(team, local)
            await run(team, "weekly")

        early, in_time = [told for told in team.told() if told.startswith("🗓️")]
        assert "Nothing reached Apple" in early
        assert "1 change of 1 proposal" in in_time
