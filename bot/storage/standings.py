"""Where everything stands that is no version: submissions, app infos, phased releases, accounts.

Knows rows and one rule: a standing changes only from what was seen before, together with
what is said about it.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.storage.outbox import NewNotice, add_notices
from bot.storage.owner import Owner
from bot.storage.rows import at, dump, moment
from bot.storage.transitions import (
    SeenVersion,
    Transition,
    VersionSight,
    add_transitions,
    see_version,
)

SUBMISSION, INFO, PHASED, ACCOUNT, LOOK = "submission", "info", "phased", "account", "look"
REST, SEEN = "rest", "seen"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where something stands; `since` is when its state was first seen.

    `kind` says what it is: "submission", "info" and "phased" by Apple's id and in Apple's
    states; "account" by its name ("OK", "KEY", "AGREEMENTS"); "look" by the app's id,
    when it was last read closely; "rest" by the app's id, when all that Apple does not send
    at once was last asked for; "seen" by the account's name, when its apps were last looked
    at. `detail` holds what else is known, such as the `day`,
    `percent` and `paused_days` of a phased release.
    """

    kind: str
    id: str
    state: str
    since: datetime
    app_id: str = ""
    platform: str = ""
    version_id: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingSight:
    """Something as it stands now, as it stood before (None: never seen), and what is said.

    `happened` are the transitions to keep with it.
    """

    now: Standing
    before: Standing | None
    notices: tuple[NewNotice, ...] = ()
    happened: tuple[Transition, ...] = ()


class Standings:
    """The door of what stands where, and the one place where a look is written down."""

    def __init__(self, owner: Owner) -> None:
        self._owner = owner

    async def see(
        self,
        versions: Iterable[VersionSight],
        standings: Iterable[StandingSight],
        *,
        gone: Iterable[SeenVersion] = (),
        now: datetime,
    ) -> int:
        """Keep what a look saw, all at once, with what is said; return how much was new.

        Versions that are `gone` are forgotten. What no longer stands as it was seen before is
        left alone: another look was faster and has said what there was to say.
        """
        seen, stood, left = list(versions), list(standings), list(gone)

        def run(db: sqlite3.Connection) -> int:
            said = [one.notices for one in seen if see_version(db, one, now=now)]
            said += [one.notices for one in stood if _see(db, one)]
            for notices in said:
                add_notices(db, notices, now=now)
            db.executemany(
                "delete from versions where id = ? and state = ? and since = ?",
                [(one.version.id, one.version.state, moment(one.since)) for one in left],
            )
            return len(said)

        return await self._owner.write(run)

    async def all(self, kind: str, *, app_id: str | None = None) -> tuple[Standing, ...]:
        """Return everything of a kind, of one app or of all."""
        rows = await self._owner.read(
            lambda db: db.execute(
                "select * from standings where kind = ? and (? is null or app_id = ?) order by id",
                (kind, app_id, app_id),
            ).fetchall()
        )
        return tuple(_standing(row) for row in rows)

    async def get(self, kind: str, id_: str) -> Standing | None:
        """Return one, None for what was never seen."""
        row = await self._owner.read(
            lambda db: db.execute(
                "select * from standings where kind = ? and id = ?", (kind, id_)
            ).fetchone()
        )
        return _standing(row) if row else None

    async def phased_of(self, version_id: str) -> Standing | None:
        """Return a version's phased release as last seen, None without one."""
        row = await self._owner.read(
            lambda db: db.execute(
                "select * from standings where kind = ? and version_id = ?"
                " order by since desc limit 1",
                (PHASED, version_id),
            ).fetchone()
        )
        return _standing(row) if row else None


def _see(db: sqlite3.Connection, sight: StandingSight) -> bool:
    if _kept(db, sight.now, sight.before):
        add_transitions(db, sight.happened)
        return True
    return False


def _kept(db: sqlite3.Connection, now: Standing, before: Standing | None) -> bool:
    values = (
        now.app_id,
        now.platform,
        now.version_id,
        now.state,
        dump(now.detail),
        moment(now.since),
    )
    if before is None:
        statement = (
            "insert into standings (kind, id, app_id, platform, version_id, state, detail, since)"
            " values (?, ?, ?, ?, ?, ?, ?, ?) on conflict (kind, id) do nothing"
        )
        return db.execute(statement, (now.kind, now.id, *values)).rowcount == 1
    statement = (
        "update standings set app_id = ?, platform = ?, version_id = ?, state = ?, detail = ?,"
        " since = ? where kind = ? and id = ? and state = ? and detail = ? and since = ?"
    )
    was = (now.kind, now.id, before.state, dump(before.detail), moment(before.since))
    return db.execute(statement, (*values, *was)).rowcount == 1


def _standing(row: sqlite3.Row) -> Standing:
    return Standing(
        kind=row["kind"],
        id=row["id"],
        app_id=row["app_id"],
        platform=row["platform"],
        version_id=row["version_id"],
        state=row["state"],
        detail=json.loads(row["detail"]),
        since=at(row["since"]),
    )
