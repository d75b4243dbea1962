"""The ledger of what a push asks of Apple about a version: each act written before and after.

Every write is fenced by the push's epoch, as that of its steps.
"""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass, field

from bot.domain.acts import Act, ActVerb
from bot.storage.owner import Owner
from bot.storage.pushes import Push, holds
from bot.storage.rows import dump
from bot.storage.steps import StepState


@dataclass(frozen=True, slots=True, kw_only=True)
class ActRow:
    """An act of a push: for which `item` (its place in the proposal), how far, what it made."""

    position: int
    item: int
    act: Act
    state: StepState
    made: str = ""
    problem: str = field(default="", repr=False)


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
        self, push: Push, position: int, state: StepState, *, made: str = "", problem: str = ""
    ) -> bool:
        """Write how an act ended; False when another run has the right to the push."""

        def run(db: sqlite3.Connection) -> bool:
            if not holds(db, push):
                return False
            db.execute(
                "update acts set state = ?, made = ?, problem = ?"
                " where push_id = ? and position = ?",
                (state, made, problem, push.id, position),
            )
            return True

        return await self._owner.write(run)

    async def of(self, push: int) -> tuple[ActRow, ...]:
        """Return what a push asked of Apple, in order; one that was cut off is unsure."""
        rows = await self._owner.read(
            lambda db: db.execute(
                "select * from acts where push_id = ? order by position", (push,)
            ).fetchall()
        )
        return tuple(_row(row) for row in rows)


def _row(row: sqlite3.Row) -> ActRow:
    return ActRow(
        position=row["position"],
        item=row["item"],
        act=Act(verb=ActVerb(row["verb"]), subject=row["subject"], values=json.loads(row["body"])),
        state=StepState(row["state"]),
        made=row["made"],
        problem=row["problem"],
    )
