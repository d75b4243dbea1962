"""Whose votes an open proposal needs, whose it has, and how one votes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.domain.lifetime import lives_until
from bot.domain.needs import Need
from bot.domain.proposals import Proposal
from bot.slack.faces.actions import actions_of
from bot.slack.faces.blocks import (
    Block,
    Element,
    context,
    line,
    link,
    listed,
    mention,
    rich,
    text,
)
from bot.slack.faces.lists import fitting
from bot.slack.faces.times import in_both_zones
from bot.slack.faces.wording import (
    items_label,
    locale_label,
    locales_of,
    plural,
)
from bot.workflow.cards import ProposalCard

# In parts there is more to say beside it.
_NEEDS_BUDGET, _NEEDS_IN_PARTS = 1_500, 1_000
_MOST_NAMED = 8
_MOST_LINKED = 4


def choice_lines(proposal: Proposal) -> list[Element]:
    """Return the line that tells of a proposal in parts, nothing for others."""
    words = " What has its approvals is pushed without waiting for the rest."
    return [line(text("In parts:", "bold"), text(words))] if proposal.in_parts else []


def needs_blocks(card: ProposalCard, links: Mapping[str, str], *, notify: bool) -> list[Block]:
    """Return for each group of changes what it needs and has, and how one votes."""
    lines = need_lines(card, links, notify=notify)
    budget = _NEEDS_IN_PARTS if card.proposal.in_parts else _NEEDS_BUDGET
    blocks = [
        rich(line(text("Approvals", "bold"))),
        *fitting(lines, budget, "group"),
        rich(line(*_how_to_vote(card))),
    ]
    if actions_of(card.proposal.items) and not card.self_approval:
        blocks.append(rich(line(*_not_by(card.proposal.authors))))
    if card.self_approval:
        blocks.append(context("Self-approval is on: the author's own vote counts."))
    return blocks


def need_lines(
    card: ProposalCard, links: Mapping[str, str] | None = None, *, notify: bool = True
) -> list[Element]:
    """Return a line for each group of changes: its votes, and from whom more are needed."""
    return [_need(need, card, links or {}, notify=notify) for need in card.needs]


def locale_votes(card: ProposalCard, code: str) -> str:
    """Return how the votes on a locale's changes stand, "" where none are needed."""
    mine = [need for need in card.needs if any(item.locale == code for item in need.items)]
    if not mine:
        return ""
    if all(need.met for need in mine):
        return "approved"
    open_needs = [need for need in mine if not need.has_quorum]
    if not open_needs:
        return "waits for Confirm"
    counts = dict.fromkeys(f"{len(need.voted)} of {need.quorum}" for need in open_needs)
    word = "approval" if open_needs[-1].quorum == 1 else "approvals"
    return f"{' and '.join(counts)} {word}"


def _not_by(authors: Sequence[str]) -> list[Element]:
    """Return who cannot approve, though they may stand in the list: who wrote it."""
    named = listed([mention(one) for one in authors], "and")
    return [text("Not by "), *named, text(": nobody approves what they proposed.")]


def _need(need: Need, card: ProposalCard, links: Mapping[str, str], *, notify: bool) -> Element:
    what = items_label(need.items, len(card.proposal.items))
    had = f"{len(need.voted)} of {need.quorum} for {what}"
    voted = listed([mention(each) for each in need.voted], "and")
    return line(
        text("✓ " if need.met else ""),
        text(had),
        *([text(", by "), *voted] if need.voted else []),
        text(f", as in revision {need.since}. " if need.since < card.proposal.revision else ". "),
        *_missing(need, notify=notify),
        *_too_few(need, notify=notify),
        *_unknown(need, notify=notify),
        *_unresolved(need, notify=notify),
        *_to_read(need, links),
    )


def _missing(need: Need, *, notify: bool) -> list[Element]:
    """Return what a group still needs, after the count."""
    if need.met:
        confirmed = listed([mention(each) for each in need.confirmed_by], "and")
        return [text("Confirmed by "), *confirmed, text(".")] if need.confirmed_by else []
    if need.unconfirmed:
        return [
            text("Now anybody on the list has to press Confirm, whoever voted. "),
            *_asked(need, notify=notify),
        ]
    also = (
        [text(" Anybody on the list then presses Confirm.")]
        if need.confirm and need.approvers
        else []
    )
    return [*_asked(need, notify=notify), *also]


def _too_few(need: Need, *, notify: bool) -> list[Element]:
    """Return how many of whom are missing where the quorum cannot be reached."""
    if not need.short or not need.approvers or need.met:
        return []
    words = " Too few people besides who wrote it may approve this: see marquee.toml."
    named = listed([mention(each) for each in need.can[:_MOST_NAMED]], "and")
    only = [text("only "), *named, text(" can.")] if need.can else [text("nobody can.")]
    said = [text(f" It needs {need.quorum}, "), *only] if notify or not need.can else []
    return [text(words, "bold"), *said]


def _unknown(need: Need, *, notify: bool) -> list[Element]:
    """Return that nothing goes while Slack does not know a group that decides it."""
    if not need.unknown:
        return []
    words = " is not known to Slack, so nothing can be approved: mend marquee.toml."
    named = listed([mention(each) for each in need.unknown[:_MOST_NAMED]], "and")
    first = [text(" "), *named] if notify else [text(" A user group")]
    return [*first, text(words, "bold")]


def _unresolved(need: Need, *, notify: bool) -> list[Element]:
    """Return what of the second list adds nobody, so that the first one is left alone with it."""
    if not need.unresolved:
        return []
    words = " of the second list adds nobody after 72 hours: mend marquee.toml."
    named = listed([mention(each) for each in need.unresolved[:_MOST_NAMED]], "and")
    first = [text(" "), *named] if notify else [text(" Somebody")]
    return [*first, text(words, "bold")]


def _asked(need: Need, *, notify: bool) -> list[Element]:
    if not need.approvers:
        return [text("Nobody may approve this yet: marquee.toml names no approvers.")]
    groups = sum(each.startswith("S") for each in need.approvers)
    people = len(need.approvers) - groups
    if not notify:
        counted = [plural(groups, "user group")] * bool(groups)
        counted += [plural(people, "person", "people")] * bool(people)
        return [text(f"From {' and '.join(counted)}.")]
    named = [mention(each) for each in need.approvers[:_MOST_NAMED]]
    more = len(need.approvers) - len(named)
    rest = [text(f"{more} more")] if more else []
    return [text("From "), *listed([*named, *rest], "or"), text(".")]


def _to_read(need: Need, links: Mapping[str, str]) -> list[Element]:
    """Return the way to the long texts that these reviewers read, where they are few."""
    codes = [code for code in locales_of(need.items) if code in links]
    if not codes or len(codes) > _MOST_LINKED:
        return []
    drawn = listed([link(links[code], locale_label(code)) for code in codes], "and")
    return [text(" To read in full: "), *drawn, text(".")]


def _how_to_vote(card: ProposalCard) -> list[Element]:
    return [
        text("React with "),
        *listed([_emoji(name) for name in card.approve_emoji], "or"),
        text(" to approve, "),
        *listed([_emoji(name) for name in card.reject_emoji], "or"),
        text(" to reject. Open until "),
        *in_both_zones(lives_until(card.proposal), card.zone),
        text("."),
    ]


def _emoji(name: str) -> Element:
    return {"type": "emoji", "name": name}
