"""The rules of approval as a model: what Slack shows now, and whether that approves a text.

It knows messages, signs and persons, and nothing of the bot: not how events come, what was
read when, or what was written down. It is what docs/approvals.md says, in code of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

# A person's emoji under a message.
Sign = tuple[str, str]
YES, NO = frozenset({"white_check_mark", "+1"}), frozenset({"x"})
PRESENT = "present"

# What may be changed at Apple, by the state of its version or app info: everything, or what may be
# on a public version. Elsewhere nothing.
PREPARED = frozenset(
    {"PREPARE_FOR_SUBMISSION", "DEVELOPER_REJECTED", "REJECTED", "METADATA_REJECTED"}
)
PUBLIC = frozenset({"READY_FOR_DISTRIBUTION", "PROCESSING_FOR_DISTRIBUTION"})
RELEASABLE = frozenset({"PENDING_DEVELOPER_RELEASE", "PENDING_APPLE_RELEASE"})
REPLACED = "REPLACED_WITH_NEW_VERSION"
# What all versions share.
SHARED = frozenset({"name", "subtitle"})

# How long people have, from a revision, or since it went back to them.
LIFE = timedelta(days=7)
# How long something waits for the first list before the second may decide it, too.
LATER = timedelta(hours=72)
# The least that somebody says who pushes without approval.
SHORTEST = 20
# What stands for good once it is so: nothing more of it is sent.
ENDED = frozenset({"expired", "withdrawn", "superseded"})
# What has to be over when its time is.
MORTAL = frozenset({"open", "approved", "parked"})
# What waits for people, or for Apple; a vote may still be lost on it.
WAITING = frozenset({"open", "approved", "parked"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """One change of a proposal; one without a field is the locale itself."""

    locale: str
    field: str
    before: str
    after: str

    @property
    def rule(self) -> str:
        """The field under whose rule it falls: adding a locale counts as changing its name."""
        return self.field or "name"


@dataclass(kw_only=True)
class Message:
    """What stands under a revision's message in Slack.

    It is `asked` until it says that it was replaced. `early` are the signs that were ever set
    while it was, `heard` those that the bot was told of, or read, meanwhile: what it never
    learned of it cannot count later. `lost` are those whose rejection went with a message of the
    same revision that was deleted.
    """

    ts: str
    signs: set[Sign] = field(default_factory=set)
    early: set[Sign] = field(default_factory=set)
    heard: set[Sign] = field(default_factory=set)
    lost: set[str] = field(default_factory=set)
    asked: bool = True
    there: bool = True

    def counted(self, *, heard: bool) -> set[Sign]:
        return self.signs & (self.heard if heard else self.early)


@dataclass(kw_only=True)
class Revision:
    """One text of a proposal; `in_parts` when what is approved does not wait for the rest.

    `digest` is the one that people were shown, `version` the one at Apple that it is for,
    `ready_since` when any of it could first go.
    """

    author: str
    texts: tuple[Text, ...]
    at: datetime
    digest: str
    version: str
    in_parts: bool = False
    message: Message | None = None
    confirmed: set[tuple[str, Text]] = field(default_factory=set)
    ready_since: datetime | None = None


@dataclass(kw_only=True)
class Case:
    """A proposal with all its revisions; `done` is what was seen to arrive at Apple.

    `going` is what was approved when a push was first seen to write, until that push is over.
    `stirred` is when anything last became of it, after which people may have their time anew;
    `late` says that it waited too long for the first list. With `glass` somebody who may had it
    pushed without approval.
    """

    number: int
    revisions: list[Revision]
    stopped: bool = False
    withdrawn: bool = False
    ended: bool = False
    stirred: datetime | None = None
    late: bool = False
    glass: bool = False
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
    strangers: set[str] = field(default_factory=set)

    def may_vote(self, user: str) -> bool:
        return not any(user in those for those in (self.guests, self.gone, self.strangers))


@dataclass(frozen=True, kw_only=True)
class Law:
    """Who decides: the group, or for some fields the `owners`; `twins` are one person.

    `window` is how long an approved push waits, so that somebody can stop it. Those of the
    `second` list decide, too, what waited long; those of `glass` push without approval.
    """

    quorum: int
    owners: Mapping[str, frozenset[str]]
    confirm: frozenset[str]
    keep_votes: bool
    twins: frozenset[str]
    self_approval: bool = False
    window: timedelta = timedelta(0)
    second: frozenset[str] = frozenset()
    glass: frozenset[str] = frozenset()

    def person(self, user: str) -> str:
        return min(self.twins) if user in self.twins else user


def approved(case: Case, people: People, law: Law, *, heard: bool = False) -> set[Text]:
    """What may be pushed now, by all signs or by those that were heard.

    Everything or nothing; in parts each text on its own, but a new locale as a whole. Broken
    glass stands for every vote, and outvotes no rejection.
    """
    if case.stopped or case.withdrawn or case.ended or rejected(case, people, law):
        return set()
    if case.glass:
        return set(case.left)
    if case.now.message is None or not case.now.message.there:
        return set()
    ready = {text for text in case.left if _approved(text, case, people, law, heard=heard)}
    missing = set(case.left) - ready
    if not case.now.in_parts:
        return set() if missing else ready
    new = {text.locale for text in case.left if not text.field}
    broken = new & {text.locale for text in missing}
    return {text for text in ready if text.locale not in broken}


def rejected(case: Case, people: People, law: Law, *, heard: bool = False) -> bool:
    """Whether somebody who decides any of it rejects the newest revision, as far as was heard."""
    message = case.now.message
    signs = (message.signs & message.heard if heard else message.signs) if message else set()
    return any(
        emoji in NO and may_reject(user, text, case, people, law)
        for user, emoji in signs
        for text in case.left
    )


def standing_vetoes(case: Case) -> set[str]:
    """Return who rejects the newest revision, whether or not they still decide it.

    A rejection that counted holds until it is taken back, also where its message is gone.
    """
    if case.now.message is None:
        return set()
    return {user for user, emoji in case.now.message.signs if emoji in NO} | case.now.message.lost


def over(case: Case, now: datetime) -> bool:
    """Whether its time may be over: nothing ends in less than that from its revision."""
    return now >= case.now.at + LIFE


def overdue(case: Case, now: datetime) -> bool:
    """Whether its time is over in any case: as long has nothing become of it."""
    return now >= max(case.now.at, case.stirred or case.now.at) + LIFE


def confirmable(user: str, case: Case, people: People, law: Law) -> set[tuple[str, Text]]:
    """Return what a person's Confirm stands for just now: what they decide and has its votes."""
    return {
        (user, text)
        for text in case.left
        if text.rule in law.confirm
        and may(user, text, case, people, law)
        and _has_quorum(text, case, people, law, heard=False)
    }


