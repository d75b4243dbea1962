"""How pushes come into the queue: approved, counted anew, retried, woken; one waits at a time."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import datetime

from bot.domain.proposals import Proposal
from bot.domain.record import UNSAID, Why
from bot.storage.moving import move
from bot.storage.parked import keep_outage
from bot.storage.push_rows import covers_text, push_of, record_push, told_rights
from bot.storage.rows import dump, moment

# Votes that come to another part count as another approval: the time to think begins anew.
APPROVING = ("approve", "recount", "let return")


def queue_push(
    db: sqlite3.Connection,
    proposal: Proposal,
    verb: str,
    approvers: Iterable[str],
    *,
    now: datetime,
    why: Why = UNSAID,
) -> int | None:
    """Approve (or retry) a proposal and queue its push, in the caller's transaction."""
    if move(db, proposal.id, verb, now=now, digest=proposal.digest, why=why) is None:
        return None
    if verb in APPROVING:
        db.execute(
            "update proposals set approved_at = ?, parked_for = '' where id = ?",
            (moment(now), proposal.id),
        )
        keep_outage(db, proposal.id, None)
    # Whoever prepares the old one just now loses the right to it.
    dropped = db.execute(
        "update pushes set state = 'dropped', epoch = epoch + 1"
        " where proposal_id = ? and state = 'queued' returning *",
        (proposal.id,),
    ).fetchall()
    for old in dropped:
        record_push(db, push_of(old), "dropped", now=now)
    people = sorted(approvers)
    row = db.execute(
        "insert into pushes"
        " (proposal_id, digest, epoch, state, approvers, created_at, glass, covers)"
        " values (?, ?, 0, 'queued', ?, ?, ?, ?) returning *",
        (proposal.id, proposal.digest, dump(people), moment(now), why.glass, covers_text(why.part)),
    ).fetchone()
    push = push_of(row)
    record_push(db, push, "queued", now=now, told=told_rights(push))
    return int(row["id"])


def let_return(db: sqlite3.Connection, proposal: Proposal, *, now: datetime) -> int | None:
    """Queue the push of a rejected return again, with the rights of the one that was dropped."""
    row = db.execute(
        "select * from pushes where proposal_id = ? order by id desc limit 1", (proposal.id,)
    ).fetchone()
    last = push_of(row)
    why = Why(glass=last.glass)
    return queue_push(db, proposal, "let return", last.approvers, now=now, why=why)


def queue_again(db: sqlite3.Connection, proposal: Proposal, *, now: datetime) -> int | None:
    """Wake a parked proposal and queue its last push anew, in the caller's transaction."""
    if move(db, proposal.id, "wake", now=now, digest=proposal.digest) is None:
        return None
    row = db.execute(
        "insert into pushes"
        " (proposal_id, digest, epoch, state, approvers, glass, covers, created_at)"
        " select proposal_id, digest, 0, 'queued', approvers, glass, covers, ? from pushes"
        " where proposal_id = ? order by id desc limit 1 returning *",
        (moment(now), proposal.id),
    ).fetchone()
    push = push_of(row)
    record_push(db, push, "woken", now=now, told=told_rights(push))
    return int(row["id"])
