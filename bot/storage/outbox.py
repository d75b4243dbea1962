"""What should be said in Slack: a row each, said once, in order.

A notice whose sending was cut off is `doing` and is read back before it is said again.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.domain.record import NewEntry
from bot.storage.owner import Owner
from bot.storage.record import append
from bot.storage.rows import at, dump, moment

# Parts a key that is free again from what keeps the row's own apart; in no key otherwise.
FREED = "\x1f"
# Of the notices `n`: those in no busy channel that wait for none before them.
_FIRST = (
    "channel not in (select value from json_each(?))"
    " and not exists (select 1 from notices e where e.channel = n.channel"
    " and e.id < n.id and e.state in ('todo', 'doing')"
    " and (e.kind <> 'thread' or n.kind = 'thread'))"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewNotice:
    """Something to say; `key` makes it unique until it is forgotten, `channel` is its place."""

    key: str
    kind: str
    channel: str
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A row of the outbox; `unsure` when it may have been said before a crash.

    `ts` is its message once that is posted, also while what follows the posting is not done.
    """

    id: int
    key: str
    kind: str
    channel: str
    body: Mapping[str, Any]
    tries: int
    unsure: bool
    created_at: datetime
    ts: str | None = None


class Outbox:
    """The notices' door."""

    def __init__(self, owner: Owner) -> None:
        self._owner = owner

    async def add(
        self, notices: Iterable[NewNotice], *, now: datetime, told: Iterable[NewEntry] = ()
    ) -> int:
        """Write what should be said; what has a known key is left out; return how many are new.

        What is `told` goes into the record with it, whether or not anything is new.
        """
        wanted, entries = list(notices), list(told)

        def run(db: sqlite3.Connection) -> int:
            for entry in entries:
                append(db, entry, at=now)
            return add_notices(db, wanted, now=now)

        return await self._owner.write(run)

    async def begin(self, *, now: datetime, busy: Iterable[str] = ()) -> Notice | None:
        """Take the next notice that is due in a channel that is not busy; None when there is none.

        A later notice of a channel never overtakes an earlier one, but for those of a
        thread: forty locales' texts there keep nobody waiting for what is new.
        """
        channels = dump(list(busy))

        def run(db: sqlite3.Connection) -> Notice | None:
            row = db.execute(
                "select * from notices n"  # noqa: S608 - our own words
                " where state in ('todo', 'doing') and due <= ?"
                f" and {_FIRST} order by kind = 'thread', id limit 1",
                (moment(now), channels),
            ).fetchone()
            if row is None:
                return None
            db.execute(
                "update notices set state = 'doing', tries = tries + 1 where id = ?", (row["id"],)
            )
            return _notice(row)

        return await self._owner.write(run)

    async def posted(self, notice: int, *, ts: str) -> None:
        """Keep the message of a notice before anything else is done about it."""
        await self._owner.write(
            lambda db: db.execute("update notices set ts = ? where id = ?", (ts, notice))
        )

    async def rewrite(self, notice: int, body: Mapping[str, Any]) -> None:
        """Keep what was learned on the way to saying a notice, for the next try."""
        await self._owner.write(
            lambda db: db.execute("update notices set body = ? where id = ?", (dump(body), notice))
        )

    async def done(
        self, notice: int, *, ts: str | None, then: Iterable[NewNotice] = (), now: datetime
    ) -> None:
        """Keep that a notice was said, as which message, and what is to be said `then`."""
        following = list(then)

        def run(db: sqlite3.Connection) -> None:
            db.execute("update notices set state = 'done', ts = ? where id = ?", (ts, notice))
            add_notices(db, following, now=now)

        await self._owner.write(run)

    async def later(self, notice: int, *, due: datetime) -> None:
        """Put a notice back that was certainly not said."""
        await self._owner.write(
            lambda db: db.execute(
                "update notices set state = 'todo', due = ? where id = ?", (moment(due), notice)
            )
        )

    async def doubt(self, notice: int, *, due: datetime) -> None:
        """Put a notice back that may have been said; it is looked for before it is said again."""
        await self._owner.write(
            lambda db: db.execute(
                "update notices set due = ? where id = ? and state = 'doing'",
                (moment(due), notice),
            )
        )

    async def give_up(self, notice: int) -> None:
        """End a notice that can never be said."""
        await self._owner.write(
            lambda db: db.execute("update notices set state = 'failed' where id = ?", (notice,))
        )

    async def forget(self, *, now: datetime, age: timedelta) -> None:
        """Drop notices older than `age` that were said or given up."""
        await self._owner.write(
            lambda db: db.execute(
                # By age: nearly all are done, and "+" keeps SQLite from going through those.
                "delete from notices where +state in ('done', 'failed') and created_at < ?",
                (moment(now - age),),
            )
        )

    async def next_due(self, *, busy: Iterable[str] = ()) -> datetime | None:
        """Return when the next notice can be due, None when there is none.

        What waits behind an earlier notice or in a `busy` channel is not asked.
        """
        channels = dump(list(busy))
        row = await self._owner.read(
            lambda db: db.execute(
                "select min(due) as due from notices n"  # noqa: S608 - our own words
                f" where state in ('todo', 'doing') and {_FIRST}",
                (channels,),
            ).fetchone()
        )
        return at(row["due"]) if row["due"] else None

    async def said_of(self, start: str, *, kind: str, most: int) -> tuple[Notice, ...]:
        """Return the newest messages of a kind whose keys begin with `start`."""
        rows = await self._owner.read(
            lambda db: db.execute(
                "select * from notices where key >= ? and key < ? and kind = ?"
                " and state = 'done' and ts is not null order by id desc limit ?",
                (start, start + "\U0010ffff", kind, most),
            ).fetchall()
        )
        return tuple(_notice(row) for row in rows)

    async def knows(self, key: str) -> bool:
        """Return whether a notice was written, said or not."""
        row = await self._owner.read(
            lambda db: db.execute("select 1 from notices where key = ?", (key,)).fetchone()
        )
        return row is not None

    async def said(self, key: str) -> str | None:
        """Return the message of a notice that was said, None otherwise."""
        row = await self._owner.read(
            lambda db: db.execute(
                "select ts from notices where key = ? and state = 'done'", (key,)
            ).fetchone()
        )
        return row["ts"] if row else None


def add_notices(db: sqlite3.Connection, notices: Iterable[NewNotice], *, now: datetime) -> int:
    """Write notices inside the caller's transaction; return how many are new."""
    return sum(
        db.execute(
            "insert into notices (key, kind, channel, body, state, tries, due, created_at)"
            " values (?, ?, ?, ?, 'todo', 0, ?, ?) on conflict (key) do nothing",
            (one.key, one.kind, one.channel, dump(one.body), moment(now), moment(now)),
        ).rowcount
        for one in notices
    )


def free_keys(db: sqlite3.Connection, *, created_after: datetime) -> None:
    """Let what was written down after a moment be written down once more, with the same key.

    The rows stay, and read as before: what of them is in doubt carries its key in Slack.
    """
    db.execute(
        "update notices set key = key || ? || id where created_at > ?",
        (FREED, moment(created_after)),
    )


def _notice(row: sqlite3.Row) -> Notice:
    return Notice(
        id=row["id"],
        key=row["key"].partition(FREED)[0],
        kind=row["kind"],
        channel=row["channel"],
        body=json.loads(row["body"]),
        tries=row["tries"],
        unsure=row["state"] == "doing",
        created_at=at(row["created_at"]),
        ts=row["ts"],
    )
