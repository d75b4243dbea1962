"""A push as a row, and as the record tells it, inside the caller's transaction."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from bot.domain.parts import Part
from bot.domain.record import NewEntry
from bot.storage.record import append
from bot.storage.rows import at, dump

NOTHING_MORE: Mapping[str, object] = MappingProxyType({})


class PushState(StrEnum):
    """How far a push is."""

    QUEUED = "queued"
    WRITING = "writing"
    CHECKING = "checking"
    FINISHED = "finished"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Push:
    """A push as the store holds it; `approvers` are the user ids that decided.

    `glass` is why it needed no approval; then they are who broke the glass. `part` holds the
    places of the items that it covers, None for all of them.
    """

    id: int
    proposal_id: int
    digest: str
    epoch: int
    state: PushState
    approvers: tuple[str, ...]
    finished_at: datetime | None = None
    glass: str = ""
    part: Part = None


def covers_text(part: Part) -> str:
    """Return a part as a row keeps it."""
    return "" if part is None else dump(list(part))


def part_of(covers: str) -> Part:
    """Return the part that a row keeps."""
    return tuple(json.loads(covers)) if covers else None


def record_push(
    db: sqlite3.Connection,
    push: Push,
    did: str,
    *,
    told: Mapping[str, object] = NOTHING_MORE,
    now: datetime | None = None,
) -> None:
    """Tell the record what was done with a push, and which part of its proposal it covers."""
    part = {} if push.part is None else {"covers": list(push.part)}
    named = {"push": push.id, "epoch": push.epoch, "digest": push.digest}
    body = {"did": did, **named, **part, **told}
    append(db, NewEntry(kind="push", body=body, proposal=push.proposal_id), at=now)


def told_rights(push: Push) -> dict[str, object]:
    """Return by what right a push goes, as the record tells it."""
    return {
        "approvers": list(push.approvers),
        **({"glass": push.glass} if push.glass else {}),
    }


def push_of(row: sqlite3.Row) -> Push:
    """Return the push that a row holds."""
    return Push(
        id=row["id"],
        proposal_id=row["proposal_id"],
        digest=row["digest"],
        epoch=row["epoch"],
        state=PushState(row["state"]),
        approvers=tuple(json.loads(row["approvers"])),
        finished_at=at(row["finished_at"]) if row["finished_at"] else None,
        glass=row["glass"],
        part=part_of(row["covers"]),
    )
