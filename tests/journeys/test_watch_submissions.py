"""Submissions are told where their version's own state does not, and in the right thread."""

from __future__ import annotations

from bot.domain.acts import Act, ActVerb
from bot.sandbox.appstore import Fault
from bot.sandbox.appstore.records import Record
from bot.sandbox.appstore.schema import APPS, SUBMISSION_ITEMS, SUBMISSIONS
from tests.journeys.ticking import become, run, version, wait
from tests.workspace import TIDEWELL, Workspace, words_of

REVIEW = "IN_REVIEW"
PAGE = "Tidewell Notes for iOS"


def handed_in(team: Workspace) -> Record:
    """Return the submission that version 2.4.0 is in."""
    records = team.apple._store.records
    (found,) = [
        one
        for one in records.every(SUBMISSIONS)
        if one.one.get("appStoreVersionForReview") == version(team)["id"]
    ]
    return found


async def a_page(team: Workspace, state: str = "WAITING_FOR_REVIEW") -> Record:
    """Hand in a custom product page, which is a submission without a version."""
    records, now = team.apple._store.records, team.apple.clock()
    attributes = {"platform": "IOS", "submittedDate": None, "state": state}
    record = Record(
        type=SUBMISSIONS, id=records.new_id(SUBMISSIONS), attributes=attributes, created=now
    )
    app = records.need(APPS, TIDEWELL)
    records.add_child(app, SUBMISSIONS, back="app", record=record)
    item = Record(
        type=SUBMISSION_ITEMS,
        id=records.new_id(SUBMISSION_ITEMS),
        attributes={"state": "READY_FOR_REVIEW"},
        created=now,
    )
    records.add_child(record, "items", back="reviewSubmission", record=item)
    await run(team, "watch")
    return record


async def turn(team: Workspace, submission: Record, state: str) -> None:
    submission.change({"state": state}, team.apple.clock())
    await run(team, "watch", "watch")


def said(team: Workspace, words: str) -> list[tuple[bool, str]]:
    """Return what says `words`: whether it stands in a thread, and what it says."""
    every = team.messages()
    replies = [reply for one in every if not one.get("thread_ts") for reply in team.thread(one)]
    found = {one["ts"]: one for one in [*every, *replies]}
    return [
        (bool(one.get("thread_ts")), words_of(one))
        for one in found.values()
        if words in words_of(one)
    ]


async def test_issues_of_a_product_page_are_told_while_a_version_is_rejected_and_not_in_its_thread(
    workspace: Workspace,
) -> None:
    await run(workspace, "watch")
    await become(workspace, REVIEW)
    await become(workspace, "METADATA_REJECTED")
    page = await a_page(workspace)
    await turn(workspace, page, "UNRESOLVED_ISSUES")

    ((threaded, told),) = said(workspace, "Apple found issues")
    assert not threaded
    assert PAGE in told
    assert "2.4.0" not in told


async def test_a_product_page_that_was_taken_back_is_told_in_no_versions_thread(
    workspace: Workspace,
) -> None:
    await run(workspace, "watch")
    for state in ("WAITING_FOR_REVIEW", "DEVELOPER_REJECTED"):
        await become(workspace, state)
    page = await a_page(workspace)
    await turn(workspace, page, "CANCELING")
    await turn(workspace, page, "COMPLETE")

    ((threaded, told),) = said(workspace, "is being taken back")
    assert (threaded, PAGE in told) == (False, True)
    ((threaded, told),) = said(workspace, "Apple is done with the submission")
    assert (threaded, PAGE in told) == (False, True)


async def test_a_product_page_that_was_there_before_anybody_looked_is_told_when_it_changes(
    workspace: Workspace,
) -> None:
    await become(workspace, REVIEW)
    page = await a_page(workspace)
    await turn(workspace, page, "COMPLETE")

    ((threaded, told),) = said(workspace, "Apple is done with the submission")
    assert (threaded, PAGE in told) == (False, True)


async def test_a_version_that_is_taken_back_is_told_so_in_its_thread_and_not_that_it_is_done(
    workspace: Workspace,
) -> None:
    await run(workspace, "watch")
    await become(workspace, "WAITING_FOR_REVIEW")
    workspace.apple.conditions.cancel_seconds = 600
    act = Act(verb=ActVerb.CANCEL, subject=handed_in(workspace).id)
    await workspace.bot.desk.store_of(TIDEWELL).act(act)
    await run(workspace, "watch", "watch")
    await wait(workspace, hours=1)
    await run(workspace, "watch", "watch")

    ((threaded, told),) = said(workspace, "is being taken back")
    assert threaded
    assert "Tidewell Notes 2.4.0 for iOS" in told
    assert said(workspace, "Apple is done with the submission") == []
    assert len(said(workspace, "It was taken out of review")) == 1


async def test_issues_are_told_once_by_the_version_or_else_by_its_submission(
    workspace: Workspace,
) -> None:
    await run(workspace, "watch")
    await become(workspace, REVIEW)
    await turn(workspace, handed_in(workspace), "UNRESOLVED_ISSUES")
    ((threaded, told),) = said(workspace, "Apple found issues")
    assert threaded
    assert "Tidewell Notes 2.4.0 for iOS" in told

    await turn(workspace, handed_in(workspace), REVIEW)
    await become(workspace, "REJECTED")
    assert len(said(workspace, "Apple found issues")) == 1


async def test_what_a_submission_carries_is_read_once_for_each_state_and_again_after_a_fault(
    workspace: Workspace,
) -> None:
    await run(workspace, "watch")
    page = await a_page(workspace)
    trouble = workspace.apple.faults.add(
        Fault(kind="server_error", match="GET /v1/reviewSubmissions")
    )
    await turn(workspace, page, "UNRESOLVED_ISSUES")
    assert said(workspace, "Apple found issues") == []
    workspace.apple.faults.remove(trouble)
    asked = len(workspace.asked())
    await run(workspace, "watch", "watch", "watch")

    assert len(said(workspace, "Apple found issues")) == 1
    assert workspace.asked()[asked:].count(f"GET /v1/reviewSubmissions/{page.id}") == 1
