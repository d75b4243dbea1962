"""What will happen if somebody confirms a proposal, in a modal that says yes once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.domain.items import Item, ItemState
from bot.domain.proposals import Proposal
from bot.slack import ids
from bot.slack.faces.actions import action_lines, actions_of, texts_of
from bot.slack.faces.blocks import (
    VIEW_TITLE,
    Block,
    Element,
    context,
    line,
    listed,
    mention,
    plain,
    rich,
    text,
    weight,
)
from bot.slack.faces.drawing import entire_locales, excerpt, heading, is_short, whole
from bot.slack.faces.form_states import View
from bot.slack.faces.times import timing_lines
from bot.slack.faces.votes import choice_lines
from bot.slack.faces.wording import locale_label, locales_of, plural, series
from bot.workflow.cards import ProposalCard

# As for a page of details; a part is left for what stands around the texts.
_BUDGET = 20_000
_BLOCKS = 50
_MOST_LOCALES = 20


def confirm_view(card: ProposalCard) -> View:
    """Return the modal in which an approver confirms what a proposal does."""
    proposal = card.proposal
    return {
        "type": "modal",
        "title": plain(f"Confirm proposal {proposal.id}", VIEW_TITLE),
        "submit": plain("Confirm"),
        "close": plain("Not now"),
        "callback_id": ids.CONFIRM_VIEW,
        "private_metadata": ids.confirm_value(proposal.id, proposal.digest),
        "blocks": [
            *what_happens(card),
            *([rich(*choice)] if (choice := choice_lines(proposal)) else []),
            context(
                f"Digest {proposal.digest[:8]}, as under its message. It is pushed once everything"
                " else it needs is there, and compared with what Apple holds before."
            ),
        ],
    }


def what_happens(card: ProposalCard) -> Iterator[Block]:
    """Yield what goes to Apple where, when, and who approved it by now."""
    proposal = card.proposal
    where = f"{proposal.app_name} {proposal.version_number}"
    yield rich(line(text(f"This goes to App Store Connect for {where}:", "bold")))
    left = [item for item in proposal.items if item.state is not ItemState.DONE]
    if acts := actions_of(left):
        yield rich(*action_lines(acts, proposal.version_number, card.zone))
    yield from _changes(replace(proposal, items=tuple(left)))
    if proposal.live:
        yield rich(line(text("The version is on the App Store: it is public at once.", "bold")))
    if times := timing_lines(proposal, card.zone):
        yield rich(*times)
    voted = dict.fromkeys(user for need in card.needs for user in need.voted)
    if voted:
        people = listed([mention(user) for user in voted], "and")
        yield rich(line(text("Approved by "), *people, text(".")))


def _changes(proposal: Proposal) -> Iterator[Block]:
    """Yield what goes and what comes in each text, and where the rest is once that is too much."""
    texts = texts_of(proposal.items)
    entire, begun, room = entire_locales(proposal.items), "", _BUDGET
    for place, item in enumerate(texts):
        above = [] if item.locale == begun else [line(text(locale_label(item.locale), "bold"))]
        block = rich(*above, *_change(item, live=proposal.live, entire=item.locale in entire))
        room -= weight([block])
        if room < 0 or place == _BLOCKS:
            yield context(_left(texts[place:]))
            return
        yield block
        begun = item.locale


def _change(item: Item, *, live: bool, entire: bool) -> list[Element]:
    above = heading(item, live=live, entire=entire, bold=False)
    if is_short(item):
        return [above, *whole(item)]
    return [above, *excerpt(item), line(text("The whole text is in Details.", "italic"))]


def _left(texts: Sequence[Item]) -> str:
    locales = series([locale_label(code) for code in locales_of(texts)], most=_MOST_LOCALES)
    return f"{plural(len(texts), 'more change')}, see Details: {locales}."
