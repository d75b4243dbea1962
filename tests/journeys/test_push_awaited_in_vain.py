"""A version that texts wait for can come no more, or is public at once: nothing is sent."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from bot.domain.proposals import Status
from bot.sandbox.cast import AIKO, BEN, MIA
from tests.journeys.awaited_versions import (
    LIVE,
    PREPARE,
    RULES,
    made,
    parked,
    proposed,
    status,
    text,
)
from tests.journeys.ticking import run, version
from tests.web.calling import Pipeline, a_pipeline
from tests.workspace import TIDEWELL, Workspace, approvals, words_of


def told(team: Workspace, message: Mapping[str, Any], words: str) -> int:
    return sum(words in words_of(one) for one in team.thread(message))


NEVER = {
    "2.5": (PREPARE, "Apple takes 2.5.0 and 2.5 as the same, and has 2.5."),
    "2.6.0": (LIVE, "2.5.0 is not higher than 2.6.0, which is on the App Store."),
    "2.5.0": (LIVE, "Version 2.5.0 is public already."),
}


@pytest.mark.parametrize("number", NEVER)
async def test_one_whose_version_can_take_nothing_goes_back_to_people_and_is_told_once(
    pipeline: Pipeline, number: str
) -> None:
    team = pipeline.workspace
    state, why = NEVER[number]
    message = await parked(pipeline, {"de-DE": {"promotionalText": "Neu in 2.5"}})
    await made(team, number, state)
    message = await team.says(message, why)
    await run(team, "watch", "pushes", "watch")
    await team.settle()
    assert await status(team) is Status.OPEN
    assert "waits for version" not in words_of(message)
    assert "Propose again" in words_of(message)
    assert "Rebase" not in words_of(message)
    assert told(team, message, f"@U0MIA  {why}") == 1
    assert team.asked("PATCH", "POST") == []


async def test_what_was_approved_for_a_version_to_come_needs_new_votes_to_be_public_at_once(
    pipeline: Pipeline,
) -> None:
    team = pipeline.workspace
    message = await parked(pipeline, {"de-DE": {"promotionalText": "Neu in 2.5"}})
    await made(team, state=LIVE)
    await team.says(message, "Version 2.5.0 is public already.")
    before = {one["ts"] for one in team.messages()}
    await team.press(MIA, message, "Propose again")
    await team.until(lambda: team.form(MIA))
    await team.submit(MIA)
    assert not team.errors(MIA)
    again = await team.until(lambda: team._seeded(before))
    assert "public at once" in words_of(again)
    assert team.asked("PATCH") == []
    await team.react(BEN, again)
    await team.says(again, "Pushed")
    assert text(team, "promotionalText") == "Neu in 2.5"


@pytest.mark.parametrize("number", NEVER)
async def test_a_push_that_is_the_first_to_see_it_sends_nothing(
    pipeline: Pipeline, number: str
) -> None:
    team = pipeline.workspace
    state, why = NEVER[number]
    message = await proposed(pipeline, {"de-DE": {"promotionalText": "Neu in 2.5"}})
    team.apple.move(version(team)["id"], LIVE)
    team.apple.add_version(TIDEWELL, number, "IOS", state)
    await team.react(BEN, message)
    message = await team.says(message, why)
    await run(team, "watch")
    await team.settle()
    assert await status(team) is Status.OPEN
    assert told(team, message, f"@U0MIA  {why}") == 1
    assert team.asked("PATCH", "POST") == []


async def test_in_parts_all_of_it_goes_back_and_is_told_once(tmp_path: Path) -> None:
    async with a_pipeline(tmp_path, approval=approvals(rules=RULES)) as pipeline:
        team = pipeline.workspace
        texts = {"de-DE": {"subtitle": "Stilles Heft", "keywords": "notiz,heft"}}
        await pipeline.propose(texts, version="2.5.0", when_it_exists=True, in_parts=True)
        message = await team.until(lambda: team._seeded(()))
        team.apple.move(version(team)["id"], LIVE)
        team.apple.add_version(TIDEWELL, "2.5.0", "IOS", LIVE)
        await team.react(BEN, message)
        await team.says(message, "Version 2.5.0 is public already.")
        await run(team, "watch")
        await team.settle()
        proposal = await team.bot.desk.store.proposals.get(1)
        assert proposal is not None
        assert {str(item.state) for item in proposal.items} == {"stale"}
        assert told(team, message, "@U0MIA  Version 2.5.0 is public already.") == 1
        await team.react(AIKO, message)
        await team.settle()
        assert await status(team) is Status.OPEN
        assert team.asked("PATCH", "POST") == []


async def test_no_vote_counts_for_a_version_that_can_take_nothing(pipeline: Pipeline) -> None:
    team = pipeline.workspace
    message = await proposed(pipeline, {"de-DE": {"promotionalText": "Neu in 2.5"}})
    await made(team, state=LIVE)
    await team.says(message, "Version 2.5.0 is public already.")
    await team.react(BEN, message)
    await team.settle()
    assert await status(team) is Status.OPEN
    assert team.asked("PATCH") == []


async def test_an_edit_of_what_waits_in_vain_says_why_and_what_to_do(pipeline: Pipeline) -> None:
    team = pipeline.workspace
    message = await parked(pipeline, {"de-DE": {"promotionalText": "Neu in 2.5"}})
    team.apple.move(version(team)["id"], LIVE)
    team.apple.add_version(TIDEWELL, "2.5.0", "IOS", LIVE)
    await team.press(MIA, message, "Edit")
    await team.until(lambda: "Version 2.5.0 is public already." in team.modal(MIA))
    assert "Press Propose again" in team.modal(MIA)
    await team.says(message, "Propose again")
