"""What a push does at Apple, step by step, and how it ends when Apple says no."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from bot.domain.items import ABSENT, PRESENT, Item, ItemKind, ItemState
from bot.domain.proposals import Proposal, Status
from bot.sandbox.appstore import Fault
from tests.appstore.stage import TIDEWELL
from tests.pushes.stage import Pushing, pushing


@pytest_asyncio.fixture
async def one(tmp_path: Path) -> AsyncIterator[Pushing]:
    async with pushing(tmp_path) as made:
        yield made


async def test_all_fields_of_a_localization_go_in_one_request(one: Pushing) -> None:
    proposal = await one.propose(
        one.item("de-DE", "subtitle", "Stilles Heft"),
        one.item("de-DE", "keywords", "notiz,heft"),
        one.item("de-DE", "promotionalText", "Jetzt neu"),
    )
    ended = await one.push(proposal)

    assert ended.status is Status.PUSHED
    assert len(one.stage.requests("PATCH")) == 2
    assert one.live("de-DE", "keywords") == "notiz,heft"


async def test_a_push_reads_twice_writes_once_and_reads_twice(one: Pushing) -> None:
    proposal = await one.propose(one.item("ja", "subtitle", "静かなノート"))
    await one.push(proposal)

    methods = [request.split()[0] for request in one.stage.requests()]
    assert methods == ["GET", "GET", "PATCH", "GET", "GET"]


async def test_a_text_that_stands_there_already_is_not_sent(one: Pushing) -> None:
    item = one.item("de-DE", "subtitle", "Stilles Heft")
    proposal = await one.propose(item)
    one.stage.apple.edit(TIDEWELL.id, "de-DE", "subtitle", "Stilles Heft")

    ended = await one.push(proposal)

    assert ended.status is Status.PUSHED
    assert one.stage.requests("PATCH") == []


async def test_a_text_that_somebody_else_changed_goes_back_to_people(one: Pushing) -> None:
    proposal = await one.propose(one.item("de-DE", "subtitle", "Stilles Heft"))
    one.stage.apple.edit(TIDEWELL.id, "de-DE", "subtitle", "Anders")

    ended = await one.push(proposal)

    assert ended.status is Status.OPEN
    assert one.states(ended.items) == ["stale"]
    assert one.live("de-DE", "subtitle") == "Anders"
    assert await one.store.proposals.live_now(ended.id, 1) == {("de-DE", "subtitle"): "Anders"}


async def test_a_stale_item_does_not_stop_the_others(one: Pushing) -> None:
    proposal = await one.propose(
        one.item("de-DE", "subtitle", "Stilles Heft"), one.item("ja", "subtitle", "静か")
    )
    one.stage.apple.edit(TIDEWELL.id, "de-DE", "subtitle", "Anders")

    ended = await one.push(proposal)

    assert ended.status is Status.PARTIAL
    assert one.states(ended.items) == ["stale", "done"]
    assert one.live("ja", "subtitle") == "静か"


async def test_one_failing_locale_does_not_stop_the_others_and_is_retried_alone(
    one: Pushing,
) -> None:
    proposal = await one.propose(
        one.item("de-DE", "subtitle", "Stilles Heft"), one.item("ja", "subtitle", "静かに" * 11)
    )
    ended = await one.push(proposal)
    assert ended.status is Status.PARTIAL
    assert one.states(ended.items) == ["done", "failed"]
    failed = ended.items[1]
    assert "30" in failed.problem
    sent = len(one.stage.requests("PATCH"))

    again = await one.push(ended, "retry")

    assert again.status is Status.PARTIAL
    assert len(one.stage.requests("PATCH")) == sent + 1


async def test_a_refused_field_names_itself_to_its_neighbours_in_the_request(one: Pushing) -> None:
    proposal = await one.propose(
        one.item("de-DE", "keywords", "k" * 101), one.item("de-DE", "promotionalText", "Neu")
    )
    ended = await one.push(proposal)

    problems = {item.field: item.problem for item in ended.items}
    assert "100" in problems["keywords"]
    assert "Keywords was refused" in problems["promotionalText"]


async def test_an_answer_that_was_lost_is_found_by_sending_the_same_values_again(
    one: Pushing,
) -> None:
    one.stage.apple.faults.add(Fault(kind="answer_lost", match="PATCH", nth=1))
    proposal = await one.propose(one.item("de-DE", "subtitle", "Stilles Heft"))

    ended = await one.push(proposal)

    assert ended.status is Status.PUSHED


async def test_reads_that_lag_are_looked_at_again_before_they_count_as_failed(
    one: Pushing,
) -> None:
    one.stage.apple.faults.add(Fault(kind="lag", seconds=6.0))
    proposal = await one.propose(one.item("de-DE", "subtitle", "Stilles Heft"))

    ended = await one.push(proposal)

    assert ended.status is Status.PUSHED


async def test_reads_that_lag_for_ever_end_in_a_failure_that_says_so(one: Pushing) -> None:
    one.stage.apple.faults.add(Fault(kind="lag", seconds=600.0))
    proposal = await one.propose(one.item("de-DE", "subtitle", "Stilles Heft"))

    ended = await one.push(proposal)

    assert ended.status is Status.FAILED
    assert "still holds another text" in ended.items[0].problem


async def test_a_new_locale_makes_the_app_info_first_and_takes_what_apple_made_beside_it(
    one: Pushing,
) -> None:
    proposal = await one.propose(
        Item(kind=ItemKind.LOCALE, locale="sv", before=ABSENT, after=PRESENT),
        Item(locale="sv", field="name", before="", after="Tidewell Anteckningar"),
        Item(locale="sv", field="description", before="", after="Lugna anteckningar."),
    )
    ended = await one.push(proposal)

    assert ended.status is Status.PUSHED
    assert [r.split("/")[-1] for r in one.stage.requests("POST")] == ["appInfoLocalizations"]
    assert one.live("sv", "description") == "Lugna anteckningar."


async def test_a_new_locale_whose_answer_was_lost_is_made_once(one: Pushing) -> None:
    one.stage.apple.faults.add(Fault(kind="answer_lost", match="POST", nth=1))
    proposal = await one.propose(
        Item(kind=ItemKind.LOCALE, locale="sv", before=ABSENT, after=PRESENT),
        Item(locale="sv", field="name", before="", after="Tidewell Anteckningar"),
    )
    ended = await one.push(proposal)

    assert ended.status is Status.PUSHED
    assert len(one.stage.requests("POST")) == 1


async def test_a_locale_is_taken_away_again_when_its_addition_is_reverted(one: Pushing) -> None:
    added = await one.propose(
        Item(kind=ItemKind.LOCALE, locale="sv", before=ABSENT, after=PRESENT),
        Item(locale="sv", field="name", before="", after="Tidewell Anteckningar"),
    )
    await one.push(added)
    removed = await one.propose(
        Item(kind=ItemKind.LOCALE, locale="sv", before=PRESENT, after=ABSENT),
        Item(locale="sv", field="name", before="Tidewell Anteckningar", after=""),
    )
    ended = await one.push(removed)

    assert ended.status is Status.PUSHED
    assert not one.has_locale("sv")


async def test_missing_agreements_fail_a_push_that_has_no_time_to_wait(one: Pushing) -> None:
    proposal = await one.propose(one.item("de-DE", "subtitle", "Stilles Heft"))
    one.stage.apple.conditions.agreements_missing = True
    one.stage.clock.set(proposal.expires_at)

    ended = await one.push(proposal)

    assert ended.status is Status.FAILED
    assert "Account Holder" in ended.items[0].problem


async def test_an_approval_that_does_not_stand_pushes_nothing(one: Pushing) -> None:
    proposal = await one.propose(one.item("de-DE", "subtitle", "Stilles Heft"))
    one.approved = False

    ended = await one.push(proposal)

    assert ended.status is Status.OPEN
    assert one.stage.requests("PATCH", "POST", "DELETE") == []


async def test_what_reached_apple_is_remembered_with_who_proposed_and_approved(
    one: Pushing,
) -> None:
    before = one.live("ja", "subtitle")
    proposal = await one.propose(one.item("ja", "subtitle", "静か"))
    await one.push(proposal)

    (row,) = await one.store.watchlog.history(app_id=TIDEWELL.id)
    assert (row.before, row.after) == (before, "静か")
    assert (row.proposer, row.approvers) == ("U0MIA", ("U0BEN",))


async def test_a_version_that_is_gone_fails_with_a_sentence(one: Pushing) -> None:
    proposal = await one.propose(one.item("ja", "subtitle", "静か"), version_id="no-such-version")
    ended = await one.push(proposal)

    assert ended.status is Status.FAILED
    assert "not there any more" in ended.items[0].problem
    assert ended.items[0].state is ItemState.FAILED


async def test_a_push_that_keeps_breaking_fails_after_a_few_tries_and_can_be_retried(
    one: Pushing, caplog: pytest.LogCaptureFixture
) -> None:
    proposal = await one.propose(one.item("ja", "subtitle", "静か"))
    one.breaks = 100
    ended = await one.push(proposal)

    assert caplog.text.count("push.broken") == 4
    assert one.stage.clock.naps == [5.0, 60.0, 600.0]
    assert ended.status is Status.FAILED
    assert "broke on our side" in ended.items[0].problem
    one.breaks = 0
    assert (await one.push(ended, "retry")).status is Status.PUSHED


async def test_a_push_that_broke_once_goes_on(one: Pushing) -> None:
    proposal = await one.propose(one.item("ja", "subtitle", "静か"))
    one.breaks = 1
    ended = await one.push(proposal)

    assert ended.status is Status.PUSHED


async def test_steps_are_written_down_before_they_are_sent(one: Pushing) -> None:
    proposal = await one.propose(one.item("de-DE", "subtitle", "Stilles Heft"))
    seen: list[str] = []

    async def look() -> None:
        push = await one.store.pushes.latest(proposal.id)
        assert push is not None
        seen.extend(str(step.state) for step in await one.store.steps.of(push.id))

    one.stage.apple.on_kill = look
    one.stage.apple.faults.add(Fault(kind="kill_before", match="PATCH", nth=1))
    await one.push(proposal)

    assert seen == ["doing"]


async def test_a_reject_while_apple_is_read_stops_the_push(one: Pushing) -> None:
    proposal = await one.propose(one.item("de-DE", "subtitle", "Stilles Heft"))
    one.withdraw_votes_when_asked_again = True

    ended = await one.push(proposal)

    assert ended.status is Status.OPEN
    assert one.stage.requests("PATCH") == []


async def test_a_new_locale_arrives_also_when_reads_lag_behind_its_making(one: Pushing) -> None:
    one.stage.apple.faults.add(Fault(kind="lag", seconds=5.0))
    proposal = await one.propose(
        Item(kind=ItemKind.LOCALE, locale="sv", before=ABSENT, after=PRESENT),
        Item(locale="sv", field="name", before="", after="Tidewell Anteckningar"),
        Item(locale="sv", field="description", before="", after="Lugna anteckningar."),
    )
    ended = await one.push(proposal)

    assert ended.status is Status.PUSHED
    assert one.live("sv", "description") == "Lugna anteckningar."
    posts = one.stage.requests("POST")
    assert len(posts) == len(set(posts))


async def test_what_apple_asks_to_wait_for_is_sent_later_and_does_not_fail(one: Pushing) -> None:
    one.stage.apple.faults.add(Fault(kind="rate_limit", match="PATCH", count=3, retry_after=180))
    proposal = await one.propose(
        one.item("de-DE", "subtitle", "Stilles Heft"), one.item("ja", "subtitle", "静か")
    )
    ended = await one.push(proposal)

    assert ended.status is Status.PUSHED


async def test_a_retry_leaves_stale_items_to_people(one: Pushing) -> None:
    before = one.live("de-DE", "subtitle")
    proposal = await one.propose(
        one.item("de-DE", "subtitle", "Stilles Heft"), one.item("ja", "subtitle", "静" * 31)
    )
    one.stage.apple.edit(TIDEWELL.id, "de-DE", "subtitle", "Anders")
    ended = await one.push(proposal)
    assert one.states(ended.items) == ["stale", "failed"]
    one.stage.apple.edit(TIDEWELL.id, "de-DE", "subtitle", before)

    again = await one.push(ended, "retry")

    assert one.states(again.items) == ["stale", "failed"]
    assert one.live("de-DE", "subtitle") == before


async def test_what_stands_there_counts_as_done_also_when_it_could_not_be_written_now(
    one: Pushing,
) -> None:
    proposal = await one.propose(one.item("ja", "keywords", "静か,ノート"))
    one.stage.apple.edit(TIDEWELL.id, "ja", "keywords", "静か,ノート")
    one.stage.apple.move(one.version_id, "WAITING_FOR_REVIEW")

    ended = await one.push(proposal)

    assert ended.status is Status.PUSHED


async def test_what_a_retry_finds_in_place_is_remembered_as_this_proposals_doing(
    one: Pushing,
) -> None:
    lagging = one.stage.apple.faults.add(Fault(kind="lag", seconds=600.0))
    proposal = await one.propose(one.item("de-DE", "subtitle", "Stilles Heft"))
    ended = await one.push(proposal)
    assert ended.status is Status.FAILED
    one.stage.apple.faults.remove(lagging)

    again = await one.push(ended, "retry")

    assert again.status is Status.PUSHED
    assert len(await one.store.watchlog.history(app_id=TIDEWELL.id)) == 1


async def test_a_locale_cannot_be_added_while_the_version_is_in_review(one: Pushing) -> None:
    proposal = await one.propose(
        Item(kind=ItemKind.LOCALE, locale="sv", before=ABSENT, after=PRESENT),
        Item(locale="sv", field="name", before="", after="Tidewell Anteckningar"),
    )
    one.stage.apple.move(one.version_id, "WAITING_FOR_REVIEW")

    ended = await one.push(proposal)

    assert ended.status is Status.PARKED
    assert one.stage.requests("POST") == []
    assert "set of locales" in ended.items[0].problem


async def test_a_push_that_is_held_at_the_last_moment_stays_queued_and_asks_apple_nothing_more(
    one: Pushing,
) -> None:
    async def freeze() -> None:
        one.held = True

    one.when_asked = freeze
    proposal = await one.propose(one.item("de-DE", "subtitle", "Stilles Heft"))
    await queued(one, proposal)
    await one.run_until(lambda: one.held)
    async with asyncio.timeout(20), one.runner() as runner:
        await asyncio.sleep(0)
        while runner.busy:
            await asyncio.sleep(0.002)
    assert (await one.get(proposal.id)).status is Status.APPROVED
    assert len(one.stage.requests()) == 2

    one.held, one.when_asked = False, None
    await one.run(proposal.id)
    assert (await one.get(proposal.id)).status is Status.PUSHED
    assert len(one.stage.requests("PATCH")) == 1


async def test_who_approved_anew_while_apple_was_read_is_who_decided(one: Pushing) -> None:
    async def again() -> None:
        one.when_asked = None
        assert await one.store.proposals.move(proposal.id, "unapprove", now=one.stage.clock.now())
        await queued(one, await one.get(proposal.id), "U0AIKO")

    one.when_asked = again
    proposal = await one.propose(one.item("de-DE", "subtitle", "Stilles Heft"))
    await queued(one, proposal)
    await one.run(proposal.id)
    while await one.store.pushes.unfinished():
        await one.run(proposal.id)

    assert (await one.get(proposal.id)).status is Status.PUSHED
    assert len(one.stage.requests("PATCH")) == 1
    (row,) = await one.store.watchlog.history(app_id=TIDEWELL.id)
    assert row.approvers == ("U0AIKO",)


async def queued(one: Pushing, proposal: Proposal, approver: str = "U0BEN") -> None:
    made = await one.store.pushes.queue(
        proposal, "approve", approvers=[approver], now=one.stage.clock.now()
    )
    assert made is not None
