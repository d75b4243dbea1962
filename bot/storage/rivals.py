"""Undecided proposals that change the same things of the same version."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from bot.domain.proposals import UNDER_WAY, ItemKind
from bot.storage.rows import dump


@dataclass(frozen=True, slots=True, kw_only=True)
class Rival:
    """A proposal that waits with another wish for the same place."""

    proposal: int
    kind: ItemKind
    locale: str
    field: str


def rivals(db: sqlite3.Connection, proposal: int) -> tuple[Rival, ...]:
    """Return who else changes what a proposal changes, the oldest first."""
    rows = db.execute(
        "select o.id, theirs.kind, theirs.locale, theirs.field from proposals p"
        " join proposals o on o.status in (select value from json_each(?))"
        " and o.app_id = p.app_id and o.platform = p.platform and o.version_id = p.version_id"
        " and o.id <> p.id"
        " join items theirs on theirs.proposal_id = o.id and theirs.revision = o.revision"
        " join items mine on mine.proposal_id = p.id and mine.revision = p.revision"
        " and mine.kind = theirs.kind and mine.locale = theirs.locale"
        " and mine.field = theirs.field"
        # What a part brought to Apple is a wish no more.
        " and mine.state <> 'done' and theirs.state <> 'done'"
        " where p.id = ? order by o.id, theirs.position",
        (dump([str(status) for status in UNDER_WAY]), proposal),
    ).fetchall()
    return tuple(
        Rival(
            proposal=row["id"],
            kind=ItemKind(row["kind"]),
            locale=row["locale"],
            field=row["field"],
        )
        for row in rows
    )
