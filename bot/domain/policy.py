"""Who decides what: the rules of `marquee.toml`, and which of them an item falls under.

Pure: nothing here knows who votes. What is empty or unknown means nobody.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from fnmatch import fnmatchcase

from bot.domain.actions import ACTIONS
from bot.domain.fields import BY_ATTRIBUTE
from bot.domain.items import Item
from bot.domain.locales import LOCALES

# User group id to the ids of its members.
Members = Mapping[str, frozenset[str]]


class Verb(StrEnum):
    """What a vote says."""

    APPROVE = "approve"
    REJECT = "reject"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """An exception for the items it matches; None matches everything, or sets nothing.

    `app` holds bundle ids, `locale` codes, and `field` Apple's attributes and the words of what
    acts on a version (`Item.word`), all with `*` as a wildcard.
    """

    app: tuple[str, ...] | None = None
    field: tuple[str, ...] | None = None
    locale: tuple[str, ...] | None = None
    quorum: int | None = None
    approvers: tuple[str, ...] | None = None
    escalation: tuple[str, ...] | None = None
    confirm: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Who decides; `approvers` are ids of users and user groups, emoji have no colons.

    `escalation` is the second list: they may decide as well once a revision has waited for
    `ESCALATED_AFTER`. `keep_votes` says whether votes survive an edit where nothing changed.
    `undo_window` is how long an approved push waits, so that somebody can stop it.
    `persons` are the accounts of one person each, by user id.
    """

    approvers: tuple[str, ...]
    escalation: tuple[str, ...] = ()
    quorum: int = 1
    approve: tuple[str, ...] = ("white_check_mark", "heavy_check_mark", "+1")
    reject: tuple[str, ...] = ("x", "-1")
    expires: timedelta = timedelta(days=7)
    self_approval: bool = False
    keep_votes: bool = True
    undo_window: timedelta = timedelta(0)
    persons: tuple[frozenset[str], ...] = ()
    rules: tuple[Rule, ...] = ()

    def accounts(self, users: Iterable[str]) -> frozenset[str]:
        """Return these users with all other accounts of the same persons."""
        given = frozenset(users)
        return given.union(*(each for each in self.persons if each & given))

    def person(self, user: str) -> str:
        """Return one user id for all accounts of a person, the first in order of the alphabet."""
        joined = next((each for each in self.persons if user in each), None)
        return min(joined) if joined else user


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """How many of whom an item needs; `escalation` joins them when nobody comes.

    With `confirm` one of them has to press Confirm besides.
    """

    approvers: tuple[str, ...]
    quorum: int
    escalation: tuple[str, ...] = ()
    confirm: bool = False

    @property
    def text(self) -> str:
        """The requirement as one text, to see later whether it is the same byte for byte."""
        return "|".join(
            (
                ",".join(self.approvers),
                str(self.quorum),
                ",".join(self.escalation),
                "confirm" if self.confirm else "",
            )
        )


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
    confirm = False
    for rule in policy.rules:
        if _matches(rule, item, bundle_id):
            approvers = approvers if rule.approvers is None else rule.approvers
            quorum = quorum if rule.quorum is None else rule.quorum
            escalation = escalation if rule.escalation is None else rule.escalation
            confirm = confirm if rule.confirm is None else rule.confirm
    return Requirement(
        approvers=tuple(dict.fromkeys(approvers)),
        quorum=max(1, quorum),
        escalation=tuple(dict.fromkeys(escalation)),
        confirm=confirm,
    )


def requirements(policy: Policy, bundle_ids: Iterable[str]) -> dict[Requirement, str]:
    """Return every requirement that an item of these apps can meet, with an example of each.

    The locales tried are those that rules name, all that a pattern of theirs covers, and one
    that no rule names.
    """
    named = {code for rule in policy.rules for code in rule.locale or ()}
    covered = {each.code for each in LOCALES if _matches_any(tuple(named), each.code)}
    patterns = {code for code in named if not set(code) & set("*?[")} | covered
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


def unmatched_locales(policy: Policy) -> Iterator[tuple[int, str]]:
    """Yield each pattern that none of the known locales fits, after its rule's number from 1."""
    for number, rule in enumerate(policy.rules, start=1):
        for pattern in rule.locale or ():
            if not any(_matches_any((pattern,), each.code) for each in LOCALES):
                yield number, pattern


def _matches(rule: Rule, item: Item, bundle_id: str) -> bool:
    return (
        _matches_any(rule.app, bundle_id)
        and _matches_any(rule.field, item.word)
        and _matches_any(rule.locale, item.locale)
    )


def _matches_any(patterns: tuple[str, ...] | None, text: str) -> bool:
    if patterns is None:
        return True
    return any(fnmatchcase(text.lower(), pattern.lower()) for pattern in patterns)
