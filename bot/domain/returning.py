"""What stays once texts have returned: those that lay over each other return together.

A text with an end may be proposed over another one. Whatever stood under it counts only for
as long as its own time is not over.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from bot.domain.editing import live_version
from bot.domain.items import Item
from bot.domain.listing import Reading, Version
from bot.domain.proposals import Proposal
from bot.domain.text import normalise


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """A text that a proposal's newest push (by its number) brought to Apple.

    `ends_at` is when it returns to what stood there before, None when it stays.
    """

    proposal: int
    push: int
    item: Item
    ends_at: datetime | None


def before(brought: Iterable[Brought], proposal: int) -> tuple[Brought, ...]:
    """Return what was brought before a proposal's own push."""
    known = tuple(brought)
    own = max((one.push for one in known if one.proposal == proposal), default=0)
    return tuple(one for one in known if one.push < own)


def what_stays(item: Item, brought: Iterable[Brought], by: datetime | None = None) -> str:
    """Return what stands in the place of `item.before` once all whose end came by then returned.

    None for `by` counts everything that has an end, however far.
    """
    stays = item.before
    for one in sorted(brought, key=lambda one: one.push, reverse=True):
        same_place = (one.item.locale, one.item.field) == (item.locale, item.field)
        if not same_place or normalise(one.item.after) != normalise(stays):
            continue
        if one.ends_at is None or (by is not None and one.ends_at > by):
            break
        stays = one.item.before
    return stays


def successor(proposal: Proposal, reading: Reading) -> Version | None:
    """Return the public version that took the place of a return's own one.

    None when its own is there, for any other proposal, and when the public one holds neither
    what shall return nor what it takes the place of: it has texts of its own.
    """
    own = proposal.target.version_id
    if not proposal.returns_by_itself or any(one.id == own for one in reading.versions):
        return None
    public = live_version(reading)
    if public is None:
        return None
    texts = reading.version_localizations.get(public.id, {})
    for item in proposal.items:
        there = texts[item.locale].texts.get(item.field, "") if item.locale in texts else ""
        if normalise(there) in (normalise(item.before), normalise(item.after)):
            return public
    return None
