"""Which texts a push may have brought to Apple without anybody seeing an answer. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from bot.domain.changes import compare, locale_stands
from bot.domain.items import PRESENT, TEXTUAL, Item, ItemKind, ItemState
from bot.domain.listing import Listing
from bot.domain.outages import SILENT, kind_of
from bot.domain.proposals import Proposal
from bot.pushes.chains import resource_of
from bot.pushes.ledger import step_problems
from bot.storage.steps import Step, StepState, StepVerb

# Seen at Apple, or seen not to be there.
_SEEN = (ItemState.DONE, ItemState.STALE)


def unanswered(proposal: Proposal, steps: Iterable[Step]) -> tuple[Item, ...]:
    """Return the items that may stand at Apple by the ledger of all pushes of a proposal."""
    sent = [step for step in steps if _may_have_arrived(step)]
    return tuple(
        item
        for item in proposal.items
        if item.kind in TEXTUAL
        and item.state not in _SEEN
        # Without an outage Apple was read since, and what is not done is known not to be there.
        and (proposal.outage is not None or item.state is ItemState.FAILED)
        and any(_sends(step, item) for step in sent)
    )


def found(items: Iterable[Item], live: Listing) -> tuple[Item, ...]:
    """Return those that stand at Apple by now, as done."""
    return tuple(
        replace(item, state=ItemState.DONE, problem="") for item in items if _is_there(item, live)
    )


def _may_have_arrived(step: Step) -> bool:
    if step.state in (StepState.DONE, StepState.DOING, StepState.UNSURE):
        return True
    return any(kind_of(problem.cause) == SILENT for problem in step_problems(step))


def _sends(step: Step, item: Item) -> bool:
    if step.locale == item.locale and step.verb is StepVerb.DELETE:
        # It takes the locale away with all texts of its half.
        whole = item.kind is ItemKind.LOCALE and item.after != PRESENT
        return whole or (not item.after and step.resource is resource_of(item))
    if (step.locale, step.resource) != (item.locale, resource_of(item)):
        return False
    if item.kind is ItemKind.LOCALE:
        return step.verb is StepVerb.CREATE and item.after == PRESENT
    return step.texts.get(item.field) == item.after


def _is_there(item: Item, live: Listing) -> bool:
    if item.kind is ItemKind.LOCALE:
        return locale_stands(item, live)
    return compare(item, live.text(item.locale, item.field)) == "done"
