"""Who is named for what was pushed: those whose approvals counted as it began."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.sandbox.appstore import Fault
from bot.sandbox.cast import AIKO, BEN, MIA
from bot.settings import ApprovalRule
from tests.journeys.ticking import in_hours, run, wait
from tests.journeys.timed_proposals import BEFORE, propose
from tests.workspace import TIDEWELL, Workspace, a_workspace, approvals, words_of


@pytest.fixture
async def team(tmp_path: Path) -> AsyncIterator[Workspace]:
    async with a_workspace(tmp_path) as workspace:
        yield workspace


async def recorded(team: Workspace) -> list[list[str]]:
    """Return whom the record names for a push, each time it does."""
    found = []
    async for entry in team.bot.desk.store.record.entries(proposal=1):
        body = json.loads(entry.body)
        if entry.kind == "push" and "approvers" in body:
            found.append(body["approvers"])
    return found


async def test_who_approved_as_the_push_began_is_named_and_nobody_who_thought_better_of_it(
    team: Workspace,
) -> None:
    message = await propose(team, times={BEFORE: in_hours(2)})
    await team.react(BEN, message)
    await team.says(message, "It waits until")
    await team.react(AIKO, message)
    await team.settle()
    await team.unreact(BEN, message)
    await team.settle()
    await team.says(message, f"Approved by  @{AIKO} .")

    await wait(team, hours=2.1)
    await run(team, "pushes")
    await team.says(message, "Sent, read back and right")

    await team.settle()
    assert f"Approved by  @{AIKO} ." in words_of(team.message(message["ts"]))
    # As it was queued, as it began and as it ended.
    assert await recorded(team) == [[BEN], [AIKO], [AIKO]]
    (arrived,) = await team.bot.desk.store.watchlog.history(app_id=TIDEWELL, limit=9)
    assert arrived.approvers == (AIKO,)


async def test_a_retry_names_who_approves_what_it_sends_and_who_approved_what_arrived(
    tmp_path: Path,
) -> None:
    rules = (
        ApprovalRule(field=("subtitle",), approvers=(BEN,)),
        ApprovalRule(field=("keywords",), approvers=(AIKO,)),
    )
    async with a_workspace(tmp_path, approval=approvals(rules=rules)) as team:
        refused = "PATCH /v1/appStoreVersionLocalizations"
        team.apple.faults.add(Fault(kind="refused", match=refused, nth=1))
        message = await team.propose(
            MIA, "edit tidewell de-DE", Subtitle="Stilles Heft", Keywords="heft,notiz"
        )
        await team.react(BEN, message)
        await team.react(AIKO, message)
        await team.says(message, "Partly pushed")
        await team.settle()
        await team.unreact(BEN, message)

        await team.press(MIA, message, "Retry failed")
        await team.says(message, "Sent, read back and right")

        await team.settle()
        assert f"Approved by  @{AIKO}  and  @{BEN} ." in words_of(team.message(message["ts"]))
        arrived = await team.bot.desk.store.watchlog.history(app_id=TIDEWELL, limit=9)
        assert {one.field: one.approvers for one in arrived} == {
            "subtitle": (AIKO, BEN),
            "keywords": (AIKO,),
        }
