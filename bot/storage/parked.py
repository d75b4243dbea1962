"""What parked proposals wait for, and since when; which of them met an outage at Apple's side."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import datetime

from bot.domain.proposals import Outage, Proposal, Status
from bot.storage.owner import Owner
from bot.storage.proposal_rows import load
from bot.storage.rows import moment, moment_or_none

# Waits for Apple, or is being tried just now.
MET_IT = "where p.try_at is not null and p.status in ('parked', 'approved', 'pushing')"


class Outages:
    """The door to the proposals whose push met an outage."""

    def __init__(self, owner: Owner) -> None:
        self._owner = owner

    async def waiting(self) -> tuple[Proposal, ...]:
        """Return what waits for Apple or is being tried, longest untried first."""
        return await self._owner.read(
            lambda db: load(db, f"{MET_IT} order by p.parked_at, p.id", ())
        )

    async def put_off(self, proposals: Iterable[int], until: datetime) -> None:
        """Try none of these before `until`."""
        rows = [(moment(until), number, moment(until)) for number in proposals]
        await self._owner.write(
            lambda db: db.executemany(
                "update proposals set try_at = ? where id = ? and try_at < ?", rows
            )
        )

    async def over(self, proposals: Iterable[int]) -> None:
        """Keep that Apple takes pushes of these again."""
        rows = [(number,) for number in proposals]
        await self._owner.write(
            lambda db: db.executemany("update proposals set try_at = null where id = ?", rows)
        )


def keep_parking(
    db: sqlite3.Connection,
    proposal: int,
    status: Status | None,
    parked_for: str | Outage,
    *,
    now: datetime,
) -> None:
    """Keep what a proposal waits for, in the transaction that parked it; else that it does not."""
    outage = parked_for if isinstance(parked_for, Outage) else None
    keep_outage(db, proposal, outage if status is Status.PARKED else None)
    if status is Status.PARKED:
        lock = "" if isinstance(parked_for, Outage) else parked_for
        db.execute(
            "update proposals set parked_for = ?, parked_at = ? where id = ?",
            (lock, moment(now), proposal),
        )


def keep_waited_for(db: sqlite3.Connection, proposal: int, waited_for: str) -> None:
    """Keep what a proposal waited for when its time was over, in the caller's transaction."""
    db.execute("update proposals set parked_for = ? where id = ?", (waited_for, proposal))


def keep_outage(db: sqlite3.Connection, proposal: int, outage: Outage | None) -> None:
    """Keep the outage that a proposal's push met, None for none, in the caller's transaction."""
    kind = outage.kind if outage else ""
    since = moment(outage.since) if outage else None
    db.execute(
        "update proposals set outage = ?, outage_since = ?, try_at = ? where id = ?",
        (kind, since, moment_or_none(outage.try_at) if outage else None, proposal),
    )
