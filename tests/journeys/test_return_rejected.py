"""Texts that return by themselves and that somebody rejects, before they went."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

from bot.domain.proposals import Status
from bot.sandbox.cast import ASO, BEN, RUTH
from bot.sandbox.slack.web_api import Fault
from tests.journeys.test_push_returns import arrived, returning, status
from tests.journeys.test_record import entries
from tests.journeys.ticking import in_hours, run, wait
from tests.journeys.timed_proposals import NEW, a_freeze, promotional
from tests.workspace import CROSS, Workspace, a_workspace, words_of

HELD = "It waits until the freeze"


@contextlib.asynccontextmanager
async def held_return(
    folder: Path, *, until: float = 100
) -> AsyncIterator[tuple[Workspace, Mapping[str, Any], Mapping[str, Any]]]:
    """Yield a workspace, the message of a text, and that of its return, which a freeze holds."""
    freeze = a_freeze(starts=in_hours(70), ends=in_hours(until))
    async with a_workspace(folder, freezes=(freeze,)) as team:
        message = await arrived(team)
        await wait(team, hours=73)
        await run(team, "pushes")
        reply = await team.until(lambda: returning(team, message, HELD))
        yield team, message, reply


def react_unheard(team: Workspace, who: str, reply: Mapping[str, Any]) -> None:
    """Let somebody reject it without an event that tells of it."""
    workspace = team.slack.workspace
    workspace.react(who, workspace.channels[ASO].messages[reply["ts"]], CROSS)


async def thawed(team: Workspace, *, hours: float = 30) -> None:
    """Let the freeze end and everything go that goes then."""
    await wait(team, hours=hours)
    await run(team, "pushes", "pushes")


async def test_a_rejection_ends_a_return_that_is_held(tmp_path: Path) -> None:
    async with held_return(tmp_path) as (team, message, reply):
        await team.react(BEN, reply, CROSS)
        told = await team.until(lambda: returning(team, message, "Rejected by"))
        assert f"@{BEN}" in words_of(told)
        await thawed(team)
        assert await status(team, 2) is Status.REJECTED
        assert promotional(team) == NEW


async def test_a_rejection_of_a_return_that_was_taken_back_lets_it_go_without_new_votes(
    tmp_path: Path,
) -> None:
    async with held_return(tmp_path) as (team, message, reply):
        await team.react(BEN, reply, CROSS)
        await team.until(lambda: returning(team, message, "Rejected by"))
        await team.unreact(BEN, reply, CROSS)
        await team.until(lambda: returning(team, message, HELD))
        assert promotional(team) == NEW
        await thawed(team)
        assert await status(team, 2) is Status.PUSHED
        assert promotional(team) != NEW
        queued = [body for one, body in await entries(team, "push") if one.proposal == 2]
        assert [body["approvers"] for body in queued if body["did"] == "queued"] == [[BEN], [BEN]]


async def test_a_rejection_of_a_return_whose_event_was_lost_is_found_before_its_push(
    tmp_path: Path,
) -> None:
    async with held_return(tmp_path) as (team, message, reply):
        react_unheard(team, BEN, reply)
        await thawed(team)
        await team.until(lambda: returning(team, message, "Rejected by"))
        assert promotional(team) == NEW
        team.slack.workspace.channels[ASO].messages[reply["ts"]].reactions.clear()
        await run(team, "reconcile")
        await thawed(team)
        assert await status(team, 2) is Status.PUSHED


async def test_a_rejection_of_a_return_whose_event_was_lost_is_found_when_comparing(
    tmp_path: Path,
) -> None:
    async with held_return(tmp_path) as (team, message, reply):
        react_unheard(team, BEN, reply)
        await run(team, "reconcile")
        await team.until(lambda: returning(team, message, "Rejected by"))


async def test_who_may_not_reject_a_return_is_told_so_and_it_goes_on(tmp_path: Path) -> None:
    async with held_return(tmp_path) as (team, _, reply):
        await team.react(RUTH, reply, CROSS)
        await team.until(lambda: "You are not among the approvers" in str(team.private(RUTH)))
        ((entry, _),) = [one for one in await entries(team, "refused") if one[0].proposal == 2]
        assert entry.actor == RUTH
        await thawed(team)
        assert await status(team, 2) is Status.PUSHED


async def test_an_approval_of_a_return_that_asks_for_none_is_left_alone(tmp_path: Path) -> None:
    async with held_return(tmp_path) as (team, _, reply):
        await team.react(RUTH, reply)
        await team.settle()
        assert team.private(RUTH) == []
        await thawed(team)
        assert await status(team, 2) is Status.PUSHED


async def test_a_return_whose_message_was_deleted_is_posted_again_and_goes(
    tmp_path: Path,
) -> None:
    async with held_return(tmp_path) as (team, message, reply):
        del team.slack.workspace.channels[ASO].messages[reply["ts"]]
        await run(team, "reconcile")
        again = await team.until(lambda: returning(team, message, HELD))
        assert again["ts"] != reply["ts"]
        await thawed(team)
        assert await status(team, 2) is Status.PUSHED


async def test_a_return_that_was_long_held_gives_days_to_take_a_rejection_back(
    tmp_path: Path,
) -> None:
    async with held_return(tmp_path, until=24 * 20) as (team, message, reply):
        await wait(team, days=10)
        await team.react(BEN, reply, CROSS)
        await team.until(lambda: returning(team, message, "Rejected by"))
        await wait(team, days=1)
        await team.unreact(BEN, reply, CROSS)
        await team.until(lambda: returning(team, message, HELD))
        await thawed(team, hours=24 * 8)
        assert await status(team, 2) is Status.PUSHED


async def test_a_return_waits_while_slack_is_away_and_goes_by_itself_then(
    tmp_path: Path,
) -> None:
    async with held_return(tmp_path) as (team, *_):
        away = Fault(method="reactions.get", error="internal_error", status=503, times=1000)
        team.slack.api.faults.append(away)
        await thawed(team)
        await wait(team, hours=1)
        assert await status(team, 2) is Status.APPROVED
        assert promotional(team) == NEW
        team.slack.api.faults.remove(away)
        await wait(team, hours=1)
        await run(team, "pushes")
        assert await status(team, 2) is Status.PUSHED
