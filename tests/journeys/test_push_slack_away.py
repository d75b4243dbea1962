"""Slack is away while a push asks whether it is still approved: what happens at Apple meanwhile."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bot.sandbox.cast import BEN, MIA
from bot.sandbox.slack.web_api import Fault
from tests.journeys.ticking import version
from tests.workspace import TIDEWELL, Workspace, a_workspace, approvals, words_of

SUBTITLE = {"Subtitle": "Stilles Notizbuch"}
PROMOTIONAL = {"Promotional_text": "Jetzt mit Ordnern"}
BY_HAND = "Von Hand"


@pytest_asyncio.fixture
async def team(tmp_path: Path) -> AsyncIterator[Workspace]:
    window = approvals(undo_window=timedelta(minutes=1))
    async with a_workspace(tmp_path, approval=window) as one:
        yield one


async def waiting_for_slack(
    team: Workspace, method: str = "reactions.get", **texts: str
) -> tuple[Mapping[str, Any], Fault]:
    """Approve texts; their push has compared with Apple, and Slack is away when it asks."""
    message = await team.propose(MIA, "edit tidewell de-DE", **texts)
    await team.react(BEN, message)
    await team.says(message, "Approved")
    await team.settle()
    read, known = len(team.asked("GET")), len(team.refused(method, "internal_error"))
    fault = Fault(method=method, error="internal_error", status=500, times=10_000)
    team.slack.api.faults.append(fault)
    await team.until(lambda: len(team.refused(method, "internal_error")) > known)
    assert len(team.asked("GET")) > read
    return message, fault


async def away_for_a_while(team: Workspace) -> None:
    """Let more time pass than the first two waits of a push for Slack, less than the next."""
    for _ in range(6):
        await team.is_still()
        await team.pass_time(10)


@pytest.mark.parametrize("method", ["reactions.get", "users.info"])
async def test_a_text_that_changed_while_slack_was_away_goes_back_to_people(
    team: Workspace, method: str
) -> None:
    message, fault = await waiting_for_slack(team, method, **SUBTITLE)
    team.apple.edit(TIDEWELL, "de-DE", "subtitle", BY_HAND)
    await away_for_a_while(team)
    team.slack.api.faults.remove(fault)

    await team.says(message, "Stale")
    assert team.asked("PATCH") == []
    assert team.live("de-DE", "subtitle") == BY_HAND


async def test_a_text_that_changed_while_slack_was_away_a_second_time_goes_back_to_people(
    team: Workspace,
) -> None:
    message, fault = await waiting_for_slack(team, **SUBTITLE)
    read = len(team.asked("GET"))
    await team.until(lambda: len(team.asked("GET")) > read, why="Apple was not read again")
    team.apple.edit(TIDEWELL, "de-DE", "subtitle", BY_HAND)
    await away_for_a_while(team)
    team.slack.api.faults.remove(fault)

    await team.says(message, "Stale")
    assert team.asked("PATCH") == []


async def test_a_version_that_became_public_while_slack_was_away_is_marked_public(
    team: Workspace,
) -> None:
    message, fault = await waiting_for_slack(team, **PROMOTIONAL)
    team.apple.move(version(team)["id"], "READY_FOR_DISTRIBUTION")
    await away_for_a_while(team)
    team.slack.api.faults.remove(fault)

    await team.says(message, "Pushed")
    assert (await team.bot.desk.store.proposals.get(1)).live


async def test_a_version_that_became_public_while_slack_was_away_takes_only_what_may_change(
    team: Workspace,
) -> None:
    message, fault = await waiting_for_slack(team, Keywords="heft,notiz")
    team.apple.move(version(team)["id"], "READY_FOR_DISTRIBUTION")
    await away_for_a_while(team)
    team.slack.api.faults.remove(fault)

    shown = words_of(await team.says(message, "Failed"))
    assert "Until the next version, only the promotional text can change." in shown
    assert team.asked("PATCH") == []


async def test_a_vote_taken_back_while_apple_is_read_again_stops_the_push(team: Workspace) -> None:
    message, fault = await waiting_for_slack(team, **SUBTITLE)
    team.slack.api.faults.remove(fault)
    channel = team.slack.workspace.channels[team.settings.channel]
    read = len(team.asked("GET"))

    def taken_back() -> None:
        if len(team.asked("GET")) > read:
            channel.messages[message["ts"]].reactions.clear()

    team.apple.listen(taken_back)
    await team.says(message, "0 of 1")
    assert len(team.asked("GET")) > read
    assert team.asked("PATCH") == []


async def test_a_text_that_nobody_changed_while_slack_was_away_is_pushed(team: Workspace) -> None:
    message, fault = await waiting_for_slack(team, **SUBTITLE)
    await away_for_a_while(team)
    team.slack.api.faults.remove(fault)

    await team.says(message, "Pushed")
    assert team.live("de-DE", "subtitle") == SUBTITLE["Subtitle"]
    assert len(team.asked("PATCH")) == 1
