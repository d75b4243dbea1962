"""Slack's events, written down before they are acknowledged and handled once."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.storage.owner import Owner
from bot.storage.rows import dump, moment

# An event that keeps breaking its handler is set aside, so that it cannot stop the others.
MOST_TRIES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """An event as Slack sent it; `body` is the whole envelope."""

    id: str
    body: Mapping[str, Any]


class Inbox:
    """The events' door."""

    def __init__(self, owner: Owner) -> None:
        self._owner = owner

    async def put(self, event_id: str, body: Mapping[str, Any], *, now: datetime) -> bool:
        """Write an event down; False when it was known already."""
        done = await self._owner.write(
            lambda db: (
                db.execute(
                    "insert into events (id, body, received_at, state, tries)"
                    " values (?, ?, ?, 'new', 0)"
                    " on conflict (id) do nothing",
                    (event_id, dump(body), moment(now)),
                ).rowcount
            )
        )
        return done == 1

    async def take(self) -> Event | None:
        """Return the oldest event that was not handled, None when there is none."""

        def run(db: sqlite3.Connection) -> Event | None:
            row = db.execute(
                "update events set tries = tries + 1 where id ="
                " (select id from events where state = 'new' and tries < ?"
                "  order by received_at, rowid limit 1) returning id, body",
                (MOST_TRIES,),
            ).fetchone()
            return Event(id=row["id"], body=json.loads(row["body"])) if row else None

        return await self._owner.write(run)

    async def handled(self, event_id: str) -> None:
        """Keep that an event needs nothing more."""
        await self._owner.write(
            lambda db: db.execute("update events set state = 'handled' where id = ?", (event_id,))
        )

    async def later(self, event_id: str) -> None:
        """Keep that an event waits for somebody else to answer: no try of its handler's own."""
        await self._owner.write(
            lambda db: db.execute(
                "update events set tries = max(0, tries - 1) where id = ?", (event_id,)
            )
        )

    async def forget(self, *, now: datetime, age: timedelta) -> None:
        """Drop events older than `age` that were handled or set aside.

        Slack repeats one for minutes, not for days.
        """
        await self._owner.write(
            lambda db: db.execute(
                "delete from events where (state = 'handled' or tries >= ?) and received_at < ?",
                (MOST_TRIES, moment(now - age)),
            )
        )
