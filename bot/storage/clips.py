"""Texts that people took from a message and have not put into a draft yet."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from bot.storage.owner import Owner
from bot.storage.rows import moment


@dataclass(frozen=True, slots=True, kw_only=True)
class Clip:
    """A text and who wrote it: a user id, "" for nobody who could approve it."""

    text: str = field(repr=False)
    author: str


class Clips:
    """The clips' door."""

    def __init__(self, owner: Owner) -> None:
        self._owner = owner

    async def keep(self, user_id: str, text: str, *, author: str, now: datetime) -> int:
        """Keep a text that `author` wrote for the person who took it; return its number."""
        row = await self._owner.write(
            lambda db: db.execute(
                "insert into clips (user_id, text, author, created_at) values (?, ?, ?, ?)"
                " returning id",
                (user_id, text, author, moment(now)),
            ).fetchone()
        )
        return int(row["id"])

    async def get(self, clip: int, user_id: str) -> Clip | None:
        """Return the text that this person took, None when it is not theirs or is gone."""
        row = await self._owner.read(
            lambda db: db.execute(
                "select text, author from clips where id = ? and user_id = ?", (clip, user_id)
            ).fetchone()
        )
        return Clip(text=row["text"], author=row["author"]) if row else None

    async def forget(self, before: datetime) -> None:
        """Drop texts taken before a moment."""
        await self._owner.write(
            lambda db: db.execute("delete from clips where created_at < ?", (moment(before),))
        )
