"""Which periods of which job were taken, and what a clock that was set back leaves behind.

A job that says something takes (job, period) in the same transaction; the row is why a
double run, a missed run and a restart are harmless.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from bot.storage.outbox import NewNotice, add_notices, free_keys
from bot.storage.owner import Owner
from bot.storage.rows import at, moment

# Stamps of the past, as (table, column). One that lies ahead was written while the clock was.
# What was said or failed was so by the time at which the clock was first seen to be behind.
BY_THEN: tuple[tuple[str, str], ...] = (
    ("periods", "at"),
    ("failures", "at"),
    ("proposals", "ended_at"),
    ("notices", "created_at"),
    ("breaks", "at"),
)
# What began then begins now.
FROM_NOW: tuple[tuple[str, str], ...] = (
    ("versions", "since"),
    ("standings", "since"),
    ("revisions", "created_at"),
)
# When something is tried again: ahead by right, but never by more than this.
DUES: tuple[tuple[str, str], ...] = (("notices", "due"), ("events", "due"))
LONGEST_DUE = timedelta(hours=1)
# A clock that is behind for a moment only, as after a start without a network, is let be.
PATIENCE = timedelta(hours=1)
# What was said while the clock was ahead by more than this is said again when it is due.
REMEMBERED = timedelta(hours=36)
CLOCK = "clock"
_LAST = "\U0010ffff"


class Periods:
    """The door of jobs' periods."""

    def __init__(self, owner: Owner) -> None:
        self._owner = owner

    async def take(
        self, job: str, periods: Sequence[str], *, now: datetime, notices: Iterable[NewNotice] = ()
    ) -> bool:
        """Take several periods of a job, with what they say; False when the first was taken.

        All or nothing: where the first is free the others are taken too, if they are not.
        """
        said = list(notices)

        def run(db: sqlite3.Connection) -> bool:
            if not take(db, job, periods[0], now=now):
                return False
            for period in periods[1:]:
                take(db, job, period, now=now)
            add_notices(db, said, now=now)
            return True

        return await self._owner.write(run)

    async def taken(self, job: str, start: str = "") -> frozenset[str]:
        """Return the periods of a job that were taken, those whose names begin with `start`."""
        rows = await self._owner.read(
            lambda db: db.execute(
                # A range, unlike a pattern, is looked up in the key.
                "select period from periods where job = ? and period >= ? and period < ?",
                (job, start, start + _LAST),
            ).fetchall()
        )
        return frozenset(row["period"] for row in rows)

    async def behind(self, *, now: datetime) -> bool:
        """Return whether the clock has been behind its own stamps for `PATIENCE` by now.

        The first look at such a clock is written down, so that a restart does not begin anew.
        """

        if not await self._owner.read(lambda db: _ahead(db, now) or _noticed(db) is not None):
            return False

        def run(db: sqlite3.Connection) -> bool:
            if not _ahead(db, now):
                db.execute("delete from periods where job = ?", (CLOCK,))
                return False
            first = _noticed(db)
            if first is None or first > now:
                db.execute("delete from periods where job = ?", (CLOCK,))
                take(db, CLOCK, moment(now), now=now)
                return False
            return now - first >= PATIENCE

        return await self._owner.write(run)

    async def set_back(self, *, now: datetime) -> int:
        """Let no stamp lie ahead of `now`; return how many did.

        Periods taken more than `REMEMBERED` ahead are forgotten with the keys of what they
        said, as if nothing had been said; those nearer were said a moment ago and stay taken.
        """

        def run(db: sqlite3.Connection) -> int:
            by_then = min(_noticed(db) or now, now)
            free_keys(db, created_after=now + REMEMBERED)
            found = db.execute(
                "delete from periods where at > ? or job = ?", (moment(now + REMEMBERED), CLOCK)
            ).rowcount
            for table, column, limit in _limits(now):
                right = by_then if (table, column) in BY_THEN else now
                # Names come from the tables above, never from outside.
                statement = f"update {table} set {column} = ? where {column} > ?"  # noqa: S608
                found += db.execute(statement, (moment(right), limit)).rowcount
            return found

        return await self._owner.write(run)


def _limits(now: datetime) -> list[tuple[str, str, str]]:
    return [
        *((table, column, moment(now)) for table, column in (*BY_THEN, *FROM_NOW)),
        *((table, column, moment(now + LONGEST_DUE)) for table, column in DUES),
    ]


def _noticed(db: sqlite3.Connection) -> datetime | None:
    row = db.execute("select period from periods where job = ?", (CLOCK,)).fetchone()
    return at(row["period"]) if row else None


def _ahead(db: sqlite3.Connection, now: datetime) -> bool:
    # Names come from the tables above, never from outside.
    return any(
        db.execute(f"select 1 from {table} where {column} > ? limit 1", (limit,)).fetchone()  # noqa: S608
        for table, column, limit in _limits(now)
    )


def take(db: sqlite3.Connection, job: str, period: str, *, now: datetime) -> bool:
    """Take a job's period inside the caller's transaction; False when it was taken."""
    done = db.execute(
        "insert into periods (job, period, at) values (?, ?, ?) on conflict do nothing",
        (job, period, moment(now)),
    )
    return done.rowcount == 1
