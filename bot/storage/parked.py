"""What parked proposals wait for, and since when."""

from __future__ import annotations

import sqlite3
from datetime import datetime

from bot.domain.proposals import Status
from bot.storage.rows import moment


def keep_parking(
    db: sqlite3.Connection, proposal: int, status: Status | None, parked_for: str, *, now: datetime
) -> None:
    """Keep it in the caller's transaction, where that parked the proposal."""
    if status is Status.PARKED:
        db.execute(
            "update proposals set parked_for = ?, parked_at = ? where id = ?",
            (parked_for, moment(now), proposal),
        )
