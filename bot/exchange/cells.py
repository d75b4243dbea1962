"""The rows and cells of a table, whatever file they come from, and what people call them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.exchange.imported import Cleaning, Why

# "101", "1.", "#7", "—", "STR-101"
_NUMBER_OF_ROW = re.compile(r"[\W\d_]+|[A-Za-z]{0,5}[\W_]{0,2}\d[\d\W_]{0,20}")


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in a cell: a text, or the reason why there is none to be taken."""

    text: str = ""
    problem: tuple[Why, str, str] | None = None
    notes: tuple[Cleaning, ...] = ()

    @property
    def blank(self) -> bool:
        """Whether nothing stands there."""
        return self.problem is None and not self.text.strip()

    @property
    def numbers_a_row(self) -> bool:
        """Whether what stands there may be no text but the number of a row."""
        return self.problem is not None or _NUMBER_OF_ROW.fullmatch(self.text.strip()) is not None


_BLANK = Cell()


@dataclass(frozen=True, slots=True)
class Row:
    """A row; `number` counts lines of a text file, or rows of a sheet, from 1."""

    number: int
    cells: Sequence[Cell]
    lettered: bool = False

    @property
    def where(self) -> str:
        """The row in words."""
        return f"row {self.number}" if self.lettered else f"line {self.number}"

    def at(self, column: int) -> str:
        """A cell in words: "D7", or "line 7 (column 4)"."""
        if self.lettered:
            return f"{letters(column)}{self.number}"
        return f"{self.where} (column {column + 1})"

    def cell(self, column: int) -> Cell:
        """The cell of a column, a blank one where the row is shorter."""
        return self.cells[column] if column < len(self.cells) else _BLANK

    @property
    def blank(self) -> bool:
        """Whether nothing stands in it."""
        return all(cell.blank for cell in self.cells)


def letters(column: int) -> str:
    """Return the letters of a spreadsheet's column, counted from 0."""
    name = ""
    number = column + 1
    while number:
        number, digit = divmod(number - 1, 26)
        name = chr(ord("A") + digit) + name
    return name
