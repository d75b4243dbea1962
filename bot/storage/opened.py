"""Approved proposals that go back to people: since when they wait again, and until when."""

from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta

from bot.domain.timing import FURTHEST
from bot.storage.rows import at, moment

# What is left to decide once a part was pushed can be read for at least so long.
LEAST = timedelta(days=1)


def open_again(db: sqlite3.Connection, proposal: int, *, now: datetime) -> None:
    """Give people as long as they had, in the caller's transaction.

    Never longer than a revision lives, nor than until the texts would return: after that nobody
    needs a decision. What was to return by itself waited for no decision until now: the days
    that it waited before do not count.
    """
    row = db.execute(
        "select p.expires_at, r.ends_at,"
        " coalesce(p.opened_at, r.created_at) as since,"
        " case when p.returns is null or p.revision > 1 then r.created_at"
        " else coalesce(p.opened_at, ?) end as created_at"
        " from proposals p join revisions r on r.proposal_id = p.id and r.number = p.revision"
        " where p.id = ?",
        (moment(now), proposal),
    ).fetchone()
    until = _at_most(row, now + (at(row["expires_at"]) - at(row["since"])))
    db.execute(
        "update proposals set opened_at = ?, expires_at = ?, glass_by = '' where id = ?",
        (moment(now), moment(until), proposal),
    )


def keep_days(db: sqlite3.Connection, proposal: int, *, now: datetime) -> None:
    """Give who rejected what returns by itself as many days to take that back as others have.

    In the caller's transaction. It waits for no decision, so that its own may be long over.
    """
    row = db.execute(
        "select expires_at, created_at from proposals where id = ? and returns is not null"
        " and revision = 1 and opened_at is null",
        (proposal,),
    ).fetchone()
    if row is None:
        return
    until = now + (at(row["expires_at"]) - at(row["created_at"]))
    db.execute(
        "update proposals set expires_at = max(expires_at, ?) where id = ?",
        (moment(min(until, now + FURTHEST)), proposal),
    )


def go_on_waiting(db: sqlite3.Connection, proposal: int, *, now: datetime) -> None:
    """Let the rest of a proposal in parts wait on as before, in the caller's transaction.

    A part that waited long for its own time leaves the rest a day at least.
    """
    row = db.execute(
        "select p.expires_at, r.ends_at, r.created_at from proposals p join revisions r"
        " on r.proposal_id = p.id and r.number = p.revision where p.id = ?",
        (proposal,),
    ).fetchone()
    until = _at_most(row, max(at(row["expires_at"]), now + LEAST))
    db.execute("update proposals set expires_at = ? where id = ?", (moment(until), proposal))


def _at_most(row: sqlite3.Row, until: datetime) -> datetime:
    until = min(until, at(row["created_at"]) + FURTHEST)
    return until if row["ends_at"] is None else min(until, at(row["ends_at"]))
