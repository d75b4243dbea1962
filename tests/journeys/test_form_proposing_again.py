"""Propose again: what ended without a push begins anew, on Apple's listing of now."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from bot.domain.proposals import Status
from bot.sandbox.cast import AIKO, ASO, BEN, MIA
from tests.clock import HandClock
from tests.journeys.test_vote_vetoes import labels
from tests.journeys.ticking import run, wait
from tests.journeys.version_people import opened, ready, sent, write_release_notes
from tests.workspace import CROSS, TIDEWELL, Workspace, a_workspace

GERMAN = {"words": "edit tidewell de-DE", "Subtitle": "Stilles Notizbuch"}


async def ended(team: Workspace, how: str) -> Mapping[str, Any]:
    """Propose, let it end and return its message."""
    message = await team.propose(MIA, **GERMAN, why="Quieter")
    if how == "Rejected":
        await team.react(BEN, message, CROSS)
    elif how == "Withdrawn":
        await team.press(MIA, message, "Withdraw")
    else:
        await wait(team, days=8)
        await run(team, "expire")
    return await team.says(message, how)


async def press_old(team: Workspace, who: str, shown: Mapping[str, Any], label: str) -> None:
    """Press a button as somebody does who sees the message as it was drawn before."""
    message = team.slack.workspace.channels[ASO].messages[shown["ts"]]
    drawn, message.blocks = message.blocks, shown["blocks"]
    await team.press(who, shown, label)
    message.blocks = drawn


@pytest.mark.parametrize("how", ["Rejected", "Withdrawn", "Expired"])
async def test_what_ended_without_a_push_is_proposed_again_with_its_texts(
    tmp_path: Path, how: str
) -> None:
    async with a_workspace(tmp_path, clock=HandClock()) as team:
        message = await ended(team, how)
        assert "Propose again" in labels(message)
        team.apple.edit(TIDEWELL, "de-DE", "subtitle", "Von jemand anderem")
        await team.press(AIKO, message, "Propose again")
        await team.until(lambda: team.form(AIKO))
        assert team.value(AIKO, "Subtitle") == "Stilles Notizbuch"
        assert team.value(AIKO, "Why") == "Quieter"
        await team.submit(AIKO)
        again = await team.until(lambda: team._seeded({message["ts"]}))
        made = await team.bot.desk.store.proposals.get(2)
        assert made is not None
        assert made.authors == (MIA, AIKO)
        assert [item.before for item in made.items] == ["Von jemand anderem"]
        old = await team.bot.desk.store.proposals.status(1)
        assert old is not None
        assert str(old) == how.lower()

        await team.react(AIKO, again)
        await team.until(lambda: team.private(AIKO))
        assert team.asked("PATCH") == []
        await team.react(BEN, again)
        await team.says(again, "Pushed")


async def test_an_old_button_under_a_proposal_that_moved_on_says_what_to_do(
    workspace: Workspace,
) -> None:
    message = await workspace.propose(MIA, **GERMAN)
    as_open = workspace.message(message["ts"])
    await workspace.react(BEN, message, CROSS)
    as_rejected = await workspace.says(message, "Rejected")
    await press_old(workspace, MIA, as_open, "Edit")
    await workspace.until(lambda: "only an open one" in workspace.modal(MIA))
    assert "Propose again under its message" in workspace.modal(MIA)
    await workspace.close(MIA)

    await workspace.unreact(BEN, message, CROSS)
    await workspace.says(message, "Open")
    await press_old(workspace, MIA, as_rejected, "Propose again")
    await workspace.until(lambda: "is open by now" in workspace.modal(MIA))
    assert "Press Edit under its message" in workspace.modal(MIA)
    await workspace.close(MIA)

    await workspace.react(BEN, message)
    await workspace.says(message, "Pushed")
    await press_old(workspace, MIA, as_rejected, "Propose again")
    await workspace.until(lambda: "is pushed by now" in workspace.modal(MIA))


async def test_a_submission_that_was_withdrawn_is_proposed_again_by_its_own_form(
    workspace: Workspace,
) -> None:
    write_release_notes(workspace)
    await opened(workspace, "submit tidewell")
    message = await sent(workspace, why="The folders are ready.")
    await workspace.press(MIA, message, "Withdraw")
    await workspace.says(message, "Withdrawn")
    await workspace.press(AIKO, message, "Propose again")
    await workspace.until(lambda: workspace.modal(AIKO) and ready(workspace, AIKO))
    again = await sent(workspace, AIKO)
    assert await workspace.bot.desk.store.proposals.status(1) is Status.WITHDRAWN
    made = await workspace.bot.desk.store.proposals.get(2)
    assert made is not None
    assert made.authors == (MIA, AIKO)
    await workspace.react(BEN, again)
    await workspace.says(again, "Submitted: waiting for review")
