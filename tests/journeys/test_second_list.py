"""A second list that is misspelt, empty or unknown to Slack: nobody, and nothing taken away."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from bot.sandbox.cast import AIKO, BEN, MIA, RUTH
from bot.sandbox.slack.web_api import Fault
from tests.journeys.test_record import entries
from tests.journeys.test_vote_unseen import LEADS, set_members
from tests.journeys.ticking import in_hours, run, wait
from tests.journeys.timed_proposals import a_freeze
from tests.workspace import CROSS, Workspace, a_workspace, approvals, words_of

UNKNOWN = "S0NOSUCHGRP"
GERMAN = {"words": "edit tidewell de-DE", "Subtitle": "Stilles Heft"}
NOBODY = "of the second list adds nobody after 72 hours: mend marquee.toml."


def told(team: Workspace, message: Mapping[str, Any]) -> str:
    return words_of(team.message(message["ts"]))


@pytest.mark.parametrize("second", [UNKNOWN, "U0NOBODY", "U0GUEST", LEADS])
async def test_a_second_list_that_is_nobody_leaves_the_first_to_decide_and_is_told(
    tmp_path: Path, second: str
) -> None:
    async with a_workspace(tmp_path, approval=approvals(escalation=(second, RUTH))) as team:
        set_members(team)
        message = await team.propose(MIA, **GERMAN)
        await team.says(message, NOBODY)
        assert f"@{RUTH} {NOBODY}" not in told(team, message)
        await wait(team, hours=73)
        await run(team, "ask")
        assert NOBODY in told(team, message)
        await team.react(BEN, message)
        await team.says(message, "Pushed")
        bodies = [body for _, body in await entries(team, "decided")]
        assert all(need["unresolved"] == [second] for body in bodies for need in body["needs"])


async def test_who_can_be_resolved_on_a_second_list_decides_beside_a_group_that_cannot(
    tmp_path: Path,
) -> None:
    async with a_workspace(tmp_path, approval=approvals(escalation=(UNKNOWN, RUTH))) as team:
        message = await team.propose(MIA, **GERMAN)
        await wait(team, hours=73)
        await team.react(RUTH, message)
        await team.says(message, "Pushed")


async def test_a_rejection_by_the_first_list_still_ends_it(tmp_path: Path) -> None:
    async with a_workspace(tmp_path, approval=approvals(escalation=(UNKNOWN,))) as team:
        message = await team.propose(MIA, **GERMAN)
        await wait(team, hours=73)
        await team.react(AIKO, message, CROSS)
        await team.says(message, "Rejected by")


async def test_approvals_that_a_freeze_held_for_days_are_not_dropped_for_a_second_list(
    tmp_path: Path,
) -> None:
    freeze = a_freeze(starts=in_hours(-1), ends=in_hours(80))
    policy = approvals(escalation=(UNKNOWN,))
    async with a_workspace(tmp_path, approval=policy, freezes=(freeze,)) as team:
        message = await team.propose(MIA, **GERMAN)
        await team.react(BEN, message)
        await team.says(message, "It waits until the freeze")
        await wait(team, hours=76)
        await run(team, "reconcile")
        assert "It waits until the freeze" in told(team, message)
        await wait(team, hours=5)
        await run(team, "pushes")
        await team.says(message, "Pushed")


async def test_a_second_list_that_slack_refuses_to_tell_is_nobody(tmp_path: Path) -> None:
    async with a_workspace(tmp_path, approval=approvals(escalation=(LEADS,))) as team:
        message = await team.propose(MIA, **GERMAN)
        refused = Fault(method="usergroups.users.list", error="permission_denied", times=100)
        team.slack.api.faults.append(refused)
        await wait(team, hours=73)
        await team.react(BEN, message)
        await team.says(message, "Pushed")


async def test_a_group_of_the_first_list_that_is_unknown_still_stops_everything(
    tmp_path: Path,
) -> None:
    policy = approvals(approvers=(BEN, UNKNOWN), escalation=(UNKNOWN,))
    async with a_workspace(tmp_path, approval=policy) as team:
        message = await team.propose(MIA, **GERMAN)
        await wait(team, hours=73)
        await team.react(BEN, message)
        await team.says(message, "so nothing can be approved")
        assert team.asked("PATCH") == []
