"""The ledger of what a push asks of Apple about a version: each act written before and after.

Every write is fenced by the push's epoch, as that of its steps.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from bot.domain.acts import Act
from bot.domain.record import NewEntry
from bot.storage.act_rows import ActRow, act_of
from bot.storage.claiming import holds
from bot.storage.owner import Owner
from bot.storage.push_rows import Push
from bot.storage.record import append
from bot.storage.rows import dump
from bot.storage.steps import StepState


class Acts:
    """The acts' door."""

    def __init__(self, owner: Owner) -> None:
        self._owner = owner

    async def begin(self, push: Push, item: int, act: Act) -> int | None:
        """Write that an act is about to be sent; return its place.

        None when another run has the right to the push.
        """

        def run(db: sqlite3.Connection) -> int | None:
            if not holds(db, push):
                return None
            row = db.execute(
                "insert into acts (push_id, position, item, verb, subject, body, state, made,"
                " problem) values (?, (select count(*) from acts where push_id = ?), ?, ?, ?, ?,"
                " 'doing', '', '') returning position",
                (push.id, push.id, item, act.verb, act.subject, dump(dict(act.values))),
            ).fetchone()
            return int(row["position"])

        return await self._owner.write(run)

    async def end(
        self,
        push: Push,
        position: int,
        state: StepState,
        *,
        made: str = "",
        problem: str = "",
        told: Iterable[NewEntry] = (),
    ) -> bool:
        """Write how an act ended; False when another run has the right to the push.

        `told` is what the record is told of it, in the same transaction.
        """
        entries = list(told)

        def run(db: sqlite3.Connection) -> bool:
            if not holds(db, push):
                return False
            db.execute(
                "update acts set state = ?, made = ?, problem = ?"
                " where push_id = ? and position = ?",
                (state, made, problem, push.id, position),
            )
            for entry in entries:
                append(db, entry)
            return True

        return await self._owner.write(run)

    async def of(self, push: int) -> tuple[ActRow, ...]:
        """Return what a push asked of Apple, in order; one that was cut off is unsure."""
        rows = await self._owner.read(
            lambda db: db.execute(
                "select * from acts where push_id = ? order by position", (push,)
            ).fetchall()
        )
        return tuple(act_of(row) for row in rows)
