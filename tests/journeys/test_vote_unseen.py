"""Slack refuses to say something, or says a part of it: nothing is decided on that."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.domain.proposals import Status
from bot.sandbox.cast import AIKO, ASO, BEN, MIA, RUTH
from bot.sandbox.slack.web_api import Fault
from tests.clock import HandClock
from tests.journeys.test_push_parked import parked
from tests.journeys.ticking import run, wait
from tests.workspace import CROSS, Workspace, a_workspace, approvals, words_of

GERMAN = {"words": "edit tidewell de-DE", "Subtitle": "Stilles Notizbuch"}
LEADS = "S0ASOLEADS"


def react_unheard(team: Workspace, who: str, message: Any, emoji: str) -> None:
    """Put a reaction there of which no event comes."""
    shown = team.slack.workspace.channels[ASO].messages[message["ts"]]
    shown.reaction(emoji).users.append(who)


def set_members(team: Workspace, *members: str) -> None:
    groups = team.slack.workspace.groups
    groups[LEADS] = replace(groups[LEADS], members=members)


@pytest.mark.parametrize("code", ["ekm_access_denied", "team_added_to_org", "missing_scope"])
async def test_while_slack_refuses_to_say_who_rejects_nothing_is_pushed(
    workspace: Workspace, code: str
) -> None:
    message = await workspace.propose(MIA, **GERMAN)
    await workspace.settle()
    react_unheard(workspace, AIKO, message, CROSS)
    # Who Ben is comes first, at the vote and with the two as Slack shows them.
    fault = Fault(method="users.info", error=code, after=1, times=100)
    workspace.slack.api.faults.append(fault)
    await workspace.react(BEN, message)
    await workspace.settle()
    assert workspace.asked("PATCH") == []
    workspace.slack.api.faults.remove(fault)
    await run(workspace, "reconcile")
    await workspace.says(message, "Rejected")


async def test_a_list_of_reactions_that_is_cut_short_decides_nothing(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = await workspace.propose(MIA, **GERMAN)
    await workspace.settle()
    client = workspace.bot.desk.people._slack.client
    asked = client.reactions_get

    async def cut(**words: Any) -> Any:
        answer = await asked(**words)
        for one in answer["message"].get("reactions", []):
            one["users"] = [user for user in one["users"] if user != AIKO]
        return answer

    monkeypatch.setattr(client, "reactions_get", cut)
    react_unheard(workspace, AIKO, message, CROSS)
    await workspace.react(BEN, message)
    await workspace.settle()
    assert workspace.asked("PATCH") == []


async def test_no_vote_counts_while_slack_does_not_say_whether_the_channel_is_shared(
    workspace: Workspace,
) -> None:
    message = await workspace.propose(MIA, **GERMAN)
    await workspace.settle()
    await wait(workspace, hours=1)
    workspace.slack.workspace.channels[ASO].is_ext_shared = True
    fault = Fault(method="conversations.info", error="missing_scope", times=100)
    workspace.slack.api.faults.append(fault)
    await workspace.react(BEN, message)
    await workspace.settle()
    assert workspace.asked("PATCH") == []


async def test_a_channel_that_became_shared_a_moment_ago_counts_no_vote(
    workspace: Workspace,
) -> None:
    first = await workspace.propose(MIA, **GERMAN)
    await workspace.react(BEN, first)
    await workspace.says(first, "Pushed")
    second = await workspace.propose(MIA, "edit tidewell ja", Subtitle="静かなノート")
    sent = len(workspace.asked("PATCH"))
    workspace.slack.workspace.channels[ASO].is_ext_shared = True
    await workspace.react(BEN, second)
    await workspace.settle()
    assert len(workspace.asked("PATCH")) == sent


async def test_no_vote_is_lost_while_the_bot_is_out_of_the_channel(tmp_path: Path) -> None:
    async with a_workspace(tmp_path, approval=approvals(quorum=2)) as team:
        message = await team.propose(MIA, **GERMAN)
        await team.react(BEN, message)
        await team.says(message, "1 of 2")
        for code in ("channel_not_found", "not_in_channel"):
            await wait(team, hours=1)
            team.slack.api.faults.append(Fault(method="reactions.get", error=code))
            await run(team, "reconcile")
        assert "1 of 2" in words_of(team.message(message["ts"]))
        assert len([one for one in team.messages() if "Stilles" in words_of(one)]) == 1
        await team.react(AIKO, message)
        await team.says(message, "Pushed")


async def test_who_left_the_user_group_a_minute_ago_rejects_nothing(tmp_path: Path) -> None:
    async with a_workspace(tmp_path, approval=approvals(approvers=(LEADS,))) as team:
        message = await team.propose(MIA, **GERMAN)
        await team.settle()
        set_members(team, AIKO)
        await team.react(BEN, message, CROSS)
        await team.until(lambda: "not among the approvers" in " ".join(team.private(BEN)))
        assert await team.bot.desk.store.proposals.status(1) is Status.OPEN


async def test_who_joined_the_user_group_a_minute_ago_approves(tmp_path: Path) -> None:
    async with a_workspace(tmp_path, approval=approvals(approvers=(LEADS,))) as team:
        message = await team.propose(MIA, **GERMAN)
        await team.settle()
        set_members(team, AIKO, RUTH)
        await team.react(RUTH, message)
        await team.says(message, "Pushed")
        assert team.private(RUTH) == []


async def test_nothing_is_pushed_once_slack_does_not_know_a_group_that_decides(
    tmp_path: Path,
) -> None:
    approval = approvals(approvers=(LEADS, RUTH), undo_window=timedelta(minutes=1))
    async with a_workspace(tmp_path, approval=approval, clock=HandClock()) as team:
        message = await team.propose(MIA, **GERMAN)
        await team.react(RUTH, message)
        await team.says(message, "Pushes at")
        react_unheard(team, AIKO, message, CROSS)
        team.slack.api.faults.append(
            Fault(method="usergroups.users.list", error="no_such_subteam", times=100)
        )
        await wait(team, hours=1)
        await team.says(message, "not known to Slack")
        assert team.asked("PATCH") == []


async def test_a_voter_hears_that_slack_does_not_tell_who_is_in_the_group(tmp_path: Path) -> None:
    async with a_workspace(tmp_path, approval=approvals(approvers=(LEADS,))) as team:
        message = await team.propose(MIA, **GERMAN)
        await team.settle()
        await wait(team, hours=1)
        team.slack.api.faults.append(
            Fault(method="usergroups.users.list", error="missing_scope", times=100)
        )
        await team.react(BEN, message)
        await team.until(lambda: "cannot be counted now" in " ".join(team.private(BEN)))
        assert team.asked("PATCH") == []


async def test_a_deleted_message_and_a_lost_rejection_are_found_while_it_waits(
    tmp_path: Path,
) -> None:
    approval = approvals(undo_window=timedelta(hours=2))
    async with a_workspace(tmp_path, approval=approval, clock=HandClock()) as team:
        message = await team.propose(MIA, **GERMAN)
        await team.react(BEN, message)
        await team.says(message, "Pushes at")
        del team.slack.workspace.channels[ASO].messages[message["ts"]]
        await run(team, "reconcile")
        again = await team.until(lambda: team._seeded({message["ts"]}))
        assert await team.bot.desk.store.proposals.status(1) is Status.OPEN
        await team.react(BEN, again)
        await team.says(again, "Pushes at")
        react_unheard(team, AIKO, again, CROSS)
        await run(team, "reconcile")
        await team.says(again, "Rejected")


async def test_a_parked_proposal_whose_message_was_deleted_is_open_again(
    workspace: Workspace,
) -> None:
    message = await parked(workspace)
    del workspace.slack.workspace.channels[ASO].messages[message["ts"]]
    await run(workspace, "reconcile")
    await workspace.settle()
    assert await workspace.bot.desk.store.proposals.status(1) is Status.OPEN
