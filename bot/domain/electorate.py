"""Who may vote: who people are, whose vote counts for what, and the sentence why one does not.

Pure: who a person is and who belongs to a user group are arguments, read at each decision.
Whatever is unknown counts as no: an unknown person, a group without members, no approvers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.domain.actions import ACTIONS, releases
from bot.domain.fields import BY_ATTRIBUTE
from bot.domain.items import PRESENT, Item, ItemKind
from bot.domain.needs import Need, Question, needs
from bot.domain.policy import Members, Policy, Requirement


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


def own_vote_counts(policy: Policy, items: Iterable[Item], version_state: str) -> bool:
    """Return whether authors may approve what they wrote: never a release."""
    return policy.self_approval and not releases(items, version_state)


def why_not_vote(question: Question, user: str, electorate: Electorate) -> str | None:
    """Return a sentence, said to the voter, why their vote does not count; None if it does.

    Ids of users and user groups stand in it as Slack gives them.
    """
    if reason := why_not_anywhere(question, user, electorate):
        return reason
    wanted = needs(question)
    if any(user in able(need, electorate.members) for need in wanted):
        return None
    return f"You are not among the approvers. {' '.join(map(_wanted_from, wanted))}"


def why_not_anywhere(question: Question, user: str, electorate: Electorate) -> str | None:
    """Return why a vote would not count whoever the approvers are, None where they decide it."""
    person = electorate.people.get(user)
    if person is None:
        return "It could not be found out who you are, so your vote does not count."
    grid = electorate.enterprise_id
    if reason := why_not_eligible(person, team_id=electorate.team_id, enterprise_id=grid):
        return reason
    return _why_not_own(question, user)


def able(wanted: Requirement | Need, members: Members) -> frozenset[str]:
    """Return all users who may decide; a user group that `members` lacks has nobody in it."""
    found: set[str] = set()
    for approver in wanted.approvers:
        found |= members.get(approver, frozenset() if is_group(approver) else {approver})
    return frozenset(found)


def reachable(
    wanted: Requirement | Need, members: Members, policy: Policy, *, without: Iterable[str] = ()
) -> bool:
    """Return whether the quorum can be reached; accounts of `without` do not count."""
    left_out = {policy.person(user) for user in without}
    voters = {policy.person(user) for user in able(wanted, members)} - left_out
    return len(voters) >= wanted.quorum


def able_besides_authors(question: Question, need: Need, members: Members) -> frozenset[str]:
    """Return who may decide something, without those whose own vote does not count."""
    policy = question.policy
    own = own_vote_counts(policy, question.items, question.version_state)
    wrote = frozenset() if own else {policy.person(author) for author in question.authors}
    return frozenset(user for user in able(need, members) if policy.person(user) not in wrote)


def is_group(approver: str) -> bool:
    """Return whether an approver's id is that of a user group."""
    return approver.startswith("S")


def _why_not_own(question: Question, user: str) -> str | None:
    policy = question.policy
    if policy.person(user) not in {policy.person(author) for author in question.authors}:
        return None
    if own_vote_counts(policy, question.items, question.version_state):
        return None
    reason = "You wrote or edited part of this; someone else has to approve it."
    always = " A release is never approved by who proposed it."
    return f"{reason}{always}" if policy.self_approval else reason


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
