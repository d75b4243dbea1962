"""Somebody deletes the message of a rejected proposal: it is posted again, and stays rejected."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot.domain.proposals import Status
from bot.sandbox.cast import AIKO, ASO, BEN, MIA
from tests.clock import HandClock
from tests.journeys.test_vote_vetoes import GERMAN, THUMB, rejected, status
from tests.journeys.ticking import in_hours, run, wait
from tests.journeys.timed_proposals import BEFORE, propose
from tests.workspace import CHECK, CROSS, Workspace, a_workspace, approvals, words_of

NAMED_HERE = "reacts here and takes that off again"


def delete(team: Workspace, message: Mapping[str, Any]) -> None:
    del team.slack.workspace.channels[ASO].messages[message["ts"]]


async def posted_again(team: Workspace, *who: str) -> Mapping[str, Any]:
    """Have people reject a proposal, delete its message, and return the new one."""
    message = await rejected(team, *who)
    await team.settle()
    delete(team, message)
    await run(team, "reconcile")
    again = await team.until(lambda: team._seeded({message["ts"]}), why="it was not posted again")
    await team.settle()
    return again


async def test_a_rejected_proposal_whose_message_was_deleted_is_posted_again_as_rejected(
    workspace: Workspace,
) -> None:
    again = await posted_again(workspace, BEN)
    shown = words_of(workspace.message(again["ts"]))
    assert "Rejected by  @" + BEN in shown
    assert NAMED_HERE in shown
    for _ in range(2):
        await run(workspace, "reconcile")
    await workspace.restart()
    await run(workspace, "reconcile")
    assert await status(workspace) is Status.REJECTED
    assert [one for one in workspace.messages() if len(one.get("reactions", [])) >= 2] == [
        workspace.message(again["ts"])
    ]


async def test_who_rejected_it_takes_that_back_on_the_new_message(workspace: Workspace) -> None:
    again = await posted_again(workspace, BEN)
    await workspace.react(BEN, again, CROSS)
    await workspace.until(lambda: NAMED_HERE not in words_of(workspace.message(again["ts"])))
    await run(workspace, "reconcile")
    assert await status(workspace) is Status.REJECTED
    await workspace.unreact(BEN, again, CROSS)
    await workspace.says(again, "Open")
    await workspace.react(AIKO, again)
    await workspace.says(again, "Pushed")


async def test_another_rejecting_emoji_on_the_new_message_stands_for_the_lost_one(
    workspace: Workspace,
) -> None:
    again = await posted_again(workspace, BEN)
    await workspace.react(BEN, again, THUMB)
    await workspace.settle()
    await workspace.unreact(BEN, again, THUMB)
    await workspace.says(again, "Open")


async def test_a_rejection_taken_back_on_the_new_message_unheard_is_found_when_comparing(
    workspace: Workspace,
) -> None:
    again = await posted_again(workspace, BEN)
    reactions = workspace.slack.workspace.channels[ASO].messages[again["ts"]].reaction(CROSS)
    reactions.users.append(BEN)
    await run(workspace, "reconcile")
    assert await status(workspace) is Status.REJECTED
    reactions.users.remove(BEN)
    await run(workspace, "reconcile")
    await workspace.says(again, "Open")


async def test_each_of_several_who_rejected_it_has_to_take_it_back(workspace: Workspace) -> None:
    again = await posted_again(workspace, BEN, AIKO)
    await workspace.react(BEN, again, CROSS)
    await workspace.unreact(BEN, again, CROSS)
    await workspace.until(lambda: f"@{BEN}" not in words_of(workspace.message(again["ts"])))
    await run(workspace, "reconcile")
    assert await status(workspace) is Status.REJECTED
    await workspace.react(AIKO, again, THUMB)
    await workspace.unreact(AIKO, again, THUMB)
    await workspace.says(again, "Open")


async def test_a_rejection_holds_when_the_message_is_deleted_a_second_time(
    workspace: Workspace,
) -> None:
    again = await posted_again(workspace, BEN)
    delete(workspace, again)
    await run(workspace, "reconcile")
    third = await workspace.until(lambda: workspace._seeded({again["ts"]}))
    await run(workspace, "reconcile")
    assert await status(workspace) is Status.REJECTED
    await workspace.react(BEN, third, CROSS)
    await workspace.unreact(BEN, third, CROSS)
    await workspace.says(third, "Open")


async def test_approvals_of_the_deleted_message_do_not_count_once_it_is_open_again(
    tmp_path: Path,
) -> None:
    async with a_workspace(tmp_path, approval=approvals(quorum=2)) as team:
        message = await team.propose(MIA, **GERMAN)
        await team.react(AIKO, message, CHECK)
        await team.says(message, "1 of 2")
        await team.react(BEN, message, CROSS)
        await team.says(message, "Rejected")
        await team.settle()
        delete(team, message)
        await run(team, "reconcile")
        again = await team.until(lambda: team._seeded({message["ts"]}))
        await team.react(BEN, again, CROSS)
        await team.unreact(BEN, again, CROSS)
        shown = words_of(await team.says(again, "Open"))
        assert "0 of 2" in shown
        assert team.asked("PATCH") == []


async def test_once_its_time_is_over_a_rejected_message_is_not_posted_again(
    tmp_path: Path,
) -> None:
    async with a_workspace(tmp_path, clock=HandClock()) as team:
        message = await rejected(team, BEN)
        await team.settle()
        delete(team, message)
        await wait(team, days=8)
        await run(team, "reconcile")
        assert [one for one in team.messages() if one.get("reactions")] == []
        assert await status(team) is Status.REJECTED


async def test_a_rejected_message_is_posted_again_for_as_long_as_its_own_time_lets_it_live(
    workspace: Workspace,
) -> None:
    message = await propose(workspace, times={BEFORE: in_hours(20 * 24)})
    await workspace.react(BEN, message)
    await workspace.says(message, "It waits until")
    await wait(workspace, days=15)
    await workspace.react(BEN, message, CROSS)
    await workspace.says(message, "Rejected by")
    await workspace.settle()
    delete(workspace, message)
    await run(workspace, "reconcile")
    again = await workspace.until(lambda: workspace._seeded({message["ts"]}))
    assert "Rejected" in words_of(again)


async def test_a_reason_is_still_asked_for_under_the_new_message(workspace: Workspace) -> None:
    again = await posted_again(workspace, BEN)
    await workspace.press(BEN, again, "Say why")
    await workspace.until(lambda: workspace.slack.modals(BEN))
    await workspace.fill_in(BEN, "Why do you reject it?", "The subtitle repeats the name.")
    await workspace.submit(BEN)
    await workspace.says(again, "The subtitle repeats the name.")
    assert await status(workspace) is Status.REJECTED
    assert MIA in words_of(workspace.message(again["ts"]))
