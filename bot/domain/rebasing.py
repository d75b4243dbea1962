"""Stale texts put on what Apple holds now: the next revision of the same proposal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from bot.domain.changes import Place, leaves
from bot.domain.items import Item, ItemKind, ItemState, leaving
from bot.domain.text import normalise

# Why a text is stale, in a sentence for people: there is another one at Apple, or no place for it.
DRIFTED = "Apple's text was changed by somebody else since this was proposed."
REMOVED = "Its locale was removed since this was proposed."


def stale_texts(items: Iterable[Item]) -> tuple[Item, ...]:
    """Return the texts that Apple holds otherwise than when they were proposed.

    Not those of a locale that leaves, or that are stale for another reason than a text of
    Apple's: they are proposed anew as a whole.
    """
    everything = tuple(items)
    gone = leaving(everything)
    return tuple(
        item
        for item in everything
        if item.kind is ItemKind.TEXT and drifted(item) and not leaves(item, gone)
    )


def drifted(item: Item) -> bool:
    """Return whether an item is stale since Apple holds another text than it was based on."""
    return item.state is ItemState.STALE and item.problem == DRIFTED


def rebased(
    items: Iterable[Item], texts: Mapping[Place, str], now: Mapping[Place, str]
) -> tuple[Item, ...]:
    """Return a proposal's items with the stale ones among `texts` on the baseline `now`.

    One whose text is Apple's own is left out; all others are as they were.
    """
    found = []
    for item in items:
        place = (item.locale, item.field)
        if place not in texts or item not in stale_texts([item]):
            found.append(item)
            continue
        before, after = normalise(now[place]), normalise(texts[place])
        if before != after:
            fresh = replace(item, before=before, after=after, creates=False)
            found.append(replace(fresh, state=ItemState.WAITING, problem=""))
    return tuple(found)
