"""Proposals that change the same text of the same version name each other while they wait."""

from __future__ import annotations

from bot.domain.proposals import TEXTUAL, UNDER_WAY, Proposal
from bot.domain.validation import Finding, Severity
from bot.workflow.desk import Desk

SAME_TEXT = "Proposal {} waits with another text for this."
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
    found = [
        text_rival(one.proposal, one.locale, one.field)
        if one.kind in TEXTUAL
        else deed_rival(one.proposal)
        for one in await desk.store.proposals.rivals(proposal.id)
    ]
    others = (one for one in told if one.remedy not in (ONE_OF_TEXTS, ONE_OF_DEEDS))
    return (*others, *dict.fromkeys(found))


async def to_draw_again(desk: Desk, proposal: Proposal) -> tuple[int, ...]:
    """Return the proposals whose messages name this one, or do so no longer."""
    found = await desk.store.proposals.rivals(proposal.id)
    return tuple(dict.fromkeys(one.proposal for one in found))
