"""Who may approve what, and what the votes say now.

Pure: who a person is and who belongs to a user group are arguments, read at each decision.
Whatever is unknown counts as no: an unknown person, a group without members, no approvers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from fnmatch import fnmatchcase

from bot.domain.actions import ACTIONS, releases
from bot.domain.fields import BY_ATTRIBUTE
from bot.domain.proposals import Item, ItemKind

# User group id to the ids of its members.
Members = Mapping[str, frozenset[str]]


class Verb(StrEnum):
    """What a vote says."""

    APPROVE = "approve"
    REJECT = "reject"


@dataclass(frozen=True, slots=True, kw_only=True)
class Vote:
    """A person's say about one digest."""

    user: str
    verb: Verb
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """An exception for the items it matches; None matches everything, or sets nothing.

    `app` holds bundle ids and `locale` codes, both with `*` as a wildcard; `field` holds
    Apple's attributes and the words of what acts on a version (`Item.word`).
    """

    app: tuple[str, ...] | None = None
    field: tuple[str, ...] | None = None
    locale: tuple[str, ...] | None = None
    quorum: int | None = None
    approvers: tuple[str, ...] | None = None
    escalation: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Who decides; `approvers` are ids of users and user groups, emoji have no colons.

    `escalation` is the second list: they may decide as well once a revision has waited for
    `ESCALATED_AFTER`.
    """

    approvers: tuple[str, ...]
    escalation: tuple[str, ...] = ()
    quorum: int = 1
    approve: tuple[str, ...] = ("white_check_mark", "heavy_check_mark", "+1")
    reject: tuple[str, ...] = ("x", "-1")
    expires: timedelta = timedelta(days=7)
    self_approval: bool = False
    rules: tuple[Rule, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """How many of whom an item needs; `escalation` joins them when nobody comes."""

    approvers: tuple[str, ...]
    quorum: int
    escalation: tuple[str, ...] = ()


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

    `version_state` is Apple's state of its version; `escalated` when it has waited so long that
    the second list may decide too.
    """

    items: tuple[Item, ...] = field(repr=False)
    policy: Policy
    bundle_id: str
    digest: str
    authors: frozenset[str]
    version_state: str = ""
    escalated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Electorate:
    """Who people are: the voters, the user groups' members, and the bot's own team."""

    people: Mapping[str, Person]
    members: Members
    team_id: str
    enterprise_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """One group of items that the same people decide.

    `approvers` are user and user group ids; `voted` are the user ids that count.
    """

    items: tuple[Item, ...]
    approvers: tuple[str, ...]
    quorum: int
    voted: tuple[str, ...] = ()

    @property
    def met(self) -> bool:
        """Whether enough eligible people approved."""
        return len(self.voted) >= self.quorum


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What the votes say now; `refused` gives the reason for each vote that does not count."""

    approved: bool
    rejected_by: tuple[str, ...]
    needs: tuple[Need, ...]
    refused: Mapping[str, str]


# A revision that has waited so long may be decided by the second list, too.
ESCALATED_AFTER = timedelta(hours=72)
_SAME_EMOJI = {"thumbsup": "+1", "thumbsdown": "-1"}


def emoji_verb(policy: Policy, name: str) -> Verb | None:
    """Return what a reaction says, None for any other emoji.

    Names are compared exactly, so that `white_check_mark_button` says nothing; skin tones
    (`+1::skin-tone-3`) and Slack's second names of a thumb are folded.
    """
    plain = name.partition("::skin-tone-")[0]
    known = _SAME_EMOJI.get(plain, plain)
    if known in {_SAME_EMOJI.get(each, each) for each in policy.reject}:
        return Verb.REJECT
    if known in {_SAME_EMOJI.get(each, each) for each in policy.approve}:
        return Verb.APPROVE
    return None


def requirement(policy: Policy, item: Item, bundle_id: str) -> Requirement:
    """Return what an item needs.

    For each key the last matching rule that sets it wins, so that one rule may raise the
    quorum and another name the approvers. A quorum is never below one.
    """
    approvers, quorum, escalation = policy.approvers, policy.quorum, policy.escalation
    for rule in policy.rules:
        if _matches(rule, item, bundle_id):
            approvers = approvers if rule.approvers is None else rule.approvers
            quorum = quorum if rule.quorum is None else rule.quorum
            escalation = escalation if rule.escalation is None else rule.escalation
    return Requirement(
        approvers=tuple(dict.fromkeys(approvers)),
        quorum=max(1, quorum),
        escalation=tuple(dict.fromkeys(escalation)),
    )


def needs(question: Question) -> tuple[Need, ...]:
    """Return what the items need, those with the same requirement together, nobody voted."""
    groups: dict[Requirement, list[Item]] = {}
    for item in question.items:
        wanted = requirement(question.policy, item, question.bundle_id)
        groups.setdefault(wanted, []).append(item)
    return tuple(
        Need(
            items=tuple(items),
            approvers=_deciders(wanted, escalated=question.escalated),
            quorum=wanted.quorum,
        )
        for wanted, items in groups.items()
    )


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
    person = electorate.people.get(user)
    if person is None:
        return "It could not be found out who you are, so your vote does not count."
    grid = electorate.enterprise_id
    if reason := why_not_eligible(person, team_id=electorate.team_id, enterprise_id=grid):
        return reason
    if reason := _why_not_own(question, user):
        return reason
    wanted = needs(question)
    if any(user in able(need, electorate.members) for need in wanted):
        return None
    return "You are not among the approvers. " + " ".join(map(_wanted_from, wanted))


def _why_not_own(question: Question, user: str) -> str | None:
    policy = question.policy
    if user not in question.authors:
        return None
    if own_vote_counts(policy, question.items, question.version_state):
        return None
    reason = "You wrote this revision; someone else has to approve it."
    always = " A release is never approved by who proposed it."
    return f"{reason}{always}" if policy.self_approval else reason


def decide(question: Question, votes: Iterable[Vote], electorate: Electorate) -> Decision:
    """Return what the votes of this digest say.

    Approved when every item has its quorum and nobody who may decide an item rejects. A
    person with both signs rejects. No items are never approved.
    """
    said = _said(question.digest, votes)
    reasons = {user: why_not_vote(question, user, electorate) for user in said}
    refused = {user: reason for user, reason in reasons.items() if reason is not None}
    counted = {user: verb for user, verb in said.items() if user not in refused}
    approving = [user for user, verb in counted.items() if verb is Verb.APPROVE]
    rejecting = tuple(user for user, verb in counted.items() if verb is Verb.REJECT)
    groups = tuple(_with_votes(need, approving, electorate.members) for need in needs(question))
    approved = bool(groups) and not rejecting and all(need.met for need in groups)
    return Decision(approved=approved, rejected_by=rejecting, needs=groups, refused=refused)


def able(wanted: Requirement | Need, members: Members) -> frozenset[str]:
    """Return all users who may decide; a user group that `members` lacks has nobody in it."""
    found: set[str] = set()
    for approver in wanted.approvers:
        found |= members.get(approver, frozenset() if _is_group(approver) else {approver})
    return frozenset(found)


def reachable(wanted: Requirement | Need, members: Members, *, exclude: str | None = None) -> bool:
    """Return whether the quorum can be reached, when given without the proposer `exclude`."""
    return len(able(wanted, members) - {exclude}) >= wanted.quorum


def requirements(policy: Policy, bundle_ids: Iterable[str]) -> dict[Requirement, str]:
    """Return every requirement that an item of these apps can meet, with an example of each.

    The locales tried are those that rules name and one that no rule names.
    """
    patterns = {code for rule in policy.rules for code in rule.locale or ()}
    found: dict[Requirement, str] = {}
    for bundle_id in bundle_ids:
        for attribute, known in BY_ATTRIBUTE.items():
            for code in ("", *sorted(patterns)):
                item = Item(locale=code, field=attribute, before="", after="")
                example = f"{known.label} of {bundle_id}" + (f" in {code}" if code else "")
                found.setdefault(requirement(policy, item, bundle_id), example)
        for kind, row in ACTIONS.items():
            item = Item(kind=kind, locale="", before="", after="")
            found.setdefault(requirement(policy, item, bundle_id), f"{row.label} of {bundle_id}")
    return found


def _matches(rule: Rule, item: Item, bundle_id: str) -> bool:
    return (
        _matches_any(rule.app, bundle_id)
        and (rule.field is None or item.word in rule.field)
        and _matches_any(rule.locale, item.locale)
    )


def _matches_any(patterns: tuple[str, ...] | None, text: str) -> bool:
    if patterns is None:
        return True
    return any(fnmatchcase(text.lower(), pattern.lower()) for pattern in patterns)


def _deciders(wanted: Requirement, *, escalated: bool) -> tuple[str, ...]:
    second = wanted.escalation if escalated else ()
    return tuple(dict.fromkeys((*wanted.approvers, *second)))


def _said(digest: str, votes: Iterable[Vote]) -> dict[str, Verb]:
    said: dict[str, Verb] = {}
    for vote in votes:
        if vote.digest == digest and said.get(vote.user) is not Verb.REJECT:
            said[vote.user] = vote.verb
    return said


def _with_votes(need: Need, approving: list[str], members: Members) -> Need:
    eligible = able(need, members)
    voted = [user for user in approving if user in eligible]
    return Need(items=need.items, approvers=need.approvers, quorum=need.quorum, voted=tuple(voted))


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
        return "A new locale"
    if item.kind in ACTIONS:
        return ACTIONS[item.kind].label
    known = BY_ATTRIBUTE.get(item.field)
    return known.label if known else item.field
