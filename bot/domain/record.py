"""The record that nobody bends: each entry carries the hash of the one before it.

Pure: how entries are hashed and how a chain is checked. What a chain cannot show is that its end
was cut off, or that it was written anew as a whole; a hash that people saw elsewhere, its head of
another day, can.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, fields, is_dataclass, replace
from datetime import timedelta
from types import MappingProxyType

from bot.domain.told import LET_GO, differs, is_itself

# What stands before the first entry.
GENESIS = "0" * 64
# So much of a hash is enough to name it: nobody finds another entry with the same beginning.
HEAD_SHOWN = 16

# Every word that an entry's `kind` can be, and what such an entry tells.
KINDS: Mapping[str, str] = MappingProxyType(
    {
        "settings": "the bot started: its version and the rules in force, where they changed",
        "proposal": "a proposal or a revision was written: digest, authors, every text",
        "version": "a proposal is about another version from now on",
        "vote": "a reaction was given or taken back, and what it stands for",
        "votes": "Slack, asked again, showed other reactions than were known",
        "refused": "a vote that does not count, and why",
        "reason": "why somebody rejected it, in their words",
        "confirm": "somebody pressed Confirm",
        "decided": "what the votes came to, from whom, and who was in each user group then",
        "status": "a proposal went from one status to another, was stopped or let go on",
        "glass": "somebody pushed without approval: why, and who could",
        "reviewed": "somebody reviewed a push without approval",
        "token": "a token for the API was made or revoked: its owner, its apps, until when",
        "push": "a push was queued, claimed, planned, parked, woken, dropped, finished or found",
        "calls": "requests to App Store Connect with what was answered, several at once",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEntry:
    """What is to be written down; `body` is made of what JSON can hold."""

    kind: str
    body: Mapping[str, object] = field(repr=False)
    proposal: int | None = None
    actor: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry: `at` is ISO 8601 in UTC, `actor` a user id or "", `body` canonical JSON.

    `before` is the hash of the entry before it and `hash` its own, both SHA-256 in hexadecimal
    digits. Numbers begin at 1 and leave none out.
    """

    number: int
    at: str
    kind: str
    proposal: int | None
    actor: str
    body: str = field(repr=False)
    before: str
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """What stands behind a change of status: who asked for it, and what the votes came to.

    `rejecting` are those who reject it, None where that is kept before; `glass` is why it is
    pushed without approval, "" where it has one. `part` holds the places of what it lets go, None
    for everything. `waited_for` is what an approved one waited for until its time was over.
    """

    by: str = ""
    waited_for: str = ""
    decided: Mapping[str, object] | None = None
    rejecting: tuple[str, ...] | None = None
    glass: str = ""
    part: tuple[int, ...] | None = None


UNSAID = Why()


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a check came to: how many entries hold, the hash of the last of them.

    `broken` is a sentence that names the entry, "" where nothing is wrong.
    """

    entries: int
    head: str
    broken: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What stands beside a record about it: its newest entry, and revisions it has to tell of.

    `number` is 0 before the first entry, None where what was kept was taken away. `revisions`
    are (proposal, revision, digest), and `prints` says by (proposal, revision) what the database
    holds of each, as `bot.domain.told` takes it. `pushes` has the proposal of each push, and
    `glass` who, by the database, broke the glass for a revision.
    """

    number: int | None
    hash: str
    revisions: frozenset[tuple[int, int, str]] = frozenset()
    prints: Mapping[tuple[int, int], bytes] = field(default_factory=dict, repr=False)
    pushes: Mapping[int, int] = field(default_factory=dict, repr=False)
    glass: Mapping[tuple[int, int, str], str] = field(default_factory=dict, repr=False)


def plain(value: object) -> object:
    """Return a value of ours as JSON can hold it: spans as seconds, sets in order, else text."""
    if is_dataclass(value) and not isinstance(value, type):
        return {one.name: plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, Mapping):
        return {str(name): plain(one) for name, one in value.items()}
    if isinstance(value, AbstractSet):
        return sorted(str(one) for one in value)
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    if isinstance(value, timedelta):
        return value.total_seconds()
    return value if value is None or isinstance(value, bool | int | float) else str(value)


def canonical(body: object) -> str:
    """Return a body as the one JSON text that is hashed: keys in order, nothing between."""
    return json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def sealed(new: NewEntry, *, at: str, after: Entry | None) -> Entry:
    """Return the entry that follows `after`; raises KeyError for a kind that there is not."""
    KINDS[new.kind]
    open_entry = Entry(
        number=after.number + 1 if after else 1,
        at=at,
        kind=new.kind,
        proposal=new.proposal,
        actor=new.actor,
        body=canonical(new.body),
        before=after.hash if after else GENESIS,
        hash="",
    )
    return replace(open_entry, hash=hash_of(open_entry))


def hash_of(entry: Entry) -> str:
    """Return the hash that an entry should carry, whatever it does carry."""
    told = [value for name, value in _values(entry).items() if name != "hash"]
    # A file that was written into can hold anything; what JSON does not know is told by its repr.
    text = json.dumps(told, separators=(",", ":"), ensure_ascii=False, default=repr)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


