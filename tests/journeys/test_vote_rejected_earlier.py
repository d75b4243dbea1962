"""A rejection on an earlier revision: what it was about is not pushed by approvals of before."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from bot.sandbox.cast import AIKO, ASO, BEN, MIA, RUTH
from bot.sandbox.slack.payloads import reaction_event
from bot.sandbox.slack.web_api import Fault
from bot.settings import ApprovalRule
from tests.journeys.test_vote_edits import GERMAN, edited
from tests.workspace import CHECK, CROSS, Workspace, a_workspace, approvals, words_of

# Ben and Ruth decide the subtitle, which no edit here touches, and Aiko the keywords.
RULES = (
    ApprovalRule(field=("subtitle",), approvers=(BEN, RUTH)),
    ApprovalRule(field=("keywords",), approvers=(AIKO,)),
)


async def approved_by_ben(team: Workspace) -> Mapping[str, Any]:
    first = await team.propose(MIA, **GERMAN, Keywords="heft,notiz")
    await team.react(BEN, first)
    await team.says(first, "1 of")
    await team.settle()
    return first


def slack_shows_no_reactions(team: Workspace) -> Fault:
    fault = Fault(method="reactions.get", error="internal_error", status=500, times=100_000)
    team.slack.api.faults.append(fault)
    return fault


async def asked_anew(team: Workspace, second: Mapping[str, Any]) -> None:
    """Check that the rejected text waits for somebody who approves it after that."""
    await team.react(AIKO, second)
    await team.says(second, "1 of 1 for Keywords")
    await team.settle()
    assert "0 of 1 for Subtitle" in words_of(team.message(second["ts"]))
    assert team.asked("PATCH") == []
    await team.react(BEN, second)
    await team.says(second, "Pushed")


@pytest.mark.parametrize("comes", ["never", "after the edit"])
async def test_a_rejected_text_that_an_edit_left_alone_needs_new_approvals(
    tmp_path: Path, comes: str
) -> None:
    async with a_workspace(tmp_path, approval=approvals(rules=RULES)) as team:
        first = await approved_by_ben(team)
        shown = team.slack.workspace.channels[ASO].messages[first["ts"]]
        shown.reaction(CROSS).users.append(RUTH)
        late = reaction_event(team.slack.workspace, "reaction_added", RUTH, shown, CROSS)
        second = await edited(team, first)
        if comes != "never":
            await team.slack.events.deliver(late)
        await asked_anew(team, second)


async def test_so_does_one_whose_rejection_was_heard_while_slack_could_not_be_asked(
    tmp_path: Path,
) -> None:
    async with a_workspace(tmp_path, approval=approvals(rules=RULES)) as team:
        first = await approved_by_ben(team)
        fault = slack_shows_no_reactions(team)
        await team.react(RUTH, first, CROSS)
        await team.settle()
        second = await edited(team, first)
        team.slack.api.faults.remove(fault)
        await asked_anew(team, second)


async def test_so_does_one_rejected_under_a_message_that_does_not_say_yet_that_it_was_replaced(
    tmp_path: Path,
) -> None:
    async with a_workspace(tmp_path, approval=approvals(rules=RULES)) as team:
        first = await approved_by_ben(team)
        fault = slack_shows_no_reactions(team)
        second = await edited(team, first)
        assert "Replaced" not in words_of(team.message(first["ts"]))
        await team.react(RUTH, first, CROSS)
        await team.until(lambda: team.private(RUTH))
        assert "Vote on its message instead" in team.private(RUTH)[0]
        team.slack.api.faults.remove(fault)
        await asked_anew(team, second)


async def test_whoever_takes_the_earlier_rejection_back_gives_the_approvals_their_weight_again(
    tmp_path: Path,
) -> None:
    async with a_workspace(tmp_path, approval=approvals(rules=RULES)) as team:
        first = await approved_by_ben(team)
        shown = team.slack.workspace.channels[ASO].messages[first["ts"]]
        shown.reaction(CROSS).users.append(RUTH)
        second = await edited(team, first)
        await team.says(first, "Replaced")
        await team.says(second, "0 of 1 for Subtitle")
        await team.unreact(RUTH, first, CROSS)
        await team.says(second, "1 of 1 for Subtitle")
        await team.react(AIKO, second)
        await team.says(second, "Pushed")


async def test_a_person_rejects_also_by_an_account_that_no_list_names(tmp_path: Path) -> None:
    joined = approvals(approvers=(BEN, AIKO), persons=(frozenset({BEN, RUTH}),))
    async with a_workspace(tmp_path, approval=joined) as team:
        message = await team.propose(MIA, **GERMAN)
        await team.react(RUTH, message, CROSS)
        await team.says(message, "Rejected")
        await team.react(BEN, message, CHECK)
        await team.settle()
        assert team.asked("PATCH") == []
