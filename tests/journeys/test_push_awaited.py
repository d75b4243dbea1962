"""Texts for a version that Apple does not have yet: approved before, pushed once it is there."""

from __future__ import annotations

import json
from pathlib import Path

from bot import audit
from bot.domain.proposals import Status
from bot.sandbox.cast import BEN
from tests.journeys.awaited_versions import (
    AWAITED,
    GERMAN,
    LIVE,
    PARKED,
    PREPARE,
    REVIEW,
    WAITS,
    ask,
    made,
    parked,
    proposed,
    status,
    text,
)
from tests.journeys.ticking import become, run, version
from tests.web.calling import Pipeline, a_pipeline
from tests.workspace import TIDEWELL, words_of


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
