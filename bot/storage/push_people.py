"""Whose approvals pushes went by, inside the caller's transaction."""

from __future__ import annotations

import json
import sqlite3

from bot.storage.push_rows import Push, push_of, record_push
from bot.storage.rows import dump


def keep_approvers(db: sqlite3.Connection, push: Push) -> None:
    """Keep whose approvals a push goes by: they may be others than when it was queued."""
    people = dump(list(push.approvers))
    db.execute("update pushes set approvers = ? where id = ?", (people, push.id))
    record_push(db, push, "approved", told={"approvers": list(push.approvers)})


def approvers_of(db: sqlite3.Connection, proposal: int) -> tuple[str, ...]:
    """Return who decided what of a proposal was pushed last, or arrived before, each once."""
    pushes = [
        push_of(row)
        for row in db.execute(
            "select * from pushes where proposal_id = ? and state <> 'dropped' order by id",
            (proposal,),
        ).fetchall()
    ]
    parts = [push.approvers for push in pushes if push.part is not None]
    arrived = _of_what_arrived(db, proposal) if len(pushes) > 1 and not parts else []
    last = [push.approvers for push in pushes[-1:]]
    return tuple(dict.fromkeys(user for people in (*parts, *arrived, *last) for user in people))


def _of_what_arrived(db: sqlite3.Connection, proposal: int) -> list[list[str]]:
    rows = db.execute(
        "select approvers from history where proposal_id = ? order by id", (proposal,)
    ).fetchall()
    return [json.loads(row["approvers"]) for row in rows]
