"""What a push leaves behind for ever: the changes that arrived, the failures that stay."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.items import Item
from bot.storage.rows import dump, moment


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryRow:
    """A change that reached Apple; `glass` says why without approval, "" with it.

    `digest` is that of the push, for older ones their proposal's; `part` when the proposal went
    in parts and this came with one of them. `recorded` is False where the record was asked and
    does not tell of it.
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
    part: bool = False
    recorded: bool = True


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
    *,
    tried: Iterable[Item] | None = None,
) -> None:
    """Write what a push of a proposal left behind, inside the caller's transaction.

    `tried` are the items of a push that covered a part alone.
    """
    db.executemany(
        "insert into history (app_id, platform, version_id, version_number, locale, field, before,"
        " after, proposal_id, proposer, approvers, pushed_at, glass, digest, part)"
        " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
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
                h.digest,
                int(h.part),
            )
            for h in history
        ],
    )
    # A push tries all that it covers and is not done yet, so it alone knows now what failed of
    # it for good.
    _forget_tried(db, proposal, tried)
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
    """Drop what failed of a proposal that ended; nothing can retry it."""
    db.execute("delete from failures where proposal_id = ?", (proposal,))


def _forget_tried(db: sqlite3.Connection, proposal: int, tried: Iterable[Item] | None) -> None:
    """Drop what failed of a proposal before, and of those that it proposed anew."""
    places = None if tried is None else dump([f"{item.locale}/{item.field}" for item in tried])
    db.execute(
        "with recursive tried (id) as (values (?) union select p.replaces from proposals p"
        " join tried t on p.id = t.id where p.replaces is not null)"
        " delete from failures where proposal_id in (select id from tried)"
        " and (? is null or locale || '/' || field in (select value from json_each(?)))",
        (proposal, places, places),
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
