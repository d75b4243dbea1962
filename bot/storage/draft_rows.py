"""A draft as its row keeps it, read and written inside the caller's transaction."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

from bot.domain.proposals import AT_ONCE, Timing
from bot.storage.rows import at, at_or_none, dump, moment

# (locale, attribute) -> text; "" is emptied, an absent pair is untouched
Texts = Mapping[tuple[str, str], str]
NOTHING: Texts = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An edit in progress; `proposal_id` is set when it revises an open proposal,
    `replaces` when it proposes anew what is stale or failed, `submits` when the version shall
    be submitted with them, `in_parts` when what is approved shall not wait for the rest. `authors`
    wrote what was taken over into it, besides who works on it."""

    id: int
    user_id: str
    app_id: str
    platform: str
    version_id: str
    locale: str
    texts: Texts = field(repr=False)
    reason: str
    proposal_id: int | None
    replaces: int | None
    status: str
    updated_at: datetime
    submits: bool = False
    timing: Timing = AT_ONCE
    in_parts: bool = False
    authors: tuple[str, ...] = ()


def submit_draft(db: sqlite3.Connection, draft: int, *, now: datetime) -> bool:
    """End an open draft as proposed, inside the caller's transaction; False when it is not open."""
    return end_draft(db, draft, "submitted", now)


def author_of(db: sqlite3.Connection, draft: int) -> str:
    """Return whose a draft is, inside the caller's transaction."""
    row = db.execute("select user_id from drafts where id = ?", (draft,)).fetchone()
    return str(row["user_id"]) if row else ""


def draft_of(row: sqlite3.Row) -> Draft:
    """Return the draft that a row holds."""
    return Draft(
        id=row["id"],
        user_id=row["user_id"],
        app_id=row["app_id"],
        platform=row["platform"],
        version_id=row["version_id"],
        locale=row["locale"],
        texts={(locale, name): text for locale, name, text in json.loads(row["texts"])},
        reason=row["reason"],
        proposal_id=row["proposal_id"],
        replaces=row["replaces"],
        status=row["status"],
        updated_at=at(row["updated_at"]),
        submits=bool(row["submits"]),
        timing=Timing(not_before=at_or_none(row["not_before"]), ends_at=at_or_none(row["ends_at"])),
        in_parts=bool(row["in_parts"]),
        authors=tuple(json.loads(row["authors"])),
    )


def write_draft(db: sqlite3.Connection, draft: int, columns: Mapping[str, object]) -> Draft:
    """Write these columns of a draft; return it as it is then."""
    # Column names come from our own callers, never from outside.
    assignments = ", ".join(f"{name} = ?" for name in columns)
    statement = f"update drafts set {assignments} where id = ? returning *"  # noqa: S608
    return draft_of(db.execute(statement, (*columns.values(), draft)).fetchone())


def end_draft(db: sqlite3.Connection, draft: int, status: str, now: datetime) -> bool:
    """End an open draft as `status` says; False when it is not open."""
    done = db.execute(
        "update drafts set status = ?, updated_at = ? where id = ? and status = 'open'",
        (status, moment(now), draft),
    )
    return done.rowcount == 1


def let_go(db: sqlite3.Connection, draft: Draft, now: datetime) -> None:
    """Let a draft of a proposal be an ordinary one, with what the person has of its version."""
    held = [draft]
    for row in db.execute(
        "select * from drafts where user_id = ? and app_id = ? and platform = ?"
        " and version_id = ? and proposal_id is null and status = 'open' and uploaded = 0",
        (draft.user_id, draft.app_id, draft.platform, draft.version_id),
    ).fetchall():
        held.append(draft_of(row))
        end_draft(db, row["id"], "discarded", now)
    texts: dict[tuple[str, str], str] = {}
    reason = ""
    authors = _authors_of(db, draft.proposal_id)
    for one in sorted(held, key=lambda one: one.updated_at):
        texts |= one.texts
        reason = one.reason or reason
        authors = (*authors, *one.authors)
    columns = {
        "texts": dump_texts(texts),
        "reason": reason,
        "authors": dump_people((), authors),
        "updated_at": moment(now),
    }
    write_draft(db, draft.id, {"proposal_id": None, **columns})


def _authors_of(db: sqlite3.Connection, proposal: int | None) -> tuple[str, ...]:
    """Return who wrote a proposal: a draft of it may hold their texts."""
    row = db.execute(
        "select r.authors from revisions r join proposals p on p.id = r.proposal_id"
        " and p.revision = r.number where p.id = ?",
        (proposal,),
    ).fetchone()
    return tuple(json.loads(row["authors"])) if row else ()


def dump_people(held: Collection[str], more: Collection[str]) -> str:
    """Return people as a row keeps them, each once."""
    return dump(list(dict.fromkeys((*held, *more))))


def dump_texts(texts: Texts) -> str:
    """Return texts as a row keeps them."""
    return dump([[locale, name, text] for (locale, name), text in sorted(texts.items())])
