"""Events of Slack's and Apple's, written down before they are acknowledged and handled once.

One that has to be tried again has a due time, so that the others pass it.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.storage.owner import Owner
from bot.storage.rows import at, dump, moment

SLACK, APPLE = "slack", "apple"
# An event that keeps breaking its handler is set aside, so that it cannot stop the others.
MOST_TRIES = 5
MOST_AT_ONCE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """An event as it was sent; `body` is the whole envelope of Slack's.

    `tries` counts how often it was taken, this time too, without those `waits` that the
    other side asked for. It is not taken before `due`.
    """

    id: str
    body: Mapping[str, Any]
    tries: int
    waits: int
    due: datetime

    @property
    def last_try(self) -> bool:
        """Whether it is not taken again when it breaks its handler this time too."""
        return self.tries >= MOST_TRIES


class Inbox:
    """The events' door; those of each `source` are taken by a handler of their own."""

    def __init__(self, owner: Owner) -> None:
        self._owner = owner

    async def put(
        self, event_id: str, body: Mapping[str, Any], *, now: datetime, source: str = SLACK
    ) -> bool:
        """Write an event down; False when it was known already."""
        done = await self._owner.write(
            lambda db: (
                db.execute(
                    "insert into events (id, body, received_at, state, tries, waits, due, source)"
                    " values (?, ?, ?, 'new', 0, 0, ?, ?)"
                    " on conflict (id) do nothing",
                    (event_id, dump(body), moment(now), moment(now), source),
                ).rowcount
            )
        )
        return done == 1

    async def take(self, *, now: datetime, source: str = SLACK) -> Event | None:
        """Return the oldest event that is due and was not handled, None when there is none."""

        def run(db: sqlite3.Connection) -> Event | None:
            row = db.execute(
                "update events set tries = tries + 1 where id ="
                " (select id from events where source = ? and state = 'new' and tries < ?"
                "  and due <= ? order by received_at, rowid limit 1) returning *",
                (source, MOST_TRIES, moment(now)),
            ).fetchone()
            return _event(row) if row else None

        return await self._owner.write(run)

    async def waiting(self, *, source: str) -> tuple[Event, ...]:
        """Return what was not handled, due or not, what is due longest first; some at a time."""
        rows = await self._owner.read(
            lambda db: db.execute(
                "select * from events where source = ? and state = 'new' and tries < ?"
                " order by due, received_at, rowid limit ?",
                (source, MOST_TRIES, MOST_AT_ONCE),
            ).fetchall()
        )
        return tuple(_event(row) for row in rows)

    async def take_all(self, event_ids: Iterable[str]) -> tuple[Event, ...]:
        """Take these events together, those that were handled meanwhile left out."""
        ids = tuple(event_ids)

        def run(db: sqlite3.Connection) -> tuple[Event, ...]:
            taken = [
                db.execute(
                    "update events set tries = tries + 1 where id = ? and state = 'new'"
                    " and tries < ? returning *",
                    (id_, MOST_TRIES),
                ).fetchone()
                for id_ in ids
            ]
            return tuple(_event(row) for row in taken if row)

        return await self._owner.write(run)

    async def next_due(self, *, source: str = SLACK) -> datetime | None:
        """Return when the next event wants to be taken, None when there is none."""
        row = await self._owner.read(
            lambda db: db.execute(
                "select min(due) as due from events"
                " where source = ? and state = 'new' and tries < ?",
                (source, MOST_TRIES),
            ).fetchone()
        )
        return at(row["due"]) if row["due"] else None

    async def handled(self, event_id: str) -> None:
        """Keep that an event needs nothing more."""
        await self._owner.write(
            lambda db: db.execute("update events set state = 'handled' where id = ?", (event_id,))
        )

    async def again(self, event_id: str, *, due: datetime) -> None:
        """Take an event that broke its handler again when it is `due`, unless it was the last."""
        await self._owner.write(
            lambda db: db.execute("update events set due = ? where id = ?", (moment(due), event_id))
        )

    async def later(self, event_id: str, *, due: datetime) -> None:
        """Keep that an event waits for somebody else to answer: no try of its handler's own."""
        await self._owner.write(
            lambda db: db.execute(
                "update events set tries = max(0, tries - 1), waits = waits + 1, due = ?"
                " where id = ?",
                (moment(due), event_id),
            )
        )

    async def forget(self, *, now: datetime, age: timedelta, source: str = SLACK) -> None:
        """Drop a source's events older than `age` that were handled or set aside."""
        await self._owner.write(
            lambda db: db.execute(
                "delete from events where (state = 'handled' or tries >= ?) and received_at < ?"
                " and source = ?",
                (MOST_TRIES, moment(now - age), source),
            )
        )


def _event(row: sqlite3.Row) -> Event:
    return Event(
        id=row["id"],
        body=json.loads(row["body"]),
        tries=row["tries"],
        waits=row["waits"],
        due=at(row["due"]),
    )
