"""What reached Apple, as the record tells it; the table of history says where to look.

Of an entry its own hash is checked. Whether the chain holds that it stands in is for
`marquee audit verify`: that reads all of it.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.domain.record import hash_of
from bot.storage.record import entry_of
from bot.storage.records import HistoryRow
from bot.storage.rows import at, moment

_Place = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Arrival:
    """A push as the record has it: what arrived with it, by locale and field, and by whom."""

    at: str
    digest: str
    proposer: str
    texts: Mapping[_Place, tuple[str, str]]
    approvers: tuple[str, ...] | None
    glass: str


def as_recorded(db: sqlite3.Connection, rows: Iterable[HistoryRow]) -> tuple[HistoryRow, ...]:
    """Return the rows with what the record tells of each; `recorded` is False where it does not."""
    known: dict[tuple[int, str], _Arrival | None] = {}
    told = []
    for row in rows:
        key = (row.proposal_id, moment(row.pushed_at))
        if key not in known:
            known[key] = _arrival(db, *key)
        told.append(_told(row, known[key]))
    return tuple(told)


def _told(row: HistoryRow, arrival: _Arrival | None) -> HistoryRow:
    texts = arrival.texts.get((row.locale, row.field)) if arrival else None
    if arrival is None or texts is None:
        return replace(row, recorded=False)
    return replace(
        row,
        before=texts[0],
        after=texts[1],
        proposer=arrival.proposer,
        # An older bot told these with the entry of the queue alone.
        approvers=row.approvers if arrival.approvers is None else arrival.approvers,
        glass=row.glass if arrival.approvers is None else arrival.glass,
        pushed_at=at(arrival.at),
        digest=arrival.digest,
    )


def _arrival(db: sqlite3.Connection, proposal: int, when: str) -> _Arrival | None:
    """Return the push of a proposal that ended at a moment, None where no entry tells of it."""
    ended = db.execute(
        "select * from record where proposal_id = ? and kind = 'push' and at = ?"
        " order by number desc",
        (proposal, when),
    )
    push = next((one for one in _bodies(ended) if one.get("did") in ("finished", "found")), None)
    if push is None:
        return None
    written = db.execute(
        "select * from record where proposal_id = ? and kind = 'proposal' order by number desc",
        (proposal,),
    )
    text = next((one for one in _bodies(written) if one.get("digest") == push.get("digest")), None)
    return _joined(when, push, text) if text else None


def _joined(when: str, push: Mapping[str, Any], text: Mapping[str, Any]) -> _Arrival | None:
    try:
        done = [(one["locale"], one["field"]) for one in push["items"] if one["state"] == "done"]
        arrived = {(locale, field) for locale, field in push.get("arrived", done)}
        texts = {
            (one["locale"], one["field"]): (one["before"], one["after"]) for one in text["items"]
        }
        return _Arrival(
            at=when,
            digest=push["digest"],
            proposer=text["proposer"],
            texts={place: both for place, both in texts.items() if place in arrived},
            approvers=tuple(push["approvers"]) if "approvers" in push else None,
            glass=push.get("glass", ""),
        )
    except (KeyError, TypeError, ValueError):
        # Somebody wrote into the file.
        return None


def _bodies(rows: Iterable[sqlite3.Row]) -> Iterator[Mapping[str, Any]]:
    """Yield what the entries hold that are as they were written."""
    for row in rows:
        entry = entry_of(row)
        body = json.loads(entry.body) if hash_of(entry) == entry.hash else None
        if isinstance(body, dict):
            yield body
