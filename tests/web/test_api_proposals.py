"""What a pipeline proposes takes the same road as what people propose in Slack."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

from bot import audit
from bot.domain.fields import BY_ATTRIBUTE
from bot.domain.locales import LOCALES
from bot.sandbox.cast import BEN, MIA
from bot.settings import ApprovalRule
from tests.web.calling import TIDEWELL_ID, Pipeline, a_pipeline
from tests.workspace import TIDEWELL, approvals, words_of

JA = {"ja": {"subtitle": "静かなノート"}}


async def posted(pipeline: Pipeline) -> Any:
    """Return the message of the proposal once it can be voted on."""
    return await pipeline.workspace.until(
        lambda: pipeline.workspace._seeded(()), why="no proposal was posted"
    )


async def test_a_change_goes_from_a_pipeline_to_apple_once_people_approved_it(
    pipeline: Pipeline,
) -> None:
    made = await pipeline.propose(JA, reason="People search for a quiet notebook.")
    assert made.status == 201
    assert (made.body["status"], made.body["proposer"]) == ("open", MIA)
    (item,) = made.body["items"]
    assert (item["locale"], item["field"], item["after"]) == ("ja", "subtitle", "静かなノート")
    assert made.body["approvals"] == [{"items": 1, "needed": 1, "given": 0, "voters": []}]

    message = await posted(pipeline)
    await pipeline.workspace.react(BEN, message)
    await pipeline.workspace.says(message, "Pushed")

    assert pipeline.workspace.live("ja", "subtitle") == "静かなノート"
    ended = await pipeline.show(made.body["id"])
    assert ended["status"] == "pushed"
    assert [one["state"] for one in ended["items"]] == ["done"]
    assert ended["url"].startswith("http")


async def test_the_message_says_that_it_came_in_through_the_api_and_by_which_token(
    pipeline: Pipeline,
) -> None:
    await pipeline.propose(JA, reason="Quiet")
    said = words_of(await posted(pipeline))
    assert f"@{MIA}" in said
    assert "It came in through the API, with the token nightly" in said.replace("  ", " ")


async def test_the_owner_of_the_token_wrote_it_and_does_not_approve_it(tmp_path: Path) -> None:
    async with a_pipeline(tmp_path, approval=approvals(approvers=(MIA, BEN))) as pipeline:
        await pipeline.propose(JA)
        message = await posted(pipeline)
        await pipeline.workspace.react(MIA, message)
        await pipeline.workspace.until(lambda: pipeline.workspace.private(MIA))
        assert "You wrote or edited part of this" in pipeline.workspace.private(MIA)[-1]
        assert pipeline.workspace.live("ja", "subtitle") != "静かなノート"


async def test_votes_are_shown_as_they_are_given(tmp_path: Path) -> None:
    async with a_pipeline(tmp_path, approval=approvals(quorum=2)) as pipeline:
        made = await pipeline.propose(JA)
        await pipeline.workspace.react(BEN, await posted(pipeline))
        await pipeline.workspace.settle()
        shown = await pipeline.show(made.body["id"])
        assert shown["approvals"] == [{"items": 1, "needed": 2, "given": 1, "voters": [BEN]}]


async def test_null_empties_a_text_and_what_is_not_there_is_left_alone(pipeline: Pipeline) -> None:
    before = pipeline.workspace.live("de-DE", "description")
    made = await pipeline.propose({"de-DE": {"promotionalText": None}})
    assert [(one["field"], one["after"]) for one in made.body["items"]] == [("promotionalText", "")]

    await pipeline.workspace.react(BEN, await posted(pipeline))
    await pipeline.workspace.until(
        lambda: pipeline.workspace.live("de-DE", "promotionalText") == ""
    )
    assert pipeline.workspace.live("de-DE", "description") == before


async def test_what_stands_at_apple_already_is_no_proposal(pipeline: Pipeline) -> None:
    there = pipeline.workspace.live("de-DE", "keywords")
    answer = await pipeline.propose({"de-DE": {"keywords": f" {there}\r\n"}}, key="same")
    assert (answer.status, answer.body) == (200, {"status": "unchanged"})
    again = await pipeline.propose({"de-DE": {"keywords": f" {there}\r\n"}}, key="same")
    assert again.body == {"status": "unchanged"}
    assert await pipeline.workspace.bot.desk.store.proposals.get(1) is None


async def test_every_broken_limit_is_a_finding_and_nothing_is_proposed(pipeline: Pipeline) -> None:
    answer = await pipeline.propose(
        {"ja": {"subtitle": "x" * 31}, "de-DE": {"keywords": "y" * 101, "subtitle": "Kurz"}}
    )
    assert answer.status == 422
    errors = [one for one in answer.body["findings"] if one["severity"] == "error"]
    assert [(one["locale"], one["field"]) for one in errors] == [
        ("de-DE", "keywords"),
        ("ja", "subtitle"),
    ]
    assert "31 characters, 30 are allowed" in errors[1]["message"]
    assert await pipeline.workspace.bot.desk.store.proposals.get(1) is None


async def test_the_same_key_with_the_same_body_makes_one_proposal(pipeline: Pipeline) -> None:
    first = await pipeline.propose(JA, key="build-7")
    again = await pipeline.propose(JA, key="build-7")
    assert (first.status, again.status) == (201, 200)
    assert again.body["id"] == first.body["id"]

    other = await pipeline.propose({"ja": {"subtitle": "別のノート"}}, key="build-7")
    assert other.status == 422
    assert "came with another body before" in other.said


async def test_the_same_key_at_once_makes_one_proposal(pipeline: Pipeline) -> None:
    made = await asyncio.gather(*(pipeline.propose(JA, key="build-7") for _ in range(6)))
    assert sorted(one.status for one in made) == [200] * 5 + [201]
    assert {one.body["id"] for one in made} == {1}


async def test_after_a_day_the_same_key_is_another_request(pipeline: Pipeline) -> None:
    await pipeline.propose(JA, key="build-7")
    await pipeline.workspace.clock.travel(timedelta(hours=24).total_seconds())
    again = await pipeline.propose(JA, key="build-7")
    assert (again.status, again.body["id"]) == (201, 2)


async def test_a_key_is_kept_when_the_bot_starts_again(pipeline: Pipeline) -> None:
    first = await pipeline.propose(JA, key="build-7")
    await pipeline.workspace.restart()
    assert (await pipeline.propose(JA, key="build-7")).body["id"] == first.body["id"]


async def test_another_version_than_the_one_that_can_be_edited_is_refused(
    pipeline: Pipeline,
) -> None:
    listing = (await pipeline.call("GET", f"/listings/{TIDEWELL_ID}?platform=IOS")).body
    answer = await pipeline.propose(JA, version="99.0")
    assert answer.status == 409
    assert listing["version"]["number"] in answer.body["remedy"]
    assert (await pipeline.propose(JA, version=listing["version"]["number"])).status == 201


async def test_a_push_waits_for_the_time_that_was_asked_for(pipeline: Pipeline) -> None:
    later = pipeline.workspace.clock.now() + timedelta(hours=2)
    made = await pipeline.propose(JA, not_before=later.isoformat())
    assert made.status == 201
    message = await posted(pipeline)
    assert "Not before" in words_of(message)
    await pipeline.workspace.react(BEN, message)
    await pipeline.workspace.settle()
    assert (await pipeline.show(1))["status"] == "approved"

    gone = pipeline.workspace.clock.now() - timedelta(hours=2)
    refused = await pipeline.propose({"ja": {"subtitle": "別"}}, not_before=gone.isoformat())
    assert refused.status == 422


async def test_in_parts_is_taken_over(tmp_path: Path) -> None:
    rule = ApprovalRule(locale=("ja",), quorum=2)
    async with a_pipeline(tmp_path, approval=approvals(rules=(rule,))) as pipeline:
        await pipeline.propose({**JA, "de-DE": {"subtitle": "Stille Notizen"}}, in_parts=True)
        await pipeline.workspace.react(BEN, await posted(pipeline))
        await pipeline.workspace.until(
            lambda: pipeline.workspace.live("de-DE", "subtitle") == "Stille Notizen"
        )
        assert pipeline.workspace.live("ja", "subtitle") != "静かなノート"


async def test_two_proposals_for_one_text_name_each_other(pipeline: Pipeline) -> None:
    await pipeline.propose(JA)
    second = await pipeline.propose({"ja": {"subtitle": "別のノート"}})
    assert "Proposal 1 waits with another text for this." in second.said


async def test_the_owner_withdraws_it_and_then_it_cannot_be_any_more(pipeline: Pipeline) -> None:
    await pipeline.propose(JA)
    message = await posted(pipeline)

    gone = await pipeline.call("POST", "/proposals/1/withdraw")
    assert (gone.status, gone.body["status"]) == (200, "withdrawn")
    await pipeline.workspace.says(message, "Withdrawn")
    again = await pipeline.call("POST", "/proposals/1/withdraw")
    assert again.status == 409
    assert "is withdrawn and cannot be withdrawn" in again.said


async def test_a_bystanders_token_withdraws_nothing(pipeline: Pipeline) -> None:
    await pipeline.workspace.propose(BEN, "edit tidewell ja", Subtitle="静かなノート")
    answer = await pipeline.call("POST", "/proposals/1/withdraw")
    assert answer.status == 403
    assert (await pipeline.show(1))["status"] == "open"


async def test_a_checklist_names_every_locale_and_counts_problems_and_remarks(
    pipeline: Pipeline,
) -> None:
    team = pipeline.workspace
    team.apple.edit(TIDEWELL, "ja", "description", team.live("en-US", "description"))
    path = f"/listings/{TIDEWELL_ID}/checklist?platform=IOS"
    checklist = (await pipeline.call("GET", path)).body
    missing, *rest = checklist["points"]
    assert missing == {
        "severity": "error",
        "check": "completeness",
        "field": "whatsNew",
        "locales": ["ar-SA", "he", "it", "th"],
        "message": "Missing in ar-SA, he, it, th.",
        "remedy": "Write it with /aso edit.",
    }
    assert (checklist["problems"], checklist["remarks"]) == (1, len(rest))
    assert {one["severity"] for one in rest} == {"warning"}
    (same,) = [one for one in rest if one["check"] == "same_as_primary"]
    assert (same["field"], same["locales"]) == ("description", ["ja"])
    assert checklist["version"]["state"] == "PREPARE_FOR_SUBMISSION"

    live = (await pipeline.call("GET", f"{path}&version=live")).body
    assert live["version"]["state"] == "READY_FOR_DISTRIBUTION"
    assert live["problems"] == 0


async def test_a_listing_has_every_text_of_the_version_that_is_asked_for(
    pipeline: Pipeline,
) -> None:
    listing = (await pipeline.call("GET", f"/listings/{TIDEWELL_ID}?platform=IOS")).body
    assert listing["version"]["state"] == "PREPARE_FOR_SUBMISSION"
    assert listing["locales"]["de-DE"]["subtitle"] == pipeline.workspace.live("de-DE", "subtitle")
    live = (await pipeline.call("GET", f"/listings/{TIDEWELL}?platform=IOS&version=live")).body
    assert live["version"]["state"] == "READY_FOR_DISTRIBUTION"
    edit = (await pipeline.call("GET", f"/listings/{TIDEWELL_ID}?platform=IOS&version=edit")).body
    assert edit == listing


async def test_an_app_on_several_platforms_needs_one_named(pipeline: Pipeline) -> None:
    for answer in (
        await pipeline.call("GET", f"/listings/{TIDEWELL_ID}"),
        await pipeline.call("POST", "/proposals", {"app": TIDEWELL_ID, "locales": JA}),
    ):
        assert answer.status == 422
        assert "Name its platform: IOS or MAC_OS" in answer.body["remedy"]


async def test_the_record_tells_how_it_came_in(pipeline: Pipeline) -> None:
    await pipeline.propose(JA)
    store = pipeline.workspace.bot.desk.store
    (entry,) = [one async for one in store.record.entries(kind="proposal")]
    assert '"via":"nightly"' in entry.body
    assert entry.actor == MIA

    told: list[str] = []
    digest = (await pipeline.show(1))["digest"]
    await audit.show(pipeline.workspace.settings.database, digest=digest, say=told.append)
    assert any("through the API, with the token" in line and "nightly" in line for line in told)


async def test_every_field_of_every_locale_at_its_full_length_is_proposed(
    pipeline: Pipeline,
) -> None:
    names = ("name", "subtitle", "keywords", "promotionalText", "description", "whatsNew")
    full = {name: "潮" * BY_ATTRIBUTE[name].limit for name in names}
    link = f"https://tidewell.example/{'x' * 200}"
    locales = {one.code: {**full, "supportUrl": link} for one in LOCALES}
    assert len(json.dumps(locales, ensure_ascii=False).encode()) > 1_250_000
    assert len(json.dumps(locales)) > 2_500_000

    answer = await pipeline.propose(locales)

    assert answer.status == 201, answer.said[:2000]
    found = await pipeline.workspace.bot.desk.store.proposals.get(1)
    assert found is not None
    assert {(item.locale, item.field): item.after for item in found.items if item.field} == {
        (code, name): text for code, of in locales.items() for name, text in of.items()
    }
