"""Stale texts put on what Apple holds now: the next revision of the same proposal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from bot.domain.changes import Place
from bot.domain.proposals import Item, ItemKind, ItemState, leaving
from bot.domain.text import normalise


def stale_texts(items: Iterable[Item]) -> tuple[Item, ...]:
    """Return the texts that Apple holds otherwise than when they were proposed.

    Not those of a locale that leaves: what is lost with it is proposed anew as a whole.
    """
    everything = tuple(items)
    gone = leaving(everything)
    return tuple(
        item
        for item in everything
        if item.kind is ItemKind.TEXT and item.state is ItemState.STALE and item.locale not in gone
    )


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
            fresh = replace(item, before=before, after=after, state=ItemState.WAITING, problem="")
            found.append(fresh)
    return tuple(found)
