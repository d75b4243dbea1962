"""What the bot knows of apps and versions, what reached Apple, what failed, which ticks ran."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.listing import App, Version
from bot.storage.arrivals import as_recorded
from bot.storage.outbox import NewNotice, add_notices
from bot.storage.owner import Owner
from bot.storage.records import FailureRow, HistoryRow
from bot.storage.rows import at, moment, narrowed
from bot.storage.transitions import SeenVersion, VersionSight, see_version

__all__ = ["Run", "SeenVersion", "Watchlog"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A period that a job took, and when; before the period's time if the clock was ahead."""

    period: str
    at: datetime


class Watchlog:
    """The door of all that is only remembered."""

    def __init__(self, owner: Owner) -> None:
        self._owner = owner

    async def keep_apps(self, apps: Iterable[App]) -> None:
        """Keep the apps' names as Apple gave them."""
        rows = [(a.id, a.bundle_id, a.name, a.primary_locale, a.account) for a in apps]
        await self._owner.write(
            lambda db: db.executemany(
                "insert into apps (id, bundle_id, name, primary_locale, account)"
                " values (?, ?, ?, ?, ?)"
                " on conflict (id) do update set bundle_id = excluded.bundle_id,"
                " name = excluded.name, primary_locale = excluded.primary_locale,"
                " account = excluded.account",
                rows,
            )
        )

    async def apps(self) -> tuple[App, ...]:
        """Return the apps known, by name."""
        rows = await self._owner.read(
            lambda db: db.execute("select * from apps order by name").fetchall()
        )
        return tuple(App(**dict(row)) for row in rows)

    async def see(
        self, versions: Iterable[tuple[Version, str | None, Iterable[NewNotice]]], *, now: datetime
    ) -> None:
        """Keep versions' states, each with the state seen before and what to say about it.

        A version whose state is no longer the one seen before is left alone: another look
        was faster and has said what there was to say. What was never seen may have been so
        for long.
        """
        seen = [
            VersionSight(version=version, before=old, exact=old is not None, notices=tuple(notices))
            for version, old, notices in versions
        ]

        def run(db: sqlite3.Connection) -> None:
            for sight in seen:
                if see_version(db, sight, now=now):
                    add_notices(db, sight.notices, now=now)

        await self._owner.write(run)

    async def versions(self, app_id: str | None = None) -> tuple[SeenVersion, ...]:
        """Return the versions as last seen, of one app or of all."""
        rows = await self._owner.read(
            lambda db: db.execute(
                "select * from versions where ? is null or app_id = ? order by app_id, since desc",
                (app_id, app_id),
            ).fetchall()
        )
        return tuple(_seen(row) for row in rows)

    async def history(
        self,
        *,
        app_id: str,
        locale: str | None = None,
        version_id: str | None = None,
        limit: int = 50,
        recorded: bool = False,
    ) -> tuple[HistoryRow, ...]:
        """Return what reached Apple, newest first; with `recorded` as the record tells it."""
        given = {"app_id = ?": app_id, "locale = ?": locale, "version_id = ?": version_id}
        where, arguments = narrowed(given)

        def run(db: sqlite3.Connection) -> tuple[HistoryRow, ...]:
            rows = db.execute(
                "select h.*, ifnull((select r.digest from proposals p join revisions r"  # noqa: S608 - our own words
                " on r.proposal_id = p.id and r.number = p.revision where p.id = h.proposal_id),"
                f" '') as digest_now from history h where {where} order by id desc limit ?",
                (*arguments, limit),
            ).fetchall()
            found = tuple(_history(row) for row in rows)
            return as_recorded(db, found) if recorded else found

        return await self._owner.read(run)

    async def changes(self, app_id: str, *, locale: str | None = None) -> int:
        """Return how many changes of an app, or of a locale of it, reached Apple."""
        where, arguments = narrowed({"app_id = ?": app_id, "locale = ?": locale})
        row = await self._owner.read(
            lambda db: db.execute(
                f"select count(*) as many from history where {where}",  # noqa: S608 - our own words
                arguments,
            ).fetchone()
        )
        return int(row["many"])

    async def failures(
        self, *, since: datetime, until: datetime, app_id: str | None = None, limit: int = 500
    ) -> tuple[FailureRow, ...]:
        """Return what failed for good from `since` up to `until`, by app, locale and cause."""
        rows = await self._owner.read(
            lambda db: db.execute(
                "select * from failures where at >= ? and at < ? and (? is null or app_id = ?)"
                " order by app_id, locale, cause, id limit ?",
                (moment(since), moment(until), app_id, app_id, limit),
            ).fetchall()
        )
        return tuple(_failure(row) for row in rows)

    async def failures_of(self, proposal: int) -> tuple[FailureRow, ...]:
        """Return what of a proposal failed for good and was not mended since."""
        rows = await self._owner.read(
            lambda db: db.execute(
                "select * from failures where proposal_id = ? order by locale, cause, id",
                (proposal,),
            ).fetchall()
        )
        return tuple(_failure(row) for row in rows)

    async def first_run(
        self, job: str, period: str, *, now: datetime, notices: Iterable[NewNotice] = ()
    ) -> bool:
        """Take a job's period, with what it says, once; False when it was taken."""
        said = list(notices)

        def run(db: sqlite3.Connection) -> bool:
            taken = db.execute(
                "insert into periods (job, period, at) values (?, ?, ?) on conflict do nothing",
                (job, period, moment(now)),
            ).rowcount
            if taken:
                add_notices(db, said, now=now)
            return taken == 1

        return await self._owner.write(run)

    async def last_run(self, job: str, *, up_to: str | None = None) -> str | None:
        """Return the greatest period that a job has taken, None before its first; see `last`."""
        run = await self.last(job, up_to=up_to)
        return run.period if run else None

    async def last(self, job: str, *, up_to: str | None = None) -> Run | None:
        """Return the greatest period that a job has taken and when, None before its first.

        With `up_to` later periods do not count, which only a clock that went wrong has taken.
        """
        row = await self._owner.read(
            lambda db: db.execute(
                "select period, at from periods where job = ? and (? is null or period <= ?)"
                " order by period desc limit 1",
                (job, up_to, up_to),
            ).fetchone()
        )
        return Run(period=row["period"], at=at(row["at"])) if row else None

    async def forget(self, *, now: datetime, age: timedelta) -> None:
        """Drop jobs' periods that were taken longer than `age` ago."""
        await self._owner.write(
            lambda db: db.execute("delete from periods where at < ?", (moment(now - age),))
        )


def _seen(row: sqlite3.Row) -> SeenVersion:
    return SeenVersion(
        version=Version(
            id=row["id"],
            app_id=row["app_id"],
            platform=row["platform"],
            number=row["number"],
            state=row["state"],
        ),
        since=at(row["since"]),
        exact=bool(row["exact"]),
    )


def _history(row: sqlite3.Row) -> HistoryRow:
    left_out = ("id", "digest_now")
    values = {name: row[name] for name in row.keys() if name not in left_out}  # noqa: SIM118 - a Row
    return HistoryRow(
        **{
            **values,
            # An older bot did not keep by which text each push went.
            "digest": row["digest"] or row["digest_now"],
            "part": bool(row["part"]),
            "approvers": tuple(json.loads(row["approvers"])),
            "pushed_at": at(row["pushed_at"]),
        }
    )


def _failure(row: sqlite3.Row) -> FailureRow:
    values = {name: row[name] for name in row.keys() if name != "id"}  # noqa: SIM118 - a Row
    return FailureRow(**{**values, "at": at(row["at"])})
