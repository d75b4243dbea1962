"""What the votes say now: who counts, for which items, and what is still missing.

Pure: who a person is and who belongs to a user group are arguments, read at each decision.
Whatever is unknown counts as no: an unknown person, a group without members, no approvers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TypedDict

from bot.domain.actions import ACTIONS, releases
from bot.domain.fields import BY_ATTRIBUTE
from bot.domain.policy import Members, Policy, Requirement, Verb, requirement
from bot.domain.proposals import PRESENT, Item, ItemKind, ItemState


@dataclass(frozen=True, slots=True, kw_only=True)
class Vote:
    """A person's say about one revision."""

    user: str
    verb: Verb
    revision: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmed:
    """That a person pressed Confirm on one revision."""

    user: str
    revision: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Veto:
    """That a person's rejection counted; `reason` is theirs, "" while they did not say.

    It is `unseen` where the message that they gave it under is gone: it holds all the same.
    """

    user: str
    reason: str = ""
    unseen: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A Slack user as the vote sees one; `is_guest` covers both kinds of guests.

    `is_stranger` says that Slack knows the person only through a shared channel.
    """

    id: str
    is_bot: bool = False
    is_guest: bool = False
    is_stranger: bool = False
    is_deactivated: bool = False
    team_id: str
    enterprise_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is voted on: one revision. `authors` wrote it and do not decide it.

    An item whose `since` is an earlier revision stood there byte for byte, under the same rule:
    votes on that one count for it. `version_state` is Apple's state of its version; `escalated`
    when it has waited so long that the second list may decide too.
    """

    items: tuple[Item, ...] = field(repr=False)
    policy: Policy
    bundle_id: str
    revision: int
    authors: frozenset[str]
    version_state: str = ""
    escalated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Electorate:
    """Who people are: the voters, the user groups' members, and the bot's own team.

    `unable` are people of whom is known that they may never vote: misspelt, guests, deactivated.
    `unknown` are user groups of first lists that Slack does not know: nobody knows whose no is
    missing. `unresolved` is what adds nobody to a second list.
    """

    people: Mapping[str, Person]
    members: Members
    unknown: frozenset[str] = frozenset()
    unresolved: frozenset[str] = frozenset()
    unable: frozenset[str] = frozenset()
    team_id: str
    enterprise_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """One group of items that the same people decide, by votes since the same revision.

    `approvers` are user and user group ids; `voted`, `rejected_by` and `confirmed_by` are the
    user ids that count. With `confirm` the votes are not enough: one of them presses Confirm.
    While Slack does not know some groups of its first list, `unknown`, nothing is approved.
    `escalation` is its second list, in force or not, without who is on the first one;
    `unresolved` is what of that adds nobody, which takes nothing away from the first.
    `short` when too few people may decide it for its quorum, whoever wrote it left out: `can`.
    """

    items: tuple[Item, ...]
    approvers: tuple[str, ...]
    quorum: int
    since: int = 1
    confirm: bool = False
    voted: tuple[str, ...] = ()
    rejected_by: tuple[str, ...] = ()
    confirmed_by: tuple[str, ...] = ()
    short: bool = False
    can: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    escalation: tuple[str, ...] = ()
    unresolved: tuple[str, ...] = ()

    @property
    def first(self) -> tuple[str, ...]:
        """The first list."""
        return tuple(each for each in self.approvers if each not in self.escalation)

    @property
    def unconfirmed(self) -> bool:
        """Whether enough people approved and only Confirm is missing."""
        return self.has_quorum and self.confirm and not self.confirmed_by

    @property
    def met(self) -> bool:
        """Whether enough eligible people approved, nobody rejects, and it is confirmed."""
        return self.has_quorum and not self.unconfirmed

    @property
    def has_quorum(self) -> bool:
        """Whether enough eligible people approved and nobody rejects, confirmed or not."""
        return len(self.voted) >= self.quorum and not (self.rejected_by or self.unknown)


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


