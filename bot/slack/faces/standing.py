"""Where a proposal stands: what it waits for, how far the push is, how it ended.

Knows the part of a proposal's message that changes with its life; refuses to know the
changes themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from bot.domain.awaiting import awaited_version, awaited_words
from bot.domain.items import ItemState
from bot.domain.lifetime import lives_until
from bot.domain.needs import Need
from bot.domain.outages import pace_words
from bot.domain.parking import parked_words
from bot.domain.proposals import Status
from bot.slack.faces.blocks import (
    Block,
    Element,
    clip,
    context,
    escape,
    isolate,
    line,
    local_seconds,
    rich,
    text,
)
from bot.slack.faces.endings import (
    PROGRESS_BUDGET,
    arrived,
    by,
    decided_by,
    ending,
    result_blocks,
    way_back,
)
from bot.slack.faces.lists import fitting
from bot.slack.faces.progress import (
    counts_sentence,
    locale_lines,
    progress,
    progress_bar,
)
from bot.slack.faces.remarks import (
    BESIDE_VOTES,
    STALE_BUDGET,
    failed_blocks,
    findings_blocks,
    stale_blocks,
    what_moved,
)
from bot.slack.faces.times import in_both_zones
from bot.slack.faces.votes import needs_blocks
from bot.slack.faces.wording import (
    capital,
    items_label,
    plural,
)
from bot.workflow.cards import ProposalCard

_STOPPED = " Nothing was pushed. Push after all lets it go on, or edit or withdraw it."
_UNTIL_THEN = " The votes are asked for once more then; it may be withdrawn until."
_BY_ITSELF = " It may be rejected or withdrawn until then."


def standing_blocks(card: ProposalCard, links: Mapping[str, str], *, notify: bool) -> list[Block]:
    """Return the blocks that say where a proposal stands, in the order they are read."""
    status = card.proposal.status
    if status is Status.OPEN and card.proposal.barred:
        return stale_blocks(card)
    if status is Status.OPEN:
        return _open(card, links, notify=notify)
    if status in _GOING:
        return [*_GOING[status](card), *_rest(card, links, notify=notify)]
    if status in {Status.PUSHED, Status.PARTIAL, Status.FAILED}:
        return [*result_blocks(card), *stale_blocks(card)]
    return [rich(line(*ending(card))), *way_back(card)]


def _open(card: ProposalCard, links: Mapping[str, str], *, notify: bool) -> list[Block]:
    there = arrived(card)
    stopped = card.proposal.stopped_by
    parted: list[Block] = []
    if card.proposal.in_parts:
        parted = [*failed_blocks(card), *stale_blocks(card, budget=BESIDE_VOTES)]
    return [
        *([rich(line(*by("Stopped", [stopped]), text(_STOPPED)))] if stopped else []),
        *([context(there)] if there else []),
        *parted,
        *findings_blocks(card.findings),
        *needs_blocks(card, links, notify=notify),
    ]


def _rest(card: ProposalCard, links: Mapping[str, str], *, notify: bool) -> list[Block]:
    """Return what waits for votes while a part goes its way, nothing where all goes."""
    if not card.part:
        return []
    what = items_label(card.part, len(card.proposal.items))
    return [
        context(f"Only a part goes now: {what}. The rest goes on waiting for votes."),
        *needs_blocks(card, links, notify=notify),
    ]


def _approved(card: ProposalCard) -> list[Block]:
    turn = _turn_comes(card, more=_BY_ITSELF if card.proposal.returns_by_itself else _UNTIL_THEN)
    return [rich(line(*decided_by(card), text(" "), *turn, *_ends(card)))]


def _ends(card: ProposalCard) -> list[Element]:
    """Return when a proposal ends that waits for longer than somebody may stop it."""
    if card.held is None or card.held.undo or card.proposal.returns_by_itself:
        return []
    until = lives_until(card.proposal)
    words = " Its time is over before that" if card.held.until >= until else " If it is not pushed"
    return [text(f"{words}: it ends "), *in_both_zones(until, card.zone), text(".")]


def _parked(card: ProposalCard) -> list[Block]:
    untouched = (ItemState.PARKED, ItemState.WAITING)
    begun = [item for item in card.proposal.items if item.state not in untouched]
    entries = progress(card) if begun else ()
    lines = locale_lines(entries, card.zone)
    room, stale_room = (BESIDE_VOTES,) * 2 if card.part else (PROGRESS_BUDGET, STALE_BUDGET)
    return [
        rich(
            line(
                text(f"{parked_words(card.proposal)} "),
                *_tries(card),
                *by("Approved", card.approved_by),
                *_approvals_stand(card),
            )
        ),
        *fitting(lines, room, "line", marked=True),
        *stale_blocks(card, budget=stale_room),
    ]


def _approvals_stand(card: ProposalCard) -> list[Element]:
    """Return until when a parked proposal waits; what returns by itself waits for as long."""
    if card.proposal.returns_by_itself:
        return [text(" It may be rejected or withdrawn until it is pushed.")]
    return [
        text(" The approvals stand until "),
        *in_both_zones(lives_until(card.proposal), card.zone),
        text("; it may be withdrawn until it is pushed."),
    ]


def _tries(card: ProposalCard) -> list[Element]:
    """Return since when Apple takes nothing, and how often it is tried again."""
    outage = card.proposal.outage
    if outage is None:
        return []
    pace = f"; tried again at least every {pace_words(outage)}. "
    return [text("So since "), *in_both_zones(outage.since, card.zone), text(pace)]


def _turn_comes(card: ProposalCard, *, more: str) -> list[Element]:
    """Return when an approved proposal is pushed, what it waits for until then, and `more`."""
    held = card.held
    if held is None:
        return [text("It is pushed when its turn comes and Apple takes requests.")]
    if held.undo:
        return [text("Pushes at "), local_seconds(held.until), text(" unless somebody stops it.")]
    why = f"the freeze “{isolate(clip(held.freeze, 80))}” ends, " if held.freeze else ""
    return [
        text(f"It waits until {why}"),
        *in_both_zones(held.until, card.zone),
        text(f".{more}"),
    ]


def standing_sentence(card: ProposalCard) -> str:
    """Return the same in a few plain words, "" where the status says it all."""
    if card.proposal.status is Status.OPEN and card.proposal.barred:
        return f" {capital(what_moved(card))} since."
    if card.proposal.status is Status.OPEN and card.current:
        open_needs = [need for need in card.needs if not need.met]
        if open_needs and all(need.unconfirmed for need in open_needs):
            return " Waiting for Confirm."
        missing = _missing_approvals([need for need in open_needs if not need.unconfirmed])
        awaited = awaited_version(card.proposal)
        whatever = " and ".join(filter(None, (missing, escape(awaited))))
        return f" Waiting for {whatever}." if whatever else ""
    if card.proposal.status is Status.PARKED:
        return f" {escape(parked_words(card.proposal))}"
    if card.proposal.status in {Status.PUSHING, Status.PARTIAL, Status.FAILED}:
        return f" {counts_sentence(progress(card))}"
    return ""


def waiting_for(card: ProposalCard) -> list[Element]:
    """Return what a proposal waits for that has not ended, without names."""
    if card.proposal.status is Status.PUSHING:
        return [text("It is being pushed now.")]
    if card.proposal.status is Status.PARKED:
        return [text(parked_words(card.proposal))]
    if card.proposal.status is Status.APPROVED:
        return _turn_comes(card, more="")
    awaited = awaited_words(card.proposal)
    then = f" Then it waits for {awaited}." if awaited else ""
    return [text(f"{_what_people_owe(card)}{then}")]


def _what_people_owe(card: ProposalCard) -> str:
    if card.proposal.barred:
        return f"Waits for its author: {what_moved(card)}."
    if card.proposal.stopped_by:
        return "Stopped: waits for somebody to push it after all."
    open_needs = [need for need in card.needs if not need.met]
    if not open_needs:
        return "Waits for the bot to go on."
    if all(need.unconfirmed for need in open_needs):
        return "Waits for an approver to press Confirm."
    items = [item for need in open_needs for item in need.items]
    what = items_label(items, len(card.proposal.items))
    return f"Waits for {_missing_approvals(open_needs)} of {what}."


# What is listed with what it waits for: the words after the number of each.
_LISTED = {
    Status.OPEN: "open",
    Status.PARKED: "parked",
    Status.APPROVED: "approved",
    Status.PUSHING: "being pushed",
}


def counted(counts: Mapping[Status, int]) -> str:
    """Return how many proposals stand where: "2 proposals open, 1 approved"."""
    numbers = {words: counts.get(status, 0) for status, words in _LISTED.items()}
    first, *others = [(number, words) for words, number in numbers.items() if number]
    told = [f"{plural(first[0], 'proposal')} {first[1]}", *(f"{n} {words}" for n, words in others)]
    return ", ".join(told)


def _missing_approvals(open_needs: Sequence[Need]) -> str:
    """Return how many approvals are missing, "approval" where one may count for several groups."""
    if len(open_needs) != 1:
        return "approval" if open_needs else ""
    return plural(open_needs[0].quorum - len(open_needs[0].voted), "approval")


def _progress(card: ProposalCard) -> list[Block]:
    entries = progress(card)
    bar = f"{progress_bar(entries)}  " if len(entries) > 1 else ""
    return [
        rich(line(text(f"{bar}{counts_sentence(entries)}"))),
        *fitting(locale_lines(entries, card.zone), PROGRESS_BUDGET, "line", marked=True),
    ]


# What is said while a push is on its way, or waits for its time.
_GOING: Mapping[Status, Callable[[ProposalCard], list[Block]]] = {
    Status.APPROVED: _approved,
    Status.PARKED: _parked,
    Status.PUSHING: _progress,
}
