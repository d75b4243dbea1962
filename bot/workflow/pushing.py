"""What people ask of a push once it ended or waits for Apple: send again what is missing."""

from __future__ import annotations

import logging

from bot.domain.items import ItemState
from bot.domain.lifetime import lives_until
from bot.domain.parts import Part, covered, failed_part
from bot.domain.proposals import Proposal, Status
from bot.domain.record import Why
from bot.errors import Refused, Vetoed
from bot.pushes.verdict import too_late
from bot.workflow.admission import refuse_bystander
from bot.workflow.deciding import decided
from bot.workflow.desk import Desk
from bot.workflow.proposing import known
from bot.workflow.rereading import reread
from bot.workflow.watch.outages import begin_now

log = logging.getLogger(__name__)


async def retry(desk: Desk, number: int, *, user: str) -> Proposal:
    """Queue what failed once more, for the digest that was approved, or what waits for Apple.

    Raises Refused when there is nothing to retry, and for everybody but who wrote the
    proposal or may approve some of it; Vetoed while somebody rejects it, Unavailable as
    `People` does.
    """
    proposal = await known(desk, number)
    await refuse_bystander(desk, proposal, user, to="retry")
    if proposal.status is Status.PARKED and proposal.outage is not None:
        await begin_now(desk, proposal)
        return await known(desk, number)
    part = failed_part(proposal)
    _refuse_in_vain(desk, proposal, part)
    await _refuse_rejected(desk, proposal)
    last = await desk.store.pushes.latest(number)
    approvers = last.approvers if last else ()
    if part is not None:
        decision = await decided(desk, proposal)
        approvers = tuple(decision.approvers_of(covered(proposal, part).items))
    push = await desk.store.pushes.queue(
        proposal,
        "retry",
        approvers=approvers,
        now=desk.clock.now(),
        why=Why(by=user, glass=last.glass if last else "", part=part),
    )
    if push is None:
        raise Refused(f"Proposal {number} is being retried already.")
    log.info("push.retried proposal=%s push=%s by=%s", number, push, user)
    desk.start_pushes()
    desk.notifier.proposal_changed(number)
    return await known(desk, number)


async def _refuse_rejected(desk: Desk, proposal: Proposal) -> None:
    """Refuse while somebody who decides what is left rejects it, as Slack shows it now.

    Raises Vetoed, Refused where Slack does not show it, and Unavailable.
    """
    if not await reread(desk, proposal):
        # Where its message is gone its push finds that, and posts it again.
        return
    decision = await decided(desk, proposal, fresh_persons=True, fresh_groups=True)
    if decision.rejected_by:
        desk.notifier.proposal_changed(proposal.id)
        raise Vetoed(
            f"Nothing of proposal {proposal.id} is sent again while somebody rejects it.",
            by=decision.rejected_by,
            remedy="Whoever rejected it can take the reaction back.",
        )


def _refuse_in_vain(desk: Desk, proposal: Proposal, part: Part) -> None:
    """Refuse where nothing can be sent any more; raises Refused."""
    number = proposal.id
    if proposal.status not in (Status.PARTIAL, Status.FAILED) and not (
        proposal.status is Status.OPEN and part
    ):
        raise Refused(f"Proposal {number} is {proposal.status}; there is nothing to retry.")
    if not any(item.state is ItemState.FAILED for item in proposal.items):
        raise Refused(
            f"Nothing of proposal {number} failed: what is left is stale.",
            remedy="Use Propose again, which starts from Apple's text of today.",
        )
    if part == ():
        raise Refused(
            f"What failed of proposal {number} rests on texts that are not at Apple yet.",
            remedy="Rebase or push these first.",
        )
    if proposal.timing.over(desk.clock.now()):
        raise too_late()
    if lives_until(proposal) <= desk.clock.now():
        raise Refused(
            f"The time in which the approvals of proposal {number} count is over.",
            remedy="Propose it again: what failed then needs new ones.",
        )
