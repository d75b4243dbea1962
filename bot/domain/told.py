"""What an entry tells of a revision, held against what the database holds of it. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.domain.changes import digest
from bot.domain.proposals import Item, ItemKind, Target, Timing

# What a print is taken of: first of a revision itself, then of each of its items in order.
SUBJECT = ("app_id", "platform", "awaited", "not_before", "ends_at", "in_parts")
CHANGE = ("kind", "locale", "field", "before", "after", "creates")
_PRINT = 8
_ABOUT = "its app, the version that it waits for, its time, or whether it goes in parts"


def prints(subject: Sequence[object], changes: Iterable[Sequence[object]]) -> bytes:
    """Return prints of a revision, by which a difference is found and the change named.

    `subject` holds the values of SUBJECT, each of `changes` those of CHANGE.
    """
    return b"".join(map(_print, (subject, *changes)))


def differs(body: Mapping[str, Any], there: bytes) -> str:
    """Return in what a revision differs from what its entry tells, "" where in nothing.

    `there` are the prints of what the database holds.
    """
    items = body["items"]
    # What is not so is left out of an entry.
    left_out = {"awaited": body.get("awaited", ""), "in_parts": int(bool(body.get("in_parts")))}
    told = prints(
        [left_out.get(name, body.get(name)) for name in SUBJECT],
        (_told(item) for item in items),
    )
    if told == there:
        return ""
    place = next(
        nth
        for nth in range(0, max(len(told), len(there)), _PRINT)
        if told[nth : nth + _PRINT] != there[nth : nth + _PRINT]
    )
    number = place // _PRINT - 1
    if number < 0:
        return _ABOUT
    if number >= len(items):
        return "a change that the entry does not tell of"
    item = items[number]
    named = " ".join(filter(None, (item["locale"], item["field"]))) or item["kind"]
    return f"{named} (change {number + 1})"


def is_itself(body: Mapping[str, Any]) -> bool:
    """Return whether an entry's digest is that of the texts it tells.

    Raises KeyError, TypeError or ValueError for what is no entry of a revision.
    """
    target = Target(
        app_id=body["app_id"],
        platform=body["platform"],
        version_id=body["version_id"],
        awaited=body.get("awaited", ""),
    )
    items = [
        Item(
            kind=ItemKind(item["kind"]),
            **{name: item[name] for name in CHANGE[1:-1]},
            creates=bool(item.get("creates")),
        )
        for item in body["items"]
    ]
    timing = Timing(not_before=_moment(body["not_before"]), ends_at=_moment(body["ends_at"]))
    return bool(
        body["digest"] == digest(target, items, timing, in_parts=bool(body.get("in_parts")))
    )


def _told(item: Mapping[str, Any]) -> list[object]:
    # Entries of before do not tell which localizations were there.
    return [*(item[name] for name in CHANGE[:-1]), int(bool(item.get("creates")))]


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _print(values: Sequence[object]) -> bytes:
    return hashlib.sha256(json.dumps(list(values)).encode()).digest()[:_PRINT]
