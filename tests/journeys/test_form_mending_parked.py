"""A parked text is wrong: edited while its version is in review, voted on, parked again."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot.domain.proposals import Status
from bot.sandbox.cast import AIKO, BEN, MIA
from bot.settings import ApprovalRule
from tests.journeys.test_push_parked import PARKED, REVIEW, WAITING, parked, status
from tests.journeys.test_vote_vetoes import labels
from tests.journeys.ticking import become
from tests.workspace import Workspace, a_workspace, approvals, words_of

RULES = (
    ApprovalRule(field=("subtitle",), approvers=(BEN,)),
    ApprovalRule(field=("keywords",), approvers=(AIKO,)),
)


async def form(team: Workspace, message: Mapping[str, Any], who: str = MIA) -> str:
    await team.press(who, message, "Edit")
    await team.until(lambda: team.form(who), why=f"no form: {team.modal(who)}")
    return team.modal(who)


async def test_a_parked_text_is_edited_approved_anew_and_parked_again(
    workspace: Workspace,
) -> None:
    message = await parked(workspace)
    assert "Edit" in labels(workspace.message(message["ts"]))
    told = await form(workspace, message)
    assert "2.4.0 is In Review: once approved it is pushed when the version can be edited" in told
    assert workspace.value(MIA, "Keywords") == "notiz,heft"
    await workspace.fill(MIA, Keywords="notiz,heft,ruhe")
    await workspace.submit(MIA)
    assert not workspace.errors(MIA)
    second = await workspace.until(lambda: workspace._seeded({message["ts"]}))
    assert "Open" in words_of(second)
    assert await status(workspace) is Status.OPEN
    await workspace.says(message, "Replaced by revision 2")

    await workspace.react(BEN, second)
    await workspace.says(second, PARKED)
    assert workspace.asked("PATCH") == []
    await become(workspace, "REJECTED")
    await workspace.says(second, "Pushed")
    assert workspace.live("de-DE", "keywords", state="REJECTED") == "notiz,heft,ruhe"


async def test_votes_stay_for_what_an_edit_of_a_parked_proposal_leaves_alone(
    tmp_path: Path,
) -> None:
    async with a_workspace(tmp_path, approval=approvals(rules=RULES)) as team:
        message = await team.propose(
            MIA, "edit tidewell de-DE", Subtitle="Stilles Notizbuch", Keywords="notiz,heft"
        )
        await become(team, WAITING)
        await become(team, REVIEW)
        await team.react(BEN, message)
        await team.react(AIKO, message)
        await team.says(message, PARKED)
        await form(team, message)
        await team.fill(MIA, Keywords="notiz,heft,ruhe")
        await team.submit(MIA)
        second = await team.until(lambda: team._seeded({message["ts"]}))
        shown = words_of(await team.says(second, "1 of 1 for Subtitle"))
        assert "0 of 1 for Keywords" in shown
        await team.react(AIKO, second)
        await team.says(second, PARKED)


async def test_the_version_comes_back_while_a_parked_text_is_edited(workspace: Workspace) -> None:
    message = await parked(workspace)
    await form(workspace, message)
    await workspace.fill(MIA, Keywords="notiz,heft,ruhe")
    await become(workspace, "REJECTED")
    await workspace.says(message, "Pushed")
    await workspace.submit(MIA)
    said = " ".join(workspace.errors(MIA).values())
    assert "Proposal 1 is pushed by now and was not changed." in said


async def test_a_new_locale_that_is_parked_is_edited(workspace: Workspace) -> None:
    message = await workspace.propose(
        MIA, "edit tidewell ko", Name="조수 노트", Subtitle="조용한 노트", Description="노트"
    )
    await become(workspace, WAITING)
    await become(workspace, REVIEW)
    await workspace.react(BEN, message)
    await workspace.says(message, "Parked")
    await form(workspace, message)
    assert workspace.value(MIA, "Subtitle") == "조용한 노트"
    await workspace.fill(MIA, Subtitle="아주 조용한 노트")
    await workspace.submit(MIA)
    assert not workspace.errors(MIA)
    second = await workspace.until(lambda: workspace._seeded({message["ts"]}))
    await workspace.react(BEN, second)
    await workspace.says(second, "Parked")


async def test_a_parked_proposal_is_edited_after_a_restart_with_what_was_typed(
    workspace: Workspace,
) -> None:
    message = await parked(workspace)
    await form(workspace, message)
    await workspace.fill(MIA, Keywords="notiz,heft,ruhe")
    await workspace.settle()
    await workspace.close(MIA)
    await workspace.restart()
    await form(workspace, message)
    assert workspace.value(MIA, "Keywords") == "notiz,heft,ruhe"
