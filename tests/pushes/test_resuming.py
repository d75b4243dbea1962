"""A push that was cut off goes on from what Apple holds now, not from what it held then."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest_asyncio

from bot.domain.proposals import Proposal, Status
from bot.pushes.plan import plan
from bot.storage.pushes import Push
from bot.storage.steps import StepState
from tests.appstore.stage import TIDEWELL
from tests.pushes.stage import Pushing, pushing


@pytest_asyncio.fixture
async def one(tmp_path: Path) -> AsyncIterator[Pushing]:
    async with pushing(tmp_path) as made:
        yield made


async def cut_off(one: Pushing, proposal: Proposal) -> Push:
    """Leave a push as a crash does: planned, every step begun, nothing known of any."""
    number = await one.store.pushes.queue(
        proposal, "approve", approvers=["U0BEN"], now=one.stage.clock.now()
    )
    assert number is not None
    push = await one.store.pushes.claim(number)
    assert push is not None
    made = plan(proposal, await one.stage.store.read(TIDEWELL, "IOS"))
    judged = [(one.item, one.live_now) for one in made.judged]
    assert await one.store.pushes.plan(push, made.steps, judged, revision=1)
    doing = [replace(step, state=StepState.DOING) for step in made.steps]
    assert await one.store.pushes.mark(push, doing)
    return push


async def test_what_arrived_before_the_crash_is_not_sent_again(one: Pushing) -> None:
    proposal = await one.propose(
        one.item("de-DE", "subtitle", "Stilles Heft"), one.item("ja", "subtitle", "静か")
    )
    await cut_off(one, proposal)
    one.stage.apple.edit(TIDEWELL.id, "de-DE", "subtitle", "Stilles Heft")

    await one.run(proposal.id)

    ended = await one.get(proposal.id)
    assert ended.status is Status.PUSHED
    assert len(one.stage.requests("PATCH")) == 1
    assert len(await one.store.watchlog.history(app_id=TIDEWELL.id)) == 2


async def test_what_somebody_changed_during_the_downtime_is_not_overwritten(one: Pushing) -> None:
    proposal = await one.propose(
        one.item("de-DE", "subtitle", "Stilles Heft"), one.item("ja", "subtitle", "静か")
    )
    await cut_off(one, proposal)
    one.stage.apple.edit(TIDEWELL.id, "de-DE", "subtitle", "Von Hand geändert")

    await one.run(proposal.id)

    ended = await one.get(proposal.id)
    assert ended.status is Status.PARTIAL
    assert one.states(ended.items) == ["stale", "done"]
    assert one.live("de-DE", "subtitle") == "Von Hand geändert"
    assert await one.store.proposals.live_now(ended.id, 1) == {
        ("de-DE", "subtitle"): "Von Hand geändert"
    }


async def test_a_version_that_left_preparation_during_the_downtime_is_not_written_to(
    one: Pushing,
) -> None:
    proposal = await one.propose(one.item("ja", "keywords", "静か,ノート"))
    await cut_off(one, proposal)
    one.stage.apple.move(one.version_id, "WAITING_FOR_REVIEW")

    await one.run(proposal.id)

    ended = await one.get(proposal.id)
    assert ended.status is Status.FAILED
    assert "being prepared" in ended.items[0].problem
    assert one.stage.requests("PATCH") == []
