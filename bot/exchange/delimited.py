"""CSV and TSV: cells between commas, semicolons or tabs."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TextIO

from bot.errors import Invalid
from bot.exchange import limits, table
from bot.exchange.cells import Cell, Row
from bot.exchange.encoding import Decoding, decoding, lines_of
from bot.exchange.imported import Cleaning, Format, Gathering, Imported

_DELIMITERS = {"\t": Format.TSV, ",": Format.CSV, ";": Format.CSV}
_SEPARATOR_LINE = re.compile(r'"?sep=([,;\t])"?\s*', re.IGNORECASE)
# Rows that are looked at to tell the separator.
_SAMPLE_ROWS = 40
# What a spreadsheet takes for the beginning of a formula, and the sign that prevents it.
_RISKY = re.compile("[=+\\-@\t\r\uff1d\uff0b\uff0d\uff20']")
_PROTECTED = re.compile("'" + _RISKY.pattern)
# Where one that cuts at semicolons begins a cell within ours, and what is risky there. "- so" in
# a line is a list unless signs of a call or a reference follow. An apostrophe more changes nothing
# of this, so what is written and what is read agree.
_WITHIN = (
    r"""(?:(?<=[;\t]){0}(?=['"]*[=+\-@\uff1d\uff0b\uff0d\uff20])"""
    r"""|(?<=\n){0}(?=['"]*(?:[=@\uff1d\uff20]|[+\-\uff0b\uff0d](?:(?!\ )|[^\n]*[(|!]))))"""
)
_RISKY_WITHIN = re.compile(_WITHIN.format(""))
_PROTECTED_WITHIN = re.compile(_WITHIN.format("'"))
# What it computes. Many texts begin with a plus or a minus, so more has to follow there: a
# function, a cell, a number or a bracket with an operator, the name of a sheet or a program.
_CELL = r"\$?[A-Za-z]{1,3}\$?[0-9]+"
_FORMULA = re.compile(
    rf"""\s*+(?:[=@\uff1d\uff20]
    | [+-][ \t+-]*+(?:
        [A-Za-z][\w.]*\(
        | \([ \t]*(?:[0-9.(+-]|{_CELL})
        | {_CELL}\s*\Z
        | (?:{_CELL}|[0-9.]+)[ \t]*[-+*/^&:][ \t]*(?:[0-9.(]|{_CELL})
        | (?:\w+|'[^']+')[|!]['$\w]
    ))""",
    re.VERBOSE,
)


def read(data: bytes, also: Collection[str]) -> Imported:
    """Return the texts of a table of cells between separators. Raises Invalid."""
    how = decoding(data)
    gathering = Gathering()
    if how.skipped:
        gathering.clean(Cleaning.BOM, "the file")
    delimiter, skipped = _delimiter(data, how, also)
    with lines_of(data, how) as lines:
        for _ in range(skipped):
            lines.readline()
        rows = _rows(lines, delimiter, skipped)
        table.read(rows, gathering, also, even=True)
        if lines.newlines not in {"\n", None}:
            gathering.clean(Cleaning.LINE_ENDS, "the file")
    return gathering.done(_DELIMITERS[delimiter])


def write(rows: Iterable[Sequence[str]], form: Format) -> bytes:
    """Return the cells as CSV or TSV, with a byte-order mark so that Excel sees the UTF-8."""
    stream = io.StringIO(newline="")
    delimiter = "\t" if form is Format.TSV else ","
    writer = csv.writer(stream, delimiter=delimiter, lineterminator="\n")
    inner = form is Format.CSV
    writer.writerows([protected(cell, inner=inner) for cell in row] for row in rows)
    return stream.getvalue().encode("utf-8-sig")


def protected(text: str, *, inner: bool) -> str:
    """Return a cell that no spreadsheet takes for a formula: an apostrophe goes before it.

    One that begins with an apostrophe gets another, so that reading takes off just ours. With
    `inner` the same is done wherever a spreadsheet that cuts at semicolons begins a cell.
    """
    if inner:
        text = _RISKY_WITHIN.sub("'", text)
    return f"'{text}" if _RISKY.match(text) else text


def _delimiter(data: bytes, how: Decoding, also: Collection[str]) -> tuple[str, int]:
    """Return the separator and how many lines to skip because they only name it."""
    with lines_of(data, how) as lines:
        first = lines.readline(len("“sep=,”") + 4)
    if named := _SEPARATOR_LINE.fullmatch(first):
        return named[1], 1
    best, most, problems = "", 0, []
    for delimiter in _DELIMITERS:
        try:
            understood = _understood(data, how, delimiter, also)
        except Invalid as problem:
            # Cut at a sign that is not the separator, quotation marks stand anywhere.
            problems.append(problem)
            continue
        if understood > most:
            best, most = delimiter, understood
    if not most:
        raise problems[0] if problems else table.no_header()
    return best, 0


def _understood(data: bytes, how: Decoding, delimiter: str, also: Collection[str]) -> int:
    """Return how many columns are understood when the lines are cut at `delimiter`."""
    with lines_of(data, how) as lines:
        found = table.header_of(islice(_rows(lines, delimiter, 0), _SAMPLE_ROWS), also)
    return len(found[0].known) if found else 0


def _rows(lines: TextIO, delimiter: str, skipped: int) -> Iterator[Row]:
    row = _RowOfLines(lines)
    reader = csv.reader(row, delimiter=delimiter, strict=True)
    number = skipped + 1
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as wrong:
            raise _broken(number, wrong) from wrong
        if cells is None:
            return
        row.begins_at = reader.line_num + skipped + 1
        row.characters = 0
        inner = delimiter != "\t"
        yield Row(number, [_cell(text, inner=inner) for text in _narrowed(cells, number)])
        number = skipped + reader.line_num + 1


@dataclass(slots=True)
class _RowOfLines:
    """Lines, as long as those of one row are not too many: each cell of it costs memory."""

    lines: TextIO
    begins_at: int = 1
    characters: int = 0

    def __iter__(self) -> Iterator[str]:
        # A line is not read further than it may go, whatever its length.
        while line := self.lines.readline(limits.ROW_CHARACTERS + 1):
            self.characters += len(line)
            if self.characters > limits.ROW_CHARACTERS:
                raise Invalid(
                    f"The row that begins in line {self.begins_at} has more than "
                    f"{limits.ROW_CHARACTERS:,} characters.",
                    remedy="Is this the right file? A quotation mark may also be missing.",
                )
            yield line


def _narrowed(cells: list[str], number: int) -> list[str]:
    if len(cells) > limits.COLUMNS and any(cell.strip() for cell in cells[limits.COLUMNS :]):
        raise Invalid(
            f"Line {number} has {len(cells):,} cells, and no more than {limits.COLUMNS} are read.",
            remedy="Is this the right file? A listing has nine fields in fifty locales.",
        )
    return cells[: limits.COLUMNS]


def _cell(written: str, *, inner: bool) -> Cell:
    begins = _PROTECTED.match(written) is not None
    text = written[1:] if begins else written
    if inner and "'" in text:
        text = _PROTECTED_WITHIN.sub("", text)
    notes = [Cleaning.APOSTROPHE] if text != written else []
    if not begins and _FORMULA.match(text):
        notes.append(Cleaning.FORMULA)
    return Cell(text, notes=tuple(notes))


def _broken(number: int, wrong: csv.Error) -> Invalid:
    if "field larger" in str(wrong):
        return Invalid(
            f"From line {number} on more than {csv.field_size_limit():,} characters are one cell.",
            remedy="A quotation mark that opens a text is not closed.",
        )
    if "end of data" in str(wrong):
        return Invalid(
            f"The quotation mark that opens a text in the row of line {number} is never closed.",
            remedy="Close it; the file may also have been cut off.",
        )
    return Invalid(
        f"In the row of line {number} something stands after a closing quotation mark.",
        remedy="Write a quotation mark within a text twice, or save the table from a spreadsheet.",
    )
