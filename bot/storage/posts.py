"""Where a proposal stands in Slack: the message of each revision, and its thread."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass

from bot.storage.owner import Owner

# The newest revision is asked, and each before it until its message says that it was replaced.
_ASKED = (
    "(r.number = p.revision or exists (select 1 from notices n where n.state in ('todo', 'doing')"
    " and n.key = 'replaced:' || p.id || ':' || r.number))"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageOf:
    """Which proposal and revision a message belongs to.

    It is `asked` while it shows that revision's text: until it says that it was replaced.
    """

    proposal: int
    revision: int
    digest: str
    current: bool
    asked: bool


class Posts:
    """The posts' door."""

    def __init__(self, owner: Owner) -> None:
        self._owner = owner

    async def posted(self, proposal: int, revision: int, *, ts: str) -> None:
        """Keep the message that people vote on; another one's thread is forgotten."""

        def run(db: sqlite3.Connection) -> None:
            moved = db.execute(
                "update revisions set message_ts = ? where proposal_id = ? and number = ?"
                " and message_ts is not ?",
                (ts, proposal, revision, ts),
            )
            if moved.rowcount:
                db.execute(
                    "delete from threads where proposal_id = ? and revision = ?",
                    (proposal, revision),
                )

        await self._owner.write(run)

    async def message_ts(self, proposal: int, revision: int) -> str | None:
        """Return the message of a revision, None before it was posted."""
        row = await self._owner.read(
            lambda db: db.execute(
                "select message_ts from revisions where proposal_id = ? and number = ?",
                (proposal, revision),
            ).fetchone()
        )
        return row["message_ts"] if row else None

    async def by_message(self, channel: str, ts: str) -> MessageOf | None:
        """Return what a message is about; None for any message that is not a proposal's."""
        row = await self._owner.read(
            lambda db: db.execute(
                f"select p.id, p.revision, r.number, r.digest, {_ASKED} as asked from revisions r"  # noqa: S608 - our own words
                " join proposals p on p.id = r.proposal_id"
                " where p.channel = ? and r.message_ts = ?",
                (channel, ts),
            ).fetchone()
        )
        if row is None:
            return None
        return MessageOf(
            proposal=row["id"],
            revision=row["number"],
            digest=row["digest"],
            current=row["number"] == row["revision"],
            asked=bool(row["asked"]),
        )

    async def asked(self, proposal: int, revision: int) -> bool:
        """Return whether a revision's message shows its text, not that it was replaced."""
        row = await self._owner.read(
            lambda db: db.execute(
                f"select {_ASKED} as asked from revisions r"  # noqa: S608 - our own words
                " join proposals p on p.id = r.proposal_id where p.id = ? and r.number = ?",
                (proposal, revision),
            ).fetchone()
        )
        return bool(row and row["asked"])

    async def thread_posted(self, proposal: int, revision: int, locale: str, *, ts: str) -> None:
        """Keep where a locale's long texts stand in the thread; the first one counts."""
        await self._owner.write(
            lambda db: db.execute(
                "insert into threads (proposal_id, revision, locale, ts) values (?, ?, ?, ?)"
                " on conflict do nothing",
                (proposal, revision, locale, ts),
            )
        )

    async def threads(self, proposal: int, revision: int) -> Mapping[str, str]:
        """Return locale -> ts of the thread messages."""
        rows = await self._owner.read(
            lambda db: db.execute(
                "select locale, ts from threads where proposal_id = ? and revision = ?",
                (proposal, revision),
            ).fetchall()
        )
        return {row["locale"]: row["ts"] for row in rows}
