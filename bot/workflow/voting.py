"""Reactions become votes, votes a decision; asked once more before anything is pushed.

People approve what they saw: a vote is kept for the revision whose message carries the
reaction, and names that revision's digest.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.domain.approvals import (
    Confirmed,
    Decision,
    Electorate,
    Question,
    Vote,
    decide,
    needs,
    votes_missing,
)
from bot.domain.policy import ESCALATED_AFTER, Verb, emoji_verb
from bot.domain.proposals import Proposal, Status
from bot.errors import Refused
from bot.pushes.calls import Confirmation
from bot.storage.outbox import NewNotice
from bot.storage.posts import MessageOf
from bot.storage.votes import Reaction
from bot.workflow import recording
from bot.workflow.desk import Desk

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
    # On a message that was replaced a vote is only taken back: it may still count for an item.
    if about.current or not signed.given:
        await desk.store.votes.put(
            about.proposal,
            about.revision,
            Reaction(user=signed.user, verb=verb, emoji=signed.emoji),
            event_ts=signed.event_ts,
            given=signed.given,
        )
    proposal = await desk.store.proposals.get(about.proposal)
    if proposal is None:
        return
    late = _too_late(about, proposal, verb, desk.clock.now())
    if late is not None and signed.given:
        await _refuse(desk, proposal, signed.user, late, revision=about.revision)
    else:
        await count(desk, proposal.id, asking=signed.user if signed.given else None)


async def count(
    desk: Desk, number: int, *, asking: str | None = None, just_read: bool = False
) -> None:
    """Decide an open proposal by the votes it has; tell `asking` when theirs does not count.

    Before anything is decided its reactions are read from Slack, unless they were `just_read`;
    where Slack does not show them nothing is. One that was rejected opens again once that was
    taken back, and is decided then. Raises Unavailable when Slack does not answer.
    """
    async with desk.turn(number):
        proposal = await _undecided(desk, number, asking, just_read=just_read)
        if proposal is None:
            return
        news = await _decide(desk, proposal, asking, just_read=just_read)
    if news:
        desk.notifier.proposal_changed(number)


async def _undecided(
    desk: Desk, number: int, asking: str | None, *, just_read: bool
) -> Proposal | None:
    """Return a proposal that is open, or is so again by votes that changed; None otherwise."""
    proposal = await desk.store.proposals.get(number)
    if proposal is not None and proposal.status in (Status.APPROVED, Status.PARKED):
        await _count_held(desk, proposal, just_read=just_read)
    if proposal is not None and proposal.status is Status.REJECTED:
        if await _vetoes_changed(desk, proposal, asking):
            desk.notifier.proposal_changed(number)
        proposal = await desk.store.proposals.get(number)
    return proposal if proposal is not None and proposal.status is Status.OPEN else None


async def _decide(desk: Desk, proposal: Proposal, asking: str | None, *, just_read: bool) -> bool:
    """Do what the votes say; return whether the proposal's message looks different now."""
    decision = await decided(desk, proposal, fresh_persons=True)
    if asking is not None and asking in decision.refused:
        await _refuse(desk, proposal, asking, decision.refused[asking])
    if _acts(proposal, decision) and not just_read:
        shown = await _as_shown(desk, proposal, asking)
        if shown is None:
            return False
        decision = shown
    acted = await _act(desk, proposal, decision)
    held = desk.rules.calendar(proposal.bundle_id).held(proposal.timing, desk.clock.now())
    freeze = held.freeze if held else ""
    standing = (proposal.revision, decision.needs, decision.rejected_by, freeze)
    return desk.stands_otherwise(proposal.id, standing) or acted


def _acts(proposal: Proposal, decision: Decision) -> bool:
    """Return whether a decision takes an open proposal any further."""
    ready = decision.approved and not proposal.stale and not proposal.stopped_by
    return ready or bool(decision.rejected_by)


async def _as_shown(desk: Desk, proposal: Proposal, asking: str | None) -> Decision | None:
    """Return what the votes say that Slack shows now; None where it shows none, and why."""
    try:
        if await reread(desk, proposal):
            return await decided(desk, proposal, fresh_persons=True)
        await gone(desk, proposal)
    except Refused as error:
        log.warning("votes.not_shown proposal=%s error=%s", proposal.id, error)
        if asking is not None:
            await _refuse(desk, proposal, asking, str(error))
    return None


async def _count_held(desk: Desk, proposal: Proposal, *, just_read: bool) -> None:
    """Stop an approved proposal that waits for its time, or is parked, once its votes do not hold.

    Its queued push finds that and is dropped. One that waits for nothing is decided on when
    its push begins, a moment later.
    """
    held = desk.rules.held(proposal, desk.clock.now())
    waits = held is not None or proposal.status is Status.PARKED
    if not waits or proposal.returns is not None:
        return
    decision: Decision | None = await decided(desk, proposal, fresh_persons=True)
    if decision is not None and not _may_go(proposal, decision) and not just_read:
        # An event may come late, after the person thought better of it.
        decision = await _as_shown(desk, proposal, None)
    if decision is None or _may_go(proposal, decision):
        return
    verb = "reject" if decision.rejected_by else "unapprove"
    now, why = desk.clock.now(), recording.why(proposal, decision)
    if await desk.store.proposals.move(proposal.id, verb, now=now, digest=proposal.digest, why=why):
        log.info("proposal.stopped proposal=%s verb=%s", proposal.id, verb)
        desk.start_pushes()
        desk.notifier.proposal_changed(proposal.id)


