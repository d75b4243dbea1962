"""A channel that the bot is let into again hears what was to be said there, once and in order."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.sandbox.cast import ASO, NOTES
from bot.sandbox.slack.web_api import Fault
from bot.settings import AppSettings
from tests.journeys.ticking import become, run, wait
from tests.workspace import Workspace, a_workspace, words_of

STATES = ("WAITING_FOR_REVIEW", "IN_REVIEW", "PENDING_DEVELOPER_RELEASE")


def lock_out(team: Workspace, channel: str) -> None:
    team.slack.workspace.channels[channel].members.remove(team.slack.workspace.bot_user)


def let_in(team: Workspace, channel: str) -> None:
    team.slack.workspace.channels[channel].members.append(team.slack.workspace.bot_user)


def told(team: Workspace, channel: str) -> list[str]:
    return [words_of(one) for one in team.slack.messages(channel)]


async def goes_by(team: Workspace, *, hours: float, times: int = 1) -> None:
    for _ in range(times):
        await wait(team, hours=hours)
        await team.settle()


async def test_what_a_channel_missed_without_the_bot_is_said_in_order_when_it_is_back(
    workspace: Workspace,
) -> None:
    await run(workspace, "watch")
    lock_out(workspace, ASO)
    for state in STATES:
        await become(workspace, state)
    await goes_by(workspace, hours=12, times=2)
    assert told(workspace, ASO) == []
    await workspace.restart()
    let_in(workspace, ASO)
    await goes_by(workspace, hours=1)

    found = told(workspace, ASO)
    assert len(found) == 3
    for words, name in zip(found, ("Waiting for Review", "In Review", "Pending"), strict=True):
        assert name in words


@pytest.mark.parametrize("code", ["is_archived", "token_revoked", "invalid_auth", "missing_scope"])
async def test_what_somebody_can_mend_delays_a_message_and_loses_none(
    workspace: Workspace, code: str
) -> None:
    await run(workspace, "watch")
    workspace.slack.api.faults.append(Fault(method="chat.postMessage", error=code, times=5))
    await become(workspace, "IN_REVIEW")
    await goes_by(workspace, hours=0.25, times=6)

    assert len([one for one in workspace.told() if "2.4.0" in one]) == 1


async def test_a_message_that_slack_cannot_take_as_it_is_holds_nothing_up(
    workspace: Workspace,
) -> None:
    await run(workspace, "watch")
    workspace.slack.api.faults.append(Fault(method="chat.postMessage", error="invalid_blocks"))
    await become(workspace, "WAITING_FOR_REVIEW")
    await become(workspace, "IN_REVIEW")

    (only,) = workspace.told()
    assert "In Review" in only


async def test_a_channel_that_stays_closed_is_not_told_what_is_older_than_a_week(
    workspace: Workspace,
) -> None:
    await run(workspace, "watch")
    lock_out(workspace, ASO)
    await become(workspace, "WAITING_FOR_REVIEW")
    await goes_by(workspace, hours=6 * 24)
    await become(workspace, "IN_REVIEW")
    await goes_by(workspace, hours=36)
    let_in(workspace, ASO)
    await goes_by(workspace, hours=1)

    (only,) = told(workspace, ASO)
    assert "In Review" in only.partition("It was")[0]


async def test_the_general_channel_hears_once_that_another_cannot_be_written_to(
    tmp_path: Path,
) -> None:
    apps = (AppSettings(bundle_id="com.example.tidewell", channel=NOTES),)
    async with a_workspace(tmp_path, apps=apps) as team:
        await run(team, "watch")
        lock_out(team, NOTES)
        for state in STATES:
            await become(team, state)
        await goes_by(team, hours=12, times=2)
        await team.restart()
        await goes_by(team, hours=1)

        (only,) = told(team, ASO)
        assert "/invite" in only
        let_in(team, NOTES)
        await goes_by(team, hours=1)
        assert len(told(team, NOTES)) == 3
        assert len(told(team, ASO)) == 1
