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

# What stands before the first entry.
GENESIS = "0" * 64
# So much of a hash is enough to name it: nobody finds another entry with the same beginning.
HEAD_SHOWN = 16
HEAD_LEAST = 8

# Every word that an entry's `kind` can be, and what such an entry tells.
KINDS: Mapping[str, str] = MappingProxyType(
    {
        "settings": "the bot started: its version and the rules in force, where they changed",
        "proposal": "a proposal or a revision was written: digest, authors, every text",
        "version": "a proposal is about another version from now on",
        "vote": "a reaction was given or taken back, and what it stands for",
        "votes": "Slack, asked again, showed other reactions than were known",
        "refused": "a vote that does not count, and why",
        "confirm": "somebody pressed Confirm",
        "decided": "what the votes came to, from whom, and who was in each user group then",
        "status": "a proposal went from one status to another, was stopped or let go on",
        "push": "a push was queued, claimed, planned, dropped or finished",
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
    for everything.
    """

    by: str = ""
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

    `head` may be the first characters of one, `HEAD_LEAST` or more.
    """

    def __init__(self, *, head: str = "") -> None:
        self._wanted = head.lower()
        self._entries, self._head, self._broken, self._passed = 0, GENESIS, "", not head

    def __repr__(self) -> str:
        return f"<Check entries={self._entries} {self._broken or 'well'}>"

    def pass_by(self, entry: Entry) -> bool:
        """Look at the next entry; False from the first one that is wrong."""
        self._broken = self._broken or _broken(entry, self._entries + 1, self._head)
        if self._broken:
            return False
        self._entries, self._head = entry.number, entry.hash
        self._passed = self._passed or entry.hash.startswith(self._wanted)
        return True

    def verdict(self) -> Verdict:
        """Return what was found, once all entries went by."""
        broken = self._broken
        if not broken and not self._passed:
            broken = (
                f"No entry has the hash {self._wanted}: what came after it and itself were cut "
                "off, or all was written anew."
            )
        return Verdict(entries=self._entries, head=self._head, broken=broken)


def verify(entries: Iterable[Entry], *, head: str = "") -> Verdict:
    """Check a whole chain in its order; with `head` also that it leads past that hash."""
    check = Check(head=head)
    for entry in entries:
        if not check.pass_by(entry):
            break
    return check.verdict()


def _broken(entry: Entry, number: int, before: str) -> str:
    if entry.number != number:
        if isinstance(entry.number, int) and entry.number > number:
            return f"Entry {number} is missing: the next one is {entry.number}."
        return f"Entry {entry.number} stands where entry {number} belongs."
    if entry.hash != hash_of(entry):
        return f"Entry {number} was changed: its hash is another."
    if entry.before != before:
        return f"Entry {number} does not follow the one before it: one of the two was replaced."
    return ""


def _values(entry: Entry) -> dict[str, object]:
    return {one.name: getattr(entry, one.name) for one in fields(Entry)}
