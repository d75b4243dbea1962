"""Compares proposals with Slack, ends those whose time is over, forgets what is old."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from bot.domain.proposals import Proposal, Status
from bot.errors import BotError
from bot.storage.inbox import APPLE
from bot.workflow.deciding import approvals_missing
from bot.workflow.desk import Desk
from bot.workflow.ending import end_if_over
from bot.workflow.voting import reconcile as reconcile_one

log = logging.getLogger(__name__)

# Slack repeats an event for hours, and signs when it was sent.
KEEP_EVENTS = timedelta(days=3)
# Apple signs no time: for as long as an event is known it cannot be played again.
KEEP_HOOKS = timedelta(days=400)
# Slack answers reactions.get 50 times a minute, and people react meanwhile; a pause after
# each question keeps a minute far below that.
RECONCILE_PAUSE = 4.0
KEEP_SAID = KEEP_DRAFTS = KEEP_FORMS = timedelta(days=30)
# A period must be known for as long as a job could take it once more.
KEEP_PERIODS = timedelta(days=400)
# Longer than a version stands anywhere: its reminder stays ended.
KEEP_DONES = timedelta(days=400)


async def reconcile(desk: Desk) -> None:
    """Compare open and waiting proposals with Slack, at most twenty questions a minute.

    Those nearest to their quorum come first, and last those that were rejected, while that can
    be taken back. One that cannot be compared is left for the next time and stops no other.
    """
    rejected = await desk.store.proposals.rejected(now=desk.clock.now())
    for proposal in (*await _nearest_first(desk), *rejected):
        try:
            await reconcile_one(desk, proposal.id)
        except BotError as error:
            log.warning("proposal.not_compared proposal=%s error=%s", proposal.id, error)
        await desk.clock.sleep(RECONCILE_PAUSE * await _questions(desk, proposal))


async def expire(desk: Desk) -> None:
    """End what was not pushed and whose time is over, and forget what nobody asks for any more."""
    now = desk.clock.now()
    for number in await desk.store.proposals.undecided(over=now):
        await end_if_over(desk, number)
    await _forget(desk, now)


async def _forget(desk: Desk, now: datetime) -> None:
    """Drop old rows that nothing can ask for any more."""
    store = desk.store
    await store.inbox.forget(now=now, age=KEEP_EVENTS)
    await store.inbox.forget(now=now, age=KEEP_HOOKS, source=APPLE)
    await store.outbox.forget(now=now, age=KEEP_SAID)
    await store.drafts.forget(now=now, age=KEEP_DRAFTS)
    await store.uploads.forget(now=now, age=KEEP_DRAFTS)
    await store.forms.forget(now=now, age=KEEP_FORMS)
    await store.watchlog.forget(now=now, age=KEEP_PERIODS)
    await store.dones.forget(now=now, age=KEEP_DONES)
    await store.tokens.forget(now=now)


async def undecided(desk: Desk) -> tuple[Proposal, ...]:
    """Return every open proposal, and what is approved and waits, which people may still stop."""
    waits = (Status.OPEN, Status.PARKED, Status.APPROVED)
    return await desk.store.proposals.listed(statuses=waits)


async def _nearest_first(desk: Desk) -> list[Proposal]:
    """Return what waits for votes or its time, what fewest approvals are missing of first."""
    missing = {}
    waits = (Status.OPEN, Status.PARKED, Status.APPROVED)
    found = await desk.store.proposals.listed(statuses=waits)
    for proposal in found:
        missing[proposal.id] = await approvals_missing(desk, proposal)
    return sorted(found, key=lambda one: missing[one.id])


async def _questions(desk: Desk, proposal: Proposal) -> int:
    """Return how many questions about a proposal Slack was asked: reactions and voters."""
    votes = await desk.store.votes.given(proposal.id, proposal.revision)
    return 1 + len({vote.user for vote in votes})
