"""One rejection ends it, who gave it may take it back, and says why when asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from bot.domain.proposals import Status
from bot.sandbox.cast import AIKO, ASO, BEN, MIA, RUTH
from bot.sandbox.slack.payloads import reaction_event
from tests.clock import HandClock
from tests.journeys.ticking import run, wait
from tests.workspace import CHECK, CROSS, Workspace, a_workspace, approvals, words_of

GERMAN = {"words": "edit tidewell de-DE", "Subtitle": "Stilles Notizbuch"}
THUMB = "-1"


def labels(message: Mapping[str, Any]) -> list[str]:
    """Return what stands on the buttons under a message."""
    rows = [block["elements"] for block in message["blocks"] if block["type"] == "actions"]
    return [element["text"]["text"] for row in rows for element in row]


async def rejected(team: Workspace, *who: str) -> Mapping[str, Any]:
    """Propose, let people reject it, and return its message."""
    message = await team.propose(MIA, **GERMAN)
    for one in who:
        await team.react(one, message, CROSS)
        await team.says(message, f"@{one}")
        await team.says(message, "Rejected")
    return team.message(message["ts"])


async def status(team: Workspace) -> Status | None:
    return await team.bot.desk.store.proposals.status(1)


async def test_a_rejection_taken_back_opens_it_with_its_whole_time(workspace: Workspace) -> None:
    message = await rejected(workspace, BEN)
    before = await workspace.bot.desk.store.proposals.get(1)
    await wait(workspace, days=3)
    await workspace.unreact(BEN, message, CROSS)
    shown = await workspace.says(message, "Open")
    assert "Rejected" not in words_of(shown)
    after = await workspace.bot.desk.store.proposals.get(1)
    assert before is not None
    assert after is not None
    assert (after.expires_at - before.expires_at).days >= 3

    await workspace.react(BEN, message)
    await workspace.says(message, "Pushed")


async def test_approvals_given_before_count_once_it_is_open_again(workspace: Workspace) -> None:
    message = await rejected(workspace, BEN)
    await workspace.react(AIKO, message)
    await workspace.until(lambda: workspace.private(AIKO))
    assert "only if that is taken back" in workspace.private(AIKO)[0]
    assert workspace.asked("PATCH") == []
    await workspace.unreact(BEN, message, CROSS)
    await workspace.says(message, "Pushed")


async def test_everybody_who_rejected_has_to_take_it_back(workspace: Workspace) -> None:
    message = await rejected(workspace, BEN, AIKO)
    await workspace.unreact(BEN, message, CROSS)
    await workspace.until(lambda: f"@{BEN}" not in words_of(workspace.message(message["ts"])))
    assert await status(workspace) is Status.REJECTED
    await workspace.unreact(AIKO, message, CROSS)
    await workspace.says(message, "Open")


async def test_another_rejecting_emoji_of_the_same_person_keeps_it_rejected(
    workspace: Workspace,
) -> None:
    message = await rejected(workspace, BEN)
    await workspace.react(BEN, message, THUMB)
    await workspace.unreact(BEN, message, CROSS)
    await workspace.settle()
    assert await status(workspace) is Status.REJECTED
    await workspace.unreact(BEN, message, THUMB)
    await workspace.says(message, "Open")


async def test_who_left_the_workspace_still_rejects_until_the_reaction_is_gone(
    workspace: Workspace,
) -> None:
    message = await rejected(workspace, BEN)
    people = workspace.slack.workspace.people
    people[BEN] = replace(people[BEN], deleted=True)
    await workspace.react(AIKO, message)
    await workspace.settle()
    await run(workspace, "reconcile")
    assert await status(workspace) is Status.REJECTED
    assert f"@{BEN}" in words_of(workspace.message(message["ts"]))


async def test_who_is_no_approver_any_more_still_rejects(tmp_path: Path) -> None:
    async with a_workspace(tmp_path, approval=approvals(approvers=("S0ASOLEADS",))) as team:
        message = await rejected(team, BEN)
        groups = team.slack.workspace.groups
        groups["S0ASOLEADS"] = replace(groups["S0ASOLEADS"], members=(AIKO,))
        await wait(team, hours=1)
        await run(team, "reconcile")
        assert await status(team) is Status.REJECTED
        await team.unreact(BEN, message, CROSS)
        await team.says(message, "Open")


async def test_a_rejection_by_who_may_not_vote_ends_nothing_and_joins_none(
    workspace: Workspace,
) -> None:
    message = await rejected(workspace, BEN)
    await workspace.react(RUTH, message, CROSS)
    await workspace.until(lambda: workspace.private(RUTH))
    await workspace.unreact(BEN, message, CROSS)
    await workspace.says(message, "Open")


async def test_a_rejection_taken_back_after_its_time_changes_nothing(tmp_path: Path) -> None:
    async with a_workspace(tmp_path, clock=HandClock()) as team:
        message = await rejected(team, BEN)
        await wait(team, days=7)
        await team.unreact(BEN, message, CROSS)
        await team.settle()
        await run(team, "reconcile")
        assert await status(team) is Status.REJECTED


async def test_a_lost_event_is_found_when_comparing(workspace: Workspace) -> None:
    message = await rejected(workspace, BEN)
    await workspace.settle()
    workspace.slack.workspace.channels[ASO].messages[message["ts"]].reactions.clear()
    await run(workspace, "reconcile")
    await workspace.says(message, "Open")


async def test_a_deleted_message_takes_no_rejection_back(workspace: Workspace) -> None:
    message = await rejected(workspace, BEN)
    await workspace.settle()
    slack = workspace.slack.workspace
    shown = slack.channels[ASO].messages[message["ts"]]
    late = reaction_event(slack, "reaction_removed", AIKO, shown, CHECK)
    del slack.channels[ASO].messages[message["ts"]]
    await run(workspace, "reconcile")
    await workspace.slack.events.deliver({**late, "event_ts": "1900000000.000001"})
    await workspace.settle()
    assert await status(workspace) is Status.REJECTED


async def test_after_a_restart_it_is_known_who_rejected(workspace: Workspace) -> None:
    message = await rejected(workspace, BEN)
    await workspace.restart()
    await workspace.unreact(BEN, message, CROSS)
    await workspace.says(message, "Open")
    await workspace.react(BEN, message, CROSS)
    await workspace.says(message, "Rejected")


async def test_who_rejected_says_why_and_everybody_reads_it(workspace: Workspace) -> None:
    message = await rejected(workspace, BEN)
    assert "Say why" in labels(message)
    await workspace.press(BEN, message, "Say why")
    await workspace.until(lambda: workspace.modal(BEN))
    await workspace.fill_in(BEN, "Why do you reject it?", "  <!channel> is *not* <http://a.b|it>  ")
    await workspace.submit(BEN)

    shown = await workspace.says(message, "“<!channel> is *not* <http://a.b|it>”")
    assert "Say why" not in labels(shown)
    reply = (await workspace.until(lambda: workspace.thread(message)))[-1]
    assert "<!channel> is *not* <http://a.b|it>" in words_of(reply)
    assert "<" not in reply["text"]
    await workspace.settle()
    assert sum("rejected this" in words_of(one) for one in workspace.thread(message)) == 1


async def test_a_reason_is_neither_empty_nor_endless(workspace: Workspace) -> None:
    message = await rejected(workspace, BEN)
    await workspace.press(BEN, message, "Say why")
    await workspace.until(lambda: workspace.modal(BEN))
    for words in ("no", " " * 20, "no" * 251, "\u200b\u2060" * 10, "no" + "\u3164" * 20):
        await workspace.fill_in(BEN, "Why do you reject it?", words)
        await workspace.submit(BEN)
        assert workspace.errors(BEN)
    await workspace.settle()
    assert workspace.thread(message) == []


async def test_others_who_press_it_are_told_whose_it_is(workspace: Workspace) -> None:
    message = await rejected(workspace, BEN)
    for who in (MIA, AIKO):
        await workspace.press(who, message, "Say why")
        await workspace.until(lambda who=who: f"@{BEN}" in " ".join(workspace.private(who)))
        assert workspace.modal(who) == ""


async def test_a_reason_that_comes_after_it_was_taken_back_is_not_kept(
    workspace: Workspace,
) -> None:
    message = await rejected(workspace, BEN)
    await workspace.press(BEN, message, "Say why")
    await workspace.until(lambda: workspace.modal(BEN))
    await workspace.unreact(BEN, message, CROSS)
    await workspace.says(message, "Open")
    await workspace.fill_in(BEN, "Why do you reject it?", "It says nothing of the sea.")
    await workspace.submit(BEN)
    assert "not rejected" in " ".join(workspace.errors(BEN).values())
    await workspace.react(AIKO, message, CHECK)
    await workspace.says(message, "Pushed")
