"""Slack is asked once more, just before a push, whether what it would send is still approved."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.approvals import Decision
from bot.domain.parts import Part, covered, still_holds
from bot.domain.proposals import Proposal
from bot.errors import Refused
from bot.pushes.approved import returns_by_record
from bot.pushes.calls import Confirmation
from bot.storage.pushes import Push
from bot.workflow import recording
from bot.workflow.deciding import decided
from bot.workflow.desk import Desk
from bot.workflow.ending import end_if_over
from bot.workflow.rereading import gone, reread


async def confirm(desk: Desk, push: Push, proposal: Proposal) -> Confirmation:
    """Ask Slack once more, just before a push, whether the approval of what it covers stands.

    Raises Unavailable when Slack does not answer: nothing is pushed on old knowledge.
    """
    # A rejection by who decides anything that is left counts, whatever the push covers.
    proposal = await desk.store.proposals.get(push.proposal_id) or proposal
    if proposal.returns_by_itself and not await returns_by_record(desk.store, proposal):
        # Nobody approved it together with another text: it needs votes like any.
        proposal = replace(proposal, returns=None)
    if await end_if_over(desk, proposal.id):
        return Confirmation(go=False)
    return await _asked(desk, push, proposal)


async def _asked(desk: Desk, push: Push, proposal: Proposal) -> Confirmation:
    try:
        if not await reread(desk, proposal, fresh=True):
            await gone(desk, proposal)
            if not proposal.returns_by_itself:
                return _stopped("The message that was voted on is gone. It is posted again.")
        votes = await desk.store.votes.standing(proposal.id)
        decision = await decided(desk, proposal, fresh_persons=True, fresh_groups=True)
        if not proposal.returns_by_itself or decision.rejected_by or decision.refused:
            entry = recording.asked_again(proposal, decision)
            await desk.store.record.add([entry], now=desk.clock.now())
    except Refused as error:
        return _stopped(f"Slack does not show the votes: {error} Nothing was pushed.")
    if may_go(proposal, push.part, decision):
        return Confirmation(go=True, votes=votes, approvers=_approvers(proposal, push, decision))
    await lapse(desk, proposal, decision)
    if not decision.rejected_by:
        return _stopped(
            "An approval was taken back or does not count any more. Nothing was pushed."
        )
    # The push that is dropped for it ends the proposal, and does not know who.
    await desk.store.vetoes.join(
        proposal.id, proposal.revision, decision.rejected_by, now=desk.clock.now()
    )
    reason = "Somebody rejected it before the push began. Nothing was pushed."
    return Confirmation(go=False, verb="reject", reason=reason)


def _approvers(proposal: Proposal, push: Push, decision: Decision) -> tuple[str, ...] | None:
    """Return whose approvals let a push go; None where nobody's are asked for now."""
    if proposal.glass_by or proposal.returns_by_itself:
        return None
    return tuple(sorted(decision.approvers_of(covered(proposal, push.part).items)))


def may_go(proposal: Proposal, part: Part, decision: Decision) -> bool:
    """Return whether an approved part may be pushed.

    What returns by itself was approved together with the text whose time is over, and broken
    glass needs no approval; neither outvotes a rejection.
    """
    broken = bool(proposal.glass_by) and not decision.rejected_by
    returns = proposal.returns_by_itself and not decision.rejected_by
    return broken or returns or still_holds(proposal, part, decision)


async def lapse(desk: Desk, proposal: Proposal, decision: Decision) -> None:
    """Let a Confirm lapse for what lost the votes that it confirmed: new ones need a new one."""
    lost = [need for need in decision.needs if need.confirmed_by and not need.has_quorum]
    if lost:
        await desk.store.votes.lapse(
            proposal.id, {item.which for need in lost for item in need.items}
        )


def _stopped(reason: str) -> Confirmation:
    return Confirmation(go=False, verb="unapprove", reason=reason)
