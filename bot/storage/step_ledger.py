"""The ledger of what a push writes at Apple: its steps, and how far each of them is.

Every write is fenced by the push's epoch, as that of its acts.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from bot.domain.record import NewEntry
from bot.storage.claiming import holds
from bot.storage.owner import Owner
from bot.storage.push_rows import Push
from bot.storage.record import append
from bot.storage.steps import Step, step_of


class StepLedger:
    """The steps' door."""

    def __init__(self, owner: Owner) -> None:
        self._owner = owner

    async def of(self, push: int) -> tuple[Step, ...]:
        """Return a push's ledger, in order."""
        rows = await self._owner.read(
            lambda db: db.execute(
                "select * from steps where push_id = ? order by position", (push,)
            ).fetchall()
        )
        return tuple(step_of(row) for row in rows)

    async def of_proposal(self, proposal: int) -> tuple[Step, ...]:
        """Return the ledgers of all pushes of a proposal, oldest first."""
        rows = await self._owner.read(
            lambda db: db.execute(
                "select s.* from steps s join pushes p on p.id = s.push_id where p.proposal_id = ?"
                " order by p.id, s.position",
                (proposal,),
            ).fetchall()
        )
        return tuple(step_of(row) for row in rows)

    async def had_any(self, proposal: int) -> bool:
        """Return whether any push of a proposal had something to send.

        What was cut off and is there by now has no step any more, but was remembered.
        """
        row = await self._owner.read(
            lambda db: db.execute(
                "select 1 from steps s join pushes p on p.id = s.push_id where p.proposal_id = ?"
                " union all select 1 from history where proposal_id = ? limit 1",
                (proposal, proposal),
            ).fetchone()
        )
        return row is not None

    async def mark(
        self, push: Push, steps: Iterable[Step], *, told: Iterable[NewEntry] = ()
    ) -> bool:
        """Write steps' states, ids and problems together; False when the push was taken over.

        `told` is what the record is told of them, in the same transaction.
        """
        entries = list(told)
        rows = [(s.state, s.resource_id, s.problem, push.id, s.position) for s in steps]

        def run(db: sqlite3.Connection) -> bool:
            if not holds(db, push):
                return False
            db.executemany(
                "update steps set state = ?, resource_id = ?, problem = ?"
                " where push_id = ? and position = ?",
                rows,
            )
            for entry in entries:
                append(db, entry)
            return True

        return await self._owner.write(run)
