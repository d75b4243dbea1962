"""Open proposals are kept in step with Slack and end when their time is over."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest_asyncio

from bot.domain.proposals import Status, Target
from bot.jobs import tick
from bot.sandbox.cast import AIKO, BEN, MIA
from bot.sandbox.slack.web_api import Fault
from bot.storage.proposal_rows import NewProposal, NewRevision
from tests.builders import an_item
from tests.journeys.ticking import JOB, run, wait
from tests.workspace import CHECK, CROSS, Workspace, a_workspace, approvals, words_of

QUESTIONS = {"reactions.get", "users.info", "usergroups.users.list"}


@pytest_asyncio.fixture
async def team(tmp_path: Path) -> AsyncIterator[Workspace]:
    async with a_workspace(tmp_path, approval=approvals(quorum=2)) as one:
        yield one


async def test_a_proposal_whose_time_is_over_expires_and_says_so(team: Workspace) -> None:
    message = await team.propose(MIA, "edit tidewell ja", Subtitle="静かなノート")
    await wait(team, days=6.9)
    await run(team, "expire")
    assert "xpired" not in words_of(team.message(message["ts"]))

    await wait(team, days=0.2)
    await run(team, "expire", "expire")
    await team.says(message, "xpired")


async def test_votes_on_an_expired_proposal_push_nothing(team: Workspace) -> None:
    message = await team.propose(MIA, "edit tidewell ja", Subtitle="静かなノート")
    await wait(team, days=8)
    await run(team, "expire")
    for who in (BEN, AIKO):
        await team.react(who, message)
    await team.settle()

    assert team.asked("PATCH") == []


async def test_votes_that_came_while_nobody_ran_are_counted_after_the_start(
    team: Workspace,
) -> None:
    message = await team.propose(MIA, "edit tidewell ja", Subtitle="静かなノート")
    channel = team.slack.workspace.channels[team.settings.channel]
    for who in (BEN, AIKO):
        channel.messages[message["ts"]].reaction("white_check_mark").users.append(who)
    await team.restart()
    await run(team, "reconcile")

    await team.says(message, "Pushed")


async def test_a_comparison_asks_slack_at_most_twenty_questions_a_minute(
    tmp_path: Path,
) -> None:
    two_of_a_group = approvals(approvers=("S0ASOLEADS", "S0JAPAN"), quorum=2)
    async with a_workspace(tmp_path, approval=two_of_a_group) as team:
        for number in range(6):
            words = "edit orrery ios en-US"
            message = await team.propose(MIA, words, Promotional_text=f"New {number}")
            await team.react(BEN, message)
            await team.settle()
        await wait(team, hours=1)
        before = len(team.slack.log)
        ticking = asyncio.create_task(tick(JOB["reconcile"], team.bot.desk))
        await team.until(ticking.done, why="the comparison does not end")
        calls = list(team.slack.log)[before:]

    asked = [call["at"] for call in calls if call["method"] in QUESTIONS]
    assert len(asked) >= 12
    assert max(sum(0 <= other - one < 60 for other in asked) for one in asked) <= 20


async def test_what_is_nearest_to_its_quorum_is_compared_first_and_what_was_rejected_last(
    team: Workspace,
) -> None:
    wanted = {}
    for place, (locale, who, emoji) in enumerate(
        [("ja", BEN, CROSS), ("ko", BEN, CHECK), ("th", None, ""), ("de-DE", AIKO, CHECK)]
    ):
        message = await team.propose(MIA, f"edit tidewell {locale}", Subtitle=f"Subtitle {place}")
        wanted[message["ts"]] = place
        if who is not None:
            await team.react(who, message, emoji)
        await team.settle()
    before = len(team.slack.log)
    await run(team, "reconcile")

    rows = [row for row in list(team.slack.log)[before:] if row["method"] == "reactions.get"]
    assert [wanted[row["args"]["timestamp"]] for row in rows] == [3, 1, 2, 0]


async def test_a_proposal_that_cannot_be_compared_does_not_stop_the_others(
    team: Workspace,
) -> None:
    first = await team.propose(MIA, "edit tidewell ja", Subtitle="静かなノート")
    second = await team.propose(MIA, "edit tidewell de-DE", Subtitle="Stilles Heft")
    channel = team.slack.workspace.channels[team.settings.channel]
    for message in (first, second):
        for who in (BEN, AIKO):
            channel.messages[message["ts"]].reaction("white_check_mark").users.append(who)
    team.slack.api.faults.append(Fault(method="reactions.get", error="internal_error"))
    await run(team, "reconcile")

    pushed = [words_of(team.message(m["ts"])) for m in (first, second)]
    assert sum("Pushed" in told for told in pushed) == 1


async def test_a_comparison_that_finds_nothing_new_draws_nothing(team: Workspace) -> None:
    message = await team.propose(MIA, "edit tidewell ja", Subtitle="静かなノート")
    await team.react(BEN, message)
    await team.says(message, "1 of 2")
    await run(team, "reconcile")
    drawn = len(team.called("chat.update"))
    await run(team, "reconcile")
    assert len(team.called("chat.update")) == drawn

    channel = team.slack.workspace.channels[team.settings.channel]
    channel.messages[message["ts"]].reactions.clear()
    await run(team, "reconcile")
    assert "0 of 2" in words_of(team.message(message["ts"]))
    assert len(team.called("chat.update")) == drawn + 1


async def test_a_stale_proposal_with_votes_is_not_pushed_by_a_comparison(tmp_path: Path) -> None:
    async with a_workspace(tmp_path) as team:
        first = await team.propose(MIA, "edit tidewell ja", Subtitle="静かなノート")
        second = await team.propose(MIA, "edit tidewell ja", Subtitle="海辺のノート")
        await team.react(BEN, first)
        await team.says(first, "Pushed")
        await team.react(BEN, second)
        await team.says(second, "Stale")
        await team.settle()
        said, asked = len(team.thread(second)), len(team.asked())
        await run(team, "reconcile")

        assert "Stale" in words_of(team.message(second["ts"]))
        assert (len(team.thread(second)), len(team.asked())) == (said, asked)
        assert team.live("ja", "subtitle") == "静かなノート"


async def test_the_oldest_of_very_many_open_proposals_expires_in_its_time(
    team: Workspace,
) -> None:
    store = team.bot.desk.store
    for number in range(202):
        days = 1 if number == 0 else 30
        await store.proposals.create(
            a_new_proposal(expires_at=team.clock.now() + timedelta(days=days)),
            NewRevision(digest="d", authors=(MIA,), reason="", items=(an_item(),), findings=()),
            now=team.clock.now(),
        )
    while notice := await store.outbox.begin(now=team.clock.now()):
        await store.outbox.give_up(notice.id)
    await wait(team, days=2)
    await tick(JOB["expire"], team.bot.desk)

    assert await store.proposals.status(1) is Status.EXPIRED
    assert await store.proposals.status(2) is Status.OPEN


async def test_what_was_said_long_ago_is_forgotten(team: Workspace) -> None:
    await team.propose(MIA, "edit tidewell ja", Subtitle="静かなノート")
    await team.settle()
    store = team.bot.desk.store
    assert await store.outbox.said("proposal:1:1")
    assert await store.drafts.reading(1)
    await wait(team, days=31)
    await run(team, "expire")

    assert await store.outbox.said("proposal:1:1") is None
    assert await store.drafts.get(1) is None
    assert await store.drafts.reading(1) is None


def a_new_proposal(*, expires_at: datetime) -> NewProposal:
    return NewProposal(
        target=Target(app_id="1", platform="IOS", version_id="v1"),
        app_name="Tidewell Notes",
        bundle_id="com.example.tidewell",
        version_number="2.4.0",
        version_state="PREPARE_FOR_SUBMISSION",
        live=False,
        proposer=MIA,
        channel="C0NOWHERE",
        expires_at=expires_at,
    )
