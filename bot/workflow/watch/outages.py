"""Pushes that Apple's side stopped are tried again by themselves, one of an account first.

While an outage lasts one push asks whether it is over, after pauses that grow; the others
wait for what it finds. Each goes on as any other push does: votes, freezes and Apple's texts
are read anew.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime

from bot.domain.outages import KINDS
from bot.domain.proposals import Proposal, Status
from bot.storage.standings import ACCOUNT
from bot.workflow.desk import Desk
from bot.workflow.watch.looking import WELL

log = logging.getLogger(__name__)

# How a push ends that Apple took requests of.
ANSWERED = (Status.PUSHED, Status.PARTIAL, Status.FAILED, Status.PARKED)


async def try_again(desk: Desk) -> None:
    """Begin one push of each account whose next try is due, unless one is under way already."""
    accounts: dict[str, list[Proposal]] = {}
    for proposal in await desk.store.outages.waiting():
        # A freeze or a "not before" holds it for longer than the outage may last.
        if desk.rules.held(proposal, desk.clock.now()) is None:
            accounts.setdefault(_account_of(desk, proposal), []).append(proposal)
    for account, waiting in accounts.items():
        if any(one.status is not Status.PARKED for one in waiting):
            continue
        well = await _well_since(desk, account)
        due = [one for one in waiting if _is_due(one, well, desk.clock.now())]
        await _begin(desk, due[:1])


async def out(desk: Desk, proposal: Proposal) -> bool:
    """Return whether Apple is known not to take pushes of a proposal's account."""
    own = proposal.outage is not None and proposal.outage.try_at is not None
    return own or bool(await _others(desk, proposal))


async def tried(desk: Desk, number: int) -> None:
    """Let those of the same account go on or wait longer, by how a push ended."""
    proposal = await desk.store.proposals.get(number)
    if proposal is None or proposal.status not in ANSWERED:
        return
    waiting = [one for one in await _others(desk, proposal) if one.status is Status.PARKED]
    lasting = proposal.outage if proposal.status is Status.PARKED else None
    if lasting is not None and lasting.try_at is not None:
        await desk.store.outages.put_off((one.id for one in waiting), lasting.try_at)
        return
    log.info("outage.over account=%s waiting=%s", _account_of(desk, proposal), len(waiting))
    await desk.store.outages.over(one.id for one in waiting)
    await _begin(desk, waiting)


async def begin_now(desk: Desk, proposal: Proposal) -> bool:
    """Try a proposal that waits for Apple at once; False when it does not wait any more."""
    return bool(await _begin(desk, [proposal]))


async def _begin(desk: Desk, proposals: Iterable[Proposal]) -> int:
    begun = 0
    for proposal in proposals:
        push = await desk.store.pushes.wake(proposal, now=desk.clock.now())
        if push is not None:
            log.info("proposal.tried_again proposal=%s push=%s", proposal.id, push)
            desk.notifier.proposal_changed(proposal.id)
            begun += 1
    if begun:
        desk.start_pushes()
    return begun


async def _others(desk: Desk, proposal: Proposal) -> list[Proposal]:
    account = _account_of(desk, proposal)
    return [
        one
        for one in await desk.store.outages.waiting()
        if one.id != proposal.id and _account_of(desk, one) == account
    ]


async def _well_since(desk: Desk, account: str) -> datetime | None:
    """Return when a look found that Apple lets an account in again, None where none did."""
    seen = await desk.store.standings.get(ACCOUNT, account)
    return seen.since if seen is not None and seen.state == WELL else None


def _is_due(proposal: Proposal, well: datetime | None, now: datetime) -> bool:
    outage, parked = proposal.outage, proposal.parked_at
    if outage is None or outage.try_at is None:
        return False
    seen_mended = well is not None and parked is not None and well >= parked
    return outage.try_at <= now or (KINDS[outage.kind].mended and seen_mended)


def _account_of(desk: Desk, proposal: Proposal) -> str:
    return desk.accounts.account_of(proposal.target.app_id)
