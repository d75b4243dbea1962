"""Who rejected a revision and why: kept until they take it back, whatever becomes of them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import datetime

from bot.domain.approvals import Veto
from bot.domain.record import NewEntry
from bot.storage.outbox import NewNotice, add_notices
from bot.storage.owner import Owner
from bot.storage.record import append
from bot.storage.rows import dump, moment


class Vetoes:
    """The vetoes' door."""

    def __init__(self, owner: Owner) -> None:
        self._owner = owner

    async def of(self, proposal: int, revision: int) -> tuple[Veto, ...]:
        """Return who rejected a revision, the first one first."""
        rows = await self._owner.read(
            lambda db: db.execute(
                "select v.user_id, v.reason, exists (select 1 from votes o where o.given = 1"
                " and o.verb = 'reject' and o.proposal_id = v.proposal_id"
                " and o.revision = v.revision and o.user_id = v.user_id"
                " and cast(o.event_ts as real) < cast(r.message_ts as real)) as unseen"
                " from vetoes v join revisions r on r.proposal_id = v.proposal_id"
                " and r.number = v.revision where v.proposal_id = ? and v.revision = ?"
                " order by v.at, v.user_id",
                (proposal, revision),
            ).fetchall()
        )
        return tuple(
            Veto(user=row["user_id"], reason=row["reason"], unseen=bool(row["unseen"]))
            for row in rows
        )

    async def join(
        self, proposal: int, revision: int, users: Iterable[str], *, now: datetime
    ) -> bool:
        """Keep that these people reject it, too; return whether any of them is new."""
        wanted = tuple(users)
        return await self._owner.write(lambda db: _join(db, proposal, revision, wanted, now) > 0)

    async def explain(
        self,
        proposal: int,
        revision: int,
        veto: Veto,
        notices: Iterable[NewNotice],
        *,
        now: datetime,
    ) -> bool:
        """Keep a person's reason, and what is said of it; False when there is one already."""
        said = list(notices)

        def run(db: sqlite3.Connection) -> bool:
            done = db.execute(
                "update vetoes set reason = ? where proposal_id = ? and revision = ?"
                " and user_id = ? and reason = ''",
                (veto.reason, proposal, revision, veto.user),
            )
            if not done.rowcount:
                return False
            told = {"revision": revision, "reason": veto.reason}
            entry = NewEntry(kind="reason", body=told, proposal=proposal, actor=veto.user)
            append(db, entry, at=now)
            add_notices(db, said, now=now)
            return True

        return await self._owner.write(run)


def keep(db: sqlite3.Connection, proposal: int, users: Iterable[str], now: datetime) -> None:
    """Keep who rejects the current revision, and nobody else, in the caller's transaction."""
    wanted = tuple(users)
    revision = _revision(db, proposal)
    _drop_others(db, proposal, revision, wanted)
    _join(db, proposal, revision, wanted, now)


def lift(db: sqlite3.Connection, proposal: int, standing: Iterable[str]) -> tuple[int, int]:
    """Drop whose reaction does not stand any more, in the caller's transaction.

    Return how many were dropped and how many are left.
    """
    revision = _revision(db, proposal)
    dropped = _drop_others(db, proposal, revision, tuple(standing))
    left = db.execute(
        "select count(*) as left from vetoes where proposal_id = ? and revision = ?",
        (proposal, revision),
    ).fetchone()
    return dropped, int(left["left"])


def _revision(db: sqlite3.Connection, proposal: int) -> int:
    row = db.execute("select revision from proposals where id = ?", (proposal,)).fetchone()
    return int(row["revision"])


def _drop_others(
    db: sqlite3.Connection, proposal: int, revision: int, users: tuple[str, ...]
) -> int:
    return db.execute(
        "delete from vetoes where proposal_id = ? and revision = ?"
        " and user_id not in (select value from json_each(?))",
        (proposal, revision, dump(users)),
    ).rowcount


def _join(
    db: sqlite3.Connection, proposal: int, revision: int, users: tuple[str, ...], now: datetime
) -> int:
    return sum(
        db.execute(
            "insert into vetoes (proposal_id, revision, user_id, reason, at)"
            " values (?, ?, ?, '', ?) on conflict do nothing",
            (proposal, revision, user, moment(now)),
        ).rowcount
        for user in users
    )
