"""Parked proposals go on once a look showed their version in a state that lets them.

What was seen before a proposal was parked says nothing: its push had read something newer.
"""

from __future__ import annotations

import logging

from bot.domain.editing import Phase, phase
from bot.domain.listing import Version
from bot.domain.parking import may_go_on
from bot.domain.proposals import Proposal, Status
from bot.storage.standings import INFO, SEEN
from bot.workflow.desk import Desk

log = logging.getLogger(__name__)


async def wake(desk: Desk) -> None:
    """Queue the push of every parked proposal whose version may be edited again.

    The push compares with Apple and asks for the votes as any other does.
    """
    parked = await desk.store.proposals.listed(statuses=(Status.PARKED,))
    if not parked:
        return
    versions = {one.version.id: one.version for one in await desk.store.watchlog.versions()}
    for proposal in parked:
        # What waits for Apple's answer, or for a version to be made, does not wait for a state.
        if (
            proposal.outage is not None
            or proposal.target.awaits
            or not await _looked_since(desk, proposal)
            or not await _may_go_on(desk, proposal, versions.get(proposal.target.version_id))
        ):
            continue
        push = await desk.store.pushes.wake(proposal, now=desk.clock.now())
        if push is not None:
            log.info("proposal.woken proposal=%s push=%s", proposal.id, push)
            desk.notifier.proposal_changed(proposal.id)
            desk.start_pushes()


async def _looked_since(desk: Desk, proposal: Proposal) -> bool:
    account = desk.accounts.account_of(proposal.target.app_id)
    seen = await desk.store.standings.get(SEEN, account)
    return bool(seen and proposal.parked_at and seen.since >= proposal.parked_at)


async def _may_go_on(desk: Desk, proposal: Proposal, version: Version | None) -> bool:
    if version is None:
        # Taken away at Apple: its push says so.
        return True
    if phase(version) is Phase.GONE:
        # A text that returns finds the version that took this one's place.
        return proposal.returns_by_itself
    infos = await desk.store.standings.all(INFO, app_id=proposal.target.app_id)
    return may_go_on(proposal.items, version, [one.state for one in infos])
