"""What the votes say now: which count, for which items, and what is still missing.

Pure: who people are is an argument, read at each decision. What is voted on and needed is in
`bot.domain.needs`, who may vote in `bot.domain.electorate`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TypedDict

from bot.domain.electorate import (
    Electorate,
    able,
    able_besides_authors,
    is_group,
    why_not_anywhere,
    why_not_vote,
)
from bot.domain.items import Item, Which
from bot.domain.needs import Need, Question, needs
from bot.domain.policy import Members, Policy, Verb


@dataclass(frozen=True, slots=True, kw_only=True)
class Vote:
    """A person's say about one revision."""

    user: str
    verb: Verb
    revision: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmed:
    """That a person pressed Confirm on one revision, for the items that had their votes then."""

    user: str
    revision: int
    items: frozenset[Which]


@dataclass(frozen=True, slots=True, kw_only=True)
class Veto:
    """That a person's rejection counted; `reason` is theirs, "" while they did not say.

    It is `unseen` where the message that they gave it under is gone: it holds all the same.
    """

    user: str
    reason: str = ""
    unseen: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What the votes say now; `refused` gives the reason for each vote that does not count.

    `members` are those of the user groups that decide, as they were for it; by those alone the
    votes of who is `outside` do not count.
    """

    rejected_by: tuple[str, ...]
    needs: tuple[Need, ...]
    refused: Mapping[str, str]
    members: Members = field(default_factory=dict)
    outside: frozenset[str] = frozenset()

    @property
    def approved(self) -> bool:
        """Whether every item has what it needs and nobody who decides any of it rejects."""
        return bool(self.needs) and not self.rejected_by and all(need.met for need in self.needs)

    @property
    def ready(self) -> tuple[Item, ...]:
        """The items that have what they need, whatever becomes of the others."""
        return tuple(item for need in self.needs if need.met for item in need.items)

    @property
    def approvers(self) -> frozenset[str]:
        """The ids of those whose approvals count, and of those who confirmed."""
        return self.approvers_of(item for need in self.needs for item in need.items)

    def approvers_of(self, items: Iterable[Item]) -> frozenset[str]:
        """Return the same for some of the items."""
        meant = set(items)
        return frozenset(
            user
            for need in self.needs
            if not meant.isdisjoint(need.items)
            for user in (*need.voted, *need.confirmed_by)
        )


class _Reach(TypedDict):
    short: bool
    can: tuple[str, ...]


def votes_missing(question: Question, votes: Iterable[Vote]) -> int:
    """Return how many approvals are missing if every vote counts: what is nearest has fewest.

    Who people are is not asked, so this orders proposals and decides nothing.
    """
    policy = question.policy
    authors = {policy.person(author) for author in question.authors}
    cast = {(policy.person(one.user), one.revision) for one in votes if one.verb is Verb.APPROVE}
    return sum(
        max(0, need.quorum - len({who for who, at in cast if at >= need.since} - authors))
        for need in needs(question)
    )


def decide(
    question: Question,
    votes: Iterable[Vote],
    electorate: Electorate,
    confirmations: Iterable[Confirmed] = (),
) -> Decision:
    """Return what the votes say of this revision, and the earlier ones where they still count.

    Approved when every item has its quorum and nobody who may decide an item rejects this
    revision. What somebody who may decide it rejected on an earlier one needs votes of after
    that. A person with both signs rejects, with whichever of their accounts; those are one voter.
    No items are never approved.
    """
    cast, confirmed = list(votes), list(confirmations)
    said = {one.user for one in cast} | {one.user for one in confirmed}
    asked = needs(question)
    rejecting = _unique(
        question.policy,
        (
            one.user
            for one in cast
            if one.revision == question.revision
            and any(_rejects(question, one, need, electorate) for need in asked)
        ),
    )
    reasons = {user: why_not_vote(question, user, electorate) for user in sorted(said)}
    refused = {
        user: reason
        for user, reason in reasons.items()
        if reason is not None and user not in rejecting
    }
    against = {question.policy.person(user) for user in rejecting}
    counted = {
        user for user in said - refused.keys() if question.policy.person(user) not in against
    }
    approving = [one for one in cast if one.verb is Verb.APPROVE and one.user in counted]
    pressed = [one for one in confirmed if one.user in counted]
    groups = tuple(
        replace(
            need,
            voted=_counting(question, need, approving, electorate),
            confirmed_by=_confirming(question, need, pressed, electorate),
            rejected_by=tuple(
                user for user in rejecting if user in _accounts(question, need, electorate)
            ),
            unknown=tuple(each for each in need.first if each in electorate.unknown),
            unresolved=tuple(each for each in need.escalation if each in electorate.unresolved),
            **_reach(question, need, electorate),
        )
        for need in (_asked_anew(question, each, cast, electorate) for each in asked)
    )
    used = {each for need in groups for each in need.approvers if is_group(each)}
    members = {each: electorate.members.get(each, frozenset()) for each in sorted(used)}
    return Decision(
        rejected_by=rejecting,
        needs=groups,
        refused=refused,
        members=members,
        outside=frozenset(
            user for user in refused if not why_not_anywhere(question, user, electorate)
        ),
    )


def _reach(question: Question, need: Need, electorate: Electorate) -> _Reach:
    """Return whether too few people may decide something, and who they are then."""
    may = able_besides_authors(question, need, electorate.members) - electorate.unable
    voters = _unique(question.policy, sorted(may))
    short = len(voters) < need.quorum
    return {"short": short, "can": voters if short else ()}


def _asked_anew(
    question: Question, need: Need, cast: Iterable[Vote], electorate: Electorate
) -> Need:
    """Return a need whose votes count only from after its last rejection on an earlier revision.

    Else editing something else would leave a rejected text with the approvals it had.
    """
    rejections = (
        one.revision + 1
        for one in cast
        if one.revision < question.revision and _rejects(question, one, need, electorate)
    )
    return replace(need, since=max((need.since, *rejections)))


def _rejects(question: Question, vote: Vote, need: Need, electorate: Electorate) -> bool:
    """Return whether a vote is a rejection by somebody who decides this, by any account."""
    return (
        vote.verb is Verb.REJECT
        and vote.user in _accounts(question, need, electorate)
        and not why_not_anywhere(question, vote.user, electorate)
    )


def _accounts(question: Question, need: Need, electorate: Electorate) -> frozenset[str]:
    """Return all accounts of those who may decide something, also those that no list names."""
    return question.policy.accounts(able(need, electorate.members))


def _counting(
    question: Question, need: Need, cast: Iterable[Vote | Confirmed], electorate: Electorate
) -> tuple[str, ...]:
    eligible = able(need, electorate.members)
    users = [one.user for one in cast if one.revision >= need.since and one.user in eligible]
    return _unique(question.policy, users)


def _confirming(
    question: Question, need: Need, pressed: Iterable[Confirmed], electorate: Electorate
) -> tuple[str, ...]:
    """Return who confirmed all of it, once its votes were there."""
    meant = {item.which for item in need.items}
    whole = [one for one in pressed if need.confirm and meant <= one.items]
    return _counting(question, need, whole, electorate)


def _unique(policy: Policy, users: Iterable[str]) -> tuple[str, ...]:
    """Return the users, one for each person, in the order in which they came."""
    found: dict[str, str] = {}
    for user in users:
        found.setdefault(policy.person(user), user)
    return tuple(found.values())
