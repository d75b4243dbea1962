"""Requests to Apple, counted by account and hour; kept for as long as somebody compares."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import datetime, timedelta

from bot.domain.usage import Hour
from bot.storage.owner import Owner
from bot.storage.rows import at, moment

KEEP = timedelta(days=35)
ADD = (
    "insert into usage (account, hour, requests, refused, faults, others, lowest_left)"
    " values (?, ?, ?, ?, ?, ?, ?) on conflict (account, hour) do update set"
    " requests = requests + excluded.requests, refused = refused + excluded.refused,"
    " faults = faults + excluded.faults, others = others + excluded.others,"
    " lowest_left = min(coalesce(lowest_left, excluded.lowest_left),"
    " coalesce(excluded.lowest_left, lowest_left))"
)


class UsageLog:
    """The door of what was asked of Apple."""

    def __init__(self, owner: Owner) -> None:
        self._owner = owner

    async def add(self, hours: Iterable[Hour]) -> None:
        """Add counts to those of the same account and hour; what is old is dropped."""
        rows = [
            (h.account, moment(h.start), h.requests, h.refused, h.faults, h.others, h.lowest_left)
            for h in hours
        ]
        newest = max((row[1] for row in rows), default=None)

        def run(db: sqlite3.Connection) -> None:
            db.executemany(ADD, rows)
            if newest is not None:
                db.execute("delete from usage where hour < ?", (moment(at(newest) - KEEP),))

        await self._owner.write(run)

    async def hours(self, *, since: datetime, until: datetime) -> tuple[Hour, ...]:
        """Return the hours that begin from `since` up to `until`, by account, oldest first."""
        rows = await self._owner.read(
            lambda db: db.execute(
                "select * from usage where hour >= ? and hour < ? order by account, hour",
                (moment(since), moment(until)),
            ).fetchall()
        )
        return tuple(_hour(row) for row in rows)


def _hour(row: sqlite3.Row) -> Hour:
    return Hour(
        account=row["account"],
        start=at(row["hour"]),
        requests=row["requests"],
        refused=row["refused"],
        faults=row["faults"],
        others=row["others"],
        lowest_left=row["lowest_left"],
    )
