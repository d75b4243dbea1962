"""What a push leaves behind for ever: the changes that arrived, the failures that stay."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from bot.storage.rows import dump, moment


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryRow:
    """A change that reached Apple."""

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
    history: Iterable[HistoryRow],
    failures: Iterable[FailureRow],
) -> None:
    """Write what a push of a proposal left behind, inside the caller's transaction."""
    db.executemany(
        "insert into history (app_id, platform, version_id, version_number, locale, field, before,"
        " after, proposal_id, proposer, approvers, pushed_at)"
        " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
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
            )
            for h in history
        ],
    )
    # A push tries all that is not done yet, so it alone knows now what failed for good.
    db.execute("delete from failures where proposal_id = ?", (proposal,))
    db.executemany(
        "insert into failures (app_id, locale, field, cause, message, remedy, proposal_id, at)"
        " values (?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (f.app_id, f.locale, f.field, f.cause, f.message, f.remedy, f.proposal_id, moment(f.at))
            for f in failures
        ],
    )
