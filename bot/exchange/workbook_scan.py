"""The XML of a workbook, looked at without being built up: its size, its tricks, its layout.

Everything is streamed, so that a hostile part costs no more memory than a harmless one; only
what passes here is given to the library that reads the cells.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from xml.sax import SAXException
from xml.sax.handler import ContentHandler, LexicalHandler, property_lexical_handler
from xml.sax.xmlreader import AttributesImpl

from defusedxml import DefusedXmlException
from defusedxml.expatreader import DefusedExpatParser

from bot.errors import Invalid
from bot.exchange import limits
from bot.exchange.archive import Archive

_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_LARGE_ROOTS = frozenset({"worksheet", "sst"})
_OF_CELLS = frozenset({"row", "c", "v", "f", "is", "t", "r", "rPr", "si", "rPh", "phoneticPr"})
_SIMPLER = "Copy the texts alone into a new workbook, or save the sheet as CSV (UTF-8)."
# However many blanks stand before it, in letters of one byte or of two.
_XML_HEAD = re.compile(rb"[\x00\s]*(<|\xef\xbb\xbf|\xff\xfe|\xfe\xff)")
# The formulas that say themselves which other cells they fill.
_FILLING = frozenset({"array", "dataTable"})


@dataclass(slots=True)
class Sketch:
    """What a sheet says besides its values; rows and columns count from 1.

    `root` is the name of what the part is, "worksheet" for a sheet. `beyond` is the first
    column met that is not read, 0 where there is none.
    """

    root: str = ""
    formulas: set[tuple[int, int]] = field(default_factory=set)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    merged: list[str] = field(default_factory=list)
    beyond: int = 0

    def hides(self, column: int) -> bool:
        """Return whether a column, counted from 1, is hidden."""
        return any(first <= column <= last for first, last in self.hidden_columns)


def scanned(archive: Archive) -> Mapping[str, Sketch]:
    """Return a sketch of every part that is XML, by its path. Raises Invalid."""
    sketches = {}
    for name in archive.names:
        content = archive.read(name)
        # What does not begin like XML is none, and the library refuses it as such.
        if _XML_HEAD.match(content):
            sketches[name] = _scan(name, content)
    return sketches


def _scan(name: str, content: bytes) -> Sketch:
    handler = _Handler(name)
    try:
        # At one go: in pieces, a tag of megabytes is begun anew with each of them.
        parser = DefusedExpatParser(forbid_dtd=True)
        parser.setContentHandler(handler)
        parser.setProperty(property_lexical_handler, handler)
        parser.feed(content)
        parser.close()
    except DefusedXmlException as trick:
        raise Invalid(
            f"“{name}” in the workbook declares a document type or entities, which no spreadsheet "
            "program does.",
            remedy=_SIMPLER,
        ) from trick
    except (SAXException, LookupError, ValueError) as wrong:
        if isinstance(wrong, SAXException) and handler.sketch.root not in _BUILT:
            # Drawings of Excel's are not always whole, and nobody reads them.
            return handler.sketch
        raise Invalid(
            f"“{name}” in the workbook is damaged.", remedy="Open it in Excel and save it again."
        ) from wrong
    return handler.sketch


class _Handler(ContentHandler, LexicalHandler):
    """Counts elements and notes where formulas, hidden and merged cells are."""

    def __init__(self, part: str) -> None:
        super().__init__()
        self.sketch = Sketch()
        self._part = part
        self._elements = 0
        self._filled = 0
        self._others = 0
        self._run = 0
        self._row = 0
        self._column = 0

    def startElement(self, name: str, attrs: AttributesImpl[str]) -> None:  # noqa: N802
        tag = name.rpartition(":")[2]
        self.sketch.root = self.sketch.root or tag
        self._run = 0
        self._check_mark(len(name) + sum(map(len, attrs.values())))
        self._count(tag)
        if self.sketch.root == "worksheet" and (note := _NOTES.get(tag)):
            note(self, attrs)

    def characters(self, content: str) -> None:
        self._run += len(content)
        if self._run > limits.XML_RUN:
            raise self._too_much(f"a text of more than {limits.XML_RUN:,} characters")

    def processingInstruction(self, _: str, data: str) -> None:  # noqa: N802
        self._check_mark(len(data))

    def comment(self, content: str) -> None:
        self._check_mark(len(content))

    def _check_mark(self, characters: int) -> None:
        if characters > limits.XML_MARK:
            raise self._too_much(f"a tag or comment of more than {limits.XML_MARK:,} characters")

    def _count(self, tag: str) -> None:
        self._elements += 1
        large = self.sketch.root in _LARGE_ROOTS
        self._others += not (large and tag in _OF_CELLS)
        if self._elements > limits.XML_ELEMENTS:
            raise self._too_much(f"more than {limits.XML_ELEMENTS:,} elements")
        if self._others > limits.XML_OTHER_ELEMENTS and self.sketch.root in _BUILT:
            raise self._too_much(f"more than {limits.XML_OTHER_ELEMENTS:,} styles, links or names")

    def _too_much(self, what: str) -> Invalid:
        return Invalid(f"“{self._part}” in the workbook holds {what}.", remedy=_SIMPLER)

    def note_row(self, attrs: AttributesImpl[str]) -> None:
        self._row = int(attrs.get("r") or self._row + 1)
        self._column = 0
        if _is_out_of_sight(attrs, "ht") and self._row <= limits.ROWS:
            self.sketch.hidden_rows.add(self._row)

    def note_cell(self, attrs: AttributesImpl[str]) -> None:
        found = _REFERENCE.fullmatch(attrs.get("r", ""))
        self._column = _number(found[1]) if found else self._column + 1
        if found:
            self._row = int(found[2])

    def note_formula(self, attrs: AttributesImpl[str]) -> None:
        self.sketch.formulas.add((self._row, self._column))
        if attrs.get("t") in _FILLING and (area := attrs.get("ref")):
            self._note_filled(area)

    def _note_filled(self, area: str) -> None:
        """Note the cells that hold nothing but what a formula elsewhere gave."""
        first, _, last = area.partition(":")
        (top, left), (bottom, right) = _place(first), _place(last or first)
        rows = range(top, min(bottom, limits.ROWS_OF_SHEET) + 1)
        columns = range(left, min(right, limits.COLUMNS) + 1)
        # Counted before they are made, and those that are there already too: it costs time.
        self._filled += len(rows) * len(columns)
        if self._filled > limits.FILLED_CELLS:
            raise self._too_much(f"formulas that fill more than {limits.FILLED_CELLS:,} cells")
        self.sketch.formulas.update((row, column) for row in rows for column in columns)

    def note_value(self, _: AttributesImpl[str]) -> None:
        if self._column > limits.COLUMNS and not self.sketch.beyond:
            self.sketch.beyond = self._column

    def note_columns(self, attrs: AttributesImpl[str]) -> None:
        if _is_out_of_sight(attrs, "width"):
            self.sketch.hidden_columns.append((int(attrs["min"]), int(attrs["max"])))

    def note_merged(self, attrs: AttributesImpl[str]) -> None:
        self.sketch.merged.append(attrs.get("ref", ""))


_NOTES = {
    "row": _Handler.note_row,
    "c": _Handler.note_cell,
    "f": _Handler.note_formula,
    "v": _Handler.note_value,
    "is": _Handler.note_value,
    "col": _Handler.note_columns,
    "mergeCell": _Handler.note_merged,
}
# What the library builds up as objects; drawings, charts and comments it leaves alone.
_BUILT = frozenset(
    {"worksheet", "sst", "styleSheet", "workbook", "Relationships", "Types", "chartsheet"}
    | {"coreProperties", "Properties"}
)


def _is_out_of_sight(attrs: AttributesImpl[str], size: str) -> bool:
    """Return whether a row or column is hidden, or drawn so small that nobody sees it."""
    return attrs.get("hidden") in {"1", "true"} or float(attrs.get(size) or 1) <= 0


def _place(reference: str) -> tuple[int, int]:
    """Return the row and column of "B7"; raises ValueError."""
    if (found := _REFERENCE.fullmatch(reference)) is None:
        raise ValueError(reference)
    return int(found[2]), _number(found[1])


def _number(name: str) -> int:
    number = 0
    for letter in name:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
