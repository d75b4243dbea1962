"""Undecided proposals that change the same things of a version, or of what its app shares."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from bot.domain.fields import SHARED
from bot.domain.items import ItemKind
from bot.domain.proposals import UNDER_WAY
from bot.storage.rows import dump


@dataclass(frozen=True, slots=True, kw_only=True)
class Rival:
    """A proposal that waits with another wish for the same place.

    `removes` where it takes the whole locale away.
    """

    proposal: int
    kind: ItemKind
    locale: str
    field: str
    removes: bool = False


def rivals(db: sqlite3.Connection, proposal: int) -> tuple[Rival, ...]:
    """Return who else changes what a proposal changes, the oldest first."""
    rows = db.execute(
        "with mine as (select * from items where proposal_id = :proposal"
        " and revision = (select revision from proposals where id = :proposal)"
        # What a part brought to Apple is a wish no more.
        " and state <> 'done')"
        " select o.id, theirs.kind, theirs.locale, theirs.field, exists (select 1 from items whole"
        " where whole.proposal_id = o.id and whole.revision = o.revision and whole.kind = 'locale'"
        " and whole.after <> 'present' and whole.locale = theirs.locale) as removes"
        " from proposals p"
        " join proposals o on o.status in (select value from json_each(:under_way))"
        " and o.app_id = p.app_id and o.id <> p.id"
        " join items theirs on theirs.proposal_id = o.id and theirs.revision = o.revision"
        # Once for all of theirs: else each of thousands is looked for among mine.
        " where p.id = :proposal and theirs.state <> 'done'"
        " and ((theirs.kind, theirs.locale, theirs.field) in"
        " (select kind, locale, field from mine)"
        # A locale that goes is in the way of all its texts, whoever takes it away.
        " or (theirs.kind in ('text', 'locale') and theirs.locale in (select locale from mine"
        " where kind = 'locale' and after <> 'present'))"
        " or (theirs.kind = 'locale' and theirs.after <> 'present'"
        " and theirs.locale in (select locale from mine)))"
        " and ((o.platform = p.platform and o.version_id = p.version_id"
        # Of versions that have no id yet, the number tells which.
        " and (p.version_id <> '' or o.awaited = p.awaited)) or"
        " (theirs.kind = 'text' and theirs.field in (select value from json_each(:shared))))"
        " order by o.id, theirs.position",
        {
            "under_way": dump([str(status) for status in UNDER_WAY]),
            "shared": dump(sorted(SHARED)),
            "proposal": proposal,
        },
    ).fetchall()
    return tuple(
        Rival(
            proposal=row["id"],
            kind=ItemKind(row["kind"]),
            locale=row["locale"],
            field=row["field"],
            removes=bool(row["removes"]),
        )
        for row in rows
    )
