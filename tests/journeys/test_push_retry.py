"""A rejection after a push that arrived in part keeps the rest from being sent again."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from bot.domain.proposals import Status
from bot.sandbox.appstore import Fault
from bot.sandbox.cast import AIKO, BEN, MIA, RUTH
from tests.journeys.test_push_in_parts import stored
from tests.workspace import CROSS, Workspace, a_workspace, words_of


@pytest.fixture
async def team(tmp_path: Path) -> AsyncIterator[Workspace]:
    async with a_workspace(tmp_path) as workspace:
        yield workspace


async def partly_pushed(team: Workspace) -> Mapping[str, Any]:
    """Push a subtitle and keywords of which Apple refuses the keywords once."""
    refused = "PATCH /v1/appStoreVersionLocalizations"
    team.apple.faults.add(Fault(kind="refused", match=refused, nth=1))
    message = await team.propose(
        MIA, "edit tidewell de-DE", Subtitle="Stilles Heft", Keywords="heft,notiz"
    )
    await team.react(BEN, message)
    await team.says(message, "Retry failed")
    await team.settle()
    return message


async def test_a_rejection_after_a_partial_push_stands_in_its_message_and_against_a_retry(
    team: Workspace,
) -> None:
    message = await partly_pushed(team)
    sent = len(team.asked("PATCH"))
    await team.react(AIKO, message, CROSS)
    shown = words_of(await team.says(message, f"Rejected by  @{AIKO} ."))
    assert "not sent again while that stands" in shown
    assert "Sent again as it is" not in shown
    assert team.private(AIKO) == []

    await team.press(MIA, message, "Retry failed")
    await team.until(lambda: any("while somebody rejects it" in one for one in team.private(MIA)))
    assert f"Rejected by  @{AIKO} ." in team.private(MIA)[-1]
    await team.settle()
    assert len(team.asked("PATCH")) == sent
    assert (await stored(team)).status is Status.PARTIAL

    await team.unreact(AIKO, message, CROSS)
    await team.says(message, "Sent again as it is")
    await team.press(MIA, message, "Retry failed")
    await team.says(message, "Sent, read back and right")


async def test_a_rejection_that_nobody_told_of_stands_against_a_retry_as_well(
    team: Workspace,
) -> None:
    message = await partly_pushed(team)
    await team.stop()
    await team.react(AIKO, message, CROSS)
    await team.restart()
    await team.press(MIA, message, "Retry failed")
    await team.says(message, f"Rejected by  @{AIKO} .")
    await team.settle()
    assert (await stored(team)).status is Status.PARTIAL


async def test_a_rejection_by_who_decides_nothing_of_it_holds_up_no_retry(
    team: Workspace,
) -> None:
    message = await partly_pushed(team)
    await team.react(RUTH, message, CROSS)
    await team.until(lambda: any("not among the approvers" in one for one in team.private(RUTH)))
    await team.press(MIA, message, "Retry failed")
    await team.says(message, "Sent, read back and right")
