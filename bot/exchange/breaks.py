"""Line breaks without quotation marks: they cut a text, and its other lines look like rows."""

from __future__ import annotations

from bot.exchange.cells import Row

# No language is called by as many characters as a sentence has.
_SENTENCE = 60

CUT_AFTER = "The line after it is no row of its own: it may belong to this text."
CUT_BEFORE = "The line before it is no row of its own: it may belong to this text."
REMEDY = "Put texts with line breaks in quotation marks."


def is_piece(row: Row, before: Row | None, key: int, width: int) -> bool:
    """Return whether a row that names no locale or field may be a piece of another row's text.

    It is one cell alone, makes one row with the row before it, or has a sentence where the
    name should stand. `width` is the number of the header's cells, `key` the column of names.
    """
    count = len(row.cells)
    if count == 1:
        return True
    if key < count and row.cell(key).blank:
        return False
    if count > width or len(row.cell(key).text) > _SENTENCE:
        return True
    return before is not None and len(before.cells) + count - 1 <= width


def last_filled(row: Row) -> int:
    """Return the last column of a row that holds anything, 0 where none does."""
    filled = (column for column, cell in enumerate(row.cells) if not cell.blank)
    return max(filled, default=0)