def needs(question: Question) -> tuple[Need, ...]:
    """Return what the undecided items need, those with the same needs together, nobody voted."""
    groups: dict[tuple[Requirement, int], list[Item]] = {}
    for item in question.items:
        if item.state is not ItemState.DONE:
            wanted = requirement(question.policy, item, question.bundle_id)
            groups.setdefault((wanted, _since(question, item, wanted)), []).append(item)
    return tuple(
        Need(
            items=tuple(items),
            approvers=_deciders(wanted, escalated=question.escalated),
            quorum=wanted.quorum,
            since=since,
            confirm=wanted.confirm,
            escalation=tuple(x for x in wanted.escalation if x not in wanted.approvers),
        )
        for (wanted, since), items in groups.items()
    )


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


def founded(
    items: Iterable[Item], policy: Policy, bundle_id: str, *, before: Iterable[Item] = ()
) -> tuple[Item, ...]:
    """Return the items of a new revision with the rule of each, and since when it stands.

    An item that is among `before`, those of the revision it replaces, byte for byte and under
    the same rule, keeps its `since`: votes on that revision count for it still.
    """
    stood = {(_what(item), item.rule): item.since for item in before}
    found = []
    for item in items:
        rule = requirement(policy, item, bundle_id).text
        found.append(replace(item, rule=rule, since=stood.get((_what(item), rule), 0)))
    return tuple(found)


def own_vote_counts(policy: Policy, items: Iterable[Item], version_state: str) -> bool:
    """Return whether authors may approve what they wrote: never a release."""
    return policy.self_approval and not releases(items, version_state)


def why_not_eligible(person: Person, *, team_id: str, enterprise_id: str | None) -> str | None:
    """Return a sentence why a person may never vote here, None when they may."""
    same_grid = enterprise_id is not None and person.enterprise_id == enterprise_id
    if person.is_bot:
        return "Bots and apps cannot approve or reject."
    if person.is_deactivated:
        return "A deactivated account cannot approve or reject."
    if person.is_guest:
        return "Guests of the workspace cannot approve or reject."
    if not same_grid and (person.is_stranger or person.team_id != team_id):
        return "People of another workspace cannot approve or reject."
    return None


def why_not_vote(question: Question, user: str, electorate: Electorate) -> str | None:
    """Return a sentence, said to the voter, why their vote does not count; None if it does.

    Ids of users and user groups stand in it as Slack gives them.
    """
    if reason := _why_not_anywhere(question, user, electorate):
        return reason
    wanted = needs(question)
    if any(user in able(need, electorate.members) for need in wanted):
        return None
    return f"You are not among the approvers. {' '.join(map(_wanted_from, wanted))}"


def _why_not_anywhere(question: Question, user: str, electorate: Electorate) -> str | None:
    """Return why a vote would not count on any list of approvers, None where it would."""
    person = electorate.people.get(user)
    if person is None:
        return "It could not be found out who you are, so your vote does not count."
    grid = electorate.enterprise_id
    if reason := why_not_eligible(person, team_id=electorate.team_id, enterprise_id=grid):
        return reason
    return _why_not_own(question, user)


def decide(
    question: Question,
    votes: Iterable[Vote],
    electorate: Electorate,
    confirmations: Iterable[Confirmed] = (),
) -> Decision:
    """Return what the votes say of this revision, and the earlier ones where they still count.

    Approved when every item has its quorum and nobody who may decide an item rejects this
    revision. A person with both signs rejects; the accounts of one person are one voter. No
    items are never approved.
    """
    cast, confirmed = list(votes), list(confirmations)
    said = {one.user for one in cast} | {one.user for one in confirmed}
    reasons = {user: why_not_vote(question, user, electorate) for user in sorted(said)}
    refused = {user: reason for user, reason in reasons.items() if reason is not None}
    rejecting = _unique(
        question.policy,
        (
            one.user
            for one in cast
            if one.verb is Verb.REJECT
            and one.revision == question.revision
            and one.user not in refused
        ),
    )
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
            confirmed_by=_counting(question, need, pressed, electorate) if need.confirm else (),
            rejected_by=tuple(u for u in rejecting if u in able(need, electorate.members)),
            unknown=tuple(each for each in need.first if each in electorate.unknown),
            unresolved=tuple(each for each in need.escalation if each in electorate.unresolved),
            **_reach(question, need, electorate),
        )
        for need in needs(question)
    )
    used = {each for need in groups for each in need.approvers if _is_group(each)}
    members = {each: electorate.members.get(each, frozenset()) for each in sorted(used)}
    return Decision(
        rejected_by=rejecting,
        needs=groups,
        refused=refused,
        members=members,
        outside=frozenset(
            user for user in refused if not _why_not_anywhere(question, user, electorate)
        ),
    )


