"""The votes as Slack shows them: read again, and what they say then.

A message that is gone is posted again.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping

from bot.domain.approvals import Decision
from bot.domain.lifetime import lives_until
from bot.domain.needs import needs
from bot.domain.policy import emoji_verb
from bot.domain.proposals import Proposal, Status
from bot.errors import Refused
from bot.storage.outbox import NewNotice
from bot.storage.votes import Reaction
from bot.workflow.deciding import decided, question
from bot.workflow.desk import Desk
from bot.workflow.refusals import refuse_vote

log = logging.getLogger(__name__)

# Where reactions to the message still change something.
VOTED_ON = (Status.OPEN, Status.PARKED, Status.APPROVED, Status.REJECTED)


async def reread(desk: Desk, proposal: Proposal, *, fresh: bool = False) -> bool:
    """Make the votes what Slack's message shows; False when the message is gone.

    With `fresh` nothing that Slack said a while ago will do. Who rejected it has not taken that
    back where somebody deleted the message: it holds until they speak under the next one.
    Raises Unavailable when Slack does not answer.
    """
    if proposal.message_ts is None:
        await _reread_earlier(desk, proposal)
        return True
    # Slack's own stamps order what is read among events; our clock may be off from theirs.
    read_ts = await desk.store.votes.latest(proposal.id, proposal.revision)
    shown = await _shown(desk, proposal, proposal.message_ts, fresh=fresh)
    holds = proposal.status is Status.REJECTED
    await desk.store.votes.replace(
        proposal.id,
        proposal.revision,
        None if shown is None else _votes(desk, shown),
        read_ts=read_ts,
        holds=holds,
    )
    if shown is None and not holds:
        await desk.store.votes.lapse_all(proposal.id)
    if shown is not None:
        await _reread_earlier(desk, proposal)
    return shown is not None


async def _reread_earlier(desk: Desk, proposal: Proposal) -> None:
    """Read the messages of earlier revisions whose votes still count.

    There votes are only taken back, unless a message still asks for them.
    """
    given = {one.revision for one in await desk.store.votes.given(proposal.id)}
    for revision in range(counts_since(desk, proposal), proposal.revision):
        asked = await desk.store.posts.asked(proposal.id, revision)
        if asked or revision in given:
            await _reread_one(desk, proposal, revision, asked=asked)


async def read_replaced(desk: Desk, proposal: Proposal, revision: int) -> bool:
    """Read an earlier revision's message a last time, before it says that it was replaced.

    Votes on it whose events were lost count on for what the edit left alone. False when
    nothing was: then Slack is not asked. Raises as `reread` does.
    """
    if revision < counts_since(desk, proposal):
        return False
    await _reread_one(desk, proposal, revision, asked=True)
    return True


def counts_since(desk: Desk, proposal: Proposal) -> int:
    """Return the first revision of which votes may count for a proposal as it is now."""
    found = needs(question(desk, proposal))
    return min((need.since for need in found), default=proposal.revision)


async def _reread_one(desk: Desk, proposal: Proposal, revision: int, *, asked: bool) -> None:
    ts = await desk.store.posts.message_ts(proposal.id, revision)
    read_ts = await desk.store.votes.latest(proposal.id, revision)
    shown = await _shown(desk, proposal, ts) if ts else None
    await desk.store.votes.replace(
        proposal.id, revision, _votes(desk, shown or {}), read_ts=read_ts, current=asked
    )


async def _shown(
    desk: Desk, proposal: Proposal, ts: str, *, fresh: bool = False
) -> Mapping[str, frozenset[str]] | None:
    policy = desk.rules.policy
    return await desk.people.reactions(
        proposal.channel,
        ts,
        signs=lambda emoji: emoji_verb(policy, emoji) is not None,
        fresh=fresh,
    )


def _votes(desk: Desk, shown: Mapping[str, Iterable[str]]) -> list[Reaction]:
    return [
        Reaction(user=user, verb=verb, emoji=emoji)
        for emoji, users in shown.items()
        if (verb := emoji_verb(desk.rules.policy, emoji)) is not None
        for user in users
    ]


async def gone(desk: Desk, proposal: Proposal) -> None:
    """Post a message that votes still change again, once for each that is gone.

    So a rejected one too, while its rejection can be taken back.
    """
    ended = proposal.status is Status.REJECTED and lives_until(proposal) <= desk.clock.now()
    if proposal.status not in VOTED_ON or ended:
        return
    await desk.say(
        [
            NewNotice(
                key=f"proposal:{proposal.id}:{proposal.revision}:{proposal.message_ts}",
                kind="returning" if proposal.brings_back else "proposal",
                channel=proposal.channel,
                body={"proposal": proposal.id, "revision": proposal.revision, "again": True},
            )
        ]
    )


async def decided_as_shown(
    desk: Desk, proposal: Proposal, asking: str | None, *, just_read: bool = False
) -> Decision | None:
    """Return what the votes say that Slack shows now; None where it shows none.

    Then `asking` is told why; a message that is gone is posted again. What was `just_read` is
    not read again. Something is done about it, so who is in a user group is asked now, too.
    Raises Unavailable when Slack does not answer.
    """
    try:
        if just_read or await reread(desk, proposal):
            return await decided(desk, proposal, fresh_persons=True, fresh_groups=True)
        await gone(desk, proposal)
    except Refused as error:
        log.warning("votes.not_shown proposal=%s error=%s", proposal.id, error)
        if asking is not None:
            await refuse_vote(desk, proposal, asking, str(error))
    return None
