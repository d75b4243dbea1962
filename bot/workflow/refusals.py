"""What a voter is told whose vote does not count: once for each reason, as a direct message.

Nobody is told no by old knowledge: where a user group says it, Slack is asked anew first.
"""

from __future__ import annotations

from datetime import datetime
from zlib import crc32

from bot.domain.approvals import Decision
from bot.domain.items import ItemState
from bot.domain.lifetime import lives_until
from bot.domain.policy import Verb
from bot.domain.proposals import Proposal, Status
from bot.storage.outbox import NewNotice
from bot.workflow import recording
from bot.workflow.deciding import decided
from bot.workflow.desk import Desk

# Where a rejection keeps what failed from being sent again.
RETRIED = (Status.PARTIAL, Status.FAILED)
REPLACED = "This text was replaced by a newer revision. Vote on its message instead."


async def decided_for(desk: Desk, proposal: Proposal, asking: str | None) -> Decision:
    """Return what the votes say; nobody is told no by what a user group was minutes ago.

    Told once, they do not make the bot ask about groups by reacting again and again.
    """
    decision = await decided(desk, proposal, fresh_persons=True)
    if asking is None or asking not in decision.outside:
        return decision
    told = _refusal(proposal.id, proposal.revision, asking, decision.refused[asking])
    if not await desk.store.outbox.knows(told):
        decision = await decided(desk, proposal, fresh_persons=True, fresh_groups=True)
    return decision


def why_too_late(proposal: Proposal, verb: Verb, now: datetime) -> str | None:
    """Return why a vote comes too late; None while it may count or does no harm."""
    if proposal.status is Status.REJECTED and lives_until(proposal) > now:
        back = "This proposal is rejected, and decided on again only if that is taken back."
        return back if verb is Verb.APPROVE else None
    if proposal.status is Status.OPEN:
        stale = "Apple's text changed since. It needs an edit before it can be voted on."
        return stale if proposal.barred else None
    # Until the push begins Slack is asked once more, so a reject is still in time.
    pushed = proposal.status in (Status.PUSHING, Status.PUSHED)
    waits = proposal.status in (Status.PARKED, Status.APPROVED)
    # The rest of one in parts is decided on as soon as the part that is pushed is there.
    waits = waits or (proposal.status is Status.PUSHING and proposal.in_parts)
    harmless = pushed if verb is Verb.APPROVE else _may_be_retried(proposal)
    if waits or harmless:
        return None
    if pushed:
        return f"This came too late: the proposal is {proposal.status}. Revert it if it is wrong."
    return f"This proposal is {proposal.status} and is not voted on any more."


def _may_be_retried(proposal: Proposal) -> bool:
    """Return whether something failed that a rejection keeps from being sent again."""
    failed = any(item.state is ItemState.FAILED for item in proposal.items)
    return failed and proposal.status in RETRIED


async def answer_voter(
    desk: Desk, proposal: Proposal, decision: Decision, asking: str | None
) -> None:
    """Tell who just voted why that does not count, where it does not.

    An approval is nothing to what returns by itself, which asks for none.
    """
    if asking is None or asking not in decision.refused:
        return
    given = await desk.store.votes.given(proposal.id, proposal.revision)
    rejects = any((one.user, one.verb) == (asking, Verb.REJECT) for one in given)
    if rejects or not proposal.returns_by_itself:
        await refuse_vote(desk, proposal, asking, decision.refused[asking])


async def refuse_vote(
    desk: Desk, proposal: Proposal, user: str, reason: str, *, revision: int | None = None
) -> None:
    """Tell a person once why their vote on a revision, the current one by default, is none."""
    number = revision or proposal.revision
    await desk.say(
        [
            NewNotice(
                key=_refusal(proposal.id, number, user, reason),
                kind="refusal",
                channel=f"person:{user}",
                body={"user": user, "reason": reason, "proposal": proposal.id},
            )
        ],
        told=[recording.refusal(proposal, number, user, reason)],
    )


def _refusal(proposal: int, revision: int, user: str, reason: str) -> str:
    """Return the key of what a person is told once for each reason."""
    return f"refusal:{proposal}:{revision}:{user}:{crc32(reason.encode()):08x}"
