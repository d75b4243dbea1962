"""Texts that people took from a message and have not put into a draft yet."""

from __future__ import annotations

from datetime import datetime

from bot.storage.owner import Owner
from bot.storage.rows import moment


class Clips:
    """The clips' door."""

    def __init__(self, owner: Owner) -> None:
        self._owner = owner

    async def keep(self, user_id: str, text: str, *, now: datetime) -> int:
        """Keep a text for the person who took it; return its number."""
        row = await self._owner.write(
            lambda db: db.execute(
                "insert into clips (user_id, text, created_at) values (?, ?, ?) returning id",
                (user_id, text, moment(now)),
            ).fetchone()
        )
        return int(row["id"])

    async def get(self, clip: int, user_id: str) -> str | None:
        """Return the text that this person took, None when it is not theirs or is gone."""
        row = await self._owner.read(
            lambda db: db.execute(
                "select text from clips where id = ? and user_id = ?", (clip, user_id)
            ).fetchone()
        )
        return str(row["text"]) if row else None

    async def forget(self, before: datetime) -> None:
        """Drop texts taken before a moment."""
        await self._owner.write(
            lambda db: db.execute("delete from clips where created_at < ?", (moment(before),))
        )
