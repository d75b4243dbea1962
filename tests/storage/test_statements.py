"""Statements of SQL are ours alone: what people typed is given beside them, never in them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

STORAGE = Path(__file__).parents[2] / "bot" / "storage"
EXECUTES = {"execute", "executemany", "executescript", "query"}
# Names of tables and columns, and clauses, that stand in the same file and nowhere else.
OURS = {
    "pragma",
    "where",
    "column",
    "table",
    "JOINED",
    "COLUMNS",
    "_FIRST",
    "_OF_GONE",
    "_HOLDS",
    "_ASKED",
}


def inserted(file: Path) -> Iterator[str]:
    """Yield what a file puts into the statements that it executes."""
    for call in ast.walk(ast.parse(file.read_text("utf-8"))):
        if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute):
            continue
        if call.func.attr in EXECUTES and call.args:
            for part in ast.walk(call.args[0]):
                if isinstance(part, ast.FormattedValue):
                    yield ast.unparse(part.value)
                if isinstance(part, ast.BinOp | ast.Call):
                    yield ast.unparse(part)


@pytest.mark.parametrize("file", sorted(STORAGE.glob("*.py")), ids=lambda file: file.name)
def test_nothing_but_our_own_names_stands_in_a_statement(file: Path) -> None:
    assert set(inserted(file)) <= OURS


def test_sql_is_executed_in_one_room_alone() -> None:
    elsewhere = [
        file
        for file in STORAGE.parent.rglob("*.py")
        if file.parent != STORAGE and "sandbox" not in file.parts
        if "sqlite3" in file.read_text("utf-8") and ".execute(" in file.read_text("utf-8")
    ]
    assert elsewhere == []
