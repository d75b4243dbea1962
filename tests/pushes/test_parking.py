"""What a push does with texts that Apple takes no change of for now."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from bot.domain.proposals import Proposal, Status
from tests.appstore.stage import TIDEWELL
from tests.pushes.stage import Pushing, pushing


@pytest_asyncio.fixture
async def one(tmp_path: Path) -> AsyncIterator[Pushing]:
    async with pushing(tmp_path) as made:
        yield made


def move(one: Pushing, state: str) -> None:
    one.stage.apple.move(one.version_id, state)


async def woken(one: Pushing, proposal: Proposal) -> Proposal:
    assert await one.store.pushes.wake(proposal, now=one.stage.clock.now())
    await one.run(proposal.id)
    return await one.get(proposal.id)


async def test_nothing_is_sent_to_a_locked_version_and_all_of_it_is_sent_later(
    one: Pushing,
) -> None:
    proposal = await one.propose(
        one.item("de-DE", "keywords", "notiz,heft"), one.item("ja", "keywords", "静か")
    )
    move(one, "IN_REVIEW")
    ended = await one.push(proposal)
    assert (ended.status, ended.parked_for) == (Status.PARKED, "2.4.0 is In Review")
    assert one.states(ended.items) == ["parked", "parked"]
    assert one.stage.requests("PATCH") == []

    move(one, "REJECTED")
    ended = await woken(one, ended)
    assert ended.status is Status.PUSHED
    assert one.live("de-DE", "keywords") == "notiz,heft"


async def test_who_approved_it_stays_known_after_waking(one: Pushing) -> None:
    proposal = await one.propose(one.item("de-DE", "keywords", "notiz,heft"))
    move(one, "IN_REVIEW")
    ended = await one.push(proposal)
    move(one, "REJECTED")
    await woken(one, ended)
    push = await one.store.pushes.latest(proposal.id)
    assert push is not None
    assert push.approvers == ("U0BEN",)


async def test_a_submission_between_comparison_and_writing_parks_what_apple_refused(
    one: Pushing,
) -> None:
    async def submit() -> None:
        move(one, "WAITING_FOR_REVIEW")

    one.when_asked = submit
    proposal = await one.propose(one.item("de-DE", "keywords", "notiz,heft"))
    ended = await one.push(proposal)
    assert ended.status is Status.PARKED
    assert ended.parked_for == "2.4.0 is Waiting for Review"
    assert await one.store.watchlog.failures_of(proposal.id) == ()


async def test_what_may_change_is_sent_while_the_rest_is_parked(one: Pushing) -> None:
    proposal = await one.propose(
        one.item("de-DE", "keywords", "notiz,heft"), one.item("de-DE", "promotionalText", "Neu")
    )
    move(one, "PENDING_DEVELOPER_RELEASE")
    ended = await one.push(proposal)
    assert ended.status is Status.PARKED
    assert one.states(ended.items) == ["parked", "done"]


async def test_a_text_that_drifted_goes_stale_alone_on_waking(one: Pushing) -> None:
    proposal = await one.propose(
        one.item("de-DE", "keywords", "notiz,heft"), one.item("ja", "keywords", "静か")
    )
    move(one, "IN_REVIEW")
    ended = await one.push(proposal)
    move(one, "REJECTED")
    one.stage.apple.edit(TIDEWELL.id, "ja", "keywords", "海辺")
    ended = await woken(one, ended)
    assert one.states(ended.items) == ["done", "stale"]


async def test_a_version_that_is_gone_by_then_is_said(one: Pushing) -> None:
    proposal = await one.propose(one.item("de-DE", "keywords", "notiz,heft"))
    move(one, "IN_REVIEW")
    ended = await one.push(proposal)
    move(one, "REPLACED_WITH_NEW_VERSION")
    ended = await woken(one, ended)
    assert ended.status is Status.FAILED
    assert "is not there any more" in ended.items[0].problem


async def test_a_name_waits_for_the_app_information_of_all_platforms(one: Pushing) -> None:
    proposal = await one.propose(one.item("de-DE", "subtitle", "Stilles Heft"))
    one.stage.apple.move_info(TIDEWELL.id, "IN_REVIEW")
    ended = await one.push(proposal)
    assert ended.parked_for == "the app information is In Review"


async def test_a_version_that_went_live_takes_what_may_change_and_is_public_at_once(
    one: Pushing,
) -> None:
    proposal = await one.propose(
        one.item("de-DE", "keywords", "notiz,heft"), one.item("de-DE", "promotionalText", "Neu")
    )
    move(one, "READY_FOR_DISTRIBUTION")
    ended = await one.push(proposal)
    assert (ended.status, ended.live) == (Status.PARTIAL, True)
    assert one.states(ended.items) == ["failed", "done"]
