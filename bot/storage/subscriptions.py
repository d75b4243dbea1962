"""Which channels follow which apps, and which notices a person wants as a direct message.

A person without a choice of their own has the defaults, which the caller names.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import datetime

from bot.storage.owner import Owner
from bot.storage.rows import moment

# What people get as a direct message until they choose otherwise.
DEFAULTS = frozenset({"asked"})
# A row that says that a person has chosen, if only nothing.
_CHOSEN = ""


class Subscriptions:
    """The door of what people and channels want to hear."""

    def __init__(self, owner: Owner) -> None:
        self._owner = owner

    async def follow(self, app_id: str, channel: str, *, user: str, now: datetime) -> bool:
        """Let a channel follow an app; False when it did already."""
        done = await self._owner.write(
            lambda db: (
                db.execute(
                    "insert into subscriptions (app_id, channel, user_id, at)"
                    " values (?, ?, ?, ?) on conflict do nothing",
                    (app_id, channel, user, moment(now)),
                ).rowcount
            )
        )
        return done == 1

    async def leave(self, app_id: str, channel: str) -> bool:
        """Let a channel follow an app no longer; False when it did not."""
        done = await self._owner.write(
            lambda db: (
                db.execute(
                    "delete from subscriptions where app_id = ? and channel = ?", (app_id, channel)
                ).rowcount
            )
        )
        return done == 1

    async def channels(self, app_id: str) -> tuple[str, ...]:
        """Return the channels that follow an app, in the order they began to."""
        rows = await self._owner.read(
            lambda db: db.execute(
                "select channel from subscriptions where app_id = ? order by at, channel",
                (app_id,),
            ).fetchall()
        )
        return tuple(row["channel"] for row in rows)

    async def choose(self, user: str, notices: Iterable[str]) -> None:
        """Keep which notices a person wants, and that they chose."""
        rows = [(user, notice) for notice in dict.fromkeys([_CHOSEN, *notices])]

        def run(db: sqlite3.Connection) -> None:
            db.execute("delete from preferences where user_id = ?", (user,))
            db.executemany("insert into preferences (user_id, notice) values (?, ?)", rows)

        await self._owner.write(run)

    async def chosen(self, user: str) -> frozenset[str]:
        """Return which notices a person wants as a direct message."""
        rows = await self._owner.read(
            lambda db: db.execute(
                "select notice from preferences where user_id = ?", (user,)
            ).fetchall()
        )
        return frozenset(row["notice"] for row in rows) - {_CHOSEN} if rows else DEFAULTS

    async def wants(self, user: str, notice: str) -> bool:
        """Return whether a person wants a notice as a direct message."""
        return notice in await self.chosen(user)

    async def who_want(self, notice: str) -> tuple[str, ...]:
        """Return who chose to get a notice; whoever has it by default is not among them."""
        rows = await self._owner.read(
            lambda db: db.execute(
                "select user_id from preferences where notice = ? order by user_id", (notice,)
            ).fetchall()
        )
        return tuple(row["user_id"] for row in rows)
