"""What happened to versions, in order: every transition that was seen, once.

Knows rows, and that a state is only changed from the one that was seen before.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.listing import Version
from bot.storage.outbox import NewNotice
from bot.storage.owner import Owner
from bot.storage.rows import at, moment, moment_or_none

VERSION = "version"


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition:
    """Something went from `old` to `new` at `at`; it had been so since `old_since`.

    Where it is not `exact`, it was so before `old_since`, or it went on before `at`: nobody
    looked when it did. `kind` is "version" or one of those of a `Standing`; `number` is the
    version's. What the states are called is the kind's: Apple's names, or "day 3" of a phased
    release.
    """

    kind: str
    app_id: str
    version_id: str
    platform: str
    number: str
    old: str
    new: str
    old_since: datetime
    at: datetime
    exact: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenVersion:
    """A version as last seen; `since` is when its state was first seen.

    Where that is not `exact`, the version may have been in it for long when it was looked at.
    """

    version: Version
    since: datetime
    exact: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionSight:
    """A version as it is seen now, the state seen before, and what is to be said about it.

    `since` is when that state was first seen, None for whenever that was: a version that came
    back to it meanwhile was seen by a faster look.
    `before` is None for one that was never seen. It is `exact` where the app was looked at just
    before, so that the version was seen to come into its state.
    """

    version: Version
    before: str | None
    since: datetime | None = None
    exact: bool = True
    notices: tuple[NewNotice, ...] = ()


class Transitions:
    """The door of what happened; it is written where states are."""

    def __init__(self, owner: Owner) -> None:
        self._owner = owner

    async def of_version(self, version_id: str) -> tuple[Transition, ...]:
        """Return what was seen to happen to a version, oldest first."""
        return await self._listed("version_id = ?", (version_id,))

    async def between(
        self, since: datetime, until: datetime, *, app_id: str | None = None
    ) -> tuple[Transition, ...]:
        """Return what was seen from `since` up to `until`, oldest first."""
        given = (moment(since), moment(until), app_id, app_id)
        return await self._listed("at >= ? and at < ? and (? is null or app_id = ?)", given)

    async def thread(self, version_id: str, channel: str) -> str | None:
        """Return the message in a channel whose thread tells a version's story, if any."""
        row = await self._owner.read(
            lambda db: db.execute(
                "select ts from version_threads where version_id = ? and channel = ?",
                (version_id, channel),
            ).fetchone()
        )
        return row["ts"] if row else None

    async def keep_thread(self, version_id: str, channel: str, *, ts: str) -> None:
        """Keep the message whose thread tells a version's story from now on."""
        await self._owner.write(
            lambda db: db.execute(
                "insert into version_threads (version_id, channel, ts) values (?, ?, ?)"
                " on conflict (version_id, channel) do update set ts = excluded.ts",
                (version_id, channel, ts),
            )
        )

    async def _listed(self, where: str, given: tuple[str | None, ...]) -> tuple[Transition, ...]:
        rows = await self._owner.read(
            lambda db: db.execute(
                f"select * from transitions where {where} order by id",  # noqa: S608 - ours alone
                given,
            ).fetchall()
        )
        return tuple(_transition(row) for row in rows)


def see_version(db: sqlite3.Connection, sight: VersionSight, *, now: datetime) -> bool:
    """Keep a version's state inside the caller's transaction; False where another was faster.

    A state that is another than before is a transition, which is kept too.
    """
    version, old = sight.version, sight.before
    if old is None:
        return _first_seen(db, sight, now)
    row = db.execute(
        "select since, exact from versions where id = ? and state = ? and since = ifnull(?, since)",
        (version.id, old, moment_or_none(sight.since)),
    ).fetchone()
    if row is None:
        return False
    moved = old != version.state
    since = moment(now) if moved else row["since"]
    exact = sight.exact if moved else row["exact"]
    db.execute(
        "update versions set number = ?, state = ?, since = ?, exact = ? where id = ?",
        (version.number, version.state, since, int(exact), version.id),
    )
    if moved:
        happened = _of(version, old=old, old_since=at(row["since"]), now=now)
        add_transitions(db, [replace(happened, exact=bool(row["exact"]) and sight.exact)])
    return True


def _first_seen(db: sqlite3.Connection, sight: VersionSight, now: datetime) -> bool:
    version = sight.version
    done = db.execute(
        "insert into versions (id, app_id, platform, number, state, since, exact)"
        " values (?, ?, ?, ?, ?, ?, ?) on conflict (id) do nothing",
        (
            version.id,
            version.app_id,
            version.platform,
            version.number,
            version.state,
            moment(now),
            int(sight.exact),
        ),
    )
    return done.rowcount == 1


def _of(version: Version, *, old: str, old_since: datetime, now: datetime) -> Transition:
    return Transition(
        kind=VERSION,
        app_id=version.app_id,
        version_id=version.id,
        platform=version.platform,
        number=version.number,
        old=old,
        new=version.state,
        old_since=old_since,
        at=now,
    )


def add_transitions(db: sqlite3.Connection, happened: Iterable[Transition]) -> None:
    """Write what happened inside the caller's transaction."""
    db.executemany(
        "insert into transitions (kind, app_id, version_id, platform, number, old, new,"
        " old_since, at, exact) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                one.kind,
                one.app_id,
                one.version_id,
                one.platform,
                one.number,
                one.old,
                one.new,
                moment(one.old_since),
                moment(one.at),
                int(one.exact),
            )
            for one in happened
        ],
    )


def _transition(row: sqlite3.Row) -> Transition:
    values = {name: row[name] for name in row.keys() if name != "id"}  # noqa: SIM118 - a Row
    found = Transition(**values)
    return replace(
        found, old_since=at(row["old_since"]), at=at(row["at"]), exact=bool(row["exact"])
    )
