"""What one value of marquee.toml may look like; each reader returns it or raises Wrong."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from fnmatch import fnmatchcase
from typing import TypeVar

from bot.settings.names import ACTIONS, CONDITIONS, FIELDS, STATES
from bot.settings.problems import Wrong, nearest, shown

T = TypeVar("T")
Reader = Callable[[object], T]

_CHANNEL = re.compile(r"[CG][A-Z0-9]{2,20}")
_USER = re.compile(r"[UW][A-Z0-9]{2,20}")
_APPROVER = re.compile(r"[UWS][A-Z0-9]{2,20}")
_BUNDLE_ID = re.compile(r"[A-Za-z0-9.-]{1,155}")
_LOCALE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]+)?")
# What stands for other characters in a pattern, as fnmatch has it; "[" and "]" only as a pair.
_WILDCARD = re.compile(r"\*|\?|\[!?[A-Za-z0-9.-]+\]")
_LETTERS = re.compile(r"[A-Za-z0-9-]{1,40}")
_EMOJI = re.compile(r"[^\s:<>&]{1,100}")
LARGEST_QUORUM = 20


def text(value: object) -> str:
    """Read a text that says something."""
    if not isinstance(value, str):
        raise Wrong(f"{shown(value)} is not a text.", 'Put it in quotes, as in "this".')
    if not value.strip():
        raise Wrong("The text is empty.", "Fill it in, or leave the line out.")
    return value


def flag(value: object) -> bool:
    """Read true or false."""
    if not isinstance(value, bool):
        raise Wrong(f"{shown(value)} is neither true nor false.", "Write true or false, no quotes.")
    return value


def quorum(value: object) -> int:
    """Read how many approvals it takes, from 1 to 20."""
    whole = isinstance(value, int) and not isinstance(value, bool)
    if not whole or not 1 <= int(str(value)) <= LARGEST_QUORUM:
        raise Wrong(
            f"{shown(value)} is no number of approvals.",
            f"Write a whole number from 1 to {LARGEST_QUORUM}.",
        )
    return int(str(value))


def channel(value: object) -> str:
    """Read the id of a channel."""
    name = text(value)
    if not _CHANNEL.fullmatch(name):
        raise Wrong(
            f"{shown(name)} is no channel id.",
            "Channel ids begin with C; Slack shows one at the end of the channel's details.",
        )
    return name


def approver(value: object) -> str:
    """Read the id of a user or of a user group."""
    name = text(value)
    if not _APPROVER.fullmatch(name):
        raise Wrong(
            f"{shown(name)} is no id of a user or a user group.",
            "User ids begin with U or W, group ids with S; copy them from their profiles in Slack.",
        )
    return name


def bundle_id(value: object) -> str:
    """Read an app's bundle id."""
    name = text(value)
    if not _BUNDLE_ID.fullmatch(name):
        raise Wrong(
            f"{shown(name)} is no bundle id.", 'It looks like "com.example.notes"; no spaces.'
        )
    return name


def bundle_ids(value: object) -> str:
    """Read an app's bundle id, or a pattern of several such as `com.example.*`."""
    name = text(value)
    return name if _is_pattern(name, _BUNDLE_ID) else bundle_id(name)


def emoji(value: object) -> str:
    """Read an emoji's name, without colons and without a skin tone."""
    name = text(value)
    if not _EMOJI.fullmatch(name):
        raise Wrong(
            f"{shown(name)} is no emoji name.",
            'Write the name without colons and skin tone, as in "white_check_mark".',
        )
    return name


def locale(value: object) -> str:
    """Read a locale's code, or a pattern such as `pt-*` or `zh-Han?`."""
    code = text(value)
    if not _LOCALE.fullmatch(code) and not _is_pattern(code, _LETTERS):
        raise Wrong(
            f"{shown(code)} is no locale.",
            'Write Apple\'s code, as in "ja" or "pt-BR", or a pattern, as in "pt-*".',
        )
    return code


def user(value: object) -> str:
    """Read the id of a user."""
    name = text(value)
    if not _USER.fullmatch(name):
        raise Wrong(
            f"{shown(name)} is no id of a user.",
            "It begins with U or W; copy it from the profile in Slack.",
        )
    return name


def field(value: object) -> str:
    """Read a field's name as Apple has it, or that of an action, or a pattern for some of them."""
    known = (*FIELDS, *ACTIONS)
    name = text(value)
    if _is_pattern(name, _LETTERS) and any(fnmatchcase(one, name) for one in known):
        return name
    return one_of(name, known, "field or action")


def _is_pattern(name: str, letters: re.Pattern[str]) -> bool:
    """Return whether `name` has wildcards; they have to be whole, the rest to be `letters`."""
    if not set(name) & set("*?[]"):
        return False
    if not letters.fullmatch(_WILDCARD.sub("x", name)):
        raise Wrong(
            f"{shown(name)} is no pattern.",
            'Besides letters it may have *, ? and sets such as [abc], [a-c] or [!a], as in "pt-*".',
        )
    return True


def state(value: object) -> str:
    """Read a version's state as Apple has it."""
    return one_of(value, STATES, "state of a version")


def condition(value: object) -> str:
    """Read the name of a condition that a reminder can be about."""
    return one_of(value, CONDITIONS, "condition")


def list_of(read: Reader[T], *, filled: bool = False) -> Reader[tuple[T, ...]]:
    """Return a reader of a list, each entry once; `filled` refuses an empty one."""

    def read_all(value: object) -> tuple[T, ...]:
        if not isinstance(value, list):
            raise Wrong(f"{shown(value)} is not a list.", 'Write it as ["one", "two"].')
        if filled and not value:
            raise Wrong("The list is empty.", "Put at least one entry in, or leave the line out.")
        entries = [read(entry) for entry in value]
        if len(set(entries)) < len(entries):
            raise Wrong("The list names something twice.", "Take the second one out.")
        return tuple(entries)

    return read_all


def one_or_more(read: Reader[T]) -> Reader[tuple[T, ...]]:
    """Return a reader of one value or a list of them."""
    several = list_of(read, filled=True)
    return lambda value: several(value if isinstance(value, list) else [value])


def one_of(value: object, names: Iterable[str], what: str) -> str:
    """Read one of `names`; `what` says in a message what they are names of."""
    name = text(value)
    known = tuple(names)
    if name not in known:
        near = nearest(name, known) or f"Known are {', '.join(known)}."
        raise Wrong(f"{shown(name)} is no {what}.", near)
    return name
