"""How a proposal ended: what arrived at Apple, who decided it, and what can still be done.

Knows the part of its message that stays; refuses to know what goes before.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.domain.approvals import Veto
from bot.domain.items import ItemState
from bot.domain.lifetime import lives_until, over_while
from bot.domain.proposals import Status
from bot.domain.timing import TOO_LATE
from bot.slack.faces.actions import actions_of
from bot.slack.faces.blocks import (
    Block,
    Element,
    line,
    link,
    listed,
    mention,
    rich,
    text,
)
from bot.slack.faces.drawing import in_a_line
from bot.slack.faces.lists import fitting
from bot.slack.faces.progress import (
    advice,
    counts_sentence,
    locale_lines,
    progress,
)
from bot.slack.faces.times import in_both_zones
from bot.slack.faces.wording import (
    NOTHING_TO_DO,
    capital,
    items_label,
)
from bot.workflow.cards import LocaleProgress, ProposalCard

PROGRESS_BUDGET = 2_400
_REASON, _REASON_OF_SEVERAL = 500, 160
_MOST_NAMED = 8
_NOT_AGAIN = " What did not arrive is not sent again while that stands."


def result_blocks(card: ProposalCard) -> list[Block]:
    """Return what a push came to, with where each locale is."""
    entries = progress(card)
    return [
        rich(line(*_result_words(card, entries))),
        *([rich(line(*by("Rejected", card.rejected_by), text(_NOT_AGAIN)))] * held_back(card)),
        *fitting(locale_lines(entries, card.zone), PROGRESS_BUDGET, "line", marked=True),
        *([rich(line(link(card.link, "Open in App Store Connect")))] if card.link else []),
    ]


def _result_words(card: ProposalCard, entries: Sequence[LocaleProgress]) -> list[Element]:
    when = _when(card)
    people = decided_by(card)
    if card.proposal.status is Status.PUSHED:
        acts = actions_of(card.proposal.items)
        seen = "Done, looked at and right." if acts else "Sent, read back and right."
        seen = NOTHING_TO_DO if card.nothing_sent else seen
        seen += " Public now." if card.proposal.live else ""
        return [text(seen), *when, text(" "), *people]
    what_then = " " if held_back(card) else f" {advice(card)} "
    if card.unanswered and card.proposal.status is Status.PARTIAL:
        what_then += f"{may_have_arrived(card)} "
    return [text(counts_sentence(entries)), *when, text(what_then), *people]


def held_back(card: ProposalCard) -> bool:
    """Return whether what failed is not sent again because somebody rejects it."""
    failed = any(item.state is ItemState.FAILED for item in card.proposal.items)
    ended = card.proposal.status in (Status.PARTIAL, Status.FAILED)
    return ended and failed and bool(card.rejected_by)


def _when(card: ProposalCard) -> list[Element]:
    if card.pushed_at is None:
        return []
    return [text(" "), *in_both_zones(card.pushed_at, card.zone), text(".")]


def decided_by(card: ProposalCard) -> list[Element]:
    """Return who approved it, or who pushed it without approval and why."""
    if not card.glass:
        return by("Approved", card.approved_by)
    waits = card.proposal.status is Status.APPROVED
    return [
        *by("Goes without approval" if waits else "Pushed without approval", card.approved_by),
        text(f" Why: “{in_a_line(card.glass, _REASON).rstrip('.')}.”"),
    ]


def by(verb: str, people: Sequence[str]) -> list[Element]:
    """Return "Approved by ...", nothing without people."""
    if not people:
        return []
    return [text(f"{verb} by "), *listed([mention(each) for each in people], "and"), text(".")]


_ENDINGS: dict[Status, str] = {
    Status.WITHDRAWN: "Withdrawn.",
    Status.EXPIRED: "Nobody decided in time, so this ended.",
    Status.SUPERSEDED: "Another proposal, or another version at Apple, took its place.",
}

_GONE = (
    " The message with that reaction was deleted: who gave it reacts here and takes that off again."
)


def ending(card: ProposalCard) -> list[Element]:
    """Return why a proposal ended without a push, and what is at Apple all the same."""
    late = any(item.problem.startswith(TOO_LATE) for item in card.proposal.items)
    words = TOO_LATE if late else _ENDINGS.get(card.proposal.status, "")
    if card.proposal.status is Status.EXPIRED and not late:
        words = over_while(card.proposal.parked_for) or words
    left = " ".join(filter(None, (arrived(card), may_have_arrived(card))))
    left = left or "Nothing was changed at Apple."
    if card.vetoes:
        return [text("Rejected by "), *_vetoes(card.vetoes), text(f". {left}")]
    if card.proposal.status is Status.REJECTED and card.rejected_by:
        return [*by("Rejected", card.rejected_by), text(f" {left}")]
    return [text(f"{words} {left}".strip())]


def _vetoes(vetoes: Sequence[Veto]) -> Iterator[Element]:
    """Yield who rejected a proposal, each with the reason they gave."""
    most = _REASON if len(vetoes) == 1 else _REASON_OF_SEVERAL
    for place, veto in enumerate(vetoes[:_MOST_NAMED]):
        yield from [text(", and by ")] * bool(place)
        yield mention(veto.user)
        yield from [text(f": “{in_a_line(veto.reason, most)}”")] * bool(veto.reason)
    if len(vetoes) > _MOST_NAMED:
        yield text(f", and by {len(vetoes) - _MOST_NAMED} more")


def way_back(card: ProposalCard) -> list[Block]:
    """Return how a rejected proposal can open again."""
    if not card.vetoes:
        return []
    until = in_both_zones(lives_until(card.proposal), card.zone)
    unseen = any(veto.unseen for veto in card.vetoes)
    return [
        rich(
            line(
                text("It opens again if who rejected it takes that reaction off before "),
                *until,
                text("."),
                *([text(_GONE)] if unseen else []),
            )
        )
    ]


def may_have_arrived(card: ProposalCard) -> str:
    """Return what was sent without an answer and never looked for since, "" for nothing."""
    if not card.unanswered:
        return ""
    what = capital(items_label(card.unanswered, len(card.proposal.items)))
    return f"{what} may have arrived, since Apple did not answer: look at App Store Connect."


def arrived(card: ProposalCard) -> str:
    """Return what a push before had brought to Apple, "" when there was none."""
    done = [item for item in card.proposal.items if item.state is ItemState.DONE]
    if not done:
        return ""
    what = items_label(done, len(card.proposal.items))
    if card.proposal.in_parts and card.proposal.status is Status.OPEN:
        return f"Pushed already: {what}."
    return f"{capital(what)} reached Apple before and stayed there."