async def _vetoes_changed(desk: Desk, proposal: Proposal, asking: str | None) -> bool:
    """Keep who rejects a rejected proposal by now; once nobody does, it is open again.

    A rejection that counted once stands for as long as its reaction does, whatever became of
    the person. Once the time of the proposal is over nothing changes any more.
    """
    now = desk.clock.now()
    if proposal.expires_at <= now:
        return False
    decision = await decided(desk, proposal, fresh_persons=True)
    if asking is not None and asking in decision.refused:
        await _refuse(desk, proposal, asking, decision.refused[asking])
    joined = await desk.store.vetoes.join(
        proposal.id, proposal.revision, decision.rejected_by, now=now
    )
    given = await desk.store.votes.given(proposal.id, proposal.revision)
    standing = {one.user for one in given if one.verb == Verb.REJECT}
    lifted = await desk.store.proposals.lift_vetoes(proposal, standing, now)
    return joined or lifted


async def decided(
    desk: Desk,
    proposal: Proposal,
    *,
    fresh_persons: bool = False,
    fresh_groups: bool = False,
    if_approved_by: str | None = None,
) -> Decision:
    """Return what the votes of a proposal say; raises Unavailable as `People` does.

    With `if_approved_by` as they would be if that person approved the current revision.

    Who is in a user group may be a few minutes old until a push depends on it: Slack tells
    it 20 times a minute (usergroups.users.list), and everybody can react.
    """
    votes = await _cast(desk, proposal)
    if if_approved_by is not None:
        own = Vote(user=if_approved_by, verb=Verb.APPROVE, revision=proposal.revision)
        votes.append(own)
    confirmed = [
        Confirmed(user=user, revision=revision)
        for user, revision in await desk.store.votes.pressed(proposal.id)
    ]
    about = question(desk, proposal)
    asked = {approver for need in needs(about) for approver in need.approvers}
    users = {vote.user for vote in votes} | {one.user for one in confirmed}
    electorate = Electorate(
        people=await desk.people.persons(users, fresh=fresh_persons),
        members=await desk.people.members(
            {one for one in asked if one.startswith("S")}, fresh=fresh_groups
        ),
        team_id=desk.people.team_id,
        enterprise_id=desk.people.enterprise_id,
    )
    return decide(about, votes, electorate, confirmed)


async def approvals_missing(desk: Desk, proposal: Proposal) -> int:
    """Return how far an open proposal is from its quorum, without asking Slack."""
    return votes_missing(question(desk, proposal), await _cast(desk, proposal))


async def _cast(desk: Desk, proposal: Proposal) -> list[Vote]:
    given = await desk.store.votes.given(proposal.id)
    return [Vote(user=one.user, verb=Verb(one.verb), revision=one.revision) for one in given]


async def confirm(desk: Desk, proposal: Proposal) -> Confirmation:
    """Ask Slack once more, just before a push, whether the approval stands.

    Raises Unavailable when Slack does not answer: nothing is pushed on old knowledge.
    """
    if proposal.returns is not None:
        # Its return was approved together with the text whose time is over.
        return Confirmation(go=True)
    try:
        if not await reread(desk, proposal):
            await gone(desk, proposal)
            return _stopped("The message that was voted on is gone. It is posted again.")
        votes = await desk.store.votes.standing(proposal.id)
        decision = await decided(desk, proposal, fresh_persons=True, fresh_groups=True)
        entry = recording.asked_again(proposal, decision)
        await desk.store.record.add([entry], now=desk.clock.now())
    except Refused as error:
        return _stopped(f"Slack does not show the votes: {error} Nothing was pushed.")
    if _may_go(proposal, decision):
        return Confirmation(go=True, votes=votes)
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


def _may_go(proposal: Proposal, decision: Decision) -> bool:
    """Return whether an approved proposal may be pushed; broken glass outvotes no rejection."""
    return decision.approved or (bool(proposal.glass_by) and not decision.rejected_by)


def _stopped(reason: str) -> Confirmation:
    return Confirmation(go=False, verb="unapprove", reason=reason)


async def reread(desk: Desk, proposal: Proposal) -> bool:
    """Make the votes what Slack's message shows; False when the message is gone.

    Who rejected it has not taken that back where somebody deleted the message. Raises
    Unavailable when Slack does not answer.
    """
    if proposal.message_ts is None:
        return True
    # Slack's own stamps order what is read among events; our clock may be off from theirs.
    read_ts = await desk.store.votes.latest(proposal.id, proposal.revision)
    shown = await desk.people.reactions(proposal.channel, proposal.message_ts)
    if shown is None and proposal.status is Status.REJECTED:
        return False
    if shown is None:
        await desk.store.votes.replace(proposal.id, proposal.revision, (), read_ts=read_ts)
        return False
    votes = _votes(desk, shown)
    await desk.store.votes.replace(proposal.id, proposal.revision, votes, read_ts=read_ts)
    await _reread_earlier(desk, proposal)
    return True


