"""Reactions become votes, votes a decision; asked once more before anything is pushed.

People approve what they saw: a vote is kept for the revision whose message carries the
reaction, and names that revision's digest. What is no longer simply open is
`bot.workflow.reopening`.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass

from bot.domain.approvals import Decision
from bot.domain.parts import decided_part
from bot.domain.policy import Verb, emoji_verb
from bot.domain.proposals import Proposal, Status
from bot.errors import Refused, Unavailable
from bot.storage.posts import MessageOf
from bot.storage.votes import Reaction
from bot.workflow import recording
from bot.workflow.desk import Desk
from bot.workflow.last_moment import lapse
from bot.workflow.refusals import REPLACED, answer_voter, decided_for, refuse_vote, why_too_late
from bot.workflow.reopening import give_back, queue_part, undecided
from bot.workflow.rereading import counts_since, decided_as_shown, gone, read_replaced, reread

log = logging.getLogger(__name__)

# Where reactions still decide something that is not being pushed.
COUNTED = (Status.OPEN, Status.PARKED, Status.REJECTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """A reaction that was added (`given`) or taken away, as Slack told it."""

    user: str
    emoji: str
    channel: str
    ts: str
    event_ts: str
    given: bool


async def signed(desk: Desk, signed: Signed) -> None:
    """Count a reaction. What is no vote on a proposal of ours is left alone.

    Raises Unavailable when Slack does not say who people are; the event is tried again.
    """
    verb = emoji_verb(desk.rules.policy, signed.emoji)
    about = await desk.store.posts.by_message(signed.channel, signed.ts)
    if verb is None or about is None:
        return
    proposal = await desk.store.proposals.get(about.proposal)
    if proposal is None:
        return
    # On a message that was replaced a vote is only taken back: it may still count for an item.
    asked = about.current or _asks_still(desk, about, proposal)
    if asked or not signed.given:
        await desk.store.votes.put(
            about.proposal,
            about.revision,
            Reaction(user=signed.user, verb=verb, emoji=signed.emoji),
            event_ts=signed.event_ts,
            given=signed.given,
        )
    elif await _stands(desk, about, signed):
        return
    rejects_earlier = asked and not about.current and verb is Verb.REJECT
    elsewhere = rejects_earlier or not asked
    late = REPLACED if elsewhere else why_too_late(proposal, verb, desk.clock.now())
    if late is None or not signed.given:
        await count(desk, proposal.id, asking=signed.user if signed.given else None)
        return
    await refuse_vote(desk, proposal, signed.user, late, revision=about.revision)
    if rejects_earlier:
        await count(desk, proposal.id)


def _asks_still(desk: Desk, about: MessageOf, proposal: Proposal) -> bool:
    """Return whether a vote on an earlier revision's message is one on what was left alone.

    It is until that message says that it was replaced: people approve what they see. A rejection
    there is none of the new text; it only takes that part's earlier approvals away.
    """
    return about.asked and about.revision >= counts_since(desk, proposal)


async def _stands(desk: Desk, about: MessageOf, signed: Signed) -> bool:
    """Return whether a vote is known already whose event comes late."""
    given = await desk.store.votes.given(about.proposal, about.revision)
    return any((one.user, one.emoji) == (signed.user, signed.emoji) for one in given)


async def count(
    desk: Desk, number: int, *, asking: str | None = None, just_read: bool = False
) -> None:
    """Decide an open proposal by the votes it has; tell `asking` when theirs does not count.

    Before anything is decided its reactions are read from Slack, unless they were `just_read`;
    where Slack does not show them nothing is. One that was rejected opens again once that was
    taken back, and is decided then. Raises Unavailable when Slack does not answer.
    """
    async with desk.turn(number):
        try:
            proposal = await undecided(desk, number, asking, just_read=just_read)
            if proposal is None:
                return
            news = await _decide(desk, proposal, asking, just_read=just_read)
        except Refused as error:
            known = await desk.store.proposals.get(number)
            if asking is None or known is None:
                raise
            log.warning("votes.not_counted proposal=%s error=%s", number, error)
            await refuse_vote(desk, known, asking, f"It cannot be counted now: {error}")
            return
    if news:
        desk.notifier.proposal_changed(number)


async def count_again(desk: Desk, number: int) -> None:
    """Decide what is left of a proposal once a part was pushed, by the votes that came meanwhile.

    Where Slack cannot be asked now it is compared later, with all that are open.
    """
    try:
        await count(desk, number)
    except (Refused, Unavailable) as error:
        log.warning("proposal.not_counted proposal=%s error=%s", number, error)


async def replaced(desk: Desk, number: int, revision: int) -> None:
    """Take in what stands under an earlier revision's message before that says it was replaced.

    Raises Unavailable and Refused where Slack does not show it.
    """
    proposal = await desk.store.proposals.get(number)
    if proposal is not None and await read_replaced(desk, proposal, revision):
        await count_again(desk, number)


async def _decide(desk: Desk, proposal: Proposal, asking: str | None, *, just_read: bool) -> bool:
    """Do what the votes say; return whether the proposal's message looks different now."""
    decision = await decided_for(desk, proposal, asking)
    if _acts(proposal, decision):
        shown = await decided_as_shown(desk, proposal, asking, just_read=just_read)
        if shown is None:
            return False
        decision = shown
    await lapse(desk, proposal, decision)
    await answer_voter(desk, proposal, decision, asking)
    acted = await _act(desk, proposal, decision)
    held = desk.rules.calendar(proposal.bundle_id).held(proposal.timing, desk.clock.now())
    freeze = held.freeze if held else ""
    standing = (proposal.revision, decision.needs, decision.rejected_by, freeze)
    return desk.stands_otherwise(proposal.id, standing) or acted


def _acts(proposal: Proposal, decision: Decision) -> bool:
    """Return whether a decision takes an open proposal any further."""
    ready = bool(decided_part(proposal, decision)) and not proposal.stopped_by
    return ready or bool(decision.rejected_by)


async def _act(desk: Desk, proposal: Proposal, decision: Decision) -> bool:
    """Do what was decided; return whether anything was."""
    now, why = desk.clock.now(), recording.why(proposal, decision)
    if decision.rejected_by:
        await desk.store.proposals.move(
            proposal.id, "reject", now=now, digest=proposal.digest, why=why
        )
        log.info("proposal.rejected proposal=%s", proposal.id)
        return True
    if not _acts(proposal, decision):
        return False
    part = decided_part(proposal, decision)
    push = await queue_part(desk, proposal, "approve", decision, part)
    if push is not None:
        log.info("proposal.approved proposal=%s push=%s", proposal.id, push)
        desk.start_pushes()
    return True


async def reconcile(desk: Desk, number: int) -> None:
    """Bring a proposal that is open, rejected or waits for its push up to what Slack shows.

    Raises Unavailable as Slack does.
    """
    proposal = await desk.store.proposals.get(number)
    if proposal is None or proposal.message_ts is None or not _compared(desk, proposal):
        return
    try:
        if not await reread(desk, proposal):
            await give_back(desk, proposal)
            await gone(desk, proposal)
            return
    except Refused as error:
        log.warning("votes.not_shown proposal=%s error=%s", number, error)
        return
    await count(desk, number, just_read=True)


def _compared(desk: Desk, proposal: Proposal) -> bool:
    """Return whether votes still decide a proposal that no push is about to ask about."""
    waits = proposal.status is Status.APPROVED
    held = waits and desk.rules.held(proposal, desk.clock.now()) is not None
    return held or proposal.status in COUNTED
