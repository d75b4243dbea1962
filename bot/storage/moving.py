"""Where a proposal goes, and what is written down with it, inside the caller's transaction.

Every change of status is one compare-and-set.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from datetime import datetime

from bot.domain.lifetime import over_while
from bot.domain.proposals import REST_ENDS, Status, after, verb_of_rest
from bot.domain.record import UNSAID, NewEntry, Why
from bot.storage import vetoes
from bot.storage.opened import go_on_waiting, keep_days, open_again
from bot.storage.outbox import NewNotice, add_notices
from bot.storage.parked import keep_waited_for
from bot.storage.proposal_rows import leave_part, leave_rest, part_begun
from bot.storage.record import append
from bot.storage.records import forget_failures
from bot.storage.rows import moment
from bot.storage.votes import lapse

# Where a proposal ends without a push: its message is drawn for good.
ENDS = frozenset({Status.REJECTED, Status.WITHDRAWN, Status.EXPIRED, Status.SUPERSEDED})

# What people end like this needs a Confirm of its own once they approve it again. What goes back
# because votes fell lost its Confirm with them, and what Slack did not show keeps it.
LAPSES = frozenset({"stop", "reject"})


def move(
    db: sqlite3.Connection,
    proposal: int,
    verb: str,
    *,
    now: datetime,
    digest: str | None = None,
    why: Why = UNSAID,
) -> Status | None:
    """Take a proposal along a transition inside the caller's transaction, or leave it.

    Where it ends without a push, or goes back to people, `now` is kept as when.
    """
    row = db.execute(
        "select p.status, p.revision, r.digest from proposals p join revisions r"
        " on r.proposal_id = p.id and r.number = p.revision where p.id = ?",
        (proposal,),
    ).fetchone()
    if row is None or (digest is not None and digest != row["digest"]):
        return None
    wanted = verb
    if part_begun(db, proposal, row["revision"]):
        verb = verb_of_rest(verb)
    status = after(Status(row["status"]), verb)
    if status is not None:
        db.execute(
            "update proposals set status = ?, ended_at = ? where id = ? and status = ?",
            (status, moment(now) if status in ENDS else None, proposal, row["status"]),
        )
        told = {"from": row["status"], "to": status, "verb": verb, "revision": row["revision"]}
        _record_move(db, proposal, {**told, "digest": row["digest"]}, now=now, why=why)
        _see_to_it(db, proposal, verb, status, now=now, why=why)
        if wanted in LAPSES:
            lapse(db, proposal)
    return status


def _see_to_it(
    db: sqlite3.Connection, proposal: int, verb: str, status: Status, *, now: datetime, why: Why
) -> None:
    """Write down what follows from where a proposal went."""
    if status is Status.SUPERSEDED or verb in REST_ENDS:
        forget_failures(db, proposal)
    if status is Status.REJECTED and why.rejecting is not None:
        vetoes.keep(db, proposal, why.rejecting, now)
    if status is Status.REJECTED:
        keep_days(db, proposal, now=now)
    if status is Status.OPEN:
        wait = go_on_waiting if verb == "rest" else open_again
        wait(db, proposal, now=now)
    if verb in REST_ENDS:
        leave_rest(db, proposal, why=REST_ENDS[verb])
        leave_part(db, proposal, why=over_while(why.waited_for))
    if verb == verb_of_rest("expire") or status is Status.EXPIRED:
        keep_waited_for(db, proposal, why.waited_for)
    if status in ENDS or verb in REST_ENDS:
        add_notices(db, [_last_drawing(proposal, status, now)], now=now)


def _record_move(
    db: sqlite3.Connection, proposal: int, told: Mapping[str, object], *, now: datetime, why: Why
) -> None:
    if why.decided is not None:
        append(db, NewEntry(kind="decided", body=why.decided, proposal=proposal), at=now)
    body = {**told, **({"glass": why.glass} if why.glass else {})}
    append(db, NewEntry(kind="status", body=body, proposal=proposal, actor=why.by), at=now)


def _last_drawing(proposal: int, status: Status, now: datetime) -> NewNotice:
    return NewNotice(
        # What was rejected may open again and be rejected once more.
        key=f"draw:{proposal}:{status}:{moment(now)}",
        kind="draw",
        channel=f"proposal:{proposal}",
        body={"proposal": proposal},
    )
