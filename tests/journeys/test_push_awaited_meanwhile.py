"""What people do while texts wait for a version that Apple does not have yet."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot.domain.proposals import Status
from bot.sandbox.cast import AIKO, BEN, MIA, RUTH
from tests.journeys.awaited_versions import (
    AWAITED,
    LIVE,
    PARKED,
    PREPARE,
    RULES,
    WAITS,
    made,
    parked,
    proposed,
    status,
    text,
)
from tests.journeys.test_break_glass import break_glass
from tests.journeys.ticking import run, version, wait
from tests.web.calling import Pipeline, a_pipeline
from tests.workspace import CROSS, TIDEWELL, Workspace, approvals, words_of


async def test_a_vote_taken_back_unheard_is_found_before_it_is_pushed(pipeline: Pipeline) -> None:
    team = pipeline.workspace
    message = await parked(pipeline)
    channel = team.slack.workspace.channels[team.settings.channel]
    channel.messages[message["ts"]].reactions.clear()
    await made(team)
    await team.says(message, "0 of 1")
    assert team.asked("PATCH") == []


async def test_a_version_that_never_comes_ends_it_and_its_message_says_for_what_it_waited(
    pipeline: Pipeline,
) -> None:
    team = pipeline.workspace
    message = await parked(pipeline)
    await wait(team, days=8)
    await run(team, "expire")
    await team.says(message, f"while it waited: {AWAITED} does not exist yet.")
    assert await status(team) is Status.EXPIRED
    assert (await pipeline.show(1))["waits_for"] is None
    await made(team)
    assert team.asked("PATCH") == []


async def test_one_that_is_withdrawn_meanwhile_is_not_pushed(pipeline: Pipeline) -> None:
    team = pipeline.workspace
    message = await parked(pipeline)
    await team.press(MIA, message, "Withdraw")
    await team.says(message, "Withdrawn")
    await made(team)
    assert team.asked("PATCH") == []


async def test_one_that_is_rejected_meanwhile_is_not_pushed(pipeline: Pipeline) -> None:
    team = pipeline.workspace
    message = await parked(pipeline)
    await team.react(BEN, message, CROSS)
    await team.says(message, "Rejected by")
    await made(team)
    assert team.asked("PATCH") == []


async def edited(team: Workspace, message: Mapping[str, Any], text: str) -> Mapping[str, Any]:
    """Edit the keywords of a proposal and return the message of its next revision."""
    before = {one["ts"] for one in team.messages()}
    await team.press(MIA, message, "Edit")
    await team.until(lambda: team.form(MIA), why=team.modal(MIA))
    await team.fill_in(MIA, "Keywords", text)
    await team.submit(MIA)
    assert not team.errors(MIA)
    found: Mapping[str, Any] = await team.until(lambda: team._seeded(before))
    return found


async def test_one_that_is_edited_meanwhile_waits_with_its_new_text(pipeline: Pipeline) -> None:
    team = pipeline.workspace
    first = await parked(pipeline)
    second = await edited(team, first, "notiz,block")
    assert WAITS in words_of(second)
    await team.react(BEN, second)
    await team.says(second, PARKED)
    await made(team)
    await team.says(second, "Pushed")
    assert (text(team, "keywords"), text(team, "whatsNew")) == ("notiz,block", "Hefte.")


async def test_one_that_is_edited_once_its_version_is_there_stays_with_it(
    pipeline: Pipeline,
) -> None:
    team = pipeline.workspace
    first = await proposed(pipeline)
    await made(team)
    second = await edited(team, first, "notiz,block")
    await team.react(BEN, second)
    await team.says(second, "Pushed")
    assert text(team, "keywords") == "notiz,block"


async def test_a_restart_meanwhile_changes_nothing(tmp_path: Path) -> None:
    async with a_pipeline(tmp_path) as pipeline:
        team = pipeline.workspace
        message = await parked(pipeline)
        await team.stop()
        team.apple.move(version(team)["id"], LIVE)
        team.apple.add_version(TIDEWELL, "2.5.0", "IOS", PREPARE)
        await team.restart()
        await run(team, "watch")
        await team.says(message, "Pushed")


async def test_two_that_wait_for_the_same_text_name_each_other_and_the_second_is_checked(
    pipeline: Pipeline,
) -> None:
    team = pipeline.workspace
    first = await proposed(pipeline, {"de-DE": {"keywords": "eins"}})
    second = await proposed(pipeline, {"de-DE": {"keywords": "zwei"}})
    other = await proposed(pipeline, {"de-DE": {"keywords": "drei"}}, "2.6.0")
    await team.says(first, "Proposal 2 waits with another text for this.")
    await team.says(second, "Proposal 1 waits with another text for this.")
    assert "waits with another text" not in words_of(team.message(other["ts"]))
    for message in (first, second):
        await team.react(BEN, message)
        await team.says(message, PARKED)
    await made(team)
    await team.says(second, "Pushed")
    await team.says(first, "Stale")
    assert text(team, "keywords") == "zwei"


async def test_an_app_that_is_gone_fails_it_with_what_apple_says(pipeline: Pipeline) -> None:
    team = pipeline.workspace
    message = await proposed(pipeline)
    records = team.apple._store.rooms.records
    records.forget(records.need("apps", TIDEWELL))
    await team.react(BEN, message)
    await team.says(message, "Failed")
    assert await status(team) is Status.FAILED


async def test_in_parts_each_part_waits_and_goes_with_its_own_approvals(tmp_path: Path) -> None:
    async with a_pipeline(tmp_path, approval=approvals(rules=RULES)) as pipeline:
        team = pipeline.workspace
        texts = {"de-DE": {"subtitle": "Stilles Heft", "keywords": "notiz,heft"}}
        await pipeline.propose(texts, version="2.5.0", when_it_exists=True, in_parts=True)
        message = await team.until(lambda: team._seeded(()))
        await team.react(BEN, message)
        await team.says(message, PARKED)
        await made(team)
        await team.says(message, "a part is pushed")
        assert team.live("de-DE", "subtitle") == "Stilles Heft"
        assert text(team, "keywords") != "notiz,heft"
        await team.react(AIKO, message)
        await team.says(message, "Sent, read back and right.")
        assert text(team, "keywords") == "notiz,heft"


async def test_broken_glass_does_not_make_a_version_either(tmp_path: Path) -> None:
    async with a_pipeline(tmp_path, break_glass=(RUTH,)) as pipeline:
        team = pipeline.workspace
        message = await proposed(pipeline)
        await break_glass(team)
        await team.says(message, PARKED)
        assert team.asked("PATCH") == []
        await made(team)
        await team.says(message, "Pushed without approval by")
        assert text(team, "keywords") == "notiz,heft"


async def test_what_ended_while_it_waited_is_proposed_again_for_the_same_version(
    pipeline: Pipeline,
) -> None:
    team = pipeline.workspace
    message = await parked(pipeline)
    await team.press(MIA, message, "Withdraw")
    await team.says(message, "Withdrawn")
    before = {one["ts"] for one in team.messages()}
    await team.press(MIA, message, "Propose again")
    await team.until(lambda: team.form(MIA))
    await team.submit(MIA)
    assert not team.errors(MIA)
    again = await team.until(lambda: team._seeded(before))
    assert WAITS in words_of(again)
    assert (await pipeline.show(2))["version"]["number"] == "2.5.0"


async def test_somebody_who_asks_for_the_list_hears_what_it_waits_for(pipeline: Pipeline) -> None:
    team = pipeline.workspace
    await proposed(pipeline)
    await team.command(AIKO, "proposals")
    await team.until(lambda: team.private(AIKO))
    assert f"Then it waits for {AWAITED}" in team.private(AIKO)[-1]


async def test_what_was_typed_before_the_version_was_there_is_shown_with_it(
    pipeline: Pipeline,
) -> None:
    team = pipeline.workspace
    message = await proposed(pipeline)
    await team.press(MIA, message, "Edit")
    await team.until(lambda: team.form(MIA))
    assert f"It waits for {AWAITED}" in team.modal(MIA)
    await team.fill_in(MIA, "Keywords", "notiz,block")
    await team.settle()
    await team.close(MIA)
    await made(team)
    await team.press(MIA, message, "Edit")
    await team.until(lambda: team.form(MIA))
    assert team.value(MIA, "Keywords") == "notiz,block"
