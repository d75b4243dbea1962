"""Which webhooks are set up at Apple: never a secret, only which generation of it holds."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.storage.owner import Owner
from bot.storage.rows import at, at_or_none, moment


@dataclass(frozen=True, slots=True, kw_only=True)
class Hook:
    """An app's webhook; `hook_id` is Apple's id, "" until Apple has told it.

    `confirmed` is the newest generation that Apple is known to sign with; 0 for none.
    """

    app_id: str
    hook_id: str
    generation: int
    url: str
    rotated_at: datetime
    last_event_at: datetime | None = None
    last_ping_at: datetime | None = None
    confirmed: int = 0
    last_refused_at: datetime | None = None


class Hooks:
    """The webhooks' door."""

    def __init__(self, owner: Owner) -> None:
        self._owner = owner

    async def get(self, app_id: str) -> Hook | None:
        """Return an app's webhook, None where none is set up."""
        row = await self._owner.read(
            lambda db: db.execute("select * from hooks where app_id = ?", (app_id,)).fetchone()
        )
        return _hook(row) if row else None

    async def all(self) -> tuple[Hook, ...]:
        """Return every webhook that is set up."""
        rows = await self._owner.read(
            lambda db: db.execute("select * from hooks order by app_id").fetchall()
        )
        return tuple(_hook(row) for row in rows)

    async def keep(self, hook: Hook) -> None:
        """Keep a webhook as it is set up now; when something last arrived stays."""
        row = (
            hook.app_id,
            hook.hook_id,
            hook.generation,
            hook.url,
            moment(hook.rotated_at),
            hook.confirmed,
        )
        await self._owner.write(
            lambda db: db.execute(
                "insert into hooks (app_id, hook_id, generation, url, rotated_at, confirmed)"
                " values (?, ?, ?, ?, ?, ?) on conflict (app_id) do update set"
                " hook_id = excluded.hook_id, generation = excluded.generation,"
                " url = excluded.url, rotated_at = excluded.rotated_at,"
                " confirmed = excluded.confirmed",
                row,
            )
        )

    async def heard(self, app_id: str, *, ping: bool, now: datetime) -> None:
        """Keep that an event or a ping has just arrived."""
        column = "last_ping_at" if ping else "last_event_at"
        await self._owner.write(
            lambda db: db.execute(
                f"update hooks set {column} = ? where app_id = ?",  # noqa: S608 - one of the two
                (moment(now), app_id),
            )
        )

    async def confirm(self, app_id: str, generation: int) -> None:
        """Keep that Apple signs with a generation, which ends those before it."""
        await self._owner.write(
            lambda db: db.execute(
                "update hooks set confirmed = ? where app_id = ? and confirmed < ?",
                (generation, app_id, generation),
            )
        )

    async def refused(self, app_id: str, *, now: datetime) -> None:
        """Keep that something with a wrong signature arrived, at most once a minute."""
        before = moment(now - timedelta(minutes=1))
        await self._owner.write(
            lambda db: db.execute(
                "update hooks set last_refused_at = ? where app_id = ?"
                " and (last_refused_at is null or last_refused_at < ?)",
                (moment(now), app_id, before),
            )
        )


def _hook(row: sqlite3.Row) -> Hook:
    return Hook(
        app_id=row["app_id"],
        hook_id=row["hook_id"],
        generation=row["generation"],
        url=row["url"],
        rotated_at=at(row["rotated_at"]),
        last_event_at=at_or_none(row["last_event_at"]),
        last_ping_at=at_or_none(row["last_ping_at"]),
        confirmed=row["confirmed"],
        last_refused_at=at_or_none(row["last_refused_at"]),
    )
