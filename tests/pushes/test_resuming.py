"""A push that was cut off goes on from what Apple holds now, not from what it held then."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest_asyncio

from bot.domain.fields import Resource
from bot.domain.items import ABSENT, PRESENT, Item, ItemKind, ItemState
from bot.domain.parts import Part, covered
from bot.domain.proposals import Proposal, Status
from bot.domain.record import Why
from bot.pushes.ledger import StepProblem
from bot.pushes.plan import plan
from bot.storage.pushes import Push
from bot.storage.steps import StepState, StepVerb
from tests.appstore.stage import TIDEWELL
from tests.pushes.stage import Pushing, pushing


@pytest_asyncio.fixture
async def one(tmp_path: Path) -> AsyncIterator[Pushing]:
    async with pushing(tmp_path) as made:
        yield made


async def cut_off(one: Pushing, proposal: Proposal, *, part: Part = None) -> Push:
    """Leave a push as a crash does: planned, every step begun, nothing known of any."""
    number = await one.store.pushes.queue(
        proposal,
        "approve",
        approvers=["U0BEN"],
        now=one.stage.clock.now(),
        why=Why(part=part),
    )
    assert number is not None
    push = await one.store.pushes.claim(number)
    assert push is not None
    made = plan(covered(proposal, part), await one.stage.store.read(TIDEWELL, "IOS"))
    judged = [(one.item, one.live_now) for one in made.judged]
    now = one.stage.clock.now()
    assert await one.store.pushes.plan(push, made.steps, judged, revision=1, now=now)
    doing = [replace(step, state=StepState.DOING) for step in made.steps]
    assert await one.store.steps.mark(push, doing)
    return push


async def test_what_was_changed_in_the_file_during_the_downtime_is_not_sent(
    one: Pushing, tmp_path: Path
) -> None:
    proposal = await one.propose(one.item("de-DE", "subtitle", "Stilles Heft"))
    await cut_off(one, proposal)
    with closing(sqlite3.connect(tmp_path / "marquee.db", isolation_level=None)) as db:
        db.execute("update items set after = 'Gekauft'")

    await one.run(proposal.id)
    ended = await one.get(proposal.id)
    assert ended.status is Status.FAILED
    assert "not what was approved" in ended.items[0].problem
    assert one.stage.requests("PATCH") == []


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


async def test_what_is_taken_up_on_a_version_that_became_public_is_marked_as_that(
    one: Pushing,
) -> None:
    proposal = await one.propose(one.item("de-DE", "promotionalText", "Neu"))
    await cut_off(one, proposal)
    version = proposal.target.version_id
    one.stage.apple.move(version, "READY_FOR_DISTRIBUTION")

    await one.run(proposal.id)

    ended = await one.get(proposal.id)
    assert (ended.status, ended.live) == (Status.PUSHED, True)


async def test_what_was_cut_off_goes_on_before_what_was_queued_earlier(one: Pushing) -> None:
    older = await one.propose(one.item("de-DE", "subtitle", "Stilles Heft"))
    now = one.stage.clock.now()
    assert await one.store.pushes.queue(older, "approve", approvers=["U0BEN"], now=now)
    newer = await one.propose(one.item("de-DE", "subtitle", "Leises Heft"))
    await cut_off(one, newer)

    await one.run(newer.id)
    while await one.store.pushes.unfinished():
        await one.run(older.id)

    assert (await one.get(newer.id)).status is Status.PUSHED
    left = await one.get(older.id)
    assert (left.status, left.items[0].state) == (Status.OPEN, ItemState.STALE)
    patches = [row for row in one.stage.apple.log if row["method"] == "PATCH"]
    sent = [row["body"]["data"]["attributes"] for row in patches]
    assert sent == [{"subtitle": "Leises Heft"}]


async def test_a_part_that_was_cut_off_goes_on_with_what_it_covers_alone(one: Pushing) -> None:
    proposal = await one.propose(
        one.item("de-DE", "subtitle", "Stilles Heft"),
        one.item("de-DE", "name", "Gezeiten"),
        one.item("ja", "subtitle", "静か"),
    )
    await cut_off(one, proposal, part=(0, 2))

    async with one.runner(), asyncio.timeout(20):
        while (await one.get(proposal.id)).status is not Status.OPEN:
            await asyncio.sleep(0.002)

    waits = await one.get(proposal.id)
    assert one.states(waits.items) == ["done", "waiting", "done"]
    assert one.live("de-DE", "name") != "Gezeiten"
    ended = await one.push(waits, part=(1,))
    assert ended.status is Status.PUSHED
    assert len(one.stage.requests("PATCH")) == 3
    assert len(await one.store.watchlog.history(app_id=TIDEWELL.id)) == 3


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
    assert ended.status is Status.PARKED
    assert "being prepared" in ended.items[0].problem
    assert one.stage.requests("PATCH") == []


async def test_a_creation_that_was_under_way_is_unsure_and_an_update_is_not(one: Pushing) -> None:
    proposal = await one.propose(
        Item(kind=ItemKind.LOCALE, locale="sv", before=ABSENT, after=PRESENT),
        Item(locale="sv", field="name", before="", after="Tidewell Anteckningar"),
        one.item("ja", "subtitle", "静か"),
    )
    push = await cut_off(one, proposal)

    await one.store.pushes.claim(push.id)

    states = {step.verb: step.state for step in await one.store.steps.of(push.id)}
    assert states == {StepVerb.CREATE: StepState.UNSURE, StepVerb.UPDATE: StepState.TODO}


async def test_a_locale_that_was_made_before_the_crash_is_not_made_again(one: Pushing) -> None:
    proposal = await one.propose(
        Item(kind=ItemKind.LOCALE, locale="sv", before=ABSENT, after=PRESENT),
        Item(locale="sv", field="name", before="", after="Tidewell Anteckningar"),
    )
    await cut_off(one, proposal)
    reading = await one.stage.store.read(TIDEWELL, "IOS")
    info = next(info for info in reading.app_infos if info.state == "PREPARE_FOR_SUBMISSION")
    await one.stage.store.create(
        Resource.APP_INFO,
        parent_id=info.id,
        locale="sv",
        texts={"name": "Tidewell Anteckningar"},
    )
    one.stage.apple.requests.clear()

    await one.run(proposal.id)

    assert (await one.get(proposal.id)).status is Status.PUSHED
    assert one.stage.requests("POST") == []


async def test_a_creation_that_was_cut_off_is_looked_for_also_once_it_was_parked(
    one: Pushing,
) -> None:
    proposal = await one.propose(
        Item(kind=ItemKind.LOCALE, locale="sv", before=ABSENT, after=PRESENT),
        Item(locale="sv", field="name", before="", after="Tidewell Anteckningar"),
    )
    await cut_off(one, proposal)
    version = next(v for v in one.stage.apple.apps()[0]["versions"] if v["editable"])
    one.stage.apple.move(version["id"], "WAITING_FOR_REVIEW")
    await one.run(proposal.id)
    assert (await one.get(proposal.id)).status is Status.PARKED
    one.stage.apple.move(version["id"], "DEVELOPER_REJECTED")
    again = await one.store.pushes.queue(
        await one.get(proposal.id), "wake", approvers=["U0BEN"], now=one.stage.clock.now()
    )
    assert again is not None
    one.stage.apple.log.clear()

    await one.run(proposal.id)

    assert (await one.get(proposal.id)).status is Status.PUSHED
    asked = [(row["method"], row["query"].get("filter[locale]")) for row in one.stage.apple.log]
    making = next(place for place, (method, _) in enumerate(asked) if method == "POST")
    assert ("GET", "sv") in asked[:making]


async def test_the_rest_of_a_locale_is_not_sent_when_making_it_failed_before_the_crash(
    one: Pushing,
) -> None:
    proposal = await one.propose(
        Item(kind=ItemKind.LOCALE, locale="sv", before=ABSENT, after=PRESENT),
        Item(locale="sv", field="name", before="", after="Tidewell Anteckningar"),
        Item(locale="sv", field="description", before="", after="Lugna anteckningar."),
    )
    push = await cut_off(one, proposal)
    first, second = await one.store.steps.of(push.id)
    refused = StepProblem(field="name", cause="DUPLICATE", message="Taken.", remedy="")
    problem = json.dumps([[refused.field, refused.cause, refused.message, refused.remedy]])
    failed = replace(first, state=StepState.FAILED, problem=problem)
    assert await one.store.steps.mark(push, [failed, second])

    await one.run(proposal.id)

    ended = await one.get(proposal.id)
    assert ended.status is Status.FAILED
    assert one.stage.requests("POST") == []
    assert "its locale could not be made" in ended.items[2].problem
