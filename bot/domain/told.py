"""What an entry tells of a revision, held against what the database holds of it. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.domain.changes import digest
from bot.domain.items import Item, ItemKind
from bot.domain.proposals import Target, Timing

# What a print is taken of: first of a revision itself, then of each of its items in order.
SUBJECT = ("app_id", "platform", "awaited", "not_before", "ends_at", "in_parts")
CHANGE = ("kind", "locale", "field", "before", "after", "creates")
# What decides besides who may let it go, and what is said where one is not as it was told.
DECIDES: Mapping[str, str] = {
    "bundle_id": "the app whose rules decide",
    "proposer": "who proposed it",
    "authors": "who wrote it",
    "returns": "the proposal whose texts it brings back",
    "reverts": "the proposal that it reverts",
    "since": "since when votes count for its changes, by which rule",
}
# What the record says was done with a push when people's word let it go.
LET_GO = frozenset({"queued", "woken"})
_PRINT = 8
_ABOUT = "its app, the version that it waits for, its time, or whether it goes in parts"


def prints(
    subject: Sequence[object], decides: Mapping[str, object], changes: Iterable[Sequence[object]]
) -> bytes:
    """Return prints of a revision, by which a difference is found and named.

    `subject` holds the values of SUBJECT, `decides` those of DECIDES, each of `changes` those
    of CHANGE.
    """
    held = ([decides.get(name)] for name in DECIDES)
    return b"".join(map(_print, (subject, *held, *changes)))


def differs(body: Mapping[str, Any], there: bytes) -> str:
    """Return in what a revision differs from what its entry tells, "" where in nothing.

    `there` are the prints of what the database holds.
    """
    items = body["items"]
    # What is not so is left out of an entry.
    left_out = {"awaited": body.get("awaited", ""), "in_parts": int(bool(body.get("in_parts")))}
    told = prints(
        [left_out.get(name, body.get(name)) for name in SUBJECT],
        deciding(body),
        (_told(item) for item in items),
    )
    places = _differing(told, there) - _left_open(body)
    if not places:
        return ""
    # A change that is not there any more says more than since when votes counted for it.
    place = min(places, key=lambda nth: (nth == len(DECIDES), nth))
    number = place - 1 - len(DECIDES)
    if place == 0:
        return _ABOUT
    if number < 0:
        return list(DECIDES.values())[place - 1]
    if number >= len(items):
        return "a change that the entry does not tell of"
    item = items[number]
    named = " ".join(filter(None, (item["locale"], item["field"]))) or item["kind"]
    return f"{named} (change {number + 1})"


def deciding(body: Mapping[str, Any]) -> dict[str, object]:
    """Return what decides on a revision by its entry; what that does not have is left out."""
    items = body.get("items") or []
    told = {name: body[name] for name in DECIDES if name in body}
    if all("since" in item and "rule" in item for item in items):
        told["since"] = counted(
            ((item["since"], item["rule"]) for item in items), int(body["revision"])
        )
    return told


def counted(items: Iterable[tuple[int, str]], number: int) -> list[list[object]]:
    """Return since which revision, under which rule, votes count for each change of a revision.

    `items` has both of each as a proposal has them: what is new in it is since 0.
    """
    return [[since or number, rule] for since, rule in items]


def decides_otherwise(told: Mapping[str, object], there: Mapping[str, object]) -> str:
    """Return what decides otherwise than an entry has `told`, "" where nothing does."""
    return next((DECIDES[name] for name in told if told[name] != there[name]), "")


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


def _left_open(body: Mapping[str, Any]) -> frozenset[int]:
    """Return the places of the prints of what an entry does not tell."""
    told = deciding(body)
    return frozenset(nth for nth, name in enumerate(DECIDES, 1) if name not in told)


def _differing(told: bytes, there: bytes) -> frozenset[int]:
    if told == there:
        return frozenset()
    pieces = (slice(at, at + _PRINT) for at in range(0, max(len(told), len(there)), _PRINT))
    return frozenset(nth for nth, one in enumerate(pieces) if told[one] != there[one])
