"""The table of a proposal's states."""

from __future__ import annotations

import pytest

from bot.domain.proposals import TRANSITIONS, Status, after

ENDS = (Status.PUSHED, Status.WITHDRAWN, Status.EXPIRED, Status.SUPERSEDED)


def follow(*verbs: str) -> Status | None:
    """Walk from an open proposal; None once a verb is refused."""
    status: Status | None = Status.OPEN
    for verb in verbs:
        status = after(status, verb) if status else None
    return status


def test_an_approved_proposal_is_pushed() -> None:
    assert follow("approve", "push", "finish") is Status.PUSHED


def test_what_arrived_in_part_or_not_at_all_is_tried_again_from_approved() -> None:
    assert follow("approve", "push", "part", "retry") is Status.APPROVED
    assert follow("approve", "push", "fail", "retry", "push", "finish") is Status.PUSHED


def test_a_changed_text_at_apple_sends_the_proposal_back_to_people() -> None:
    assert follow("approve", "stale") is Status.OPEN
    assert follow("approve", "push", "stale") is Status.OPEN


def test_a_vote_taken_back_before_the_push_reopens_the_proposal() -> None:
    assert follow("approve", "unapprove") is Status.OPEN
    assert follow("approve", "push", "unapprove") is None


def test_a_reject_before_the_push_ends_an_approved_proposal() -> None:
    assert follow("approve", "reject") is Status.REJECTED


def test_a_rejection_that_is_taken_back_opens_it_and_that_alone() -> None:
    assert follow("reject", "unreject") is Status.OPEN
    verbs = {verb for moves in TRANSITIONS.values() for verb in moves}
    back = {verb for verb in verbs if after(Status.REJECTED, verb)}
    assert back == {"unreject", "let return"}


def test_what_returns_by_itself_goes_on_approved_once_a_rejection_is_taken_back() -> None:
    assert follow("approve", "reject", "let return", "push") is Status.PUSHING


def test_a_revision_keeps_the_proposal_open() -> None:
    assert follow("revise") is Status.OPEN


def test_an_approved_proposal_is_revised_no_more() -> None:
    assert follow("approve", "revise") is None


@pytest.mark.parametrize("end", ENDS)
def test_an_end_does_not_reopen(end: Status) -> None:
    verbs = {verb for moves in TRANSITIONS.values() for verb in moves}
    assert [verb for verb in verbs if after(end, verb)] == []


@pytest.mark.parametrize("verb", ["withdraw", "reject", "expire"])
def test_a_push_that_runs_cannot_be_called_off(verb: str) -> None:
    assert after(Status.PUSHING, verb) is None


def test_every_status_can_be_reached_from_open() -> None:
    reached, fresh = {Status.OPEN}, {Status.OPEN}
    while fresh:
        fresh = {to for at in fresh for to in TRANSITIONS.get(at, {}).values()} - reached
        reached |= fresh
    assert reached == set(Status)


def test_what_is_parked_waits_with_its_approval_and_can_still_be_stopped() -> None:
    assert follow("approve", "park", "wake", "push", "finish") is Status.PUSHED
    assert follow("approve", "push", "park", "wake") is Status.APPROVED
    assert follow("approve", "park", "unapprove") is Status.OPEN
    assert follow("approve", "park", "withdraw") is Status.WITHDRAWN
    assert follow("approve", "park", "expire") is Status.EXPIRED
    assert follow("approve", "park", "push") is None
