"""A proposal as it is first written and as it is revised, inside the caller's transaction.

With it goes what makes room for it: its draft ends, and so does what it takes the place of.
"""

from __future__ import annotations

import sqlite3
from datetime import datetime

from bot.domain.items import ItemState
from bot.domain.proposals import GIVEN_UP, Status, after
from bot.domain.record import Why
from bot.storage.draft_rows import author_of, submit_draft
from bot.storage.found import keep_found
from bot.storage.moving import move
from bot.storage.outbox import NewNotice, add_notices
from bot.storage.proposal_rows import (
    NewProposal,
    NewRevision,
    insert_proposal,
    insert_revision,
    keep_live_now,
)
from bot.storage.rows import moment
from bot.storage.tokens import keep, may_go_on


def propose(
    db: sqlite3.Connection,
    new: NewProposal,
    revision: NewRevision,
    *,
    draft: int | None,
    replaces: int | None,
    now: datetime,
) -> int | None:
    """Write a proposal and the notice that announces it; return its number.

    None when its request may not go on, its draft had ended, or what it `replaces` cannot be
    replaced any more.
    """
    if new.request is not None and not may_go_on(db, new.request, now):
        return None
    if draft is not None and not submit_draft(db, draft, now=now):
        return None
    if replaces is not None and not _give_place(db, replaces, now):
        return None
    number = insert_proposal(db, new, now, replaces=replaces)
    insert_revision(db, number, 1, revision, now, by=new.proposer)
    add_notices(db, [_announcement(number, 1, new.channel)], now=now)
    _take_place(db, number, draft, now)
    if new.request is not None:
        keep(db, new.request, number, now)
    return number


def revise(
    db: sqlite3.Connection,
    held: sqlite3.Row,
    revision: NewRevision,
    *,
    draft: int,
    expires_at: datetime,
    now: datetime,
) -> int | None:
    """Write the next revision of the proposal whose row is `held`, open from then on.

    Return its number; None when it cannot be revised where it is, or its draft had ended.
    """
    proposal, seen = held["id"], held["revision"]
    if after(Status(held["status"]), "revise") is None:
        return None
    if not submit_draft(db, draft, now=now):
        return None
    author = author_of(db, draft)
    if held["status"] != Status.OPEN:
        move(db, proposal, "revise", now=now, why=Why(by=author))
    number = int(seen) + 1
    stopped = _still_stopped(db, proposal, revision, by=author)
    db.execute(
        "update proposals set revision = ?, expires_at = ?, opened_at = null,"
        " stopped_by = ? where id = ?",
        (number, moment(expires_at), stopped, proposal),
    )
    keep_found(db, held, revision.arrived, now=now)
    insert_revision(db, proposal, number, revision, now, by=author)
    keep_live_now(db, proposal, number)
    old = NewNotice(
        key=f"replaced:{proposal}:{seen}",
        kind="replaced",
        channel=f"proposal:{proposal}",
        body={"proposal": proposal, "revision": seen},
    )
    add_notices(db, [_announcement(proposal, number, held["channel"]), old], now=now)
    return number


def _still_stopped(db: sqlite3.Connection, proposal: int, revision: NewRevision, *, by: str) -> str:
    """Return who stopped what an edit left as it was, "" where nothing was or they edit it.

    Else an author would lift somebody's Stop by changing something else.
    """
    row = db.execute("select stopped_by from proposals where id = ?", (proposal,)).fetchone()
    stands = any(item.since and item.state is not ItemState.DONE for item in revision.items)
    return str(row["stopped_by"]) if stands and row["stopped_by"] != by else ""


def _give_place(db: sqlite3.Connection, old: int, now: datetime) -> bool:
    """End what is proposed anew; False where it cannot be. What was given up stays as it ended."""
    row = db.execute("select status from proposals where id = ?", (old,)).fetchone()
    given_up = row is not None and Status(row["status"]) in GIVEN_UP
    return given_up or move(db, old, "supersede", now=now) is not None


def _take_place(db: sqlite3.Connection, number: int, draft: int | None, now: datetime) -> None:
    """Keep which proposal a draft proposed anew, and end that one if it is still open."""
    row = db.execute(
        "update proposals set replaces = d.replaces from drafts d"
        " where proposals.id = ? and d.id = ? and d.replaces is not null"
        " returning proposals.replaces",
        (number, draft),
    ).fetchone()
    if row is None:
        return
    old = db.execute("select status from proposals where id = ?", (row["replaces"],)).fetchone()
    if old is not None and old["status"] == Status.OPEN:
        move(db, row["replaces"], "supersede", now=now)


def _announcement(proposal: int, revision: int, channel: str) -> NewNotice:
    return NewNotice(
        key=f"proposal:{proposal}:{revision}",
        kind="proposal",
        channel=channel,
        body={"proposal": proposal, "revision": revision},
    )
