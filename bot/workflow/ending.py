"""Ends what was not pushed in its time, and keeps what it waited for until then."""

from __future__ import annotations

import logging

from bot.domain.lifetime import waited_for
from bot.domain.proposals import Proposal
from bot.workflow.desk import Desk

log = logging.getLogger(__name__)


async def end_if_over(desk: Desk, number: int) -> bool:
    """End a proposal that waits for votes or for its push if its time is over; return whether."""
    now = desk.clock.now()

    def waits(proposal: Proposal) -> str:
        return waited_for(proposal, desk.rules.held(proposal, now))

    ended = await desk.store.proposals.expire(number, waits=waits, now=now)
    if ended:
        log.info("proposal.expired proposal=%s", number)
        # A push that waits with it is dropped.
        desk.start_pushes()
        desk.notifier.proposal_changed(number)
    return ended
