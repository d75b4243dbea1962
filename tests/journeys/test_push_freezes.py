"""No push begins in a freeze, which names itself to people before and meanwhile."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from bot.sandbox.appstore import Fault as AppleFault
from bot.sandbox.cast import BEN, MIA
from bot.settings import FreezeSettings
from tests.clock import HandClock
from tests.journeys.ticking import in_berlin, in_hours, run, wait, wait_until
from tests.journeys.timed_proposals import (
    BEFORE,
    JAPANESE,
    NEW,
    a_freeze,
    approve,
    promotional,
    propose,
    told,
    wait_for,
)
from tests.workspace import a_workspace, words_of


async def test_a_freeze_holds_every_push_and_names_itself(tmp_path: Path) -> None:
    freeze = a_freeze(starts=in_hours(-1), ends=in_hours(24))
    async with a_workspace(tmp_path, freezes=(freeze,)) as team:
        message = await propose(team, times={})
        await approve(team, message)
        await run(team, "pushes")
        assert "the freeze “Moving house” ends" in words_of(team.message(message["ts"]))
        assert team.asked("PATCH") == []

        await wait(team, hours=24)
        await run(team, "pushes")
        await team.says(message, "Pushed")


async def test_a_freeze_is_named_before_anybody_approves(tmp_path: Path) -> None:
    freeze = a_freeze(starts=in_hours(-1), ends=in_hours(24))
    until = "The freeze “Moving house” holds pushes until 3 Mar 2026, 10:00 Europe/Berlin."
    async with a_workspace(tmp_path, freezes=(freeze,)) as team:
        await team.open_form(MIA, JAPANESE)
        assert until in team.modal(MIA)
        await team.close(MIA)
        message = await propose(team, times={})
        assert until in words_of(message)
        later = await propose(team, JAPANESE, times={BEFORE: in_hours(30)}, Subtitle="静か")
        assert "Moving house" not in words_of(later)


async def test_an_open_proposal_names_a_freeze_that_begins_and_no_longer_when_it_is_over(
    tmp_path: Path,
) -> None:
    freeze = a_freeze(starts=in_hours(2), ends=in_hours(24))
    async with a_workspace(tmp_path, freezes=(freeze,)) as team:
        message = await propose(team, times={})
        await run(team, "reconcile")
        assert "Moving house" not in words_of(team.message(message["ts"]))
        await wait(team, hours=3)
        await run(team, "reconcile")
        await team.says(message, "The freeze “Moving house” holds pushes until")
        await wait(team, hours=22)
        await run(team, "reconcile")
        await team.settle()

        assert "Moving house" not in words_of(team.message(message["ts"]))


async def test_a_freeze_that_begins_while_a_push_waits_is_shown(tmp_path: Path) -> None:
    freeze = a_freeze(starts=in_hours(20), ends=in_hours(72))
    async with a_workspace(tmp_path, freezes=(freeze,)) as team:
        message = await propose(team, times={BEFORE: in_hours(10)})
        await approve(team, message)
        assert "Moving house" not in words_of(team.message(message["ts"]))
        await wait(team, hours=21)
        await run(team, "pushes")

        assert "Moving house" in words_of(team.message(message["ts"]))
        assert team.asked("PATCH") == []


async def test_a_freeze_that_begins_while_apple_is_slow_to_answer_holds_the_push(
    tmp_path: Path,
) -> None:
    freeze = a_freeze(starts=in_hours(1), ends=in_hours(24))
    async with a_workspace(tmp_path, freezes=(freeze,)) as team:
        message = await propose(team, times={})
        trouble = team.apple.faults.add(AppleFault(kind="server_error", match="GET"))
        await wait_for(team, in_hours(1) - timedelta(seconds=100))
        asked = len(team.asked("GET"))
        await team.react(BEN, message)
        await team.until(lambda: len(team.asked("GET")) > asked)
        await wait_for(team, in_hours(1))
        team.apple.faults.remove(trouble)
        await team.says(message, "the freeze “Moving house” ends")
        reads = len(team.asked("GET"))
        await run(team, "pushes", "pushes")
        assert team.asked("PATCH") == []
        assert len(team.asked("GET")) == reads

        await wait(team, hours=24)
        await run(team, "pushes")
        await team.says(message, "Pushed")


async def test_a_freeze_of_one_app_leaves_the_others_alone(tmp_path: Path) -> None:
    freeze = a_freeze(starts=in_hours(-1), ends=in_hours(24), app=("com.example.orrery",))
    async with a_workspace(tmp_path, freezes=(freeze,)) as team:
        message = await propose(team, times={})
        await approve(team, message)

        await team.says(message, "Pushed")


async def test_a_weekly_freeze_ends_on_the_local_morning_also_when_the_clocks_move(
    tmp_path: Path,
) -> None:
    week = {"freezes": (_weekend(),), "clock": HandClock(in_berlin("2026-03-27 15:00"))}
    async with a_workspace(tmp_path, **week) as team:
        message = await propose(team, times={})
        await wait_until(team, "2026-03-27 16:01")
        await approve(team, message)
        await wait_until(team, "2026-03-30 07:55")
        await run(team, "pushes")
        assert team.asked("PATCH") == []
        await wait_until(team, "2026-03-30 08:00")
        await run(team, "pushes")
        await team.says(message, "Pushed")


def _weekend() -> FreezeSettings:
    friday, monday = datetime(2026, 3, 6, 16), datetime(2026, 3, 9, 8)  # noqa: DTZ001 - clocks
    return a_freeze(name="Weekend", weekly=((4, friday.time()), (0, monday.time())))


async def test_a_push_that_runs_when_a_freeze_begins_goes_on_to_its_end(tmp_path: Path) -> None:
    freeze = a_freeze(starts=in_hours(1), ends=in_hours(24))
    async with a_workspace(tmp_path, freezes=(freeze,)) as team:
        message = await propose(team, times={})
        await team.react(BEN, message)
        await team.until(lambda: team.asked("PATCH"))
        assert "Pushed" not in told(team, message)
        await team.stop()
        await team.clock.travel(2 * 3600)
        await team.restart()

        await team.says(message, "Pushed")
        assert promotional(team) == NEW
