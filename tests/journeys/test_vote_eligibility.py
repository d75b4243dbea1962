"""Whose reaction is a vote, which emoji are votes, and what everybody else is told."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.sandbox.cast import AIKO, ASO, BEN, GUEST, MIA, OTHER_BOT, RUTH, STRANGER
from bot.sandbox.slack.web_api import Fault
from tests.workspace import CHECK, CROSS, Workspace, a_workspace, approvals, words_of

GERMAN = {"words": "edit tidewell de-DE", "Subtitle": "Stilles Notizbuch"}


def refusals(workspace: Workspace, who: str) -> list[str]:
    return [told for told in workspace.private(who) if "vote does not count" in told]


def deactivate(workspace: Workspace, who: str) -> None:
    people = workspace.slack.workspace.people
    people[who] = replace(people[who], deleted=True)


@pytest.mark.parametrize(
    ("who", "why"),
    [
        (MIA, "You wrote or edited"),
        (GUEST, "Guests"),
        (STRANGER, "another workspace"),
        (OTHER_BOT, "Bots"),
        (RUTH, "not among the approvers"),
    ],
)
@pytest.mark.parametrize("emoji", [CHECK, CROSS])
async def test_a_vote_that_does_not_count_is_answered_to_that_person_alone(
    workspace: Workspace, who: str, why: str, emoji: str
) -> None:
    message = await workspace.propose(MIA, **GERMAN)
    public = len(workspace.messages())

    await workspace.react(who, message, emoji)
    await workspace.until(lambda: refusals(workspace, who))

    assert why in refusals(workspace, who)[0]
    assert len(workspace.messages()) == public
    assert all(not refusals(workspace, other) for other in {MIA, BEN, RUTH} - {who})
    assert "Open" in words_of(workspace.message(message["ts"]))


async def test_a_person_is_told_once_a_revision_however_often_they_react(
    workspace: Workspace,
) -> None:
    message = await workspace.propose(MIA, **GERMAN)
    for emoji in (CHECK, "+1", CROSS):
        await workspace.react(RUTH, message, emoji)
    await workspace.settle()
    assert len(refusals(workspace, RUTH)) == 1


async def test_a_person_is_told_again_about_the_next_revision(workspace: Workspace) -> None:
    message = await workspace.propose(MIA, **GERMAN)
    await workspace.react(RUTH, message)
    await workspace.until(lambda: workspace.private(RUTH))
    await workspace.press(MIA, message, "Edit")
    await workspace.until(lambda: workspace.form(MIA))
    await workspace.fill(MIA, Subtitle="Ganz stilles Heft")
    await workspace.submit(MIA)
    new = await workspace.until(
        lambda: next(
            (m for m in workspace.messages() if m["ts"] > message["ts"] and m["reactions"]), None
        )
    )
    await workspace.react(RUTH, new)
    await workspace.until(lambda: len(workspace.private(RUTH)) == 2)


async def test_who_was_deactivated_before_the_vote_was_read_does_not_count(
    workspace: Workspace,
) -> None:
    message = await workspace.propose(MIA, **GERMAN)
    workspace.slack.api.faults.append(
        Fault(method="users.info", error="ratelimited", status=429, times=1)
    )
    await workspace.react(BEN, message)
    deactivate(workspace, BEN)
    await workspace.settle()
    assert workspace.asked("PATCH") == []
    assert "0 of 1" in words_of(workspace.message(message["ts"]))


@pytest.mark.parametrize(
    "emoji", ["eyes", "tada", "white_check_mark_button", "ballot_box_with_check"]
)
async def test_an_emoji_that_is_no_sign_is_ignored_in_silence(
    workspace: Workspace, emoji: str
) -> None:
    message = await workspace.propose(MIA, **GERMAN)
    for who in (BEN, GUEST):
        await workspace.react(who, message, emoji)
    await workspace.settle()
    assert workspace.asked("PATCH") == []
    assert workspace.private(BEN) == workspace.private(GUEST) == []


@pytest.mark.parametrize("emoji", ["+1::skin-tone-5", "thumbsup", "heavy_check_mark"])
async def test_skin_tones_and_second_names_count(workspace: Workspace, emoji: str) -> None:
    message = await workspace.propose(MIA, **GERMAN)
    await workspace.react(BEN, message, emoji)
    await workspace.says(message, "Pushed")


async def test_a_vote_on_a_message_that_is_no_proposal_is_ignored(workspace: Workspace) -> None:
    await workspace.propose(MIA, **GERMAN)
    await workspace.slack.say(BEN, ASO, "Stilles Notizbuch, anybody?")
    other = workspace.messages()[-1]
    await workspace.react(BEN, other)
    await workspace.react(GUEST, other)
    await workspace.settle()
    assert workspace.asked("PATCH") == []
    assert workspace.private(GUEST) == []


async def test_a_vote_in_the_thread_is_no_vote(workspace: Workspace) -> None:
    message = await workspace.propose(MIA, "edit tidewell de-DE", Description="Viel Neues. " * 200)
    reply = (await workspace.until(lambda: workspace.thread(message)))[0]
    await workspace.react(BEN, reply)
    await workspace.settle()
    assert workspace.asked("PATCH") == []


async def test_an_approver_who_is_deactivated_before_the_push_stops_it(
    workspace: Workspace,
) -> None:
    message = await workspace.propose(MIA, **GERMAN)
    workspace.slack.api.faults.append(
        Fault(method="reactions.get", error="ratelimited", status=429, after=1)
    )
    await workspace.react(BEN, message)
    await workspace.says(message, "Approved")
    deactivate(workspace, BEN)

    await workspace.until(lambda: workspace.thread(message))
    await workspace.settle()
    assert workspace.asked("PATCH") == []
    shown = words_of(workspace.message(message["ts"]))
    assert "Open" in shown
    assert "0 of 1" in shown
    reply = words_of(workspace.thread(message)[-1])
    assert f"@{MIA}" in reply
    assert "does not count any more" in reply

    await workspace.react(AIKO, message)
    await workspace.says(message, "Pushed")


async def test_an_approver_who_leaves_the_user_group_before_the_push_stops_it(
    tmp_path: Path,
) -> None:
    async with a_workspace(tmp_path, approval=approvals(approvers=("S0ASOLEADS",))) as workspace:
        message = await workspace.propose(MIA, **GERMAN)
        workspace.slack.api.faults.append(
            Fault(method="reactions.get", error="ratelimited", status=429, after=1)
        )
        await workspace.react(BEN, message)
        await workspace.says(message, "Approved")
        groups = workspace.slack.workspace.groups
        groups["S0ASOLEADS"] = replace(groups["S0ASOLEADS"], members=(AIKO,))

        await workspace.says(message, "0 of 1")
        assert workspace.asked("PATCH") == []


async def test_reactions_that_do_not_count_cost_no_questions_about_user_groups(
    tmp_path: Path,
) -> None:
    async with a_workspace(tmp_path, approval=approvals(approvers=("S0ASOLEADS",))) as workspace:
        message = await workspace.propose(MIA, **GERMAN)
        for _ in range(12):
            await workspace.react(GUEST, message)
            await workspace.unreact(GUEST, message)
        await workspace.settle()
        assert len(workspace.called("usergroups.users.list")) <= 1

        # Who may have joined it is asked about once, before they are told no.
        for _ in range(12):
            await workspace.react(RUTH, message)
            await workspace.unreact(RUTH, message)
            await workspace.settle()
        assert len(workspace.called("usergroups.users.list")) <= 2

        await workspace.react(BEN, message)
        await workspace.says(message, "Pushed")
        assert len(workspace.called("usergroups.users.list")) <= 4


async def test_another_reason_is_told_as_well(workspace: Workspace) -> None:
    message = await workspace.propose(MIA, **GERMAN)
    await workspace.react(BEN, message, CROSS)
    await workspace.says(message, "Rejected")
    await workspace.react(RUTH, message)
    await workspace.until(lambda: workspace.private(RUTH))
    await workspace.unreact(BEN, message, CROSS)
    await workspace.says(message, "Open")
    await workspace.unreact(RUTH, message)
    await workspace.react(RUTH, message)
    await workspace.until(lambda: "not among the approvers" in " ".join(workspace.private(RUTH)))
