"""The part of marquee.toml about pushing without approval: who may."""

from __future__ import annotations

from bot.settings import shapes
from bot.settings.document import Table


def read(top: Table) -> tuple[str, ...]:
    """Return the ids of the users and user groups who may; left out or empty means nobody."""
    nobody: tuple[str, ...] = ()
    table = top.table("break_glass")
    if table is None:
        return nobody
    return table.read("people", shapes.list_of(shapes.approver), nobody)