async def _reread_earlier(desk: Desk, proposal: Proposal) -> None:
    """Take back what was taken back on messages of earlier revisions whose votes still count."""
    since = min((need.since for need in needs(question(desk, proposal))), default=0)
    given = await desk.store.votes.given(proposal.id)
    for revision in sorted({one.revision for one in given}):
        if since <= revision < proposal.revision:
            ts = await desk.store.posts.message_ts(proposal.id, revision)
            read_ts = await desk.store.votes.latest(proposal.id, revision)
            shown = await desk.people.reactions(proposal.channel, ts) if ts else None
            await desk.store.votes.replace(
                proposal.id, revision, _votes(desk, shown or {}), read_ts=read_ts, current=False
            )


def _votes(desk: Desk, shown: Mapping[str, Iterable[str]]) -> list[Reaction]:
    return [
        Reaction(user=user, verb=verb, emoji=emoji)
        for emoji, users in shown.items()
        if (verb := emoji_verb(desk.rules.policy, emoji)) is not None
        for user in users
    ]


async def reconcile(desk: Desk, number: int) -> None:
    """Bring an open or rejected proposal up to what Slack shows.

    Raises Unavailable as Slack does.
    """
    proposal = await desk.store.proposals.get(number)
    if proposal is None or proposal.status not in COUNTED or proposal.message_ts is None:
        return
    try:
        if not await reread(desk, proposal):
            await gone(desk, proposal)
            return
    except Refused as error:
        log.warning("votes.not_shown proposal=%s error=%s", number, error)
        return
    await count(desk, number, just_read=True)


async def gone(desk: Desk, proposal: Proposal) -> None:
    """Post the message of an undecided proposal again, once for each message that is gone."""
    if proposal.status not in (Status.OPEN, Status.PARKED, Status.APPROVED):
        return
    await desk.say(
        [
            NewNotice(
                key=f"proposal:{proposal.id}:{proposal.revision}:{proposal.message_ts}",
                kind="proposal" if proposal.returns is None else "returning",
                channel=proposal.channel,
                body={"proposal": proposal.id, "revision": proposal.revision, "again": True},
            )
        ]
    )


def question(desk: Desk, proposal: Proposal) -> Question:
    """Return what is voted on: the proposal's current revision, and whether it waited long."""
    return Question(
        items=proposal.items,
        policy=desk.rules.policy,
        bundle_id=proposal.bundle_id,
        revision=proposal.revision,
        authors=frozenset(proposal.authors),
        version_state=proposal.version_state,
        escalated=escalated(proposal, desk.clock.now()),
    )


def escalated(proposal: Proposal, now: datetime) -> bool:
    """Return whether a revision has waited so long that the second list may decide it too."""
    return now - proposal.waits_since >= ESCALATED_AFTER


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
    push = await desk.store.pushes.queue(
        proposal, "approve", approvers=decision.approvers, now=now, why=why
    )
    if push is not None:
        log.info("proposal.approved proposal=%s push=%s", proposal.id, push)
        desk.start_pushes()
    return True


def _too_late(about: MessageOf, proposal: Proposal, verb: Verb, now: datetime) -> str | None:
    """Return why a vote comes too late; None while it may count or does no harm."""
    if not about.current:
        return "This text was replaced by a newer revision. Vote on its message instead."
    if proposal.status is Status.REJECTED and proposal.expires_at > now:
        back = "This proposal is rejected, and decided on again only if that is taken back."
        return back if verb is Verb.APPROVE else None
    if proposal.status is Status.OPEN:
        stale = "Apple's text changed since. It needs an edit before it can be voted on."
        return stale if proposal.stale else None
    # Until the push begins Slack is asked once more, so a reject is still in time.
    pushed = proposal.status in (Status.PUSHING, Status.PUSHED)
    waits = proposal.status in (Status.PARKED, Status.APPROVED)
    if waits or (pushed and verb is Verb.APPROVE):
        return None
    if pushed:
        return f"This came too late: the proposal is {proposal.status}. Revert it if it is wrong."
    return f"This proposal is {proposal.status} and is not voted on any more."


async def _refuse(
    desk: Desk, proposal: Proposal, user: str, reason: str, *, revision: int | None = None
) -> None:
    number = revision or proposal.revision
    await desk.say(
        [
            NewNotice(
                key=f"refusal:{proposal.id}:{number}:{user}",
                kind="refusal",
                channel=f"person:{user}",
                body={"user": user, "reason": reason, "proposal": proposal.id},
            )
        ],
        told=[recording.refusal(proposal, number, user, reason)],
    )
