"""The rules of approval as a model: what Slack shows now, and whether that approves a text.

It knows messages, signs and persons, and nothing of the bot: not how events come, what was
read when, or what was written down. It is what docs/approvals.md says, in code of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

# A person's emoji under a message.
Sign = tuple[str, str]
YES, NO = frozenset({"white_check_mark", "+1"}), frozenset({"x"})
PRESENT = "present"


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """One change of a proposal; one without a field is the locale itself."""

    locale: str
    field: str
    before: str
    after: str


@dataclass(kw_only=True)
class Message:
    """What stands under a revision's message in Slack.

    `early` are the signs that were ever set while the revision was the newest one, `heard` those
    that the bot was told of, or read, meanwhile: what it never learned of it cannot count later.
    """

    ts: str
    signs: set[Sign] = field(default_factory=set)
    early: set[Sign] = field(default_factory=set)
    heard: set[Sign] = field(default_factory=set)
    there: bool = True

    def counted(self, *, heard: bool) -> set[Sign]:
        return self.signs & (self.heard if heard else self.early)


@dataclass(kw_only=True)
class Revision:
    """One text of a proposal; `in_parts` when what is approved does not wait for the rest."""

    author: str
    texts: tuple[Text, ...]
    in_parts: bool = False
    message: Message | None = None
    confirmed: set[str] = field(default_factory=set)


@dataclass(kw_only=True)
class Case:
    """A proposal with all its revisions; `done` is what was seen to arrive at Apple.

    `going` is what was approved when a push was first seen to write, until that push is over.
    """

    number: int
    revisions: list[Revision]
    stopped: bool = False
    withdrawn: bool = False
    done: set[Text] = field(default_factory=set)
    going: set[Text] = field(default_factory=set)

    @property
    def now(self) -> Revision:
        return self.revisions[-1]

    @property
    def left(self) -> tuple[Text, ...]:
        """What is still to be decided, or to be pushed."""
        return tuple(text for text in self.now.texts if text not in self.done)


@dataclass(kw_only=True)
class People:
    """Who is who in Slack now, and who belongs to the one user group."""

    group: set[str]
    guests: set[str] = field(default_factory=set)
    gone: set[str] = field(default_factory=set)


@dataclass(frozen=True, kw_only=True)
class Law:
    """Who decides: the group, or for some fields the `owners`; `twins` are one person."""

    quorum: int
    owners: Mapping[str, frozenset[str]]
    confirm: frozenset[str]
    keep_votes: bool
    twins: frozenset[str]

    def person(self, user: str) -> str:
        return min(self.twins) if user in self.twins else user


def approved(case: Case, people: People, law: Law, *, heard: bool = False) -> set[Text]:
    """What may be pushed now, by all signs or by those that were heard.

    Everything or nothing; in parts each text on its own, but a new locale as a whole.
    """
    if case.now.message is None or not case.now.message.there or rejected(case, people, law):
        return set()
    ready = {text for text in case.left if _approved(text, case, people, law, heard=heard)}
    missing = set(case.left) - ready
    if not case.now.in_parts:
        return set() if missing else ready
    new = {text.locale for text in case.left if not text.field}
    broken = new & {text.locale for text in missing}
    return {text for text in ready if text.locale not in broken}


def rejected(case: Case, people: People, law: Law) -> bool:
    """Whether somebody who decides any of it rejects the newest revision."""
    signs = case.now.message.signs if case.now.message else set()
    return any(
        emoji in NO and _may(user, text, case, people, law)
        for user, emoji in signs
        for text in case.left
    )


def _approved(text: Text, case: Case, people: People, law: Law, *, heard: bool) -> bool:
    voters, confirmed = set(), False
    for revision in _same(text, case, law):
        signs = revision.message.counted(heard=heard) if revision.message else set()
        voters |= {
            law.person(user)
            for user, emoji in signs
            if emoji in YES and _may(user, text, case, people, law)
        }
        confirmed |= any(_may(user, text, case, people, law) for user in revision.confirmed)
    return len(voters) >= law.quorum and (confirmed or text.field not in law.confirm)


def _same(text: Text, case: Case, law: Law) -> Iterator[Revision]:
    """Yield the newest revision and those before it in which the text stood byte for byte.

    Whether it may go in parts is a part of what was asked.
    """
    for revision in reversed(case.revisions):
        if text not in revision.texts or (revision is not case.now and not law.keep_votes):
            return
        if revision.in_parts != case.now.in_parts:
            return
        yield revision


def _may(user: str, text: Text, case: Case, people: People, law: Law) -> bool:
    authors = {law.person(revision.author) for revision in case.revisions}
    owners = law.owners.get(text.field, people.group)
    unknown = user in people.guests or user in people.gone
    return user in owners and not unknown and law.person(user) not in authors
