"""Pushes in their own time: held until a moment or out of a freeze, and texts that return.

Who approved a promotional text with an end approved its return too: nobody is asked again.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from bot.domain.changes import digest, inverted
from bot.domain.items import Item, ItemState
from bot.domain.proposals import AT_ONCE, Proposal, Status, Target
from bot.domain.returning import Brought, before, what_stays
from bot.storage.proposal_rows import NewProposal, NewRevision
from bot.workflow.desk import Desk
from bot.workflow.watch.outages import try_again
from bot.workflow.watch.waking import wake

log = logging.getLogger(__name__)

# What arrived at Apple, whole or in part.
ARRIVED = (
    Status.PUSHED,
    Status.PARTIAL,
    Status.PARKED,
    Status.REJECTED,
    Status.WITHDRAWN,
    Status.EXPIRED,
    Status.SUPERSEDED,
)


async def push(desk: Desk) -> None:
    """Let pushes begin whose time has come, and texts return whose time is over."""
    await _return(desk)
    await wake(desk)
    await try_again(desk)
    for proposal in await desk.store.proposals.listed(statuses=(Status.APPROVED,)):
        # A freeze may begin or end while it waits; its message says what it waits for.
        if desk.stands_otherwise(proposal.id, desk.rules.held(proposal, desk.clock.now())):
            desk.notifier.proposal_changed(proposal.id)
    desk.start_pushes()


async def _return(desk: Desk) -> None:
    now = desk.clock.now()
    for proposal in await desk.store.proposals.ending(now=now, statuses=ARRIVED):
        target = proposal.target
        brought = await desk.store.proposals.brought(target.app_id, target.platform)
        back = returning(proposal, before(brought, proposal.id), now)
        number = await desk.store.proposals.bring_back(
            proposal.id, _new(desk, proposal, now), back, now=now
        )
        if number is not None:
            log.info("proposal.returns proposal=%s by=%s", proposal.id, number)
            desk.notifier.notices_waiting()


def returning(proposal: Proposal, under: Iterable[Brought], now: datetime) -> NewRevision:
    """Return the revision that brings back what was there before, for what arrived.

    `under` is what others had brought by then; what is over of that does not come back.
    """
    known = tuple(under)
    arrived: tuple[Item, ...] = tuple(
        replace(item, before=what_stays(item, known, now))
        for item in proposal.items
        if item.state is ItemState.DONE
    )
    items = inverted(arrived)
    return NewRevision(
        digest=digest(_target(proposal), items),
        authors=proposal.authors,
        reason=f"The time of proposal {proposal.id} is over; the earlier text returns.",
        items=items,
        findings=(),
        timing=AT_ONCE,
    )


def _target(proposal: Proposal) -> Target:
    """Return what a return is about: a version that is there, however it was named before."""
    return replace(proposal.target, awaited="")


def _new(desk: Desk, proposal: Proposal, now: datetime) -> NewProposal:
    return NewProposal(
        target=_target(proposal),
        app_name=proposal.app_name,
        bundle_id=proposal.bundle_id,
        version_number=proposal.version_number,
        version_state=proposal.version_state,
        live=proposal.live,
        proposer=proposal.proposer,
        channel=proposal.channel,
        expires_at=now + desk.rules.policy.expires,
        returns=proposal.id,
    )