def _approved(text: Text, case: Case, people: People, law: Law, *, heard: bool) -> bool:
    confirmed = text.rule not in law.confirm or any(
        what == text and may(user, text, case, people, law)
        for revision, _ in _counted(text, case, people, law, heard=heard)
        for user, what in revision.confirmed
    )
    return confirmed and _has_quorum(text, case, people, law, heard=heard)


def _has_quorum(text: Text, case: Case, people: People, law: Law, *, heard: bool) -> bool:
    voters = {
        law.person(user)
        for _, signs in _counted(text, case, people, law, heard=heard)
        for user, emoji in signs
        if emoji in YES and may(user, text, case, people, law)
    }
    return len(voters) >= law.quorum


def _counted(
    text: Text, case: Case, people: People, law: Law, *, heard: bool
) -> Iterator[tuple[Revision, set[Sign]]]:
    """Yield the revisions whose signs count for a text, with those: none before a rejection."""
    for revision in _same(text, case, law):
        signs = revision.message.counted(heard=heard) if revision.message else set()
        if any(emoji in NO and may_reject(user, text, case, people, law) for user, emoji in signs):
            return
        yield revision, signs


def _same(text: Text, case: Case, law: Law) -> Iterator[Revision]:
    """Yield the newest revision and those before it in which the text stood byte for byte.

    For which version it is and whether it may go in parts are parts of what was asked.
    """
    for revision in reversed(case.revisions):
        if text not in revision.texts or (revision is not case.now and not law.keep_votes):
            return
        asked = (case.now.version, case.now.in_parts)
        if (revision.version, revision.in_parts) != asked:
            return
        yield revision


def may(user: str, text: Text, case: Case, people: People, law: Law) -> bool:
    """Whether a person decides a text: listed, one of the team, and none of its authors."""
    own = law.person(user) in {law.person(revision.author) for revision in case.revisions}
    listed = user in _owners(text, case, people, law)
    return listed and people.may_vote(user) and (law.self_approval or not own)


def may_reject(user: str, text: Text, case: Case, people: People, law: Law) -> bool:
    """Whether a person rejects a text: as they decide it, but by an account that no list names."""
    own = law.person(user) in {law.person(revision.author) for revision in case.revisions}
    persons = {law.person(one) for one in _owners(text, case, people, law)}
    return law.person(user) in persons and people.may_vote(user) and (law.self_approval or not own)


def _owners(text: Text, case: Case, people: People, law: Law) -> set[str] | frozenset[str]:
    return law.owners.get(text.rule, people.group) | (law.second if case.late else set())


def may_break(user: str, reason: str, people: People, law: Law) -> bool:
    """Whether a person may push without approval, what they wrote themselves, too."""
    return user in law.glass and people.may_vote(user) and len(reason.strip()) >= SHORTEST


def may_review(user: str, who: str, case: Case, people: People, law: Law) -> bool:
    """Whether somebody else than `who` broke the glass may say that they looked at it."""
    own = law.person(user) == law.person(who)
    return not own and any(may(user, text, case, people, law) for text in case.now.texts)


def editable(field: str, state: str) -> bool:
    """Whether a version or app info in a state takes another text; "" stands for a locale."""
    still = field == "promotionalText" and state in PUBLIC | RELEASABLE
    return state in PREPARED or still
