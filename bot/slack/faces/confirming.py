"""What will happen if somebody confirms a proposal, in a modal that says yes once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.domain.proposals import Item, ItemState
from bot.slack import ids
from bot.slack.faces.actions import action_lines, actions_of, texts_of
from bot.slack.faces.blocks import (
    VIEW_TITLE,
    Block,
    Element,
    bullets,
    context,
    line,
    listed,
    mention,
    plain,
    rich,
    text,
)
from bot.slack.faces.form_states import View
from bot.slack.faces.times import timing_lines
from bot.slack.faces.votes import choice_lines
from bot.slack.faces.wording import item_label, locale_label, locales_of, plural, series
from bot.workflow.cards import ProposalCard

_MOST_LOCALES = 20
_MOST_FIELDS = 9


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
    if texts := texts_of(left):
        yield rich(bullets(_locale_lines(texts)))
        more = len(locales_of(texts)) - _MOST_LOCALES
        if more > 0:
            yield context(f"And {plural(more, 'more locale')}: see Details.")
    if proposal.live:
        yield rich(line(text("The version is on the App Store: it is public at once.", "bold")))
    if times := timing_lines(proposal, card.zone):
        yield rich(*times)
    voted = dict.fromkeys(user for need in card.needs for user in need.voted)
    if voted:
        people = listed([mention(user) for user in voted], "and")
        yield rich(line(text("Approved by "), *people, text(".")))


def _locale_lines(texts: Sequence[Item]) -> list[Element]:
    return [
        line(
            text(f"{locale_label(code)}: "),
            text(series([item_label(i) for i in texts if i.locale == code], most=_MOST_FIELDS)),
        )
        for code in locales_of(texts)[:_MOST_LOCALES]
    ]