class Check:
    """Goes along a chain, entry by entry; with `head` it also looks for that hash.

    `head` may be the first characters of one, `HEAD_SHOWN` or more. `kept` was read before the
    entries, so that what is added meanwhile is not missed; None where nothing is kept.
    """

    def __init__(self, *, head: str = "", kept: Kept | None = None) -> None:
        self._wanted, self._kept = head.lower(), kept
        self._untold = set(kept.revisions) if kept else set()
        self._pushes = dict(kept.pushes) if kept else {}
        self._glass = dict(kept.glass) if kept else {}
        self._entries, self._head, self._broken, self._passed = 0, GENESIS, "", not head

    def __repr__(self) -> str:
        return f"<Check entries={self._entries} {self._broken or 'well'}>"

    def pass_by(self, entry: Entry) -> bool:
        """Look at the next entry; False from the first one that is wrong."""
        self._broken = (
            self._broken
            or _broken(entry, self._entries + 1, self._head, self._kept)
            or self._mistold(entry)
        )
        if self._broken:
            return False
        self._entries, self._head = entry.number, entry.hash
        self._passed = self._passed or entry.hash.startswith(self._wanted)
        self._tick_off(entry)
        return True

    def verdict(self) -> Verdict:
        """Return what was found, once all entries went by."""
        broken = self._broken or self._cut_off() or self._left_out() or self._without_right()
        if not broken and not self._passed:
            broken = (
                f"No entry has the hash {self._wanted}: what came after it and itself were cut "
                "off, or all was written anew."
            )
        return Verdict(entries=self._entries, head=self._head, broken=broken)

    def _tick_off(self, entry: Entry) -> None:
        """Cross out what an entry tells of what has to be told."""
        if self._untold and entry.kind == "proposal":
            self._untold.discard(_revision(entry))
        if self._pushes and entry.kind == "push":
            push = _let_go(entry)
            if self._pushes.get(push) == entry.proposal:
                self._pushes.pop(push, None)
        if self._glass and entry.kind == "glass":
            broken_for = _revision(entry)
            if self._glass.get(broken_for) == entry.actor:
                del self._glass[broken_for]

    def _mistold(self, entry: Entry) -> str:
        """Return in what a revision's entry is at odds with itself or with the database."""
        if entry.kind != "proposal":
            return ""
        number, revision, text = _revision(entry)
        named = f"revision {revision} of proposal {number} (digest {text[:8]})"
        try:
            body = json.loads(entry.body)
            if not is_itself(body):
                return f"Entry {entry.number} tells of {named}, and its texts have another digest."
            there = self._kept.prints.get((number, revision)) if self._kept else None
            wrong = differs(body, there) if there is not None else ""
        except (AttributeError, KeyError, TypeError, ValueError):
            return f"Entry {entry.number} is about a proposal and tells of no revision."
        if not wrong:
            return ""
        return f"The database holds {named} otherwise than entry {entry.number} tells: {wrong}."

    def _cut_off(self) -> str:
        if self._kept is None:
            return ""
        last, first = self._kept.number, self._entries + 1
        if last is None:
            return "It was emptied or written anew: what is kept of its end was taken away."
        if last < first:
            return ""
        missing = f"Entry {last} is" if last == first else f"Entries {first} to {last} are"
        return f"{missing} missing: the record was cut off after entry {self._entries}."

    def _left_out(self) -> str:
        if not self._untold:
            return ""
        proposal, revision, text = min(self._untold)
        return (
            f"Proposal {proposal} has a revision {revision} (digest {text[:8]}) that no entry "
            "tells of: the record was emptied, or written anew."
        )

    def _without_right(self) -> str:
        """Return what would go, or went, to Apple without an entry that lets it."""
        if self._glass:
            (proposal, revision, text), user = min(self._glass.items())
            return (
                f"The database holds that revision {revision} of proposal {proposal} (digest "
                f"{text[:8]}) goes without approval by {user}, and no entry tells that they broke "
                "the glass."
            )
        if self._pushes:
            push, proposal = min(self._pushes.items())
            return f"Push {push} of proposal {proposal} is in the database, and no entry let it go."
        return ""


def verify(entries: Iterable[Entry], *, head: str = "") -> Verdict:
    """Check a whole chain in its order; with `head` also that it leads past that hash."""
    check = Check(head=head)
    for entry in entries:
        if not check.pass_by(entry):
            break
    return check.verdict()


def _revision(entry: Entry) -> tuple[int, int, str]:
    """Return which revision a proposal's entry tells of, one that there is not if none."""
    try:
        body = json.loads(entry.body)
        return (int(entry.proposal or 0), int(body["revision"]), str(body["digest"]))
    except (KeyError, TypeError, ValueError):
        return (0, 0, "")


def _let_go(entry: Entry) -> int:
    """Return the push that an entry tells to have been let go, 0 where it tells of none."""
    try:
        body = json.loads(entry.body)
        return int(body["push"]) if body["did"] in LET_GO else 0
    except (KeyError, TypeError, ValueError):
        return 0


def _broken(entry: Entry, number: int, before: str, kept: Kept | None) -> str:
    if entry.number != number:
        if isinstance(entry.number, int) and entry.number > number:
            return f"Entry {number} is missing: the next one is {entry.number}."
        return f"Entry {entry.number} stands where entry {number} belongs."
    if entry.hash != hash_of(entry):
        return f"Entry {number} was changed: its hash is another."
    if entry.before != before:
        return f"Entry {number} does not follow the one before it: one of the two was replaced."
    if kept is not None and entry.number == kept.number and entry.hash != kept.hash:
        return f"Entry {number} was written anew: another one was the newest."
    return ""


def _values(entry: Entry) -> dict[str, object]:
    return {one.name: getattr(entry, one.name) for one in fields(Entry)}
