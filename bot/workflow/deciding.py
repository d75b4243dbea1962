"""What the votes that are known come to, with who people are just now; decides nothing itself."""

from __future__ import annotations

from datetime import datetime

from bot.domain.approvals import Confirmed, Decision, Vote, decide, votes_missing
from bot.domain.electorate import Electorate, able_besides_authors, why_not_eligible
from bot.domain.needs import Question, needs
from bot.domain.policy import ESCALATED_AFTER, Members, Verb
from bot.domain.proposals import Proposal, Status
from bot.errors import Refused, Unavailable
from bot.workflow.desk import Desk

NONE: frozenset[str] = frozenset()


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
        Confirmed(user=one.user, revision=one.revision, items=one.items)
        for one in await desk.store.votes.pressed(proposal.id)
    ]
    about = question(desk, proposal)
    users = {vote.user for vote in votes} | {one.user for one in confirmed}
    groups = {one for need in needs(about) for one in need.first if one.startswith("S")}
    # Groups last: people can edit them in Slack, also while it tells who the voters are.
    people = await desk.people.persons(users, fresh=fresh_persons)
    first = await desk.people.members(groups, fresh=fresh_groups)
    second, unresolved = await _second_lists(desk, about, fresh=fresh_groups)
    members = {**second, **first}
    electorate = Electorate(
        people=people,
        members=members,
        unknown=frozenset(groups - first.keys()),
        unresolved=unresolved,
        unable=await _unable(desk, about, members) if proposal.status is Status.OPEN else NONE,
        team_id=desk.people.team_id,
        enterprise_id=desk.people.enterprise_id,
    )
    return decide(about, votes, electorate, confirmed)


async def _second_lists(
    desk: Desk, about: Question, *, fresh: bool
) -> tuple[Members, frozenset[str]]:
    """Return the groups of second lists with their members, and who or what adds nobody there.

    Before they may decide it is for what people are told, so no answer will do as well.
    Raises Unavailable once they may.
    """
    named = {one for need in needs(about) for one in need.escalation}
    found: dict[str, frozenset[str]] = {}
    nobody = {one for one in named if not one.startswith("S") and await _never(desk, one)}
    for group in sorted(one for one in named if one.startswith("S")):
        try:
            known = await desk.people.members({group}, fresh=fresh and about.escalated)
        except Refused:
            known = {}
        except Unavailable:
            if about.escalated:
                raise
            continue
        found.update(known)
        if not known.get(group):
            nobody.add(group)
    return found, frozenset(nobody)


async def _unable(desk: Desk, about: Question, members: Members) -> frozenset[str]:
    """Return who stands in a list and may never vote; asks only until a quorum is in reach.

    It is for what people are told, so a recent answer will do, and where none comes they can.
    """
    found: set[str] = set()
    for need in needs(about):
        left = need.quorum
        for user in sorted(able_besides_authors(about, need, members)):
            if left <= 0:
                break
            if await _never(desk, user):
                found.add(user)
            else:
                left -= 1
    return frozenset(found)


async def _never(desk: Desk, user: str) -> bool:
    people = desk.people
    try:
        person = (await people.persons({user}, fresh=False)).get(user)
    except Unavailable:
        return False
    return person is None or bool(
        why_not_eligible(person, team_id=people.team_id, enterprise_id=people.enterprise_id)
    )


async def approvals_missing(desk: Desk, proposal: Proposal) -> int:
    """Return how far an open proposal is from its quorum, without asking Slack."""
    return votes_missing(question(desk, proposal), await _cast(desk, proposal))


async def _cast(desk: Desk, proposal: Proposal) -> list[Vote]:
    given = await desk.store.votes.given(proposal.id)
    return [Vote(user=one.user, verb=Verb(one.verb), revision=one.revision) for one in given]


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
