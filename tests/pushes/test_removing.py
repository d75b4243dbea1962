"""A locale that is taken away: once, with the texts that people saw, or not at all."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bot.domain.changes import inverted, items, removal
from bot.domain.editing import listing
from bot.domain.fields import Resource
from bot.domain.items import ABSENT, NAMES, Item
from bot.domain.proposals import Proposal, Status
from bot.sandbox.appstore.faults import Fault
from bot.storage.steps import StepState, StepVerb
from tests.appstore.stage import TIDEWELL
from tests.pushes.stage import Pushing, pushing
from tests.pushes.test_resuming import cut_off

HALVES = (Resource.VERSION, Resource.APP_INFO)


@pytest_asyncio.fixture
async def one(tmp_path: Path) -> AsyncIterator[Pushing]:
    async with pushing(tmp_path) as made:
        yield made


async def leaves(one: Pushing, locale: str = "ja", left: str = ABSENT) -> Proposal:
    return await one.propose(*await texts_of(one, locale, left))


async def texts_of(one: Pushing, locale: str, left: str = ABSENT) -> tuple[Item, ...]:
    live = listing(await one.stage.store.read(TIDEWELL, "IOS"), one.version_id)
    found = removal(live, locale, left)
    assert len(found) > 3
    return found


async def delete(one: Pushing, *halves: Resource) -> None:
    """Do what a push was cut off from: delete halves of the locale at Apple."""
    live = listing(await one.stage.store.read(TIDEWELL, "IOS"), one.version_id)
    for half in halves:
        await one.stage.store.delete(half, live.localizations[half, "ja"].id)
    one.stage.apple.log.clear()
    one.stage.apple.requests.clear()


def changed(one: Pushing) -> list[str]:
    return [*one.stage.requests("PATCH"), *one.stage.requests("POST")]


async def test_a_locale_goes_with_all_its_texts_and_they_are_kept(one: Pushing) -> None:
    before = one.live("ja", "description")
    ended = await one.push(await leaves(one))

    assert ended.status is Status.PUSHED
    assert not one.has_locale("ja")
    assert len(one.stage.requests("DELETE")) == 2
    assert changed(one) == []
    history = await one.store.watchlog.history(app_id=TIDEWELL.id)
    assert {row.before for row in history if row.field == "description"} == {before}
    assert [row.before for row in history if not row.field] == ["present"]


@pytest.mark.parametrize("gone", [(), HALVES[:1], HALVES])
async def test_a_removal_that_was_cut_off_ends_with_the_locale_gone(
    one: Pushing, gone: tuple[Resource, ...]
) -> None:
    proposal = await leaves(one)
    await cut_off(one, proposal)
    await delete(one, *gone)

    await one.run(proposal.id)

    ended = await one.get(proposal.id)
    assert ended.status is Status.PUSHED
    assert {str(item.state) for item in ended.items} == {"done"}
    assert not one.has_locale("ja")
    assert len(one.stage.requests("DELETE")) == 2 - len(gone)
    assert changed(one) == []
    assert len(await one.store.watchlog.history(app_id=TIDEWELL.id)) == len(proposal.items)


async def test_a_deletion_that_was_under_way_is_unsure(one: Pushing) -> None:
    push = await cut_off(one, await leaves(one))

    await one.store.pushes.claim(push.id)

    steps = await one.store.steps.of(push.id)
    assert [(step.verb, step.state) for step in steps] == [(StepVerb.DELETE, StepState.UNSURE)] * 2


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "answer_lost", "nth": 1},
        {"kind": "answer_lost", "nth": 2},
        {"kind": "answer_lost", "count": 9},
        {"kind": "server_error", "count": 2},
    ],
)
async def test_a_deletion_whose_answer_was_lost_is_done_once_the_locale_is_gone(
    one: Pushing, fault: dict[str, Any]
) -> None:
    one.stage.apple.faults.add(Fault(match="DELETE", **fault))
    ended = await one.push(await leaves(one))

    assert ended.status is Status.PUSHED
    assert not one.has_locale("ja")
    assert changed(one) == []


async def test_a_locale_whose_text_changed_since_is_not_deleted(one: Pushing) -> None:
    proposal = await leaves(one)
    one.stage.apple.edit(TIDEWELL.id, "ja", "subtitle", "手で変えた")

    ended = await one.push(proposal)

    assert ended.status is Status.OPEN
    assert {str(item.state) for item in ended.items} == {"stale"}
    assert ended.items[0].problem.endswith("since this was proposed: Subtitle.")
    assert await one.store.proposals.live_now(ended.id, 1) == {("ja", "subtitle"): "手で変えた"}
    assert one.stage.requests("DELETE", "PATCH") == []


async def test_a_text_that_people_did_not_see_keeps_its_locale(one: Pushing) -> None:
    proposal = await one.propose(
        *(item for item in await texts_of(one, "ja") if item.field != "promotionalText")
    )
    one.stage.apple.edit(TIDEWELL.id, "ja", "promotionalText", "新しい")

    ended = await one.push(proposal)

    assert ended.status is Status.OPEN
    assert "Promotional text" in ended.items[0].problem
    assert one.has_locale("ja")
    assert one.stage.requests("DELETE", "PATCH") == []


async def test_a_text_that_changed_while_its_locale_was_half_gone_stays(one: Pushing) -> None:
    proposal = await leaves(one)
    await cut_off(one, proposal)
    await delete(one, Resource.VERSION)
    one.stage.apple.edit(TIDEWELL.id, "ja", "subtitle", "手で変えた")

    await one.run(proposal.id)

    ended = await one.get(proposal.id)
    assert ended.status is Status.PARTIAL
    states = {item.field: str(item.state) for item in ended.items}
    assert (states["description"], states["subtitle"], states[""]) == ("done", "stale", "stale")
    assert one.live("ja", "subtitle") == "手で変えた"
    assert one.stage.requests("DELETE", "PATCH") == []


async def test_nothing_of_a_locale_is_emptied_while_the_version_is_in_review(one: Pushing) -> None:
    proposal = await leaves(one)
    one.stage.apple.move(one.version_id, "WAITING_FOR_REVIEW")

    ended = await one.push(proposal)

    assert ended.status is Status.PARKED
    assert {str(item.state) for item in ended.items} == {"parked"}
    assert one.stage.requests("DELETE", "PATCH") == []


async def test_a_primary_locale_is_never_asked_away(one: Pushing) -> None:
    ended = await one.push(await leaves(one, "en-US"))

    assert ended.status is Status.FAILED
    assert "primary locale" in ended.items[0].problem
    assert one.stage.requests("DELETE", "PATCH") == []


async def test_what_apple_refuses_to_delete_is_told_and_may_be_retried(one: Pushing) -> None:
    number = one.stage.apple.faults.add(
        Fault(kind="refused", match="DELETE /v1/appInfoLocalizations")
    )
    ended = await one.push(await leaves(one))

    assert ended.status is Status.PARTIAL
    states = {item.field: str(item.state) for item in ended.items}
    assert (states["description"], states["name"], states[""]) == ("done", "failed", "failed")
    assert one.live("ja", "name")

    one.stage.apple.faults.remove(number)
    again = await one.push(ended, "retry")
    assert again.status is Status.PUSHED
    assert not one.has_locale("ja")
    assert changed(one) == []


async def test_a_refused_half_is_not_tried_again_after_a_crash_and_the_other_stays_done(
    one: Pushing,
) -> None:
    proposal = await leaves(one)
    push = await cut_off(one, proposal)
    first, second = await one.store.steps.of(push.id)
    assert (first.resource, second.resource) == HALVES
    await delete(one, Resource.VERSION)
    problem = '[["", "STATE_ERROR", "No.", ""]]'
    ended_steps = [
        replace(first, state=StepState.DONE),
        replace(second, state=StepState.FAILED, problem=problem),
    ]
    assert await one.store.steps.mark(push, ended_steps)

    await one.run(proposal.id)

    ended = await one.get(proposal.id)
    states = {item.field: str(item.state) for item in ended.items}
    assert (states["description"], states["name"], states[""]) == ("done", "failed", "failed")
    assert one.stage.requests("DELETE", "PATCH") == []


async def test_what_all_platforms_share_stays_where_it_is_kept_and_the_rest_comes_back(
    one: Pushing,
) -> None:
    name, description = one.live("ja", "name"), one.live("ja", "description")
    kept = await leaves(one, left=NAMES)
    assert "name" not in {item.field for item in kept.items}
    ended = await one.push(kept)

    assert ended.status is Status.PUSHED
    assert (one.live("ja", "name"), one.live("ja", "description")) == (name, "")
    assert [each.split("/")[2] for each in one.stage.requests("DELETE")] == [Resource.VERSION]

    back = await one.push(await one.propose(*inverted(kept.items)))
    assert back.status is Status.PUSHED
    assert (one.live("ja", "name"), one.live("ja", "description")) == (name, description)


async def test_what_is_kept_may_change_and_the_rest_goes_all_the_same(one: Pushing) -> None:
    proposal = await leaves(one, left=NAMES)
    one.stage.apple.edit(TIDEWELL.id, "ja", "subtitle", "手で変えた")

    assert (await one.push(proposal)).status is Status.PUSHED
    assert one.live("ja", "subtitle") == "手で変えた"


async def test_a_text_of_a_locale_that_went_meanwhile_does_not_make_it_again(one: Pushing) -> None:
    one.stage.apple.edit(TIDEWELL.id, "ja", "promotionalText", "")
    late = await one.propose(
        one.item("ja", "promotionalText", "新しい"), one.item("ja", "subtitle", "静か")
    )
    assert (await one.push(await leaves(one))).status is Status.PUSHED

    ended = await one.push(late)

    assert ended.status is Status.OPEN
    assert one.states(ended.items) == ["stale", "stale"]
    assert "removed since" in ended.items[0].problem
    assert changed(one) == []


async def test_a_kept_name_that_is_changed_beside_is_written_and_stays(one: Pushing) -> None:
    name = one.live("ja", "name")
    ended = await one.push(
        await one.propose(*await texts_of(one, "ja", NAMES), one.item("ja", "subtitle", "静か"))
    )

    assert ended.status is Status.PUSHED
    assert [each.split("/")[2] for each in one.stage.requests("DELETE")] == [Resource.VERSION]
    assert (one.live("ja", "name"), one.live("ja", "subtitle")) == (name, "静か")
    assert one.live("ja", "description") == ""


async def test_a_refused_name_that_is_kept_leaves_the_removal_beside_it_done(one: Pushing) -> None:
    one.stage.apple.faults.add(Fault(kind="refused", match="PATCH /v1/appInfoLocalizations"))
    ended = await one.push(
        await one.propose(*await texts_of(one, "ja", NAMES), one.item("ja", "subtitle", "静か"))
    )

    states = {item.field: str(item.state) for item in ended.items}
    assert (ended.status, states.pop("subtitle")) == (Status.PARTIAL, "failed")
    assert set(states.values()) == {"done"}


async def test_a_text_does_not_make_the_half_of_its_locale_that_a_removal_took(
    one: Pushing,
) -> None:
    one.stage.apple.edit(TIDEWELL.id, "ja", "promotionalText", "")
    late = await one.propose(
        one.item("ja", "promotionalText", "新しい"), one.item("ja", "subtitle", "静か")
    )
    assert (await one.push(await leaves(one, left=NAMES))).status is Status.PUSHED
    one.stage.apple.requests.clear()

    ended = await one.push(late)

    assert ended.status is Status.PARTIAL
    assert one.states(ended.items) == ["stale", "done"]
    assert "removed since" in ended.items[0].problem
    assert one.stage.requests("POST") == []
    assert one.live("ja", "subtitle") == "静か"


@pytest.mark.parametrize("half", HALVES)
async def test_a_half_that_somebody_deleted_by_hand_is_not_made_again(
    one: Pushing, half: Resource
) -> None:
    field = "promotionalText" if half is Resource.VERSION else "subtitle"
    one.stage.apple.edit(TIDEWELL.id, "ja", field, "")
    late = await one.propose(one.item("ja", field, "新しい"))
    await delete(one, half)

    ended = await one.push(late)

    assert (ended.status, one.states(ended.items)) == (Status.OPEN, ["stale"])
    assert changed(one) == []


async def test_a_half_that_was_not_there_when_its_text_was_proposed_is_made(
    one: Pushing,
) -> None:
    await delete(one, Resource.VERSION)
    live = listing(await one.stage.store.read(TIDEWELL, "IOS"), one.version_id)
    texts = {("ja", "promotionalText"): "新しい", ("ja", "subtitle"): "静か"}
    found = items(live, texts, {})
    assert [item.creates for item in found] == [False, True]

    ended = await one.push(await one.propose(*found))

    assert ended.status is Status.PUSHED
    assert one.live("ja", "promotionalText") == "新しい"


async def test_a_half_that_is_to_be_made_is_not_made_once_the_other_went_too(
    one: Pushing,
) -> None:
    await delete(one, Resource.VERSION)
    live = listing(await one.stage.store.read(TIDEWELL, "IOS"), one.version_id)
    late = await one.propose(*items(live, {("ja", "promotionalText"): "新しい"}, {}))
    await delete(one, Resource.APP_INFO)

    ended = await one.push(late)

    assert (ended.status, one.states(ended.items)) == (Status.OPEN, ["stale"])
    assert changed(one) == []
