"""Break-glass: the form that asks for the reason, and what the channel is told, loudly."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.parking import parked_words
from bot.domain.proposals import Status
from bot.slack import ids
from bot.slack.faces.blocks import (
    VIEW_TITLE,
    Block,
    Element,
    actions,
    button,
    context,
    escape,
    header,
    isolate,
    line,
    listed,
    local_moment,
    mention,
    plain,
    quote,
    rich,
    text,
)
from bot.slack.faces.confirming import what_happens
from bot.slack.faces.form_states import View
from bot.slack.faces.messages import Message
from bot.slack.faces.wording import proposal_label, size_of
from bot.workflow.breaking import LONGEST, SHORTEST, BreakCard
from bot.workflow.cards import ProposalCard

_MOST_NAMED = 8
# What became of a push without approval that brought nothing.
_BECAME: Mapping[Status, str] = {
    Status.OPEN: "it is back with people, and the glass is whole again",
    Status.PUSHING: "it is on its way",
    Status.FAILED: "the push failed",
    Status.REJECTED: "it was rejected before",
    Status.WITHDRAWN: "it was withdrawn before",
    Status.EXPIRED: "its time was over before",
    Status.SUPERSEDED: "another proposal took its place",
    Status.PUSHED: "all of it stood at Apple already",
}
_KEPT = (
    "Not skipped: limits, the comparison with what Apple holds, a freeze, a time before which it"
    " shall not go, and a rejection."
)


def glass_view(card: ProposalCard) -> View:
    """Return the modal in which somebody pushes a proposal without approval."""
    proposal = card.proposal
    warning = (
        "Nobody has to approve it and it waits for no undo window. Your name and your reason"
        " stand in the channel at once, its owners are called, and one of them reviews it within"
        " 24 hours."
    )
    return {
        "type": "modal",
        "title": plain(f"Break glass for {proposal.id}", VIEW_TITLE),
        "submit": plain("Push without approval", VIEW_TITLE),
        "close": plain("Not now"),
        "callback_id": ids.GLASS_VIEW,
        "private_metadata": ids.confirm_value(proposal.id, proposal.digest),
        "blocks": [
            *what_happens(card),
            rich(line(text(warning, "bold"))),
            *_stopped(card),
            context(_KEPT),
            {
                "type": "input",
                "block_id": ids.GLASS_INPUT,
                "label": plain("Why can it not wait for approval?"),
                "element": {
                    "type": "plain_text_input",
                    "action_id": ids.GLASS_INPUT,
                    "multiline": True,
                    "min_length": SHORTEST,
                    "max_length": LONGEST,
                },
            },
            context(f"Digest {proposal.digest[:8]}, as under its message."),
        ],
    }


def _stopped(card: ProposalCard) -> list[Block]:
    """Return that somebody stopped it, which this overrules."""
    by = card.proposal.stopped_by
    overruled = " stopped this. Pushing it here overrules them."
    return [rich(line(mention(by), text(overruled, "bold")))] if by else []


def glass_broken(card: BreakCard) -> Message:
    """Return what the channel is told at once, or that it was reviewed since."""
    return _message(card, "goes to App Store Connect without approval")


def review_due(card: BreakCard) -> Message:
    """Return the reminder that nobody reviewed it yet, or that it has not arrived."""
    if card.due is None:
        return _message(card, f"goes without approval, and nothing arrived: {_where(card)}")
    return _message(card, "went to App Store Connect without approval and is not reviewed yet")


def _where(card: BreakCard) -> str:
    """Return what became of a push that brought nothing yet."""
    if card.proposal.status is Status.PARKED:
        return parked_words(card.proposal).rstrip(".")
    return _BECAME.get(card.proposal.status, "it waits for its time")


def _message(card: BreakCard, what: str) -> Message:
    proposal = card.proposal
    label = proposal_label(proposal)
    if card.reviewed_by:
        went = "goes" if card.due is None else "went"
        what = f"{went} to App Store Connect without approval and was reviewed"
    return Message(
        text=f"Break-glass: proposal {proposal.id} for {escape(label)} {what}.",
        blocks=[
            header(f"🚨 Break-glass: {label}"),
            rich(
                line(
                    mention(card.user),
                    text(" broke the glass: "),
                    text(f"proposal {proposal.id} {what}", "bold"),
                    text(f", {size_of(proposal.own)}. Why:"),
                ),
                quote(text(isolate(card.reason))),
            ),
            *_review(card),
        ],
    )


def _review(card: BreakCard) -> list[Block]:
    if card.reviewed_by:
        return [rich(line(text("✅ Reviewed by "), mention(card.reviewed_by), text(".")))]
    named: list[Element] = [mention(one) for one in card.owners[:_MOST_NAMED]]
    called = [text("For "), *listed(named, "and"), text(": a ")] if named else [text("A ")]
    return [
        rich(
            line(
                *called,
                text("review is due "),
                *_due(card),
                text(". Anybody who may approve it can do that, but who broke the glass."),
            )
        ),
        actions(
            button("Reviewed", ids.REVIEWED, str(card.number), style="primary"),
            button("Details", ids.DETAILS, str(card.proposal.id)),
        ),
    ]


def _due(card: BreakCard) -> list[Element]:
    if card.due is None:
        return [text("within 24 hours of its arrival at Apple")]
    return [text("by "), local_moment(card.due)]
