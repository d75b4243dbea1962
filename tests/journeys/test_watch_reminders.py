"""A version that waits is reminded of: after its time, then once a period, never twice."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bot.sandbox.cast import BEN
from bot.settings import ReminderSettings
from tests.clock import HandClock
from tests.journeys.ticking import become, in_berlin, run, wait, wait_until
from tests.workspace import ORRERY, Workspace, a_workspace, words_of

DEFAULT = ReminderSettings()


@pytest_asyncio.fixture
async def team(tmp_path: Path) -> AsyncIterator[Workspace]:
    """Orrery 1.9 waits to be released, and the watch has just seen it."""
    async with a_workspace(tmp_path, reminders=(DEFAULT,)) as one:
        await run(one, "watch")
        yield one


def reminders(team: Workspace) -> list[str]:
    return [told for told in team.told() if told.startswith("⏰")]


async def test_nothing_is_said_before_its_time(team: Workspace) -> None:
    await wait(team, hours=3.9)
    await run(team, "remind")

    assert reminders(team) == []


async def test_by_default_a_release_that_waits_is_reminded_of_after_four_hours(
    team: Workspace,
) -> None:
    await wait(team, hours=4.01)
    await run(team, "remind", "remind")

    (told,) = reminders(team)
    assert "Orrery" in told
    assert "1.9" in told


async def test_one_period_is_reminded_of_once_also_across_a_restart(team: Workspace) -> None:
    await wait(team, hours=5)
    await run(team, "remind")
    await team.restart()
    await wait(team, hours=20)
    await run(team, "watch", "remind", "remind")

    assert len(reminders(team)) == 1


async def test_every_further_day_has_one_reminder(team: Workspace) -> None:
    for _ in range(4 * 6):
        await wait(team, hours=4)
        await run(team, "remind")

    assert len(reminders(team)) == 4


async def test_periods_that_nobody_was_there_for_are_made_up_for_by_one_reminder(
    team: Workspace,
) -> None:
    await wait(team, days=6)
    await team.restart()
    await run(team, "remind", "remind")
    assert len(reminders(team)) == 1

    await wait(team, days=1)
    await run(team, "remind")
    assert len(reminders(team)) == 2


async def test_a_version_that_left_the_state_is_not_reminded_of(team: Workspace) -> None:
    await become(team, "READY_FOR_DISTRIBUTION", "1.9", app=ORRERY)
    await wait(team, days=2)
    await run(team, "remind")

    assert reminders(team) == []


async def test_a_version_that_comes_back_into_the_state_waits_its_time_again(
    team: Workspace,
) -> None:
    await wait(team, hours=5)
    await run(team, "remind")
    for state in ("DEVELOPER_REJECTED", "PENDING_DEVELOPER_RELEASE"):
        await become(team, state, "1.9", app=ORRERY)
    await wait(team, hours=3)
    await run(team, "remind")
    assert len(reminders(team)) == 1

    await wait(team, hours=2)
    await run(team, "remind")
    assert len(reminders(team)) == 2


async def test_two_reminders_of_the_same_state_are_both_said(tmp_path: Path) -> None:
    late = ReminderSettings(after=timedelta(days=2), every=timedelta(days=7))
    async with a_workspace(tmp_path, reminders=(DEFAULT, late)) as team:
        await run(team, "watch")
        for expected in (1, 2, 4):
            await wait(team, hours=23)
            await run(team, "remind")
            assert len(reminders(team)) == expected


async def say_done(team: Workspace, nth: int = -1) -> None:
    told = [one for one in team.messages() if words_of(one).startswith("⏰")]
    await team.press(BEN, told[nth], "Done")
    await team.says(told[nth], "ended this reminder")


@pytest.mark.parametrize(
    "changes",
    [{"every": timedelta(hours=7)}, {"after": timedelta(hours=1)}, {"to": (BEN,)}],
    ids=["every", "after", "to"],
)
async def test_a_reminder_that_was_ended_stays_ended_when_the_file_is_changed(
    team: Workspace, changes: dict[str, Any]
) -> None:
    await wait(team, hours=5)
    await run(team, "remind")
    await say_done(team)
    desk = team.bot.desk
    (reminder,) = desk.rules.reminders
    desk.rules = replace(desk.rules, reminders=(replace(reminder, **changes),))
    for _ in range(3):
        await wait(team, days=1)
        await run(team, "remind")

    assert len(reminders(team)) == 1
    assert team.slack.direct(BEN) == []


async def test_done_after_the_file_was_changed_ends_what_is_said_since(team: Workspace) -> None:
    await wait(team, hours=5)
    await run(team, "remind")
    desk = team.bot.desk
    (reminder,) = desk.rules.reminders
    desk.rules = replace(desk.rules, reminders=(replace(reminder, every=timedelta(hours=7)),))
    await wait(team, hours=7)
    await run(team, "remind")
    assert len(reminders(team)) == 2
    await say_done(team, nth=0)
    await wait(team, days=3)
    await run(team, "remind")
    await team.settle()

    told = reminders(team)
    assert len(told) == 2
    assert all("ended this reminder" in one for one in told)


async def test_done_ends_one_of_two_reminders_of_the_same_state(tmp_path: Path) -> None:
    late = ReminderSettings(after=timedelta(days=2), every=timedelta(days=7))
    async with a_workspace(tmp_path, reminders=(DEFAULT, late)) as team:
        await run(team, "watch")
        await wait(team, hours=5)
        await run(team, "remind")
        await say_done(team)
        await wait(team, days=2)
        await run(team, "remind")
        assert len(reminders(team)) == 2
        await say_done(team)
        await wait(team, days=8)
        await run(team, "remind")

        assert len(reminders(team)) == 2


async def test_without_a_reminder_nothing_is_said(tmp_path: Path) -> None:
    async with a_workspace(tmp_path) as team:
        await run(team, "watch")
        await wait(team, days=3)
        await run(team, "remind")

        assert reminders(team) == []


@pytest.mark.parametrize("day", ["2026-03-28", "2026-10-24"])
async def test_a_night_that_moves_the_clocks_has_one_reminder_a_day(
    tmp_path: Path, day: str
) -> None:
    clock = HandClock(in_berlin(f"{day} 22:00"))
    async with a_workspace(tmp_path, reminders=(DEFAULT,), clock=clock) as team:
        await run(team, "watch")
        for hours in range(2, 53, 2):
            await wait(team, hours=2)
            await run(team, "remind")
            assert len(reminders(team)) == (hours + 20) // 24
    assert clock.now() >= in_berlin(f"{day} 22:00") + timedelta(hours=52)


async def test_the_reminder_says_since_when_in_the_words_of_people(team: Workspace) -> None:
    await wait_until(team, "2026-03-02 19:00")
    await run(team, "remind")

    (told,) = reminders(team)
    assert "since" in told
    assert "PENDING" not in told


async def test_two_reminders_that_begin_together_are_both_said(tmp_path: Path) -> None:
    often = ReminderSettings(every=timedelta(hours=12))
    async with a_workspace(tmp_path, reminders=(DEFAULT, often)) as team:
        await run(team, "watch")
        await wait(team, hours=5)
        await run(team, "remind", "remind")

        assert len(reminders(team)) == 2


async def test_that_a_reminder_was_ended_is_kept_for_over_a_year_and_not_for_ever(
    team: Workspace,
) -> None:
    dones = team.bot.desk.store.dones
    await dones.end("a stay in a state", user=BEN, now=team.clock.now())
    for days, kept in ((399, 1), (2, 0)):
        await wait(team, days=days)
        await run(team, "expire")
        assert len(await dones.keys()) == kept
