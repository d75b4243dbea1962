"""The time in which an approved push can still be stopped."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bot.sandbox.cast import AIKO, BEN, GUEST, MIA, RUTH
from bot.settings import ApprovalRule
from tests.clock import HandClock
from tests.journeys.test_vote_edits import edited
from tests.journeys.ticking import wait
from tests.workspace import Workspace, a_workspace, approvals, words_of

GERMAN = {"words": "edit tidewell de-DE", "Subtitle": "Stilles Notizbuch"}
MINUTE = timedelta(seconds=60)


@pytest_asyncio.fixture
async def team(tmp_path: Path) -> AsyncIterator[Workspace]:
    approval = approvals(undo_window=MINUTE)
    async with a_workspace(tmp_path, approval=approval, clock=HandClock()) as workspace:
        yield workspace


def labels(message: Mapping[str, Any]) -> list[str]:
    """Return what stands on the buttons under a message."""
    rows = [block["elements"] for block in message["blocks"] if block["type"] == "actions"]
    return [element["text"]["text"] for row in rows for element in row]


async def approved(team: Workspace) -> Mapping[str, Any]:
    """Propose, approve, and return the message while its push waits."""
    message = await team.propose(MIA, **GERMAN)
    await team.react(BEN, message)
    return await team.says(message, "Pushes at")


async def test_a_push_waits_its_minute_and_then_goes_by_itself(team: Workspace) -> None:
    message = await approved(team)
    assert "Stop" in labels(message)
    await wait(team, hours=50 / 3600)
    assert team.asked("PATCH") == []
    await wait(team, hours=11 / 3600)
    await team.says(message, "Pushed")
    assert team.live("de-DE", "subtitle") == "Stilles Notizbuch"


async def test_who_wrote_it_or_may_approve_it_stops_it_and_the_votes_do_not_push_it(
    team: Workspace,
) -> None:
    message = await approved(team)
    for who in (RUTH, GUEST):
        await team.press(who, message, "Stop")
        await team.until(lambda who=who: team.private(who))
    await team.press(AIKO, message, "Stop")
    shown = await team.says(message, "Stopped by")
    assert f"@{AIKO}" in words_of(shown)
    await wait(team, hours=1)
    await team.react(AIKO, message)
    await team.settle()
    assert team.asked("PATCH") == []


async def test_a_stopped_push_goes_on_when_somebody_says_so_and_can_be_stopped_again(
    team: Workspace,
) -> None:
    message = await approved(team)
    await team.press(MIA, message, "Stop")
    await team.says(message, "Stopped by")
    await team.restart()
    await team.press(BEN, message, "Push after all")
    shown = await team.says(message, "Pushes at")
    assert "Stop" in labels(shown)
    await team.says(message, "Pushed")


async def test_an_edit_begins_anew_after_a_stop(team: Workspace) -> None:
    message = await approved(team)
    await team.press(MIA, message, "Stop")
    await team.says(message, "Stopped by")
    await team.press(MIA, message, "Edit")
    await team.until(lambda: team.form(MIA))
    await team.fill(MIA, Subtitle="Ruhiges Notizbuch")
    await team.submit(MIA)
    second = await team.until(lambda: team._seeded({message["ts"]}))
    await team.react(BEN, second)
    await team.says(second, "Pushed")
    assert team.live("de-DE", "subtitle") == "Ruhiges Notizbuch"


async def test_a_vote_taken_back_meanwhile_needs_no_stop(team: Workspace) -> None:
    message = await approved(team)
    await team.unreact(BEN, message)
    await team.says(message, "0 of 1")
    await wait(team, hours=1)
    await team.settle()
    assert team.asked("PATCH") == []


async def test_a_restart_keeps_the_moment(team: Workspace) -> None:
    await approved(team)
    await wait(team, hours=30 / 3600)
    await team.restart()
    await wait(team, hours=20 / 3600)
    assert team.asked("PATCH") == []
    await wait(team, hours=11 / 3600)
    await team.until(lambda: team.asked("PATCH"), step=1)


async def test_who_wrote_it_does_not_lift_the_stop_of_an_approver(team: Workspace) -> None:
    message = await approved(team)
    await team.press(AIKO, message, "Stop")
    await team.says(message, "Stopped by")
    await team.press(MIA, message, "Push after all")
    await team.until(lambda: "author alone" in " ".join(team.private(MIA)))
    await team.settle()
    assert "Stopped by" in words_of(team.message(message["ts"]))


TWO_OWNERS = (
    ApprovalRule(field=("subtitle",), approvers=(BEN, RUTH)),
    ApprovalRule(field=("keywords",), approvers=(AIKO,)),
)


@pytest.mark.parametrize(("who", "goes"), [(RUTH, False), (MIA, True)])
async def test_an_edit_of_something_else_lifts_no_stop_but_that_of_whoever_edits(
    tmp_path: Path, who: str, goes: bool
) -> None:
    approval = approvals(rules=TWO_OWNERS, undo_window=MINUTE)
    async with a_workspace(tmp_path, approval=approval, clock=HandClock()) as team:
        message = await team.propose(MIA, **GERMAN, Keywords="heft,notiz")
        await team.react(BEN, message)
        await team.react(AIKO, message)
        await team.says(message, "Pushes at")
        await team.press(who, message, "Stop")
        await team.says(message, "Stopped by")
        second = await edited(team, message)
        await team.react(AIKO, second)
        if not goes:
            assert f"@{who}" in words_of(await team.says(second, "Stopped by"))
            await wait(team, hours=1)
            await team.settle()
            assert team.asked("PATCH") == []
            await team.press(who, second, "Push after all")
        await team.says(second, "Pushed")
