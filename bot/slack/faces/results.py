"""How a push ended, and why a vote does not count.

Knows the sentences; refuses to know when they are due.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.domain.items import Item, ItemState
from bot.domain.parking import parked_words
from bot.domain.proposals import Status
from bot.slack.faces.actions import actions_of, result, texts_of
from bot.slack.faces.blocks import (
    bullets,
    context,
    escape,
    line,
    listed,
    mention,
    rich,
    text,
)
from bot.slack.faces.lists import capped
from bot.slack.faces.messages import Message
from bot.slack.faces.progress import advice, problem_lines
from bot.slack.faces.remarks import what_moved
from bot.slack.faces.wording import (
    NOTHING_TO_DO,
    capital,
    items_label,
    plural,
    proposal_label,
    size_of,
    status_of,
)
from bot.workflow.cards import (
    ProposalCard,
)

_MOST_MENTIONED = 10
# A user's or user group's id as it stands in a sentence: capitals with a digit in them.
_ID = re.compile(r"\b([USW](?=[A-Z]*\d)[A-Z0-9]{2,})\b")
# The emoji stays under the message, where others would count it.
_TAKE_BACK = "You can take the reaction back."


def result_reply(card: ProposalCard, approvers: Sequence[str]) -> Message:
    """Return the one reply in the thread that tells how a push ended.

    It mentions the proposer, and `approvers` (user ids) when something failed.
    """
    proposal = card.proposal
    if proposal.status is Status.OPEN:
        moved = f"{capital(what_moved(card))} since it was proposed."
        return not_pushed(card, f"{moved} Nothing was pushed.")
    well = proposal.status in {Status.PUSHED, Status.PARKED}
    people = [proposal.proposer] if well else [proposal.proposer, *approvers]
    named = [mention(each) for each in dict.fromkeys(people)][:_MOST_MENTIONED]
    sentence = _result_sentence(card)
    lines = [] if well else problem_lines(card)
    failed = [rich(bullets(capped(lines)))] if lines else []
    return Message(
        text=f"Proposal {proposal.id} for {escape(proposal_label(proposal))}: {sentence}",
        blocks=[
            rich(line(*listed(named, "and"), text(f" {sentence}"))),
            *(
                [context("Pushed without approval: somebody broke the glass.")]
                if card.glass
                else []
            ),
            *failed,
            *([] if well else [context(advice(card))]),
        ],
    )


def part_reply(card: ProposalCard, part: Sequence[Item], approvers: Sequence[str]) -> Message:
    """Return the reply that tells how a part's push ended while the rest waits for votes.

    `part` are its items; it mentions the proposer, and `approvers` when something failed.
    """
    proposal = card.proposal
    of_part = replace(card, proposal=replace(proposal, items=tuple(part)), progress=())
    missing = [item for item in part if item.state is not ItemState.DONE]
    people = [proposal.proposer, *(approvers if missing else ())]
    named = [mention(each) for each in dict.fromkeys(people)][:_MOST_MENTIONED]
    everything = len(proposal.items)
    done = [item for item in part if item.state is ItemState.DONE]
    public = " Public now." if proposal.live and done else ""
    sentence = f"✅ A part is pushed: {items_label(done, everything)}, read back and right.{public}"
    if missing:
        mark = "⚠️" if done else "🔴"
        sentence = f"{mark} A part is pushed, and not arrived: {items_label(missing, everything)}."
    lines = problem_lines(of_part)
    return Message(
        text=f"Proposal {proposal.id} for {escape(proposal_label(proposal))}: {sentence}",
        blocks=[
            rich(line(*listed(named, "and"), text(f" {sentence}"))),
            *([rich(bullets(capped(lines)))] if lines else []),
            context("The rest goes on waiting for votes: see the message."),
        ],
    )


def not_pushed(card: ProposalCard, reason: str) -> Message:
    """Return the one reply in the thread that tells why a push did not begin."""
    proposal = card.proposal
    mark, words = status_of(proposal)
    standing = f"{mark} Proposal {proposal.id} is {words.lower()}."
    return Message(
        text=f"Proposal {proposal.id} was not pushed. {escape(reason)}",
        blocks=[
            rich(line(mention(proposal.proposer), text(f" {reason}"))),
            context(standing),
        ],
    )


def _result_sentence(card: ProposalCard) -> str:
    proposal = card.proposal
    what = size_of(proposal.own)
    if proposal.status is Status.PUSHED:
        public = " Public now." if proposal.live else ""
        done = [result(item, card.zone) for item in actions_of(proposal.own)]
        if not texts_of(proposal.own):
            return f"✅ {'. '.join(done)}."
        if card.nothing_sent:
            return f"✅ {NOTHING_TO_DO}"
        return f"✅ Pushed: {what}, read back and right.{public}"
    if proposal.status is Status.PARKED:
        there = sum(item.state is ItemState.DONE for item in proposal.own)
        arrived = f"{there:,} of {plural(len(proposal.own), 'change')} arrived. "
        return f"⏸️ {arrived if there else ''}{parked_words(proposal)}"
    if proposal.status is Status.PARTIAL:
        left = sum(item.state is not ItemState.DONE for item in proposal.own)
        return f"⚠️ {left:,} of {plural(len(proposal.own), 'change')} did not arrive."
    return f"🔴 Nothing arrived: {what}."


def vote_refused(reason: str) -> Message:
    """Return why a person's vote does not count; ids in the reason become mentions.

    Shown to that person alone, so nobody is notified by them.
    """
    parts = _ID.split(reason)
    drawn = [mention(part) if place % 2 else text(part) for place, part in enumerate(parts)]
    return Message(
        text=f"Your vote does not count. {_ID.sub(_tag, escape(reason))} {_TAKE_BACK}",
        blocks=[
            rich(line(text("Your vote does not count. ", "bold"), *drawn)),
            context(_TAKE_BACK),
        ],
    )


def _tag(found: re.Match[str]) -> str:
    return f"<!subteam^{found[1]}>" if found[1].startswith("S") else f"<@{found[1]}>"
