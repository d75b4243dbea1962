"""The App Home: what waits, how the versions stand, what is left of Apple's budget."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.sandbox.cast import BEN, MIA
from tests.journeys.test_message_pace import write_down
from tests.journeys.ticking import run
from tests.slack.limits import violations
from tests.workspace import Workspace, words_of


async def home(workspace: Workspace, who: str) -> Mapping[str, Any]:
    await workspace.slack.open_home(who)
    found = await workspace.until(lambda: workspace.slack.home(who))
    assert violations({"type": "home", "blocks": found["blocks"]}) == []
    return dict(found)


async def turn(workspace: Workspace, who: str, label: str) -> Mapping[str, Any]:
    """Press a button of the home and return what is shown then."""
    before = workspace.slack.home(who)
    assert before is not None
    block, element = next(
        (block, element)
        for block in before["blocks"]
        if block["type"] == "actions"
        for element in block["elements"]
        if element["text"]["text"] == label
    )
    await workspace.slack.click(
        who,
        block_id=block["block_id"],
        action_id=element["action_id"],
        view_id=before["id"],
        value=element["value"],
    )
    return dict(
        await workspace.until(
            lambda: (now := workspace.slack.home(who)) and now["blocks"] != before["blocks"] and now
        )
    )


async def test_an_empty_home_says_what_to_do(workspace: Workspace) -> None:
    said = words_of(await home(workspace, BEN))
    assert "Nothing waits for anybody" in said
    assert "/aso edit" in said


async def test_the_home_lists_what_each_proposal_waits_for_versions_and_budget(
    workspace: Workspace,
) -> None:
    await run(workspace, "watch")
    await workspace.propose(MIA, "edit tidewell de-DE", Subtitle="Stilles Heft")
    said = words_of(await home(workspace, BEN))
    assert "Open · Tidewell Notes 2.4.0 for iOS" in said
    assert "Waits for 1 approval of the change." in said
    assert "Prepare for Submission" in said
    assert "left this hour" in said


async def test_the_home_shows_ten_proposals_a_page_and_turns(workspace: Workspace) -> None:
    await write_down(workspace, 23)
    first = await home(workspace, BEN)
    assert "Page 1 of 3" in words_of(first)
    assert words_of(first).count("open until") == 10
    second = await turn(workspace, BEN, "Next")
    assert "Page 2 of 3" in words_of(second)
    third = await turn(workspace, BEN, "Next")
    assert words_of(third).count("open until") == 3
    back = await turn(workspace, BEN, "Previous")
    assert "Page 2 of 3" in words_of(back)
