"""Texts for a version that Apple does not have yet: approved before, pushed once it is there."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bot import audit
from bot.domain.proposals import Status
from bot.errors import BotError
from bot.sandbox.cast import AIKO, BEN, MIA, RUTH
from bot.settings import ApprovalRule
from tests.journeys.test_break_glass import break_glass
from tests.journeys.test_push_altered import write_into
from tests.journeys.ticking import become, run, version, wait
from tests.web.calling import Answer, Pipeline, a_pipeline
from tests.workspace import CROSS, TIDEWELL, Workspace, approvals, words_of

PREPARE, REVIEW, LIVE = "PREPARE_FOR_SUBMISSION", "IN_REVIEW", "READY_FOR_DISTRIBUTION"
AWAITED = "version 2.5.0 of Tidewell Notes (iOS)"
WAITS = f"It waits for {AWAITED}, which does not exist yet."
PARKED = (
    f"Parked: waits for {AWAITED}, which does not exist yet; "
    "it is pushed once that is there and can be edited."
)
# The subtitle is Ben's, the keywords are Aiko's.
RULES = (
    ApprovalRule(field=("subtitle",), approvers=(BEN,)),
    ApprovalRule(field=("keywords",), approvers=(AIKO,)),
)
GERMAN = {"de-DE": {"keywords": "notiz,heft", "whatsNew": "Hefte."}}


@pytest_asyncio.fixture
async def pipeline(tmp_path: Path) -> AsyncIterator[Pipeline]:
    async with a_pipeline(tmp_path) as one:
        yield one


async def ask(pipeline: Pipeline, locales: Any = None, number: str = "2.5.0") -> Answer:
    return await pipeline.propose(locales or GERMAN, version=number, when_it_exists=True)


async def proposed(
    pipeline: Pipeline, locales: Any = None, number: str = "2.5.0"
) -> Mapping[str, Any]:
    """Propose for a version to come and return the message."""
    team = pipeline.workspace
    before = [message["ts"] for message in team.messages()]
    made = await ask(pipeline, locales, number)
    assert made.status == 201, made
    message: Mapping[str, Any] = await team.until(lambda: team._seeded(before))
    return message


async def parked(pipeline: Pipeline, locales: Any = None) -> Mapping[str, Any]:
    message = await proposed(pipeline, locales)
    await pipeline.workspace.react(BEN, message)
    return await pipeline.workspace.says(message, PARKED)


async def made(team: Workspace, number: str = "2.5.0", state: str = PREPARE) -> None:
    """Release what is being prepared, make the next version, and let the watch see it."""
    if version(team)["state"] != LIVE:
        team.apple.move(version(team)["id"], LIVE)
    team.apple.add_version(TIDEWELL, number, "IOS", state)
    await run(team, "watch")


async def status(team: Workspace, number: int = 1) -> Status | None:
    return await team.bot.desk.store.proposals.status(number)


def text(team: Workspace, field: str, locale: str = "de-DE", number: str = "2.5.0") -> Any:
    return version(team, number)["localizations"][locale][field]


async def test_it_says_which_version_it_waits_for_and_is_pushed_once_that_is_there(
    pipeline: Pipeline,
) -> None:
    team = pipeline.workspace
    message = await proposed(pipeline)
    assert WAITS in words_of(message)
    await team.react(BEN, message)
    await team.says(message, PARKED)
    await team.settle()
    assert PARKED in words_of(team.thread(message)[-1])
    assert team.asked("PATCH") == []

    await made(team)
    await team.says(message, "Pushed")
    assert (text(team, "keywords"), text(team, "whatsNew")) == ("notiz,heft", "Hefte.")
    assert text(team, "keywords", number="2.4.0") != "notiz,heft"
    shown = await pipeline.show(1)
    assert (shown["status"], shown["waits_for"]) == ("pushed", None)
    assert shown["version"]["id"] == version(team, "2.5.0")["id"]


async def test_the_api_tells_what_it_waits_for(pipeline: Pipeline) -> None:
    made = await ask(pipeline)
    assert made.body["waits_for"] == f"{AWAITED}, which does not exist yet"
    assert made.body["version"] == {"id": "", "number": "2.5.0", "state": ""}


async def test_the_texts_before_are_those_that_the_version_will_begin_with(
    pipeline: Pipeline,
) -> None:
    here = version(pipeline.workspace)["localizations"]["de-DE"]
    answer = await ask(pipeline)
    before = {one["field"]: one["before"] for one in answer.body["items"]}
    assert before == {"keywords": here["keywords"], "whatsNew": ""}


async def test_limits_are_held_at_once(pipeline: Pipeline) -> None:
    answer = await ask(pipeline, {"de-DE": {"subtitle": "x" * 31}})
    assert (answer.status, "30 are allowed" in answer.said) == (422, True)


async def test_names_go_with_the_version_too(pipeline: Pipeline) -> None:
    team = pipeline.workspace
    team.apple.move(version(team)["id"], LIVE)
    message = await parked(pipeline, {"de-DE": {"subtitle": "Stilles Heft"}})
    await made(team)
    await team.says(message, "Pushed")
    assert team.live("de-DE", "subtitle") == "Stilles Heft"


async def test_a_locale_that_the_version_does_not_begin_with_is_made_whole(
    pipeline: Pipeline,
) -> None:
    team = pipeline.workspace
    texts = {"name": "Tidewell", "description": "Un cahier.", "keywords": "notes"}
    message = await parked(pipeline, {"fr-FR": texts})
    await made(team)
    await team.says(message, "Pushed")
    assert text(team, "description", "fr-FR") == "Un cahier."


async def test_a_text_that_drifted_meanwhile_goes_stale_alone(tmp_path: Path) -> None:
    async with a_pipeline(tmp_path) as pipeline:
        team = pipeline.workspace
        message = await parked(pipeline)
        team.apple.edit(TIDEWELL, "de-DE", "keywords", "anders")
        await made(team)
        await team.says(message, "Partly pushed")
        assert (text(team, "keywords"), text(team, "whatsNew")) == ("anders", "Hefte.")


async def test_a_version_that_appears_before_the_votes_makes_it_an_ordinary_proposal(
    pipeline: Pipeline,
) -> None:
    team = pipeline.workspace
    message = await proposed(pipeline)
    await made(team)
    await team.settle()
    assert "waits for" not in words_of(team.message(message["ts"]))
    assert (await pipeline.show(1))["version"]["id"] == version(team, "2.5.0")["id"]
    await team.react(BEN, message)
    await team.says(message, "Pushed")


async def test_a_version_that_nobody_looked_at_yet_is_found_by_the_push(
    pipeline: Pipeline,
) -> None:
    team = pipeline.workspace
    message = await proposed(pipeline)
    team.apple.move(version(team)["id"], LIVE)
    team.apple.add_version(TIDEWELL, "2.5.0", "IOS", PREPARE)
    await team.react(BEN, message)
    await team.says(message, "Pushed")
    assert text(team, "keywords") == "notiz,heft"


async def test_a_version_that_appears_in_review_parks_it_as_any_other(pipeline: Pipeline) -> None:
    team = pipeline.workspace
    message = await parked(pipeline)
    await made(team, state=REVIEW)
    await team.says(message, "Parked: 2.5.0 is In Review")
    assert team.asked("PATCH") == []
    await become(team, "REJECTED", "2.5.0")
    await team.says(message, "Pushed")


async def test_no_other_number_platform_or_app_is_taken_for_it(pipeline: Pipeline) -> None:
    team = pipeline.workspace
    await parked(pipeline)
    before = await team.bot.desk.store.proposals.get(1)
    await made(team, "2.5.1")
    team.apple.add_version(TIDEWELL, "2.5.0", "MAC_OS", PREPARE)
    await run(team, "watch", "pushes")
    assert await status(team) is Status.PARKED
    assert team.asked("PATCH") == []
    store = team.bot.desk.store
    for seen in await store.watchlog.versions():
        assert not await store.awaited.bind(1, seen.version, now=team.clock.now())
    assert before is not None
    assert await store.proposals.get(1) == before


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


async def test_a_version_that_is_called_otherwise_by_then_takes_nothing(
    pipeline: Pipeline,
) -> None:
    team = pipeline.workspace
    message = await proposed(pipeline)
    await made(team)
    records = team.apple._store.rooms.records
    renamed = records.need("appStoreVersions", version(team, "2.5.0")["id"])
    renamed.change({"versionString": "2.6.0"}, team.apple.clock())
    await team.react(BEN, message)
    await team.says(message, "2.5.0 was approved, and the version is called 2.6.0 by now.")
    assert team.asked("PATCH") == []


async def test_another_version_of_the_same_number_is_not_the_one_that_it_knew(
    pipeline: Pipeline,
) -> None:
    team = pipeline.workspace
    message = await proposed(pipeline)
    await made(team)
    desk = team.apple._store.rooms.studio
    records = team.apple._store.rooms.records
    desk.remove_version(records.need("appStoreVersions", version(team, "2.5.0")["id"]))
    await made(team)
    await team.react(BEN, message)
    await team.says(message, "Version 2.5.0 is not there any more. Propose it again.")
    assert team.asked("PATCH") == []


async def test_a_version_that_was_deleted_before_is_not_the_one_to_come(
    pipeline: Pipeline,
) -> None:
    team = pipeline.workspace
    await made(team)
    records = team.apple._store.rooms.records
    deleted = records.need("appStoreVersions", version(team, "2.5.0")["id"])
    team.apple._store.rooms.studio.remove_version(deleted)
    message = await parked(pipeline)
    await run(team, "watch", "pushes")
    assert await status(team) is Status.PARKED
    await made(team)
    await team.says(message, "Pushed")
    assert text(team, "keywords") == "notiz,heft"


async def test_a_version_that_gets_the_number_is_the_one(pipeline: Pipeline) -> None:
    team = pipeline.workspace
    message = await parked(pipeline, {"de-DE": {"keywords": "notiz,heft"}})
    records = team.apple._store.rooms.records
    renamed = records.need("appStoreVersions", version(team)["id"])
    renamed.change({"versionString": "2.5.0"}, team.apple.clock())
    await run(team, "watch")
    await team.says(message, "Pushed")
    assert text(team, "keywords") == "notiz,heft"


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


# -- what can come no more ---------------------------------------------------------------------


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


# -- what is there already --------------------------------------------------------------------


async def test_a_version_that_is_there_and_can_be_edited_makes_it_an_ordinary_proposal(
    pipeline: Pipeline,
) -> None:
    team = pipeline.workspace
    answer = await ask(pipeline, number="2.4.0")
    assert (answer.status, answer.body["waits_for"]) == (201, None)
    message = await team.until(lambda: team._seeded(()))
    await team.react(BEN, message)
    await team.says(message, "Pushed")
    assert text(team, "keywords", number="2.4.0") == "notiz,heft"


async def test_a_version_in_review_parks_it_as_any_other(pipeline: Pipeline) -> None:
    team = pipeline.workspace
    await become(team, REVIEW)
    message = await proposed(pipeline, number="2.4.0")
    await team.react(BEN, message)
    await team.says(message, "Parked: 2.4.0 is In Review")
    await become(team, "REJECTED")
    await team.says(message, "Pushed")


async def test_a_public_version_is_refused_with_what_to_do(pipeline: Pipeline) -> None:
    await become(pipeline.workspace, LIVE)
    answer = await ask(pipeline, number="2.4.0")
    assert (answer.status, answer.body["detail"]) == (409, "Version 2.4.0 is public already.")
    assert answer.body["remedy"].startswith("Name the next version;")


async def test_a_number_that_can_never_come_is_refused_with_what_to_do(
    pipeline: Pipeline,
) -> None:
    await become(pipeline.workspace, LIVE)
    answer = await ask(pipeline, number="2.3.9")
    assert answer.status == 409
    assert "2.3.9 is not higher than 2.4.0, which is on the App Store." in answer.said
    answer = await ask(pipeline, number="2.4")
    assert answer.status == 409
    assert "Apple takes 2.4 and 2.4.0 as the same, and has 2.4.0." in answer.said
    assert answer.body["remedy"] == "Write 2.4.0."


async def test_without_the_wish_to_wait_a_version_that_is_not_there_is_refused_as_before(
    pipeline: Pipeline,
) -> None:
    answer = await pipeline.propose(GERMAN, version="2.5.0")
    assert (answer.status, answer.body["detail"]) == (409, "Version 2.5.0 cannot be edited now.")


# -- the file ---------------------------------------------------------------------------------


async def broken(folder: Path) -> str:
    """Return what is wrong with the record and what it tells of."""
    with pytest.raises(BotError) as found:
        await audit.verify(folder / "marquee.db", say=lambda _: None)
    return str(found.value)


@pytest.mark.parametrize(
    "change",
    [
        "awaited = '2.4.0'",
        "awaited = '2.4.0', version_number = '2.4.0'",
        "awaited = '', version_id = (select id from versions where number = '2.4.0' limit 1)",
        "platform = 'MAC_OS'",
    ],
)
async def test_what_was_redirected_in_the_file_is_not_sent_and_found(
    tmp_path: Path, change: str
) -> None:
    async with a_pipeline(tmp_path) as pipeline:
        team = pipeline.workspace
        message = await proposed(pipeline)
        await team.settle()
        write_into(tmp_path, f"update proposals set {change} where id = 1")
        await team.react(BEN, message)
        await team.says(message, "not what was approved")
        assert team.asked("PATCH") == []
        assert "the version that it waits for" in (await broken(tmp_path))


async def test_an_id_that_was_written_into_the_file_takes_nothing(tmp_path: Path) -> None:
    async with a_pipeline(tmp_path) as pipeline:
        team = pipeline.workspace
        message = await proposed(pipeline)
        await team.settle()
        other = version(team)["id"]
        write_into(tmp_path, f"update proposals set version_id = '{other}' where id = 1")
        await team.react(BEN, message)
        await team.says(message, "2.5.0 was approved, and the version is called 2.4.0 by now.")
        assert team.asked("PATCH") == []


async def test_the_record_tells_when_it_knew_its_version(pipeline: Pipeline) -> None:
    team = pipeline.workspace
    message = await parked(pipeline)
    await made(team)
    await team.says(message, "Pushed")
    store = team.bot.desk.store
    told = [json.loads(entry.body) async for entry in store.record.entries(kind="version")]
    assert told == [{"id": version(team, "2.5.0")["id"], "number": "2.5.0", "state": PREPARE}]
    (first,) = [json.loads(one.body) async for one in store.record.entries(kind="proposal")]
    assert (first["awaited"], first["version_id"]) == ("2.5.0", "")
    proposal = await store.proposals.get(1)
    assert proposal is not None
    assert proposal.digest == first["digest"]
    entries = [entry async for entry in store.record.entries(proposal=1)]
    lines = "\n".join(audit.story(1, entries))
    assert 'it waits for version "2.5.0", which did not exist' in lines
    assert 'is about version "2.5.0" from now on' in lines
