"""Reactions become votes, votes a decision; asked once more before anything is pushed.

People approve what they saw: a vote is kept for the revision whose message carries the
reaction, and names that revision's digest.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from datetime import datetime
from zlib import crc32

from bot.domain.approvals import Decision
from bot.domain.items import SETTLED, ItemState
from bot.domain.lifetime import lives_until
from bot.domain.parts import covered, decided_part
from bot.domain.policy import Verb, emoji_verb
from bot.domain.proposals import Proposal, Status
from bot.errors import Refused, Unavailable
from bot.storage.outbox import NewNotice
from bot.storage.posts import MessageOf
from bot.storage.votes import Reaction
from bot.workflow import recording
from bot.workflow.deciding import decided
from bot.workflow.desk import Desk
from bot.workflow.last_moment import lapse, may_go
from bot.workflow.rereading import counts_since, gone, read_replaced, reread

log = logging.getLogger(__name__)

# Where a rejection keeps what failed from being sent again.
RETRIED = (Status.PARTIAL, Status.FAILED)
# Where reactions still decide something that is not being pushed.
COUNTED = (Status.OPEN, Status.PARKED, Status.REJECTED)
REPLACED = "This text was replaced by a newer revision. Vote on its message instead."


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
    asked = about.current or _asks_still(desk, about, proposal, verb)
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
    late = _too_late(proposal, verb, desk.clock.now()) if asked else REPLACED
    if late is not None and signed.given:
        await _refuse(desk, proposal, signed.user, late, revision=about.revision)
    else:
        await count(desk, proposal.id, asking=signed.user if signed.given else None)


def _asks_still(desk: Desk, about: MessageOf, proposal: Proposal, verb: Verb) -> bool:
    """Return whether an approval on an earlier revision's message counts for what was left alone.

    It does until that message says that it was replaced: people approve what they see.
    """
    return about.asked and verb is Verb.APPROVE and about.revision >= counts_since(desk, proposal)


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
            proposal = await _undecided(desk, number, asking, just_read=just_read)
            if proposal is None:
                return
            news = await _decide(desk, proposal, asking, just_read=just_read)
        except Refused as error:
            known = await desk.store.proposals.get(number)
            if asking is None or known is None:
                raise
            log.warning("votes.not_counted proposal=%s error=%s", number, error)
            await _refuse(desk, known, asking, f"It cannot be counted now: {error}")
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


async def _undecided(
    desk: Desk, number: int, asking: str | None, *, just_read: bool
) -> Proposal | None:
    """Return a proposal that is open, or is so again by votes that changed; None otherwise."""
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


async def _decide(desk: Desk, proposal: Proposal, asking: str | None, *, just_read: bool) -> bool:
    """Do what the votes say; return whether the proposal's message looks different now."""
    decision = await _now(desk, proposal, asking)
    if _acts(proposal, decision):
        shown = await _as_shown(desk, proposal, asking, just_read=just_read)
        if shown is None:
            return False
        decision = shown
    await lapse(desk, proposal, decision)
    await _answer(desk, proposal, decision, asking)
    acted = await _act(desk, proposal, decision)
    held = desk.rules.calendar(proposal.bundle_id).held(proposal.timing, desk.clock.now())
    freeze = held.freeze if held else ""
    standing = (proposal.revision, decision.needs, decision.rejected_by, freeze)
    return desk.stands_otherwise(proposal.id, standing) or acted


async def _now(desk: Desk, proposal: Proposal, asking: str | None) -> Decision:
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


def _acts(proposal: Proposal, decision: Decision) -> bool:
    """Return whether a decision takes an open proposal any further."""
    ready = bool(decided_part(proposal, decision)) and not proposal.stopped_by
    return ready or bool(decision.rejected_by)


