"""What stands in the bot's database, read beside the bot, never through it."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a proposal stands: `opened` is when it last went back to people, None if it never did."""

    status: str
    digest: str
    pushes: int
    opened: datetime | None


class Books:
    """The rows that the model is held against."""

    def __init__(self, path: Path) -> None:
        self._rows = sqlite3.connect(path)

    def close(self) -> None:
        self._rows.close()

    def kill_runs(self) -> None:
        """Take the right to every push from whoever runs it: who is killed writes no more."""
        self._rows.execute("update pushes set epoch = epoch + 1 where state <> 'finished'")
        self._rows.commit()

    def standing(self) -> dict[int, Standing]:
        """Proposal -> how it stands."""
        rows = self._rows.execute(
            "select p.id, p.status, r.digest, p.opened_at,"
            " (select count(*) from pushes where proposal_id = p.id) from proposals p"
            " join revisions r on r.proposal_id = p.id and r.number = p.revision"
        )
        return {
            number: Standing(
                status=status,
                digest=digest,
                pushes=pushes,
                opened=datetime.fromisoformat(opened) if opened else None,
            )
            for number, status, digest, opened, pushes in rows.fetchall()
        }

    def pressed(self) -> set[tuple[int, int, str, str, str]]:
        """Proposal, number of its revision, person, locale and field of what stands confirmed."""
        rows = self._rows.execute(
            "select proposal_id, revision, user_id, value ->> 1, value ->> 2"
            " from confirmations, json_each(items)"
        )
        return set(rows.fetchall())

    def pushing(self) -> dict[int, tuple[str, str]]:
        """Proposal -> the digest that is being pushed just now, and why without approval."""
        rows = self._rows.execute(
            "select proposal_id, digest, glass from pushes where state in ('writing', 'checking')"
        )
        return {number: (digest, glass) for number, digest, glass in rows.fetchall()}

    def broken(self) -> set[tuple[int, int, str, str]]:
        """Proposal, revision, person and reason of each push without approval."""
        rows = self._rows.execute("select proposal_id, revision, user_id, reason from breaks")
        return set(rows.fetchall())

    def unreviewed(self) -> list[tuple[int, int, int, str]]:
        """Number, proposal, revision and person of each that nobody reviewed, oldest first."""
        rows = self._rows.execute(
            "select id, proposal_id, revision, user_id from breaks where reviewed_by = ''"
            " order by id"
        )
        return rows.fetchall()

    def public(self, proposal: int) -> bool:
        """Whether a proposal is marked as one that is public at once."""
        rows = self._rows.execute("select live from proposals where id = ?", (proposal,))
        return bool(rows.fetchone()[0])

    def said(self, kind: str) -> int:
        """How many notices of a kind were ever to be said, of those that are kept."""
        return int(
            self._rows.execute("select count(*) from notices where kind = ?", (kind,)).fetchone()[0]
        )

    def recorded(self, user: str, words: str) -> bool:
        """Whether the record has an entry that names a person and has these words."""
        rows = self._rows.execute(
            "select 1 from record where instr(actor || body, ?) and instr(body, ?)", (user, words)
        )
        return rows.fetchone() is not None

    def brought(self, proposal: int) -> dict[str, str]:
        """The texts that a proposal brought to Apple, and why without approval."""
        rows = self._rows.execute(
            "select after, glass from history where proposal_id = ? and field <> ''", (proposal,)
        )
        return dict(rows.fetchall())
