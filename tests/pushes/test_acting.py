"""Acting on a version: each request once, whatever breaks, and only what people approved."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
import pytest_asyncio

from bot.domain.items import Item, ItemKind, ItemState
from bot.domain.proposals import Proposal, Status
from bot.domain.scene import scheduled
from bot.sandbox.appstore import Fault
from tests.appstore.stage import ORRERY, TIDEWELL
from tests.pushes.stage import Pushing, pushing

CHOSEN, NEWER = "2.4.0 (2401)", "2.4.0 (2403)"


@pytest_asyncio.fixture
async def one(tmp_path: Path) -> AsyncIterator[Pushing]:
    async with pushing(tmp_path) as made:
        write_news(made)
        yield made


def write_news(one: Pushing) -> None:
    """Write what Apple asks of an update, in every locale."""
    for locale in one.version()["localizations"]:
        one.stage.apple.edit(TIDEWELL.id, locale, "whatsNew", "Better than before.")


def action(kind: ItemKind, before: str = "", after: str = "") -> Item:
    return Item(kind=kind, locale="", field=str(kind), before=before, after=after)


SUBMIT = action(ItemKind.SUBMIT, CHOSEN, "submitted")
CANCEL = action(ItemKind.CANCEL, "submitted", "canceled")
RELEASE = action(ItemKind.RELEASE, "PENDING_DEVELOPER_RELEASE", "released")


async def release_orrery(one: Pushing) -> Proposal:
    version = one.version("1.9", app=ORRERY)["id"]
    return await one.propose(RELEASE, version_id=version, number="1.9", app=ORRERY)


async def test_a_submission_is_handed_in_and_remembered(one: Pushing) -> None:
    ended = await one.push(await one.propose(SUBMIT))

    assert ended.status is Status.PUSHED
    assert one.version()["state"] == "WAITING_FOR_REVIEW"
    (row,) = await one.store.watchlog.history(app_id=TIDEWELL.id)
    assert (row.field, row.after, row.approvers) == ("submit", "submitted", ("U0BEN",))


async def test_texts_go_first_and_the_submission_after_them(one: Pushing) -> None:
    text = one.item("ja", "subtitle", "静かなノート")
    ended = await one.push(await one.propose(text, SUBMIT))

    assert ended.status is Status.PUSHED
    asked = one.stage.requests("PATCH", "POST")
    assert "appInfoLocalizations" in asked[0]
    assert asked[-1].startswith("PATCH /v1/reviewSubmissions/")
    assert one.version()["state"] == "WAITING_FOR_REVIEW"


async def test_nothing_is_handed_in_when_a_text_did_not_arrive(one: Pushing) -> None:
    one.stage.apple.faults.add(Fault(kind="refused", match="PATCH /v1/appInfoLocalizations"))
    text = one.item("ja", "subtitle", "静かなノート")
    ended = await one.push(await one.propose(text, SUBMIT))

    assert ended.status is Status.FAILED
    assert [item.state for item in ended.items] == [ItemState.FAILED, ItemState.FAILED]
    assert "not every text arrived" in ended.items[1].problem
    assert one.stage.requests("POST") == []


async def test_what_failed_is_made_up_for_by_a_retry(one: Pushing) -> None:
    fault = one.stage.apple.faults.add(
        Fault(kind="refused", match="PATCH /v1/appInfoLocalizations")
    )
    text = one.item("ja", "subtitle", "静かなノート")
    ended = await one.push(await one.propose(text, SUBMIT))
    one.stage.apple.faults.remove(fault)
    ended = await one.push(ended, "retry")

    assert ended.status is Status.PUSHED
    assert one.version()["state"] == "WAITING_FOR_REVIEW"


async def test_a_submission_that_apple_finds_incomplete_says_all_that_is_lacking(
    one: Pushing,
) -> None:
    one.stage.apple.edit(TIDEWELL.id, "ja", "description", None)
    one.stage.apple.edit(TIDEWELL.id, "ko", "keywords", None)
    ended = await one.push(await one.propose(SUBMIT))

    assert ended.status is Status.FAILED
    assert "description" in ended.items[0].problem.lower()
    (failure,) = await one.store.watchlog.failures(
        since=datetime.min.replace(tzinfo=UTC), until=datetime.max.replace(tzinfo=UTC)
    )
    assert failure.field == "submit"


async def test_a_release_goes_to_the_app_store_once(one: Pushing) -> None:
    ended = await one.push(await release_orrery(one))

    assert ended.status is Status.PUSHED
    assert one.version("1.9", app=ORRERY)["state"] in (
        "PROCESSING_FOR_DISTRIBUTION",
        "READY_FOR_DISTRIBUTION",
    )
    assert one.stage.requests("POST") == ["POST /v1/appStoreVersionReleaseRequests"]


async def test_what_somebody_else_released_meanwhile_is_done_and_not_ours(one: Pushing) -> None:
    proposal = await release_orrery(one)
    one.stage.apple.move(proposal.target.version_id, "READY_FOR_DISTRIBUTION")
    ended = await one.push(proposal)

    assert ended.status is Status.PUSHED
    assert await one.store.watchlog.history(app_id=ORRERY.id) == ()
    assert one.stage.requests("POST") == []


async def test_a_release_that_apple_took_over_is_done(one: Pushing) -> None:
    proposal = await release_orrery(one)
    one.stage.apple.move(proposal.target.version_id, "PENDING_APPLE_RELEASE")
    ended = await one.push(proposal)

    assert ended.status is Status.PUSHED, ended.items[0].problem
    assert one.stage.requests("POST") == []


async def test_what_changed_since_people_looked_goes_back_to_them(one: Pushing) -> None:
    proposal = await one.propose(SUBMIT)
    newer = next(
        build["id"]
        for app in one.stage.apple.apps()
        for build in app["builds"]
        if build["number"] == "2403"
    )
    await one.push(await one.propose(action(ItemKind.BUILD, CHOSEN, NEWER)))
    assert one.version()["build"]["id"] == newer

    ended = await one.push(proposal)

    assert ended.status is Status.OPEN
    assert ended.items[0].state is ItemState.STALE
    assert await one.store.proposals.live_now(ended.id, 1) == {("", "submit"): NEWER}
    assert one.stage.requests("POST") == []


async def test_a_submission_with_another_build_is_not_the_one_people_approved(
    one: Pushing,
) -> None:
    proposal = await one.propose(SUBMIT)
    await one.push(await one.propose(action(ItemKind.BUILD, CHOSEN, NEWER)))
    await one.push(await one.propose(action(ItemKind.SUBMIT, NEWER, "submitted")))
    asked = one.stage.requests("POST", "PATCH")

    ended = await one.push(proposal)

    assert ended.status is Status.OPEN
    assert ended.items[0].state is ItemState.STALE
    assert NEWER in ended.items[0].problem
    assert await one.store.proposals.live_now(ended.id, 1) == {("", "submit"): NEWER}
    assert one.stage.requests("POST", "PATCH") == asked


async def test_what_somebody_else_handed_in_with_the_build_people_saw_is_done(
    one: Pushing,
) -> None:
    proposal = await one.propose(SUBMIT)
    await one.push(await one.propose(SUBMIT))
    asked = one.stage.requests("POST", "PATCH")

    ended = await one.push(proposal)

    assert ended.status is Status.PUSHED
    assert one.stage.requests("POST", "PATCH") == asked


async def test_a_submission_is_taken_back_and_waited_for(one: Pushing) -> None:
    await one.push(await one.propose(SUBMIT))
    ended = await one.push(await one.propose(CANCEL))

    assert ended.status is Status.PUSHED
    assert one.version()["state"] == "DEVELOPER_REJECTED"


async def test_a_submission_that_is_over_is_too_late_to_be_taken_back(one: Pushing) -> None:
    await one.push(await one.propose(SUBMIT))
    proposal = await one.propose(CANCEL)
    one.stage.apple.start_review(one.version_id)
    one.stage.apple.approve(one.version_id)
    ended = await one.push(proposal)

    assert ended.status is Status.OPEN
    assert ended.items[0].state is ItemState.STALE


async def test_a_new_version_has_its_number_its_texts_and_its_release_type(one: Pushing) -> None:
    live = one.version("2.3.0", platform="MAC_OS")
    ended = await one.push(
        await one.propose(
            action(ItemKind.NEW_VERSION, "", "2.5.0"),
            action(ItemKind.RELEASE_TYPE, "", "MANUAL"),
            action(ItemKind.COPY_TEXTS, "", "2.3.0"),
            version_id="",
            number="2.5.0",
            platform="MAC_OS",
        )
    )

    assert [item.problem for item in ended.items] == ["", "", ""]
    assert ended.status is Status.PUSHED
    made = one.version("2.5.0", platform="MAC_OS")
    assert made["release_type"] == "MANUAL"
    for locale, texts in live["localizations"].items():
        assert made["localizations"][locale]["description"] == texts["description"]
    assert not any(texts.get("whatsNew") for texts in made["localizations"].values())
    history = await one.store.watchlog.history(app_id=TIDEWELL.id, version_id=made["id"])
    assert {row.field for row in history} == {"version", "releaseType"}


async def test_a_phased_release_is_prepared_begun_paused_and_completed(one: Pushing) -> None:
    ended = await one.push(await one.propose(action(ItemKind.PHASED, "", "INACTIVE")))
    assert ended.status is Status.PUSHED
    one.stage.apple.move(one.version_id, "READY_FOR_DISTRIBUTION")
    for before, after in (("ACTIVE", "PAUSED"), ("PAUSED", "ACTIVE"), ("ACTIVE", "COMPLETE")):
        ended = await one.push(await one.propose(action(ItemKind.PHASED, before, after)))
        assert ended.status is Status.PUSHED, ended.items
        assert one.version()["phased"]["state"] == after


async def test_a_release_is_scheduled(one: Pushing) -> None:
    moment = datetime(2027, 1, 5, 9, tzinfo=UTC)
    item = action(ItemKind.RELEASE_TYPE, "AFTER_APPROVAL", scheduled(moment))
    ended = await one.push(await one.propose(item))

    assert ended.status is Status.PUSHED
    assert one.version()["release_type"] == "SCHEDULED"


@pytest.mark.parametrize(
    "match",
    [
        "POST /v1/reviewSubmissions",
        "POST /v1/reviewSubmissionItems",
        "PATCH /v1/reviewSubmissions",
    ],
)
async def test_an_answer_that_is_lost_leads_to_no_second_submission(
    one: Pushing, match: str
) -> None:
    one.stage.apple.faults.add(Fault(kind="answer_lost", match=match, count=1))
    ended = await one.push(await one.propose(SUBMIT))

    assert ended.status is Status.PUSHED, ended.items[0].problem
    assert one.version()["state"] == "WAITING_FOR_REVIEW"
    made = [one_ for one_ in one.stage.requests("POST") if one_ == "POST /v1/reviewSubmissions"]
    assert len(made) == 1


async def test_reads_that_lag_behind_lead_to_no_second_submission(one: Pushing) -> None:
    one.stage.apple.faults.add(Fault(kind="lag", match="GET", seconds=4))
    ended = await one.push(await one.propose(SUBMIT))

    assert ended.status is Status.PUSHED, ended.items[0].problem
    assert one.stage.requests("POST") == [
        "POST /v1/reviewSubmissions",
        "POST /v1/reviewSubmissionItems",
    ]


async def test_a_post_that_never_arrived_is_asked_for_again(one: Pushing) -> None:
    one.stage.apple.faults.add(
        Fault(kind="broken", match="POST /v1/appStoreVersionReleaseRequests", count=1)
    )
    ended = await one.push(await release_orrery(one))

    assert ended.status is Status.PUSHED, ended.items[0].problem
    assert one.stage.statuses().count(201) == 1


async def test_apple_having_trouble_is_waited_for_within_bounds(one: Pushing) -> None:
    one.stage.apple.faults.add(Fault(kind="server_error", match="POST /v1/reviewSubmissions"))
    ended = await one.push(await one.propose(SUBMIT))

    assert ended.status is Status.FAILED
    assert ended.items[0].problem
    assert one.stage.clock.naps


def has_asked(one: Pushing, times: int) -> bool:
    return len(one.stage.apple.log) >= times


async def all_requests_of_a_submission(folder: Path) -> int:
    async with pushing(folder) as one:
        write_news(one)
        await one.push(await one.propose(one.item("ja", "subtitle", "静か"), SUBMIT))
        return len(one.stage.apple.log)


async def test_a_run_that_is_cut_off_at_any_request_goes_on_to_one_submission(
    tmp_path: Path,
) -> None:
    (tmp_path / "whole").mkdir()
    requests = await all_requests_of_a_submission(tmp_path / "whole")
    assert requests > 8
    for number in range(1, requests):
        folder = tmp_path / str(number)
        folder.mkdir()
        async with pushing(folder) as one:
            write_news(one)
            proposal = await one.propose(one.item("ja", "subtitle", "静か"), SUBMIT)
            queued = await one.store.pushes.queue(
                proposal, "approve", approvers=["U0BEN"], now=one.stage.clock.now()
            )
            assert queued is not None
            await one.run_until(partial(has_asked, one, number))
            await one.run(proposal.id)

            ended = await one.get(proposal.id)
            assert ended.status is Status.PUSHED, (number, ended.items)
            assert one.version()["state"] == "WAITING_FOR_REVIEW"
            app = next(a for a in one.stage.apple.apps() if a["id"] == TIDEWELL.id)
            assert len(app["submissions"]) == 1, number
            history = await one.store.watchlog.history(app_id=TIDEWELL.id)
            assert sorted(row.field for row in history) == ["submit", "subtitle"], number