async def _as_shown(
    desk: Desk, proposal: Proposal, asking: str | None, *, just_read: bool = False
) -> Decision | None:
    """Return what the votes say that Slack shows now; None where it shows none, and why.

    Something is done about it, so who is in a user group is asked now, too.
    """
    try:
        if just_read or await reread(desk, proposal):
            return await decided(desk, proposal, fresh_persons=True, fresh_groups=True)
        await gone(desk, proposal)
    except Refused as error:
        log.warning("votes.not_shown proposal=%s error=%s", proposal.id, error)
        if asking is not None:
            await _refuse(desk, proposal, asking, str(error))
    return None


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
    decision = await _now(desk, proposal, asking)
    await _answer(desk, proposal, decision, asking)
    last = await desk.store.pushes.latest(proposal.id, dropped=True)
    part = last.part if last else None
    if part is not None and _other_part(proposal, part, decision):
        await _recount(desk, proposal, part)
        return
    if not may_go(proposal, part, decision):
        # An event may come late, after the person thought better of it.
        shown = await _as_shown(desk, proposal, asking, just_read=just_read)
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
    decision = await _now(desk, proposal, asking)
    await _answer(desk, proposal, decision, asking)
    if desk.stands_otherwise(proposal.id, (proposal.revision, decision.rejected_by)):
        desk.notifier.proposal_changed(proposal.id)


def _other_part(proposal: Proposal, part: tuple[int, ...], decision: Decision) -> bool:
    """Return whether the votes let something else go than the part that waits."""
    wanted = decided_part(proposal, decision, waiting=part)
    waits = tuple(place for place in part if proposal.items[place].state not in SETTLED)
    return bool(wanted) and wanted != waits


async def _recount(desk: Desk, proposal: Proposal, waiting: tuple[int, ...]) -> None:
    """Queue what has its votes by now in place of a part that waits, as Slack shows them."""
    decision = await _as_shown(desk, proposal, None)
    part = decided_part(proposal, decision, waiting=waiting) if decision else ()
    if decision is None or not part:
        # The push asks again before it begins.
        return
    push = await _queue(desk, proposal, "recount", decision, part)
    if push is not None:
        log.info("proposal.recounted proposal=%s push=%s", proposal.id, push)
        desk.start_pushes()
        desk.notifier.proposal_changed(proposal.id)


async def _queue(
    desk: Desk, proposal: Proposal, verb: str, decision: Decision, part: tuple[int, ...]
) -> int | None:
    """Queue a push of what the votes let go; without the choice that is everything."""
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
    decision = await _now(desk, proposal, asking)
    if decision.rejected_by:
        decision = await decided(desk, proposal, fresh_persons=True, fresh_groups=True)
    await _answer(desk, proposal, decision, asking)
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


async def reconcile(desk: Desk, number: int) -> None:
    """Bring a proposal that is open, rejected or waits for its push up to what Slack shows.

    Raises Unavailable as Slack does.
    """
    proposal = await desk.store.proposals.get(number)
    if proposal is None or proposal.message_ts is None or not _compared(desk, proposal):
        return
    try:
        if not await reread(desk, proposal):
            await _give_back(desk, proposal)
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


async def _give_back(desk: Desk, proposal: Proposal) -> None:
    """Open a proposal that waits for its push: the votes went with its message."""
    waits = proposal.status in (Status.APPROVED, Status.PARKED)
    if not waits or proposal.returns_by_itself or proposal.glass_by:
        return
    now = desk.clock.now()
    if await desk.store.proposals.move(proposal.id, "unapprove", now=now, digest=proposal.digest):
        log.info("proposal.message_gone proposal=%s", proposal.id)
        desk.start_pushes()
        desk.notifier.proposal_changed(proposal.id)


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
    push = await _queue(desk, proposal, "approve", decision, part)
    if push is not None:
        log.info("proposal.approved proposal=%s push=%s", proposal.id, push)
        desk.start_pushes()
    return True


def _too_late(proposal: Proposal, verb: Verb, now: datetime) -> str | None:
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


async def _answer(desk: Desk, proposal: Proposal, decision: Decision, asking: str | None) -> None:
    """Tell who just voted why that does not count, where it does not.

    An approval is nothing to what returns by itself, which asks for none.
    """
    if asking is None or asking not in decision.refused:
        return
    given = await desk.store.votes.given(proposal.id, proposal.revision)
    rejects = any((one.user, one.verb) == (asking, Verb.REJECT) for one in given)
    if rejects or not proposal.returns_by_itself:
        await _refuse(desk, proposal, asking, decision.refused[asking])


async def _refuse(
    desk: Desk, proposal: Proposal, user: str, reason: str, *, revision: int | None = None
) -> None:
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
