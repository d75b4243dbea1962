"""Until when a proposal lives, approved or not, and what it waited for when that was over. Pure.

It has some days from its last revision, or from when it went back to people. A time before
which people approved that it is not pushed gives it more. Nothing lives longer than `FURTHEST`
from when its last revision was written.
"""

from __future__ import annotations

from datetime import datetime

from bot.domain.outages import KINDS
from bot.domain.proposals import Proposal, Status, Timing
from bot.domain.timing import FURTHEST, TO_GO, Held


def lives_until(proposal: Proposal) -> datetime:
    """Return when a proposal ends that was not pushed by then."""
    written = proposal.revised_at or proposal.created_at
    approved = proposal.approved_at is not None and proposal.approved_at >= written
    if not approved or proposal.status is Status.OPEN:
        return proposal.expires_at
    return once_approved(proposal.expires_at, proposal.timing, written=written)


def once_approved(until: datetime, timing: Timing, *, written: datetime) -> datetime:
    """Return how long what is open `until` then lives once it is approved with its own time."""
    if timing.not_before is None:
        return until
    longer = min(timing.not_before + TO_GO, written + FURTHEST)
    return max(until, longer if timing.ends_at is None else min(longer, timing.ends_at))


def is_over(proposal: Proposal, now: datetime) -> bool:
    """Return whether a proposal's time is over; texts that return by themselves have none."""
    if proposal.status is Status.APPROVED and proposal.timing.over(now):
        # Its push finds that its texts would return at once, and says so.
        return False
    return not proposal.returns_by_itself and lives_until(proposal) <= now


def over_while(waited_for: str) -> str:
    """Return how an approved proposal ended whose time was over, "" where it waited for nothing."""
    return f"Approved, but its time was over while it waited: {waited_for}." if waited_for else ""


def waited_for(proposal: Proposal, held: Held | None) -> str:
    """Return what an approved proposal waits for, as in "2.4.0 is In Review"; "" for votes."""
    if proposal.status not in (Status.APPROVED, Status.PARKED):
        return ""
    if held is not None and proposal.status is Status.APPROVED:
        name = held.freeze
        return f"the freeze “{name}” holds its push" if name else "its own time had not come"
    if proposal.outage is not None:
        return KINDS[proposal.outage.kind].words
    if proposal.status is Status.PARKED:
        return proposal.parked_for or "Apple takes no change of it for now"
    return "its push had not begun"
