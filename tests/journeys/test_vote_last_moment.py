"""Votes that come while the push has begun to look at Apple and has sent nothing yet."""

from __future__ import annotations

from bot.sandbox.appstore import Fault
from bot.sandbox.cast import AIKO, BEN, MIA
from tests.workspace import CROSS, Workspace, words_of


async def approved_while_apple_is_away(workspace: Workspace) -> tuple[dict[str, object], int]:
    message = await workspace.propose(MIA, "edit tidewell ja", Subtitle="静かなノート")
    fault = workspace.apple.faults.add(Fault(kind="server_error", match="GET"))
    await workspace.react(BEN, message)
    await workspace.until(
        lambda: any(row["status"] == 500 for row in workspace.apple.log), why="Apple was not read"
    )
    return dict(message), fault


async def test_a_reject_while_apple_is_away_stops_the_push(workspace: Workspace) -> None:
    message, fault = await approved_while_apple_is_away(workspace)
    await workspace.react(AIKO, message, CROSS)
    workspace.apple.faults.remove(fault)

    await workspace.says(message, "Rejected")

    assert workspace.asked("PATCH") == []


async def test_an_approval_taken_back_while_apple_is_away_stops_the_push(
    workspace: Workspace,
) -> None:
    message, fault = await approved_while_apple_is_away(workspace)
    await workspace.unreact(BEN, message)
    workspace.apple.faults.remove(fault)

    await workspace.until(
        lambda: any("taken back" in words_of(reply) for reply in workspace.thread(message))
    )
    assert workspace.asked("PATCH") == []
