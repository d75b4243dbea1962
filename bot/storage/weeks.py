"""What a stretch of time came to: pushed changes, failures, rejections, as few rows."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from bot.storage.owner import Owner
from bot.storage.rows import at, dump, moment

# States of a version that say Apple did not take it (App Store Connect API, AppVersionState).
REJECTED = ("REJECTED", "METADATA_REJECTED", "INVALID_BINARY")


@dataclass(frozen=True, slots=True, kw_only=True)
class PushedRow:
    """What reached Apple for an app: proposals and changes counted, the locales by code."""

    app_id: str
    proposals: int
    changes: int
    locales: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectionRow:
    """That Apple did not take a version; `state` is what it became."""

    app_id: str
    platform: str
    number: str
    state: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class EndedRow:
    """A proposal that ended without a push; `status` says how."""

    proposal_id: int
    app_id: str
    status: str


class Weeks:
    """The door of what is only counted."""

    def __init__(self, owner: Owner) -> None:
        self._owner = owner

    async def pushed(self, *, since: datetime, until: datetime) -> tuple[PushedRow, ...]:
        """Return what reached Apple from `since` up to `until`, the app with most first."""
        rows = await self._owner.read(
            lambda db: db.execute(
                "select app_id, count(distinct proposal_id) as proposals, count(*) as changes,"
                " group_concat(distinct locale) as locales from history"
                " where pushed_at >= ? and pushed_at < ?"
                " group by app_id order by changes desc, app_id",
                (moment(since), moment(until)),
            ).fetchall()
        )
        return tuple(_pushed(row) for row in rows)

    async def counts(self, *, since: datetime, until: datetime) -> tuple[int, int]:
        """Return how many changes arrived and how many failed for good in that time."""
        row = await self._owner.read(
            lambda db: db.execute(
                "select (select count(*) from history where pushed_at >= :a and pushed_at < :b)"
                " as pushed,"
                " (select count(*) from failures where at >= :a and at < :b) as failed",
                {"a": moment(since), "b": moment(until)},
            ).fetchone()
        )
        return row["pushed"], row["failed"]

    async def rejections(self, *, since: datetime, until: datetime) -> tuple[RejectionRow, ...]:
        """Return the versions that Apple did not take in that time, oldest first."""
        rows = await self._owner.read(
            lambda db: db.execute(
                "select * from transitions where kind = 'version' and at >= ? and at < ?"
                " and new in (select value from json_each(?)) order by id",
                (moment(since), moment(until), dump(REJECTED)),
            ).fetchall()
        )
        return tuple(_rejection(row) for row in rows)

    async def ended(self, *, since: datetime, until: datetime) -> tuple[EndedRow, ...]:
        """Return the proposals that people rejected or let expire in that time.

        The moment is when the bot ended it, whatever became of the votes since.
        """
        rows = await self._owner.read(
            lambda db: db.execute(
                "select id, app_id, status from proposals where status in ('rejected', 'expired')"
                " and ended_at >= ? and ended_at < ? order by id",
                (moment(since), moment(until)),
            ).fetchall()
        )
        return tuple(
            EndedRow(proposal_id=row["id"], app_id=row["app_id"], status=row["status"])
            for row in rows
        )

    async def changed(self, version_id: str) -> dict[tuple[str, str], datetime]:
        """Return (locale, field) -> when that text of a version last reached Apple."""
        rows = await self._owner.read(
            lambda db: db.execute(
                "select locale, field, max(pushed_at) as last from history"
                " where version_id = ? and field <> '' group by locale, field",
                (version_id,),
            ).fetchall()
        )
        return {(row["locale"], row["field"]): at(row["last"]) for row in rows}


def _pushed(row: sqlite3.Row) -> PushedRow:
    return PushedRow(
        app_id=row["app_id"],
        proposals=row["proposals"],
        changes=row["changes"],
        locales=tuple(sorted(one for one in row["locales"].split(",") if one)),
    )


def _rejection(row: sqlite3.Row) -> RejectionRow:
    return RejectionRow(
        app_id=row["app_id"],
        platform=row["platform"],
        number=row["number"],
        state=row["new"],
        at=at(row["at"]),
    )