def able(wanted: Requirement | Need, members: Members) -> frozenset[str]:
    """Return all users who may decide; a user group that `members` lacks has nobody in it."""
    found: set[str] = set()
    for approver in wanted.approvers:
        found |= members.get(approver, frozenset() if _is_group(approver) else {approver})
    return frozenset(found)


def reachable(
    wanted: Requirement | Need, members: Members, policy: Policy, *, without: Iterable[str] = ()
) -> bool:
    """Return whether the quorum can be reached; accounts of `without` do not count."""
    left_out = {policy.person(user) for user in without}
    voters = {policy.person(user) for user in able(wanted, members)} - left_out
    return len(voters) >= wanted.quorum


def _what(item: Item) -> tuple[str, ...]:
    return (item.kind, item.locale, item.field, item.before, item.after)


def able_besides_authors(question: Question, need: Need, members: Members) -> frozenset[str]:
    """Return who may decide something, without those whose own vote does not count."""
    policy = question.policy
    own = own_vote_counts(policy, question.items, question.version_state)
    wrote = frozenset() if own else {policy.person(author) for author in question.authors}
    return frozenset(user for user in able(need, members) if policy.person(user) not in wrote)


def _reach(question: Question, need: Need, electorate: Electorate) -> _Reach:
    """Return whether too few people may decide something, and who they are then."""
    may = able_besides_authors(question, need, electorate.members) - electorate.unable
    voters = _unique(question.policy, sorted(may))
    short = len(voters) < need.quorum
    return {"short": short, "can": voters if short else ()}


def _since(question: Question, item: Item, wanted: Requirement) -> int:
    """Return the first revision whose votes count for an item."""
    same = question.policy.keep_votes and item.since and item.rule == wanted.text
    return item.since if same else question.revision


def _counting(
    question: Question, need: Need, cast: Iterable[Vote | Confirmed], electorate: Electorate
) -> tuple[str, ...]:
    eligible = able(need, electorate.members)
    users = [one.user for one in cast if one.revision >= need.since and one.user in eligible]
    return _unique(question.policy, users)


def _unique(policy: Policy, users: Iterable[str]) -> tuple[str, ...]:
    """Return the users, one for each person, in the order in which they came."""
    found: dict[str, str] = {}
    for user in users:
        found.setdefault(policy.person(user), user)
    return tuple(found.values())


def _why_not_own(question: Question, user: str) -> str | None:
    policy = question.policy
    if policy.person(user) not in {policy.person(author) for author in question.authors}:
        return None
    if own_vote_counts(policy, question.items, question.version_state):
        return None
    reason = "You wrote or edited part of this; someone else has to approve it."
    always = " A release is never approved by who proposed it."
    return f"{reason}{always}" if policy.self_approval else reason


def _deciders(wanted: Requirement, *, escalated: bool) -> tuple[str, ...]:
    second = wanted.escalation if escalated else ()
    return tuple(dict.fromkeys((*wanted.approvers, *second)))


def _is_group(approver: str) -> bool:
    return approver.startswith("S")


def _wanted_from(need: Need) -> str:
    first = need.items[0]
    where = f" ({first.locale})" if first.locale else ""
    rest = f" and {len(need.items) - 1} more" if len(need.items) > 1 else ""
    whom = " or ".join(need.approvers) or "an approver, and none is set"
    verb = "need" if rest else "needs"
    return f"{_label(first)}{where}{rest} {verb} {whom}."


def _label(item: Item) -> str:
    if item.kind is ItemKind.LOCALE:
        return "A new locale" if item.after == PRESENT else "A locale that leaves"
    if item.kind in ACTIONS:
        return ACTIONS[item.kind].label
    known = BY_ATTRIBUTE.get(item.field)
    return known.label if known else item.field
