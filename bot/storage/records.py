"""What a push leaves behind for ever: the changes that arrived, the failures that stay."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.storage.rows import dump, moment


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryRow:
    """A change that reached Apple; `glass` says why without approval, "" with it.

    `digest` is its proposal's, told when it is read.
    """

    app_id: str
    platform: str
    version_id: str
    version_number: str
    locale: str
    field: str
    before: str
    after: str
    proposal_id: int
    proposer: str
    approvers: tuple[str, ...]
    pushed_at: datetime
    glass: str = ""
    digest: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FailureRow:
    """Something that failed for good."""

    app_id: str
    locale: str
    field: str
    cause: str
    message: str
    remedy: str
    proposal_id: int | None
    at: datetime


def remember(
    db: sqlite3.Connection,
    proposal: int,
    history: Sequence[HistoryRow],
    failures: Iterable[FailureRow],
) -> None:
    """Write what a push of a proposal left behind, inside the caller's transaction."""
    db.executemany(
        "insert into history (app_id, platform, version_id, version_number, locale, field, before,"
        " after, proposal_id, proposer, approvers, pushed_at, glass)"
        " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                h.app_id,
                h.platform,
                h.version_id,
                h.version_number,
                h.locale,
                h.field,
                h.before,
                h.after,
                h.proposal_id,
                h.proposer,
                dump(h.approvers),
                moment(h.pushed_at),
                h.glass,
            )
            for h in history
        ],
    )
    # A push tries all that is not done yet, so it alone knows now what failed for good.
    _forget_tried(db, proposal)
    _forget_arrived(db, proposal, history)
    db.executemany(
        "insert into failures (app_id, locale, field, cause, message, remedy, proposal_id, at)"
        " values (?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (f.app_id, f.locale, f.field, f.cause, f.message, f.remedy, f.proposal_id, moment(f.at))
            for f in failures
        ],
    )


def forget_failures(db: sqlite3.Connection, proposal: int) -> None:
    """Drop what failed of a proposal whose place another one takes; nothing can retry it."""
    db.execute("delete from failures where proposal_id = ?", (proposal,))


def _forget_tried(db: sqlite3.Connection, proposal: int) -> None:
    """Drop what failed of a proposal before, and of those that it proposed anew."""
    db.execute(
        "with recursive tried (id) as (values (?) union select p.replaces from proposals p"
        " join tried t on p.id = t.id where p.replaces is not null)"
        " delete from failures where proposal_id in (select id from tried)",
        (proposal,),
    )


def _forget_arrived(db: sqlite3.Connection, proposal: int, history: Iterable[HistoryRow]) -> None:
    """Drop failures of other proposals for what has arrived now, in the same version."""
    places = dump([(one.locale, one.field) for one in history])
    db.execute(
        "delete from failures where (locale, field) in"
        " (select json_extract(value, '$[0]'), json_extract(value, '$[1]') from json_each(?))"
        " and proposal_id in (select other.id from proposals other"
        " join proposals this on this.id = ? and other.app_id = this.app_id"
        " and other.platform = this.platform and other.version_number = this.version_number)",
        (places, proposal),
    )
