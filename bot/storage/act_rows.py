"""An act of a push as its row holds it."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass, field

from bot.domain.acts import Act, ActVerb
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


def act_of(row: sqlite3.Row) -> ActRow:
    """Return the act that a row holds."""
    return ActRow(
        position=row["position"],
        item=row["item"],
        act=Act(verb=ActVerb(row["verb"]), subject=row["subject"], values=json.loads(row["body"])),
        state=StepState(row["state"]),
        made=row["made"],
        problem=row["problem"],
    )
