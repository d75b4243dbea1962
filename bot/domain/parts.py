"""A proposal in parts: what may be pushed now while the rest still waits for votes.

A part is a set of places in the proposal's current revision, None for everything. Pure.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace

from bot.domain.actions import is_action
from bot.domain.approvals import Decision
from bot.domain.items import SETTLED, Item, ItemKind, ItemState, may_wait
from bot.domain.policy import Policy, requirement
from bot.domain.proposals import Proposal

# Places in a proposal's items, in order; None covers all of them.
Part = tuple[int, ...] | None


def decided_part(
    proposal: Proposal, decision: Decision, *, waiting: Collection[int] = ()
) -> tuple[int, ...]:
    """Return the places of what the votes let go now, nothing where they do not.

    Without the choice that is everything or nothing. With it, what was not tried yet and has
    its votes; a new locale goes as a whole, and what acts on the version goes last. What is
    `waiting` to be pushed already may have been tried before. Nothing goes that nobody was shown
    yet, whatever stands under an earlier message.
    """
    if decision.rejected_by or proposal.message_ts is None:
        return ()
    if not proposal.in_parts:
        whole = decision.approved and not proposal.stale
        return tuple(range(len(proposal.items))) if whole else ()
    ready = set(decision.ready)
    able = {
        place
        for place, item in enumerate(proposal.items)
        if may_wait(item) or (place in waiting and item.state not in SETTLED)
    }
    return _rounded(proposal.items, {place for place in able if proposal.items[place] in ready})


def failed_part(proposal: Proposal) -> Part:
    """Return the places of what a retry sends; everything that is not done without the choice."""
    if not proposal.in_parts:
        return None
    failed = {place for place, item in enumerate(proposal.items) if item.state is ItemState.FAILED}
    return _rounded(proposal.items, failed)


def still_holds(proposal: Proposal, part: Part, decision: Decision) -> bool:
    """Return whether everything that a part would send has its votes, and nobody rejects.

    Votes are for what people were shown: without its message nothing has them.
    """
    if proposal.message_ts is None:
        return False
    if part is None:
        return decision.approved
    ready = set(decision.ready)
    sent = [item for item in covered(proposal, part).items if item.state not in SETTLED]
    return bool(sent) and not decision.rejected_by and all(item in ready for item in sent)


def covered(proposal: Proposal, part: Part) -> Proposal:
    """Return a proposal with the items of a part alone."""
    if part is None:
        return proposal
    places = set(part)
    items = tuple(item for place, item in enumerate(proposal.items) if place in places)
    return replace(proposal, items=items)


def outside(proposal: Proposal, part: Part) -> tuple[Item, ...]:
    """Return the items that a part does not cover."""
    if part is None:
        return ()
    return tuple(item for place, item in enumerate(proposal.items) if place not in part)


def may_differ(policy: Policy, bundle_id: str, places: Iterable[tuple[str, str]]) -> bool:
    """Return whether texts at these places need different votes: else no part comes first."""
    wanted = {
        requirement(policy, Item(locale=locale, field=field, before="", after=""), bundle_id)
        for locale, field in places
    }
    return len(wanted) > 1


def _rounded(items: tuple[Item, ...], places: Collection[int]) -> tuple[int, ...]:
    """Return places without those that may not go while others stay behind."""
    missing = {
        item.locale
        for place, item in enumerate(items)
        if place not in places and item.state is not ItemState.DONE
    }
    new = {
        item.locale
        for item in items
        if item.kind is ItemKind.LOCALE and item.state is not ItemState.DONE
    }
    going = {place for place in places if items[place].locale not in new & missing}
    last = {
        place
        for place, item in enumerate(items)
        if place not in going and item.state is not ItemState.DONE
    }
    return tuple(sorted(place for place in going if not last or not is_action(items[place])))
