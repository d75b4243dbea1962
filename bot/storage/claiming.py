"""Who has the right to a push: each run takes it anew, and every write is fenced by its epoch."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable

from bot.domain.acts import Act
from bot.domain.record import NewEntry
from bot.storage.act_rows import act_of
from bot.storage.push_rows import Push, push_of, record_push
from bot.storage.record import append
from bot.storage.rows import dump
from bot.storage.steps import REPEATABLE, Step, step_of

# What the record is told of the steps and acts that were under way when a run was cut off.
CutOff = Callable[[Push, Iterable[Step], Iterable[Act]], Iterable[NewEntry]]


def say_nothing(_push: Push, _steps: Iterable[Step], _acts: Iterable[Act]) -> tuple[NewEntry, ...]:
    """Tell the record nothing."""
    return ()


def claim_push(db: sqlite3.Connection, push: int, cut_off: CutOff) -> Push | None:
    """Take the right to run a push, in the caller's transaction; None when it ended.

    What was under way is `todo` or `unsure` from then on, and the record is told of it.
    """
    row = db.execute(
        "update pushes set epoch = epoch + 1 where id = ?"
        " and state in ('queued', 'writing', 'checking') returning *",
        (push,),
    ).fetchone()
    if row is None:
        return None
    claimed = push_of(row)
    for entry in cut_off(claimed, *_under_way(db, push)):
        append(db, entry)
    db.execute(
        "update steps set state ="
        " case when verb in (select value from json_each(?)) then 'todo' else 'unsure' end"
        " where push_id = ? and state = 'doing'",
        (dump(sorted(REPEATABLE)), push),
    )
    db.execute("update acts set state = 'unsure' where push_id = ? and state = 'doing'", (push,))
    record_push(db, claimed, "claimed", told={"state": claimed.state})
    return claimed


def holds(db: sqlite3.Connection, push: Push) -> bool:
    """Return whether a run still has the right to its push, in the caller's transaction."""
    row = db.execute("select epoch from pushes where id = ?", (push.id,)).fetchone()
    return row is not None and row["epoch"] == push.epoch


def _under_way(db: sqlite3.Connection, push: int) -> tuple[list[Step], list[Act]]:
    """Return what the ledger shows as being sent, in the caller's transaction."""
    steps = db.execute(
        "select * from steps where push_id = ? and state = 'doing' order by position", (push,)
    ).fetchall()
    acts = db.execute(
        "select * from acts where push_id = ? and state = 'doing' order by position", (push,)
    ).fetchall()
    return [step_of(row) for row in steps], [act_of(row).act for row in acts]


def advance(db: sqlite3.Connection, push: Push, state: str) -> bool:
    """Take a push to its next state, in the caller's transaction; False when it was taken over."""
    done = db.execute(
        "update pushes set state = ? where id = ? and epoch = ?", (state, push.id, push.epoch)
    )
    return done.rowcount == 1
