"""Which part of a proposal may go, which may not, and what a part sees of the rest."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.approvals import Decision
from bot.domain.changes import digest
from bot.domain.items import Item, ItemKind, ItemState
from bot.domain.parts import covered, decided_part, failed_part, may_differ, outside, still_holds
from bot.domain.policy import Policy, Rule
from bot.domain.proposals import Proposal, Status, after, verb_of_rest
from tests.builders import a_locale_item, a_need, a_proposal, an_item

NAME = an_item(locale="de-DE", field="name")
SUBTITLE = an_item(locale="de-DE", field="subtitle")
KEYWORDS = an_item(locale="de-DE", field="keywords")
SUBMIT = Item(kind=ItemKind.SUBMIT, locale="", field="submit", before="", after="b1")
NEW = a_locale_item("sv")
NEW_NAME = an_item(locale="sv", field="name")
NEW_TEXT = an_item(locale="sv", field="description")


def in_parts(*items: Item) -> Proposal:
    return a_proposal(items=items, in_parts=True)


def votes(proposal: Proposal, *ready: Item, rejected: bool = False) -> Decision:
    """Say that some items have their votes, each in a group of its own."""
    needs = tuple(
        a_need((item,), voted=("U0BEN",) if item in ready else ())
        for item in proposal.items
        if item.state is not ItemState.DONE
    )
    return Decision(rejected_by=("U0KEI",) if rejected else (), needs=needs, refused={})


def part(proposal: Proposal, *ready: Item) -> list[Item]:
    """Return what goes once some items have their votes."""
    return [proposal.items[place] for place in decided_part(proposal, votes(proposal, *ready))]


def now(item: Item, state: ItemState) -> Item:
    return replace(item, state=state)


def test_without_the_choice_everything_goes_or_nothing() -> None:
    whole = a_proposal(items=(NAME, SUBTITLE))
    assert part(whole, NAME) == []
    assert part(whole, NAME, SUBTITLE) == [NAME, SUBTITLE]


def test_with_it_what_has_its_votes_goes() -> None:
    assert part(in_parts(NAME, SUBTITLE, KEYWORDS), NAME, KEYWORDS) == [NAME, KEYWORDS]


def test_a_veto_stops_every_part() -> None:
    proposal = in_parts(NAME, SUBTITLE)
    assert decided_part(proposal, votes(proposal, NAME, rejected=True)) == ()


@pytest.mark.parametrize(
    "state", [ItemState.DONE, ItemState.STALE, ItemState.FAILED, ItemState.LEFT]
)
def test_what_was_tried_or_changed_meanwhile_does_not_go_by_votes(state: ItemState) -> None:
    tried = now(NAME, state)
    assert part(in_parts(tried, SUBTITLE), tried, SUBTITLE) == [SUBTITLE]


def test_a_new_locale_goes_as_a_whole() -> None:
    proposal = in_parts(NEW, NEW_NAME, NEW_TEXT, KEYWORDS)
    assert part(proposal, NEW_TEXT, KEYWORDS) == [KEYWORDS]
    assert part(proposal, NEW, NEW_NAME) == []
    assert part(proposal, NEW, NEW_NAME, NEW_TEXT) == [NEW, NEW_NAME, NEW_TEXT]


def test_texts_of_a_locale_that_was_made_by_then_go_on_their_own() -> None:
    assert part(in_parts(now(NEW, ItemState.DONE), NEW_TEXT, KEYWORDS), NEW_TEXT) == [NEW_TEXT]


@pytest.mark.parametrize("state", [ItemState.WAITING, ItemState.STALE, ItemState.FAILED])
def test_a_submission_waits_until_every_text_is_there_or_goes_with_it(state: ItemState) -> None:
    text = now(NAME, state)
    assert SUBMIT not in part(in_parts(text, SUBTITLE, SUBMIT), SUBTITLE, SUBMIT)
    assert part(in_parts(now(NAME, ItemState.DONE), SUBTITLE, SUBMIT), SUBTITLE, SUBMIT) == [
        SUBTITLE,
        SUBMIT,
    ]


def test_a_retry_sends_what_failed_and_no_submission_before_its_texts() -> None:
    failed, submit = now(NAME, ItemState.FAILED), now(SUBMIT, ItemState.FAILED)
    assert failed_part(in_parts(failed, SUBTITLE)) == (0,)
    assert failed_part(in_parts(failed, submit)) == (0, 1)
    assert failed_part(in_parts(now(NAME, ItemState.STALE), submit)) == ()
    assert failed_part(a_proposal(items=(failed, SUBTITLE))) is None


def test_a_part_holds_for_as_long_as_all_of_it_has_its_votes() -> None:
    proposal = in_parts(NAME, SUBTITLE, KEYWORDS)
    assert still_holds(proposal, (0, 1), votes(proposal, NAME, SUBTITLE))
    assert not still_holds(proposal, (0, 1), votes(proposal, NAME, KEYWORDS))
    assert not still_holds(proposal, (0,), votes(proposal, NAME, rejected=True))
    assert not still_holds(proposal, None, votes(proposal, NAME, SUBTITLE))
    assert not still_holds(in_parts(now(NAME, ItemState.DONE), SUBTITLE), (0,), votes(proposal))


def test_a_push_sees_its_part_alone() -> None:
    proposal = in_parts(NAME, SUBTITLE, KEYWORDS)
    assert covered(proposal, (0, 2)).items == (NAME, KEYWORDS)
    assert outside(proposal, (0, 2)) == (SUBTITLE,)
    assert covered(proposal, None).items == proposal.items
    assert outside(proposal, None) == ()


def test_the_choice_is_a_part_of_what_is_approved() -> None:
    proposal = in_parts(NAME, SUBTITLE)
    target, items = proposal.target, proposal.items
    assert digest(target, items, in_parts=True) != digest(target, items)


def test_parts_come_apart_only_where_rules_ask_for_different_votes() -> None:
    places = [("de-DE", "name"), ("ja", "subtitle")]
    same = Policy(approvers=("U0BEN",), rules=(Rule(field=("description",), quorum=2),))
    other = Policy(approvers=("U0BEN",), rules=(Rule(locale=("ja",), quorum=2),))
    assert not may_differ(same, "com.example.notes", places)
    assert may_differ(other, "com.example.notes", places)


def test_a_drifted_text_bars_all_the_others_only_without_the_choice() -> None:
    items = (now(NAME, ItemState.STALE), SUBTITLE)
    assert a_proposal(items=items).barred
    assert not in_parts(*items).barred
    assert in_parts(items[0], now(SUBTITLE, ItemState.DONE)).barred


@pytest.mark.parametrize("verb", ["withdraw", "expire"])
@pytest.mark.parametrize("status", [Status.OPEN, Status.APPROVED, Status.PARKED])
def test_what_ends_with_a_part_at_apple_is_partly_pushed(status: Status, verb: str) -> None:
    assert after(status, verb_of_rest(verb)) is Status.PARTIAL


def test_what_is_rejected_with_a_part_at_apple_can_still_be_taken_back() -> None:
    assert after(Status.OPEN, verb_of_rest("reject")) is Status.REJECTED
