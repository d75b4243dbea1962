"""How a push ended, as all that is written of it: its proposal, history, failures and notices."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from bot.domain.items import Item
from bot.domain.proposals import Outage, Status
from bot.storage.claiming import holds
from bot.storage.moving import move
from bot.storage.outbox import NewNotice, add_notices
from bot.storage.parked import keep_parking
from bot.storage.proposal_rows import mark_items
from bot.storage.push_rows import Push, record_push, told_rights
from bot.storage.records import FailureRow, HistoryRow, remember
from bot.storage.rows import moment
from bot.storage.telling import told_items, told_wait


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """How a push ended: the proposal's verb, its items, what is remembered and said.

    `parked_for` or `outage` says what the rest waits for where the verb is "park".
    """

    verb: str
    items: tuple[tuple[Item, str | None], ...]
    history: tuple[HistoryRow, ...]
    failures: tuple[FailureRow, ...]
    notices: tuple[NewNotice, ...]
    parked_for: str = ""
    outage: Outage | None = None


def finish_push(
    db: sqlite3.Connection, push: Push, result: Result, *, revision: int, now: datetime
) -> Status | None:
    """Write how a push ended, in the caller's transaction; None when it was taken over.

    None as well where its proposal cannot be taken where the result says.
    """
    if not holds(db, push):
        return None
    status = move(db, push.proposal_id, result.verb, now=now, digest=push.digest)
    if status is None:
        return None
    db.execute(
        "update pushes set state = 'finished', finished_at = ? where id = ?",
        (moment(now), push.id),
    )
    parked_for = result.outage or result.parked_for
    keep_parking(db, push.proposal_id, status, parked_for, now=now)
    mark_items(db, push.proposal_id, revision, result.items)
    waits = told_wait(parked_for) if status is Status.PARKED else {}
    arrived = [[one.locale, one.field] for one in result.history]
    told = {"verb": result.verb, **waits, "items": told_items(result.items)}
    told |= {"arrived": arrived, **told_rights(push)}
    record_push(db, push, "finished", now=now, told=told)
    tried = None if push.part is None else [item for item, _ in result.items]
    remember(db, push.proposal_id, result.history, result.failures, tried=tried)
    add_notices(db, result.notices, now=now)
    return status
