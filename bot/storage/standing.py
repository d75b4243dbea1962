"""The votes that stand on a proposal, as one text: equal texts are the same votes."""

from __future__ import annotations

import sqlite3

from bot.storage.rows import dump


def standing(db: sqlite3.Connection, proposal: int) -> str:
    """Return who signed with what on a proposal, inside the caller's transaction."""
    rows = db.execute(
        "select user_id, emoji from votes where proposal_id = ? and given = 1"
        " order by user_id, emoji",
        (proposal,),
    ).fetchall()
    return dump([[row["user_id"], row["emoji"]] for row in rows])
