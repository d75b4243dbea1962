"""Proposals that change the same text of the same version name each other while they wait."""

from __future__ import annotations

from collections.abc import Iterable

from bot.domain.fields import SHARED
from bot.domain.items import TEXTUAL, Item, ItemKind, ItemState, leaving
from bot.domain.proposals import UNDER_WAY, Proposal
from bot.domain.validation import Finding, Severity
from bot.storage.rivals import Rival
from bot.workflow.desk import Desk

SAME_TEXT = "Proposal {} waits with another text for this."
LOCALE_GOES = "Proposal {} waits to remove this locale."
SAME_DEED = "Proposal {} waits for the same."
ONE_OF_TEXTS = "Whichever is pushed first makes the other stale."
ONE_OF_DEEDS = "Whichever is pushed first leaves nothing to do for the other, or makes it stale."


def text_rival(other: int, locale: str, field: str) -> Finding:
    """Return the warning that another proposal changes the same text."""
    return Finding(
        severity=Severity.WARNING,
        locale=locale,
        field=field,
        message=SAME_TEXT.format(other),
        remedy=ONE_OF_TEXTS,
    )


def removal_rival(other: int, locale: str) -> Finding:
    """Return the warning that another proposal takes the locale away."""
    return Finding(
        severity=Severity.WARNING,
        locale=locale,
        message=LOCALE_GOES.format(other),
        remedy=ONE_OF_TEXTS,
    )


def rivals_of(other: Proposal, changed: Iterable[Item], *, same_version: bool) -> list[Finding]:
    """Return a warning for each thing of `changed` that another proposal wishes otherwise.

    A removal of a locale is in the way of every text of it, and every text of a removal.
    """
    mine = tuple(changed)
    places = {(item.locale, item.field) for item in mine}
    touched = {item.locale for item in mine}
    gone, theirs = leaving(mine), leaving(other.items)
    found = []
    for item in other.items:
        if item.state is ItemState.DONE or not (same_version or item.field in SHARED):
            continue
        whole = item.kind is ItemKind.LOCALE and item.locale in theirs and item.locale in touched
        if whole or item.locale in gone or (item.locale, item.field) in places:
            found.append(
                removal_rival(other.id, item.locale)
                if item.locale in theirs
                else text_rival(other.id, item.locale, item.field)
            )
    return list(dict.fromkeys(found))


def deed_rival(other: int) -> Finding:
    """Return the warning that another proposal wishes the same of a version."""
    return Finding(
        severity=Severity.WARNING,
        locale="",
        message=SAME_DEED.format(other),
        remedy=ONE_OF_DEEDS,
    )


async def named(desk: Desk, proposal: Proposal, told: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Return a proposal's findings with the rivals that there are now.

    Others may have come since it was written, and those it named may have ended.
    """
    if proposal.status not in UNDER_WAY:
        return told
    found = [_rival(one) for one in await desk.store.proposals.rivals(proposal.id)]
    others = (one for one in told if one.remedy not in (ONE_OF_TEXTS, ONE_OF_DEEDS))
    return (*others, *dict.fromkeys(found))


def _rival(one: Rival) -> Finding:
    if one.removes:
        return removal_rival(one.proposal, one.locale)
    if one.kind in TEXTUAL:
        return text_rival(one.proposal, one.locale, one.field)
    return deed_rival(one.proposal)


async def to_draw_again(desk: Desk, proposal: Proposal) -> tuple[int, ...]:
    """Return the proposals whose messages name this one, or do so no longer."""
    found = await desk.store.proposals.rivals(proposal.id)
    return tuple(dict.fromkeys(one.proposal for one in found))
