"""Everything at its largest and strangest: what Slack would refuse, and what it would parse."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.fields import FIELDS
from bot.domain.items import Item, ItemState
from bot.domain.locales import LOCALES
from bot.domain.proposals import Proposal, Status, Timing
from bot.domain.timing import Held
from bot.domain.validation import Finding, Severity
from bot.slack.faces.blocks import MESSAGE_BUDGET, weight
from bot.slack.faces.confirming import confirm_view
from bot.slack.faces.details import details_view
from bot.slack.faces.form import edit_view, long_texts
from bot.slack.faces.glass import glass_view
from bot.slack.faces.messages import Message, proposal_message, superseded_message, thread_messages
from bot.slack.faces.releases import release_notification
from bot.slack.faces.reminders import asked, expiring, nobody_can, reminder
from bot.slack.faces.results import result_reply
from bot.workflow.cards import LocaleProgress, ProposalCard
from bot.workflow.watch.cards import AskedCard
from tests.builders import (
    NOON,
    a_card,
    a_form,
    a_need,
    a_proposal,
    a_release,
    a_reminder,
    an_app,
    an_item,
)
from tests.slack.limits import elements, message, violations, words

STRANGE = (
    "<!channel> & <@U0BEN> `code` *bold* ~gone~ :tada: <https://x.example|here> "
    "ملاحظات שלום 👨‍👩‍👧‍👦🇩🇪👍🏽 \u202eevil\u202c\n```\nblock\n```\n> quote "
)
LONG_ADDRESS = f"https://example.slack.com/archives/{'C' * 100}/p1"


def everything(before: str, after: str) -> tuple[Item, ...]:
    return tuple(
        an_item(locale=locale.code, field=field.attribute, before=before, after=after)
        for locale in LOCALES
        for field in FIELDS
    )


def largest(status: Status = Status.OPEN) -> ProposalCard:
    before, after = "Früher war hier Text. " * 182, "Jetzt steht hier anderes. " * 154
    items = tuple(
        replace(item, state=ItemState.FAILED, problem="Apple refused it. " * 40)
        for item in everything(before, after)
    )
    proposal = a_proposal(status=status, items=items, reason="Because. " * 400, app_name="N" * 300)
    warning = Finding(
        severity=Severity.WARNING, locale="ja", field="name", message="Hm. " * 200, remedy="Do."
    )
    return a_card(
        proposal,
        findings=(warning,) * 300,
        needs=tuple(
            a_need(
                tuple(item for item in items if item.locale == locale.code),
                approvers=tuple(f"U0P{number}" for number in range(60)),
                quorum=9,
                voted=tuple(f"U0V{number}" for number in range(8)),
            )
            for locale in LOCALES
        ),
        progress=tuple(
            LocaleProgress(locale=locale.code, state="failed", problems=("No. " * 300,) * 9)
            for locale in LOCALES
        ),
        stale_now={(item.locale, item.field): before for item in items},
        approved_by=tuple(f"U0V{number}" for number in range(60)),
        rejected_by=tuple(f"U0V{number}" for number in range(60)),
        self_approval=True,
        approve_emoji=tuple(f"emoji-{number}" for number in range(30)),
        reject_emoji=tuple(f"emoji-{number}" for number in range(30)),
    )


@pytest.mark.parametrize("status", Status)
def test_the_largest_proposal_fits_one_message_in_every_status(status: Status) -> None:
    built = proposal_message(largest(status))
    assert violations(message(built)) == []
    assert weight(built.blocks) <= MESSAGE_BUDGET + 500
    assert len(built.blocks) <= 50


@pytest.mark.parametrize("status", [Status.OPEN, Status.APPROVED, Status.PARKED, Status.PUSHING])
def test_the_largest_proposal_in_parts_fits_one_message(status: Status) -> None:
    card = largest(status)
    items = card.proposal.items
    some = tuple(
        replace(item, state=ItemState.WAITING if place % 3 else ItemState.STALE)
        for place, item in enumerate(items[: len(items) // 2])
    )
    proposal = replace(card.proposal, in_parts=True, items=(*some, *items[len(some) :]))
    held = Held(until=NOON + timedelta(days=9), freeze="F" * 300)
    part = items[len(some) :] if status is not Status.OPEN else ()
    built = proposal_message(replace(card, proposal=proposal, part=part, held=held))
    assert violations(message(built)) == []
    assert weight(built.blocks) <= MESSAGE_BUDGET + 500
    assert len(built.blocks) <= 50


def test_the_largest_stale_proposal_fits_one_message() -> None:
    card = largest()
    items = tuple(replace(item, state=ItemState.STALE) for item in card.proposal.items)
    built = proposal_message(replace(card, proposal=replace(card.proposal, items=items)))
    assert violations(message(built)) == []


def test_the_largest_thread_keeps_within_limits_and_leaves_nothing_out() -> None:
    items = tuple(
        an_item(locale=code, field=field, before=f"{code} " * 600, after=f"{field} " * 360)
        for code in ("ja", "de-DE", "ar-SA", "th")
        for field in ("description", "whatsNew")
    )
    thread = thread_messages(a_card(a_proposal(items=items)))
    said = "".join(words(each.blocks) for each in thread)
    for built in thread:
        assert violations(message(built)) == []
    assert all(said.count(f"{item.field} ") >= 360 for item in items)


def test_every_page_of_the_largest_details_keeps_within_limits() -> None:
    card = largest()
    few = replace(card.proposal, items=card.proposal.items[:40])
    view = details_view(replace(card, proposal=few))
    page = 0
    while any(each["text"]["text"] == "Next" for each in elements(view["blocks"], "button")):
        assert violations(view) == []
        page += 1
        view = details_view(replace(card, proposal=few), page)
    assert page > 3


@pytest.mark.parametrize("view_of", [confirm_view, glass_view])
def test_the_largest_question_keeps_within_limits_and_says_where_the_rest_is(
    view_of: Callable[[ProposalCard], dict[str, Any]],
) -> None:
    view = view_of(largest())
    assert violations(view) == []
    assert len(view["blocks"]) <= 60
    assert weight(view["blocks"]) <= 24_000
    said = words(view["blocks"])
    assert "Früher war hier Text." in said
    assert "Jetzt steht hier anderes." in said
    assert "more changes, see Details: " in said


def test_who_confirms_reads_each_text_as_it_was_and_as_it_becomes() -> None:
    items = (
        an_item(locale="ja", field="subtitle", before="A quiet book", after="A silent book"),
        an_item(locale="ja", field="name", before="", after="Tidewell"),
        an_item(locale="th", field="whatsNew", before=STRANGE, after="x" * 1000),
    )
    view = confirm_view(a_card(a_proposal(items=items)))
    assert violations(view) == []
    said = words(view["blocks"])
    assert all(each in said for each in ("quiet", "silent", "Tidewell", "was empty"))
    assert "The whole text is in Details." in said
    assert said.count("(ja)") == 1


def strange_messages() -> list[Message]:
    items = (
        an_item(locale="ar-SA", field="description", before=STRANGE * 20, after=STRANGE * 22),
        an_item(before=STRANGE, after=STRANGE + "!", state=ItemState.STALE, problem=STRANGE),
    )
    finding = Finding(severity=Severity.WARNING, locale="ja", field="name", message=STRANGE)
    proposal = a_proposal(items=items, reason=STRANGE, app_name=STRANGE)
    progress = (LocaleProgress(locale="ja", state="failed", problems=(STRANGE,)),)
    cards = [
        a_card(
            replace(proposal, status=status),
            findings=(finding,),
            progress=progress,
            stale_now={("ja", "subtitle"): STRANGE},
        )
        for status in Status
    ]
    app = an_app(name=STRANGE)
    return [
        *[proposal_message(card) for card in cards],
        *[result_reply(card, ("U0BEN",)) for card in cards],
        *thread_messages(cards[0]),
        superseded_message(cards[0]),
        release_notification(a_release(app=app)),
        reminder(a_reminder(app=app)),
        reminder(a_reminder(app=None, version=None, what="key_trouble", subject=STRANGE)),
        reminder(a_reminder(app=app, done_by="U0BEN", mention=("U0BEN",) * 40)),
        asked([AskedCard(proposal=proposal, escalated=True)] * 60, {proposal.id: LONG_ADDRESS}),
        expiring(proposal, LONG_ADDRESS),
        nobody_can(proposal, ""),
        proposal_message(timed(proposal)),
    ]


def timed(proposal: Proposal) -> ProposalCard:
    """Return an approved proposal that carries both times and waits for a freeze."""
    timing = Timing(not_before=NOON, ends_at=NOON + timedelta(days=1))
    approved = replace(proposal, status=Status.APPROVED, timing=timing, returns=7)
    return a_card(approved, held=Held(until=NOON, freeze=STRANGE))


def test_strange_texts_break_no_limit() -> None:
    for built in strange_messages():
        assert violations(message(built)) == []


def test_peoples_texts_are_never_parsed_by_slack() -> None:
    for built in strange_messages():
        assert elements(built.blocks, "mrkdwn") == []
        assert all(not each.get("emoji") for each in elements(built.blocks, "plain_text"))
        assert "<!channel>" not in built.text


def test_strange_texts_reach_the_reader_as_they_are() -> None:
    item = an_item(locale="en-US", field="promotionalText", before="", after="`a` <!here> *b*")
    built = proposal_message(a_card(a_proposal(items=(item,))))
    assert "`a` <!here> *b*" in words(built.blocks)


def test_a_form_of_strange_and_long_texts_keeps_within_limits() -> None:
    form = a_form({field.attribute: STRANGE * 30 for field in FIELDS}, reason=STRANGE)
    form = replace(form, app=an_app(name=STRANGE), notes=(STRANGE,) * 3)
    assert violations(edit_view(form), long_inputs=True) == []
    assert violations(edit_view(form, halves=long_texts(form)), long_inputs=True) == []
