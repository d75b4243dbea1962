"""XLSX: one visible sheet whose columns are named, read as values and never computed."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.cell.read_only import EMPTY_CELL
from openpyxl.utils import range_boundaries

from bot.errors import BotError, Invalid
from bot.exchange import limits, table
from bot.exchange.archive import Archive
from bot.exchange.cells import Cell, Row, letters
from bot.exchange.imported import Cleaning, Format, Gathering, Imported, Why, listed
from bot.exchange.workbook_scan import Sketch, scanned

# How Excel writes characters that XML cannot hold, and the sign that keeps it from being read.
_ESCAPED = re.compile("_x(00[01][0-9A-F]|005F|FFF[EF])_")
_TO_ESCAPE = re.compile("_(?=x(?:00[01][0-9A-F]|005F|FFF[EF])_)")
_NO_XML = re.compile("[\ufffe\uffff]")
# Beyond this Excel has lost digits.
_WHOLE = 10**15
_PLAIN_FORMATS = frozenset({"General", "0", "@"})
_AS_TEXT = "Format the cell as text and type it again."
_DAMAGED = "Open it in a spreadsheet program and save it again as an Excel workbook (.xlsx)."
_SAMPLE_ROWS = 40
_STAMP = (1980, 1, 1, 0, 0, 0)
_UNSTAMPED = datetime(1980, 1, 1)  # noqa: DTZ001  # Excel's dates know no time zone
_SHEET = "Listing"

_BLANK = Cell()

Sheet = Any  # the library's, which has no types of its own


def read(data: bytes, archive: Archive, also: Collection[str]) -> Imported:
    """Return the texts of the one sheet that has them. Raises Invalid."""
    gathering = Gathering()
    if any(name.endswith("vbaProject.bin") for name in archive.names):
        gathering.clean(Cleaning.MACROS, "the file")
    sketches = scanned(archive)
    with warnings.catch_warnings():
        # The library warns of what it leaves out: extensions, validations, print settings.
        warnings.simplefilter("ignore")
        try:
            # Without formulas: they are known from the scan, and nothing has to parse them.
            book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
            sheet = _chosen(book, sketches, gathering, also)
            sketch = _sketch_of(sheet, sketches)
            if sketch.beyond:
                raise _too_wide(sketch.beyond)
            _tell_of_merged(sketch, gathering)
            _tell_of_hidden(sketch, gathering)
            table.read(_rows(sheet, sketch), gathering, also, even=False)
        except BotError:
            raise
        except Exception as wrong:
            # The library meets damage with whatever error comes first.
            raise _damaged() from wrong
    return gathering.done(Format.XLSX)


def write(rows: Iterable[Sequence[str]]) -> bytes:
    """Return a workbook of one sheet; every cell is a text, and the same rows the same bytes."""
    book = Workbook()
    sheet = book.active
    sheet.title = _SHEET
    sheet.freeze_panes = "B2"
    for number, row in enumerate(rows, 1):
        for column, text in enumerate(row, 1):
            if text:
                cell = sheet.cell(number, column)
                cell.value = _NO_XML.sub(_escape, _TO_ESCAPE.sub("_x005F_", text))
                # A text whatever it begins with, and Excel shows it as one when it is edited.
                cell.data_type = "s"
                cell.quotePrefix = True
    book.properties.creator = "Marquee"
    book.properties.created = _UNSTAMPED
    stream = io.BytesIO()
    book.save(stream)
    return _unstamped(stream)


def _escape(found: re.Match[str]) -> str:
    return f"_x{ord(found[0]):04X}_"


def _unstamped(stream: io.BytesIO) -> bytes:
    """Return the zip without the moment it was made at."""
    packed = io.BytesIO()
    with zipfile.ZipFile(stream) as old, zipfile.ZipFile(packed, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "docProps/core.xml":
                content = re.sub(
                    rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>1980-01-01T00:00:00Z", content
                )
            entry = zipfile.ZipInfo(name, _STAMP)
            new.writestr(entry, content, compress_type=zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def _chosen(
    book: Any, sketches: Mapping[str, Sketch], gathering: Gathering, also: Collection[str]
) -> Sheet:
    found: list[Sheet] = []
    for sheet in book.worksheets:
        where = f"sheet “{sheet.title}”"
        if sheet.sheet_state != "visible":
            reason = "The sheet is hidden, so it is not read."
            gathering.leave(where, Why.HIDDEN, reason, "Show it, if it is meant.")
        elif table.header_of(islice(_rows(sheet, _sketch_of(sheet, sketches)), _SAMPLE_ROWS), also):
            found.append(sheet)
        else:
            gathering.leave(where, Why.SHEET, "No row of it says what its columns hold.")
    if not found:
        raise table.no_header()
    if len(found) > 1:
        names = listed((f"“{sheet.title}”" for sheet in found), 10)
        raise Invalid(
            f"The sheets {names} all hold texts of a listing.",
            remedy="Keep one of them in the file, or hide the others.",
        )
    return found[0]


def _sketch_of(sheet: Sheet, sketches: Mapping[str, Sketch]) -> Sketch:
    # The library keeps the part's path to itself, and there is no other way from a sheet to it.
    sketch = sketches.get(sheet._worksheet_path)
    if sketch is None or sketch.root != "worksheet":
        # The library finds cells in it all the same, and nothing is known of those.
        raise _damaged()
    return sketch


def _damaged() -> Invalid:
    return Invalid("The workbook is damaged or incomplete.", remedy=_DAMAGED)


def _too_wide(column: int) -> Invalid:
    return Invalid(
        f"The sheet has texts in column {letters(column - 1)}, and no more than {limits.COLUMNS} "
        "columns are read.",
        remedy="Is this the right file? A listing has nine fields in fifty locales.",
    )


def _tell_of_merged(sketch: Sketch, gathering: Gathering) -> None:
    for area in sketch.merged:
        left, top, _, _ = range_boundaries(area)
        gathering.leave(
            area,
            Why.MERGED,
            "These cells are merged, so only the first of them has a text.",
            f"It counts for {letters(left - 1)}{top} alone; split them to give the others theirs.",
        )


def _tell_of_hidden(sketch: Sketch, gathering: Gathering) -> None:
    for number in sorted(sketch.hidden_rows):
        reason = "The row is hidden, perhaps by a filter, so it is not read."
        gathering.leave(f"row {number}", Why.HIDDEN, reason, "Show it, if it is meant.")
    for first, last in sketch.hidden_columns:
        if first <= limits.COLUMNS:
            name = letters(first - 1)
            span = name if first == last else f"{name}:{letters(min(last, 16_384) - 1)}"
            reason = "The column is hidden, so it is not read."
            gathering.leave(f"column {span}", Why.HIDDEN, reason, "Show it, if it is meant.")


def _rows(sheet: Sheet, sketch: Sketch) -> Iterator[Row]:
    sheet.reset_dimensions()
    rows = sheet.iter_rows(max_row=limits.ROWS_OF_SHEET, max_col=limits.COLUMNS)
    for number, cells in enumerate(rows, 1):
        if number not in sketch.hidden_rows:
            yield Row(number, _shown(number, cells, sketch), lettered=True)


def _shown(number: int, cells: Sequence[Any], sketch: Sketch) -> list[Cell]:
    shown: list[Cell] = []
    for column, cell in enumerate(cells, 1):
        if cell is not EMPTY_CELL and not sketch.hides(column):
            # Most rows are far shorter than what may be read, so blanks are filled in late.
            shown.extend([_BLANK] * (column - 1 - len(shown)))
            shown.append(_cell(cell, (number, column) in sketch.formulas))
    return shown


def _cell(cell: Any, is_formula: bool) -> Cell:  # noqa: FBT001
    if is_formula:
        return Cell(
            problem=(
                Why.FORMULA,
                "A formula fills the cell, and formulas are never computed here.",
                "Copy it and paste it as a value.",
            )
        )
    value = cell.value
    if value is None:
        return Cell()
    if cell.data_type == "e":
        return Cell(problem=(Why.ERROR, f"The cell holds the error {value}.", "Mend it."))
    if isinstance(value, str):
        return Cell(_ESCAPED.sub(lambda found: chr(int(found[1], 16)), value))
    return _of_value(cell, value)


def _of_value(cell: Any, value: object) -> Cell:
    if isinstance(value, bool):
        reason = f"The cell holds the value {str(value).upper()} and no text."
        return Cell(problem=(Why.BOOLEAN, reason, _AS_TEXT))
    if isinstance(value, date | datetime | time | timedelta):
        reason = "The cell holds a date or a time, of which only your program knows how it looks."
        return Cell(problem=(Why.DATE, reason, _AS_TEXT))
    plain = cell.number_format in _PLAIN_FORMATS
    if isinstance(value, int) and plain and abs(value) < _WHOLE:
        return Cell(str(value), notes=(Cleaning.NUMBER,))
    reason = "The cell holds a number, of which only your program knows how it looks."
    return Cell(problem=(Why.NUMBER, reason, _AS_TEXT))
