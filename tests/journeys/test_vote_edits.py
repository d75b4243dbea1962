"""Votes and edits: what an edit left alone keeps its votes, and nothing else does."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from bot.sandbox.cast import AIKO, ASO, BEN, MIA, RUTH
from bot.sandbox.slack.payloads import reaction_event
from bot.sandbox.slack.web_api import Fault
from bot.settings import ApprovalRule
from tests.journeys.ticking import run
from tests.workspace import CHECK, CROSS, Workspace, a_workspace, approvals, words_of

GERMAN = {"words": "edit tidewell de-DE", "Subtitle": "Stilles Notizbuch"}
# The subtitle is Ben's, the keywords are Aiko's.
RULES = (
    ApprovalRule(field=("subtitle",), approvers=(BEN,)),
    ApprovalRule(field=("keywords",), approvers=(AIKO,)),
)


async def approved_and_edited(workspace: Workspace) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """Propose a subtitle and keywords, have Ben approve, let Mia edit the keywords.

    Return both messages, the earlier one first.
    """
    first = await workspace.propose(MIA, **GERMAN, Keywords="heft,notiz")
    await workspace.react(BEN, first)
    await workspace.says(first, "1 of")
    await workspace.press(MIA, first, "Edit")
    await workspace.until(lambda: workspace.form(MIA))
    await workspace.fill(MIA, Keywords="heft,notiz,ruhe")
    await workspace.submit(MIA)
    second = await workspace.until(lambda: workspace._seeded({first["ts"]}))
    return first, second


async def test_a_vote_goes_on_counting_for_what_an_edit_left_alone(tmp_path: Path) -> None:
    async with a_workspace(tmp_path, approval=approvals(rules=RULES)) as workspace:
        _, second = await approved_and_edited(workspace)
        shown = words_of(await workspace.says(second, "1 of 1 for Subtitle"))
        assert "0 of 1 for Keywords" in shown
        assert "as in revision 1" in shown
        assert workspace.asked("PATCH") == []

        await workspace.react(AIKO, second)
        await workspace.says(second, "Pushed")
        assert workspace.live("de-DE", "subtitle") == "Stilles Notizbuch"
        assert workspace.live("de-DE", "keywords") == "heft,notiz,ruhe"


async def test_a_vote_from_before_an_edit_is_taken_back_on_its_own_message_and_not_given(
    tmp_path: Path,
) -> None:
    async with a_workspace(tmp_path, approval=approvals(rules=RULES)) as workspace:
        first, second = await approved_and_edited(workspace)
        await workspace.says(second, "1 of 1 for Subtitle")
        # Until it says so, an approval under it counts for what the edit left alone.
        await workspace.says(first, "Replaced by revision 2")
        await workspace.unreact(BEN, first)
        await workspace.says(second, "0 of 1 for Subtitle")
        await workspace.react(BEN, first)
        await workspace.react(AIKO, second)
        await workspace.says(second, "1 of 1 for Keywords")
        await workspace.settle()
        assert "0 of 1 for Subtitle" in words_of(workspace.message(second["ts"]))
        assert workspace.asked("PATCH") == []


async def test_a_vote_from_before_an_edit_that_vanished_unheard_pushes_nothing(
    tmp_path: Path,
) -> None:
    async with a_workspace(tmp_path, approval=approvals(rules=RULES)) as workspace:
        first, second = await approved_and_edited(workspace)
        await workspace.says(second, "1 of 1 for Subtitle")
        workspace.slack.workspace.channels[ASO].messages[first["ts"]].reactions.clear()
        await workspace.react(AIKO, second)

        await workspace.says(second, "0 of 1 for Subtitle")
        await workspace.settle()
        assert workspace.asked("PATCH") == []


async def test_where_votes_are_not_kept_an_edit_begins_anew(tmp_path: Path) -> None:
    approval = approvals(rules=RULES, keep_votes=False)
    async with a_workspace(tmp_path, approval=approval) as workspace:
        _, second = await approved_and_edited(workspace)
        await workspace.says(second, "0 of 1 for Subtitle")


async def test_who_edits_loses_the_vote_they_gave_before(tmp_path: Path) -> None:
    async with a_workspace(tmp_path, approval=approvals(quorum=2)) as workspace:
        first = await workspace.propose(MIA, **GERMAN, Keywords="heft,notiz")
        await workspace.react(AIKO, first)
        await workspace.says(first, "1 of 2")
        await workspace.press(AIKO, first, "Edit")
        await workspace.until(lambda: workspace.form(AIKO))
        await workspace.fill(AIKO, Keywords="heft,notiz,ruhe")
        await workspace.submit(AIKO)
        second = await workspace.until(lambda: workspace._seeded({first["ts"]}))
        await workspace.settle()
        assert "1 of 2" not in words_of(workspace.message(second["ts"]))


async def test_two_accounts_of_one_person_are_one_voter(tmp_path: Path) -> None:
    approval = approvals(quorum=2, persons=(frozenset({BEN, AIKO}),))
    async with a_workspace(tmp_path, approval=approval) as workspace:
        message = await workspace.propose(MIA, **GERMAN)
        await workspace.react(BEN, message)
        await workspace.react(AIKO, message)
        await workspace.settle()
        assert "1 of 2" in words_of(workspace.message(message["ts"]))
        assert workspace.asked("PATCH") == []


async def test_a_proposal_says_when_too_few_people_could_ever_approve_it(tmp_path: Path) -> None:
    async with a_workspace(
        tmp_path, approval=approvals(approvers=(MIA, BEN), quorum=2)
    ) as workspace:
        message = await workspace.propose(MIA, **GERMAN)
        await workspace.says(message, "Too few people besides who wrote it")


async def edited(workspace: Workspace, first: Mapping[str, Any]) -> Mapping[str, Any]:
    """Let Mia edit the keywords and return the new message."""
    await workspace.press(MIA, first, "Edit")
    await workspace.until(lambda: workspace.form(MIA))
    await workspace.fill(MIA, Keywords="heft,notiz,ruhe")
    await workspace.submit(MIA)
    return await workspace.until(lambda: workspace._seeded({first["ts"]}))


def react_unheard(workspace: Workspace, who: str, message: Mapping[str, Any]) -> None:
    """Put an approval there of which no event comes."""
    shown = workspace.slack.workspace.channels[ASO].messages[message["ts"]]
    shown.reaction(CHECK).users.append(who)


async def test_a_vote_from_before_an_edit_whose_event_was_lost_counts_for_what_was_left_alone(
    tmp_path: Path,
) -> None:
    async with a_workspace(tmp_path, approval=approvals(rules=RULES)) as workspace:
        first = await workspace.propose(MIA, **GERMAN, Keywords="heft,notiz")
        await workspace.settle()
        react_unheard(workspace, BEN, first)
        second = await edited(workspace, first)
        shown = words_of(await workspace.says(second, "1 of 1 for Subtitle"))
        assert "0 of 1 for Keywords" in shown
        await workspace.react(AIKO, second)
        await workspace.says(second, "Pushed")


async def test_a_vote_whose_event_comes_after_the_edit_is_known_and_nobody_is_told_off(
    tmp_path: Path,
) -> None:
    async with a_workspace(tmp_path, approval=approvals(rules=RULES)) as workspace:
        first = await workspace.propose(MIA, **GERMAN, Keywords="heft,notiz")
        await workspace.settle()
        react_unheard(workspace, BEN, first)
        slack = workspace.slack.workspace
        late = reaction_event(
            slack, "reaction_added", BEN, slack.channels[ASO].messages[first["ts"]], CHECK
        )
        second = await edited(workspace, first)
        await workspace.says(first, "Replaced")
        await workspace.slack.events.deliver(late)
        await workspace.settle()
        assert workspace.private(BEN) == []
        assert "1 of 1 for Subtitle" in words_of(workspace.message(second["ts"]))


async def test_while_slack_does_not_show_the_earlier_votes_an_edit_goes_on_and_they_count_later(
    tmp_path: Path,
) -> None:
    async with a_workspace(tmp_path, approval=approvals(rules=RULES)) as workspace:
        first = await workspace.propose(MIA, **GERMAN, Keywords="heft,notiz")
        await workspace.settle()
        react_unheard(workspace, BEN, first)
        workspace.slack.api.faults.append(
            Fault(method="reactions.get", error="internal_error", status=500, times=6)
        )
        second = await edited(workspace, first)
        assert "0 of 1 for Subtitle" in words_of(workspace.message(second["ts"]))
        assert "Replaced" not in words_of(workspace.message(first["ts"]))
        await workspace.says(second, "1 of 1 for Subtitle")
        await workspace.says(first, "Replaced")


async def test_a_vote_on_the_earlier_message_before_it_says_that_it_was_replaced_counts(
    tmp_path: Path,
) -> None:
    async with a_workspace(tmp_path, approval=approvals(rules=RULES)) as workspace:
        first = await workspace.propose(MIA, **GERMAN, Keywords="heft,notiz")
        await workspace.settle()
        fault = Fault(method="reactions.get", error="internal_error", status=500, times=1000)
        workspace.slack.api.faults.append(fault)
        second = await edited(workspace, first)
        await workspace.react(BEN, first)
        await workspace.says(second, "1 of 1 for Subtitle")
        workspace.slack.api.faults.remove(fault)
        await workspace.says(first, "Replaced")
        assert workspace.private(BEN) == []
        await workspace.react(AIKO, second)
        await workspace.says(second, "Pushed")


async def test_a_rejection_before_an_edit_whose_event_was_lost_is_of_the_earlier_text(
    tmp_path: Path,
) -> None:
    async with a_workspace(tmp_path, approval=approvals(rules=RULES)) as workspace:
        first = await workspace.propose(MIA, **GERMAN, Keywords="heft,notiz")
        await workspace.settle()
        shown = workspace.slack.workspace.channels[ASO].messages[first["ts"]]
        shown.reaction(CROSS).users.append(BEN)
        second = await edited(workspace, first)
        await workspace.says(first, "Replaced")
        await workspace.settle()
        assert "0 of 1 for Subtitle" in words_of(workspace.message(second["ts"]))


@pytest.mark.parametrize("vanished", [True, False], ids=["and its vote vanished", "and it stands"])
async def test_nothing_is_approved_before_anybody_was_shown_the_text_that_an_edit_left(
    tmp_path: Path,
    vanished: bool,  # one case of two
) -> None:
    rules = approvals(rules=RULES)
    async with a_workspace(tmp_path, approval=rules, checked=False) as workspace:
        first = await workspace.propose(MIA, **GERMAN, Keywords="heft,notiz")
        before = workspace.live("de-DE", "keywords")
        await workspace.react(BEN, first)
        await workspace.says(first, "1 of")
        await workspace.settle()
        if vanished:
            workspace.slack.workspace.channels[ASO].messages[first["ts"]].reactions.clear()
        away = Fault(method="chat.postMessage", error="internal_error", times=1000)
        workspace.slack.api.faults.append(away)
        await workspace.press(MIA, first, "Edit")
        await workspace.until(lambda: workspace.form(MIA))
        await workspace.fill(MIA, Keywords=before)
        await workspace.submit(MIA)
        await workspace.react(RUTH, first)
        await run(workspace, "reconcile")
        await workspace.settle()
        assert workspace.asked("PATCH") == []

        workspace.slack.api.faults.remove(away)
        second = await workspace.until(lambda: workspace._seeded({first["ts"]}))
        await workspace.says(second, "0 of 1" if vanished else "Pushed")
        assert bool(workspace.asked("PATCH")) is not vanished


async def test_a_vote_of_before_an_edit_that_is_gone_unheard_is_missed_right_before_the_push(
    tmp_path: Path,
) -> None:
    async with a_workspace(tmp_path, approval=approvals(rules=RULES)) as workspace:
        first, second = await approved_and_edited(workspace)
        await workspace.says(second, "1 of 1 for Subtitle")
        await workspace.says(first, "Replaced by revision 2")
        await workspace.settle()
        workspace.slack.workspace.channels[ASO].messages[first["ts"]].reactions.clear()

        await workspace.react(AIKO, second)
        await workspace.settle()
        assert workspace.asked("PATCH") == []
