"""What is voted on, and what it needs: how many of whom, by votes since which revision.

Pure. A need says nothing of votes until `bot.domain.approvals` fills in those that count; who
people are is in `bot.domain.electorate`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from bot.domain.items import Item, ItemState
from bot.domain.policy import Policy, Requirement, requirement


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


def _what(item: Item) -> tuple[str, ...]:
    return (item.kind, item.locale, item.field, item.before, item.after)


def _since(question: Question, item: Item, wanted: Requirement) -> int:
    """Return the first revision whose votes count for an item."""
    same = question.policy.keep_votes and item.since and item.rule == wanted.text
    return item.since if same else question.revision


def _deciders(wanted: Requirement, *, escalated: bool) -> tuple[str, ...]:
    second = wanted.escalation if escalated else ()
    return tuple(dict.fromkeys((*wanted.approvers, *second)))
