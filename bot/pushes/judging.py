"""Whether what an item changes may be sent, by what Apple holds of it now. Pure.

An item whose text at Apple is neither the baseline nor the wish is stale and is not sent.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from bot.domain.changes import compare, goes, lacks, leaves, locale_stands
from bot.domain.editing import can_change_locale, locked_for_now, why_not
from bot.domain.fields import FIELDS
from bot.domain.items import Item, ItemKind, ItemState, leaving
from bot.domain.listing import Listing
from bot.domain.proposals import Proposal
from bot.domain.rebasing import DRIFTED, REMOVED
from bot.domain.text import normalise


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """An item with its new state and, when it is stale, what Apple holds instead.

    `lock` says what a parked one waits for.
    """

    item: Item
    live_now: str | None = None
    lock: str = ""


def judge_items(proposal: Proposal, items: Iterable[Item], live: Listing) -> tuple[Judged, ...]:
    """Judge some items of a proposal, in their order, by what its version holds now."""
    judge = _judge_after_outage if proposal.outage else _judge
    left = leaving(proposal.items)
    whole = {code: _judge_removal(code, proposal.items, live) for code in left}
    added = {
        item.locale
        for item in proposal.items
        if item.kind is ItemKind.LOCALE and item.state is not ItemState.DONE
    }

    def judged_as(item: Item) -> Judged | None:
        if leaves(item, left):
            return whole[item.locale]
        return Judged(item=as_stale(item, REMOVED)) if _removed(item, live, added) else None

    return tuple(judge(item, live, judged_as(item)) for item in items)


def _judge(item: Item, live: Listing, removal: Judged | None) -> Judged:
    """Judge an item; what goes with the `removal` of its locale, done or to do, goes as that."""
    if removal is None:
        return JUDGES[item.kind](item, live)
    if item.kind is ItemKind.LOCALE:
        if locale_stands(item, live):
            return Judged(item=_there(item))
        return replace(removal, item=_like(item, removal.item))
    text = live.text(item.locale, item.field)
    verdict = compare(item, text)
    if verdict == "done":
        return Judged(item=_there(item))
    drifted = verdict == "stale" or removal.item.problem == REMOVED
    moved = text if drifted and removal.item.state is ItemState.STALE else None
    return replace(removal, item=_like(item, removal.item), live_now=moved)


def _like(item: Item, whole: Item) -> Item:
    return replace(item, state=whole.state, problem=whole.problem)


def _removed(item: Item, live: Listing, added: Collection[str]) -> bool:
    """Return whether a text's locale, or its half of that, went since it was proposed.

    No text makes it again: only what was to make it from the first does, or a locale `added`.
    """
    if item.kind is not ItemKind.TEXT or item.locale in added:
        return False
    if not live.has_locale(item.locale):
        return True
    # What Apple takes in no case is told as that.
    return lacks(live, item) and not item.creates and why_not(live, item.field) is None


def _judge_removal(code: str, items: Iterable[Item], live: Listing) -> Judged:
    """Judge what takes a locale away: only with every text as people saw it, or gone already."""
    own = {item.field: item for item in items if item.locale == code}
    whole = own[""]
    if (reason := can_change_locale(live, whole)) is not None:
        return _barred(whole, live, reason)
    if code == live.app.primary_locale:
        return Judged(item=as_failed(whole, "The app's primary locale cannot be removed."))
    moved = [
        field.label
        for field in FIELDS
        if goes(field, whole.after)
        and (text := normalise(live.text(code, field.attribute)))
        and (field.attribute not in own or text != normalise(own[field.attribute].before))
    ]
    if moved:
        problem = f"Its texts changed at Apple since this was proposed: {', '.join(moved)}."
        return Judged(item=as_stale(whole, problem))
    return Judged(item=as_waiting(whole))


def _judge_text(item: Item, live: Listing) -> Judged:
    text = live.text(item.locale, item.field)
    verdict = compare(item, text)
    if verdict == "done":
        return Judged(item=_there(item))
    reason = why_not(live, item.field)
    if reason is not None:
        return _barred(item, live, reason)
    if verdict == "stale":
        return Judged(item=as_stale(item, DRIFTED), live_now=text)
    return Judged(item=as_waiting(item))


def _judge_locale(item: Item, live: Listing) -> Judged:
    if locale_stands(item, live):
        return Judged(item=_there(item))
    reason = can_change_locale(live, item)
    return Judged(item=as_waiting(item)) if reason is None else _barred(item, live, reason)


def _barred(item: Item, live: Listing, reason: str) -> Judged:
    """Judge what Apple does not take: parked where a later state of the version does."""
    lock = locked_for_now(live, item.field)
    if lock is None:
        return Judged(item=as_failed(item, reason))
    return as_parked(item, lock, problem=reason)


# One judge for each kind of item.
JUDGES: Mapping[ItemKind, Callable[[Item, Listing], Judged]] = {
    ItemKind.TEXT: _judge_text,
    ItemKind.LOCALE: _judge_locale,
}


def _judge_after_outage(item: Item, live: Listing, removal: Judged | None) -> Judged:
    """Judge what may have been sent without an answer: then what is there is our own doing."""
    one = _judge(item, live, removal)
    ours = item.state is ItemState.PARKED and one.item.state is ItemState.DONE
    return replace(one, item=as_waiting(item)) if ours else one


def _there(item: Item) -> Item:
    # What failed before and is there now was this proposal's own doing: it is checked and
    # remembered with the rest. What never failed was somebody else's.
    if item.state is ItemState.FAILED:
        return as_waiting(item)
    return replace(item, state=ItemState.DONE, problem="")


def as_waiting(item: Item) -> Item:
    """Return an item as one that is to be sent, or to be checked after the sending."""
    return replace(item, state=ItemState.WAITING, problem="")


def as_parked(item: Item, lock: str, *, problem: str = "") -> Judged:
    """Judge an item as one that waits for what is in `lock`; `problem` is what people read."""
    return Judged(item=replace(item, state=ItemState.PARKED, problem=problem), lock=lock)


def as_stale(item: Item, problem: str) -> Item:
    """Return an item as one that goes back to people, who read `problem`."""
    return replace(item, state=ItemState.STALE, problem=problem)


def as_failed(item: Item, problem: str) -> Item:
    """Return an item as one that Apple cannot take, for `problem`."""
    return replace(item, state=ItemState.FAILED, problem=problem)
