"""Votes that change once a proposal was decided: whether that holds, or it is open again.

It may be approved and wait for its push, be rejected, or have ended with something that can be
sent again.
"""

from __future__ import annotations

import logging
from dataclasses import replace

from bot.domain.approvals import Decision
from bot.domain.items import SETTLED
from bot.domain.lifetime import lives_until
from bot.domain.parts import covered, decided_part
from bot.domain.policy import Verb
from bot.domain.proposals import Proposal, Status
from bot.workflow import recording
from bot.workflow.deciding import decided
from bot.workflow.desk import Desk
from bot.workflow.last_moment import lapse, may_go
from bot.workflow.refusals import RETRIED, answer_voter, decided_for
from bot.workflow.rereading import decided_as_shown

log = logging.getLogger(__name__)


async def undecided(
    desk: Desk, number: int, asking: str | None, *, just_read: bool
) -> Proposal | None:
    """Return a proposal that is open, or is so again by votes that changed; None otherwise.

    What waits for its push is stopped or goes otherwise where its votes say so. Tells `asking`
    when theirs does not count. Raises Unavailable when Slack does not answer, and Refused.
    """
    proposal = await desk.store.proposals.get(number)
    if proposal is not None and proposal.status in (Status.APPROVED, Status.PARKED):
        await _count_held(desk, proposal, asking, just_read=just_read)
    if proposal is not None and proposal.status in RETRIED:
        await _count_ended(desk, proposal, asking)
    if proposal is not None and proposal.status is Status.REJECTED:
        if await _vetoes_changed(desk, proposal, asking):
            desk.notifier.proposal_changed(number)
        proposal = await desk.store.proposals.get(number)
    return proposal if proposal is not None and proposal.status is Status.OPEN else None


async def _count_held(
    desk: Desk, proposal: Proposal, asking: str | None, *, just_read: bool
) -> None:
    """Stop an approved proposal that waits for its time, or is parked, once its votes do not hold.

    Its queued push finds that and is dropped. One that waits for nothing is decided on when
    its push begins, a moment later. Of a proposal in parts more or less goes then. What returns
    by itself needs no approval, so that only rejections are looked at.
    """
    held = desk.rules.held(proposal, desk.clock.now())
    waits = held is not None or proposal.status is Status.PARKED
    if not waits:
        return
    decision = await decided_for(desk, proposal, asking)
    await answer_voter(desk, proposal, decision, asking)
    last = await desk.store.pushes.latest(proposal.id, dropped=True)
    part = last.part if last else None
    if part is not None and _other_part(proposal, part, decision):
        await _recount(desk, proposal, part)
        return
    if not may_go(proposal, part, decision):
        # An event may come late, after the person thought better of it.
        shown = await decided_as_shown(desk, proposal, asking, just_read=just_read)
        if shown is None:
            return
        decision = shown
    await lapse(desk, proposal, decision)
    if may_go(proposal, part, decision):
        if desk.stands_otherwise(proposal.id, (proposal.revision, decision.needs)):
            desk.notifier.proposal_changed(proposal.id)
        return
    verb = "reject" if decision.rejected_by else "unapprove"
    now, why = desk.clock.now(), recording.why(proposal, decision)
    if await desk.store.proposals.move(proposal.id, verb, now=now, digest=proposal.digest, why=why):
        log.info("proposal.stopped proposal=%s verb=%s", proposal.id, verb)
        desk.start_pushes()
        desk.notifier.proposal_changed(proposal.id)


async def _count_ended(desk: Desk, proposal: Proposal, asking: str | None) -> None:
    """Show who rejects what a retry would send, which asks once more."""
    decision = await decided_for(desk, proposal, asking)
    await answer_voter(desk, proposal, decision, asking)
    if desk.stands_otherwise(proposal.id, (proposal.revision, decision.rejected_by)):
        desk.notifier.proposal_changed(proposal.id)


def _other_part(proposal: Proposal, part: tuple[int, ...], decision: Decision) -> bool:
    """Return whether the votes let something else go than the part that waits."""
    wanted = decided_part(proposal, decision, waiting=part)
    waits = tuple(place for place in part if proposal.items[place].state not in SETTLED)
    return bool(wanted) and wanted != waits


async def _recount(desk: Desk, proposal: Proposal, waiting: tuple[int, ...]) -> None:
    """Queue what has its votes by now in place of a part that waits, as Slack shows them."""
    decision = await decided_as_shown(desk, proposal, None)
    part = decided_part(proposal, decision, waiting=waiting) if decision else ()
    if decision is None or not part:
        # The push asks again before it begins.
        return
    push = await queue_part(desk, proposal, "recount", decision, part)
    if push is not None:
        log.info("proposal.recounted proposal=%s push=%s", proposal.id, push)
        desk.start_pushes()
        desk.notifier.proposal_changed(proposal.id)


async def queue_part(
    desk: Desk, proposal: Proposal, verb: str, decision: Decision, part: tuple[int, ...]
) -> int | None:
    """Queue a push of what the votes let go; without the choice that is everything.

    Returns the push, None where the proposal moved on meanwhile.
    """
    why = recording.why(proposal, decision)
    return await desk.store.pushes.queue(
        proposal,
        verb,
        approvers=decision.approvers_of(covered(proposal, part).items),
        now=desk.clock.now(),
        why=replace(why, part=part if proposal.in_parts else None),
    )


async def _vetoes_changed(desk: Desk, proposal: Proposal, asking: str | None) -> bool:
    """Keep who rejects a rejected proposal by now; once nobody does, it is open again.

    A rejection that counted once stands for as long as its reaction does, whatever became of
    the person. Once the time of the proposal is over nothing changes any more. What returns by
    itself is approved then, not open.
    """
    now = desk.clock.now()
    if lives_until(proposal) <= now:
        return False
    decision = await decided_for(desk, proposal, asking)
    if decision.rejected_by:
        decision = await decided(desk, proposal, fresh_persons=True, fresh_groups=True)
    await answer_voter(desk, proposal, decision, asking)
    joined = await desk.store.vetoes.join(
        proposal.id, proposal.revision, decision.rejected_by, now=now
    )
    given = await desk.store.votes.given(proposal.id, proposal.revision)
    standing = {one.user for one in given if one.verb == Verb.REJECT}
    if proposal.returns_by_itself:
        lifted = await desk.store.pushes.lift_vetoes(proposal, standing, now)
        if lifted:
            desk.start_pushes()
    else:
        lifted = await desk.store.proposals.lift_vetoes(proposal, standing, now)
    # Who speaks under a message that was posted again is seen there from then on.
    left = await desk.store.vetoes.of(proposal.id, proposal.revision)
    return desk.stands_otherwise(proposal.id, left) or joined or lifted


async def give_back(desk: Desk, proposal: Proposal) -> None:
    """Open a proposal that waits for its push: the votes went with its message.

    Any other is left as it is, as is one that needs no votes.
    """
    waits = proposal.status in (Status.APPROVED, Status.PARKED)
    if not waits or proposal.returns_by_itself or proposal.glass_by:
        return
    now = desk.clock.now()
    if await desk.store.proposals.move(proposal.id, "unapprove", now=now, digest=proposal.digest):
        log.info("proposal.message_gone proposal=%s", proposal.id)
        desk.start_pushes()
        desk.notifier.proposal_changed(proposal.id)
