"""When somebody pushed without approval: who, why, and who reviewed it since."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from bot.domain.proposals import Proposal
from bot.domain.record import NewEntry, Why
from bot.storage.outbox import NewNotice, add_notices
from bot.storage.owner import Owner
from bot.storage.queueing import queue_push
from bot.storage.record import append
from bot.storage.rows import at, at_or_none, moment


@dataclass(frozen=True, slots=True, kw_only=True)
class Break:
    """That a person broke the glass for a revision; `reviewed_by` is "" until somebody did.

    `arrived_at` is when the first of it was at Apple, None while nothing is.
    """

    id: int
    proposal_id: int
    revision: int
    user: str
    reason: str
    at: datetime
    reviewed_by: str = ""
    arrived_at: datetime | None = None


# With when the first of it arrived, and not of a later break of the same proposal.
JOINED = (
    "select breaks.*, (select min(h.pushed_at) from history h where h.app_id = p.app_id"
    " and h.proposal_id = breaks.proposal_id and h.glass <> '' and h.pushed_at >= breaks.at"
    " and not exists (select 1 from breaks n where n.proposal_id = breaks.proposal_id"
    " and n.id > breaks.id and n.at <= h.pushed_at)) as arrived_at"
    " from breaks join proposals p on p.id = breaks.proposal_id"
)


class Breaks:
    """The door of broken glass."""

    def __init__(self, owner: Owner) -> None:
        self._owner = owner

    async def push(
        self,
        proposal: Proposal,
        *,
        user: str,
        reason: str,
        now: datetime,
        may: Iterable[str] = (),
    ) -> int | None:
        """Queue a push without approval, and write what is said of it, in one transaction.

        The record is told which users `may` break the glass.
        Return the break's number; None when the proposal's status or digest moved on.
        """
        who = sorted(may)

        def run(db: sqlite3.Connection) -> int | None:
            why = Why(by=user, glass=reason)
            push = queue_push(db, proposal, "approve", [user], now=now, why=why)
            if push is None:
                return None
            db.execute(
                "update proposals set glass_by = ?, stopped_by = '' where id = ?",
                (user, proposal.id),
            )
            row = db.execute(
                "insert into breaks (proposal_id, revision, user_id, reason, at)"
                " values (?, ?, ?, ?, ?) returning id",
                (proposal.id, proposal.revision, user, reason, moment(now)),
            ).fetchone()
            number = int(row["id"])
            named = _named(number, proposal.revision, proposal.digest)
            body = {**named, "reason": reason, "may": who}
            entry = NewEntry(kind="glass", body=body, proposal=proposal.id, actor=user)
            append(db, entry, at=now)
            told = NewNotice(
                key=f"glass:{number}:",
                kind="glass",
                channel=proposal.channel,
                body={"break": number},
            )
            add_notices(db, [told], now=now)
            return number

        return await self._owner.write(run)

    async def get(self, number: int) -> Break | None:
        """Return one break, None when there is none of that number."""
        row = await self._owner.read(
            lambda db: db.execute(f"{JOINED} where breaks.id = ?", (number,)).fetchone()
        )
        return _break(row) if row else None

    async def unreviewed(self) -> tuple[Break, ...]:
        """Return what nobody reviewed yet, the oldest first."""
        rows = await self._owner.read(
            lambda db: db.execute(
                f"{JOINED} where breaks.reviewed_by = '' order by breaks.id"
            ).fetchall()
        )
        return tuple(_break(row) for row in rows)

    async def review(self, number: int, *, user: str, now: datetime) -> bool:
        """Keep that a person reviewed it; False when somebody had before."""

        def run(db: sqlite3.Connection) -> bool:
            row = db.execute(
                "update breaks set reviewed_by = ?, reviewed_at = ?"
                " where id = ? and reviewed_by = '' returning proposal_id, revision",
                (user, moment(now), number),
            ).fetchone()
            if row is None:
                return False
            key = (row["proposal_id"], row["revision"])
            (digest,) = db.execute(
                "select digest from revisions where proposal_id = ? and number = ?", key
            ).fetchone()
            body = _named(number, row["revision"], digest)
            entry = NewEntry(kind="reviewed", body=body, proposal=row["proposal_id"], actor=user)
            append(db, entry, at=now)
            return True

        return await self._owner.write(run)


def _named(number: int, revision: int, digest: str) -> dict[str, object]:
    return {"break": number, "revision": revision, "digest": digest}


def _break(row: sqlite3.Row) -> Break:
    return Break(
        id=row["id"],
        proposal_id=row["proposal_id"],
        revision=row["revision"],
        user=row["user_id"],
        reason=row["reason"],
        at=at(row["at"]),
        reviewed_by=row["reviewed_by"],
        arrived_at=at_or_none(row["arrived_at"]),
    )
