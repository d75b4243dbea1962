"""Which reminders people ended, each for one stay of a version in a state."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.storage.owner import Owner
from bot.storage.rows import moment


class Dones:
    """The door of ended reminders."""

    def __init__(self, owner: Owner) -> None:
        self._owner = owner

    async def end(self, key: str, *, user: str, now: datetime) -> bool:
        """Keep that a person ended a reminder; False when somebody had before."""
        done = await self._owner.write(
            lambda db: (
                db.execute(
                    "insert into dones (key, user_id, at) values (?, ?, ?) on conflict do nothing",
                    (key, user, moment(now)),
                ).rowcount
            )
        )
        return done == 1

    async def by(self, key: str) -> str | None:
        """Return who ended a reminder, None while nobody has."""
        row = await self._owner.read(
            lambda db: db.execute("select user_id from dones where key = ?", (key,)).fetchone()
        )
        return str(row["user_id"]) if row else None

    async def keys(self) -> frozenset[str]:
        """Return the keys of all reminders that were ended."""
        rows = await self._owner.read(lambda db: db.execute("select key from dones").fetchall())
        return frozenset(row["key"] for row in rows)

    async def forget(self, *, now: datetime, age: timedelta) -> None:
        """Drop what was ended longer ago than `age`."""
        await self._owner.write(
            lambda db: db.execute("delete from dones where at < ?", (moment(now - age),))
        )
