"""Rows of cells to texts, whatever file they come from."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain, islice

from bot.domain import locales
from bot.domain.changes import Place
from bot.errors import Invalid
from bot.exchange import breaks, limits
from bot.exchange.cells import Row, letters
from bot.exchange.headers import (
    HELPED,
    field_of,
    fields_meant,
    fields_near,
    locale_of,
    locales_meant,
    role_of,
)
from bot.exchange.imported import Gathering, Why
from bot.exchange.layout import Across, Layout, Long, Wide, layout_of
from bot.exchange.words import CLEAR, give, named

_QUOTED = 60


def header_of(rows: Iterable[Row], also: Collection[str]) -> tuple[Layout, Row] | None:
    """Return what the first rows say about the columns and the row that says it, or None.

    A row that says it surely goes before one that may mean something else.
    """
    filled = islice((row for row in rows if not row.blank), limits.HEADER_ROWS)
    unsure = None
    for row in filled:
        if found := layout_of([cell.text for cell in row.cells], also):
            if found.sure:
                return found, row
            unsure = unsure or (found, row)
    return unsure


def no_header() -> Invalid:
    """Return the error for a table whose columns nobody named."""
    return Invalid(
        f"None of the first {limits.HEADER_ROWS} rows says what the columns hold.",
        remedy="Begin with a row such as “locale, name, subtitle, keywords”, or “locale, field, "
        "text”, or “field” and then a locale in each column.",
    )


def read(rows: Iterable[Row], gathering: Gathering, also: Collection[str], *, even: bool) -> None:
    """Gather the texts of a table.

    `even` says that every row has as many cells as the header: one with more has slipped, and
    one that names nothing may be a piece of another. Raises Invalid where no row names the
    columns.
    """
    row_by_row = iter(rows)
    first = _first(row_by_row)
    if (found := header_of(first, also)) is None:
        raise no_header()
    layout, header = found
    place = first.index(header)
    for row in first[:place]:
        gathering.leave(row.where, Why.ABOVE, "It stands above the row that names the columns.")
    below = chain(first[place + 1 :], row_by_row)
    _Reading(gathering, also, layout, even=even).read(below)


def _first(rows: Iterator[Row]) -> list[Row]:
    """Return the rows among which the one that names the columns has to be."""
    looked_at = islice(rows, limits.ROWS)
    return list(islice((row for row in looked_at if not row.blank), limits.HEADER_ROWS))


@dataclass(slots=True)
class _Reading:
    """One pass over the rows below the header."""

    gathering: Gathering
    also: Collection[str]
    layout: Layout
    even: bool = field(kw_only=True)
    _told: set[int] = field(default_factory=set)
    # By column: what is under a name that may not be a locale's, until one of it is a text.
    _held: dict[int, list[tuple[Place, Row]]] = field(default_factory=dict)
    # The row whose last text is whole unless the next one is a piece of it.
    _before: Row | None = None
    # Whether a piece stood above that may belong to the row below it.
    _loose: bool = False
    # The texts that may be cut, by row and column, with the reason.
    _cut: dict[tuple[int, int], str] = field(default_factory=dict)
    _helped: int = 0
    _cells: int = 0

    def read(self, rows: Iterator[Row]) -> None:
        if isinstance(self.layout, Across):
            self._held = {column: [] for column in sorted(self.layout.doubtful)}
        self._read(rows)
        for column, held in self._held.items():
            if held:
                self._ask(column, held[0][0][0])

    def _read(self, rows: Iterator[Row]) -> None:
        for count, row in enumerate(rows, 1):
            if count > limits.ROWS:
                self._settle()
                self._leave_the_rest(chain([row], rows))
                return
            self._count(row)
            if row.blank:
                continue
            if self.even:
                self._in_turn(row)
            else:
                self._take(row)
        self._settle()

    def _in_turn(self, row: Row) -> None:
        """Take a row, one that names something once the next has shown that it is whole."""
        if self._begins(row):
            self._settle()
            if self._loose:
                self._cut[row.number, 0] = breaks.CUT_BEFORE
            self._before, self._loose = row, False
            return
        if breaks.is_piece(row, self._before, self.layout.key, len(self.layout.header)):
            self._settle(cut=True)
            self._loose = self._loose or len(row.cells) == 1
        self._take(row)

    def _begins(self, row: Row) -> bool:
        said = row.cell(self.layout.key).text.strip()
        if isinstance(self.layout, Across):
            return field_of(said) is not None
        return bool(said) and locale_of(said, self.also) is not None

    def _settle(self, *, cut: bool = False) -> None:
        row, self._before = self._before, None
        if row is None:
            return
        if cut:
            last = breaks.last_filled(row)
            self._cut[row.number, last] = breaks.CUT_AFTER
            if all(cell.blank for column, cell in enumerate(row.cells) if column != last):
                # Its only text is below it, so it is not that it has none.
                said = (Why.CUT, breaks.CUT_AFTER, breaks.REMEDY)
                self.gathering.leave(row.where, *said, place=self._place_of(row))
        self._take(row)

    def _take(self, row: Row) -> None:
        if self._slipped(row):
            return
        self._tell_of_columns(row)
        match self.layout:
            case Wide():
                self._wide(row, self.layout)
            case Across():
                self._across(row, self.layout)
            case Long():
                self._long(row, self.layout)

    def _leave_the_rest(self, rows: Iterator[Row]) -> None:
        # Blank rows at the end are nothing that is missed; of very many one cannot know.
        looked_at = islice(rows, limits.ROWS)
        rest = next((row for row in looked_at if not row.blank), None) or next(rows, None)
        if rest:
            self.gathering.leave(
                f"{rest.where} and after",
                Why.LIMIT,
                f"No more than {limits.ROWS:,} rows are read.",
                "Split the file.",
            )

    def _count(self, row: Row) -> None:
        self._cells += len(row.cells)
        if self._cells > limits.CELLS:
            raise Invalid(
                f"The table has more than {limits.CELLS:,} cells.",
                remedy="Is this the right file? A listing has nine fields in fifty locales.",
            )

    def _slipped(self, row: Row) -> bool:
        width = len(self.layout.header)
        if not self.even or all(cell.blank for cell in row.cells[width:]):
            return False
        self.gathering.leave(
            row.where,
            Why.SHIFTED,
            f"It has {len(row.cells)} cells, and the row that names the columns has {width}.",
            "A text with a separator in it needs quotation marks around it.",
            place=self._place_of(row),
        )
        return True

    def _place_of(self, row: Row) -> Place | None:
        """Return what a row that has slipped is likely to be about."""
        if isinstance(self.layout, Across):
            return None
        locale = locale_of(row.cell(self.layout.locale).text, self.also)
        return (locale, "") if locale else None

    def _tell_of_columns(self, row: Row) -> None:
        for column, cell in enumerate(row.cells):
            if cell.blank or column in self.layout.known or column in self._told:
                continue
            self._told.add(column)
            header = self.layout.header
            self._leave_column(column, header[column].strip() if column < len(header) else "")

    def _leave_column(self, column: int, header: str) -> None:
        where = f"column {letters(column)}"
        said = _quoted(header)
        across = isinstance(self.layout, Across)
        if isinstance(self.layout, Across) and (code := self.layout.asked.get(column)):
            self._ask(column, code)
        elif not header:
            self.gathering.leave(where, Why.COLUMN, "It has texts and no name.")
        elif role_of(header):
            reason = f"Another column says what {said} says, so this one is not read."
            self.gathering.leave(where, Why.COLUMN, reason)
        elif across:
            self.gathering.leave(
                where, Why.LOCALE, _no_locale(said), self._help(locales_meant, header)
            )
        else:
            reason = f"{said} is no field of a listing, so the column is not read."
            self.gathering.leave(where, Why.COLUMN, reason, self._help(fields_meant, header))

    def _wide(self, row: Row, layout: Wide) -> None:
        filled = [column for column in layout.fields if not row.cell(column).blank]
        if not filled and row.cell(layout.locale).blank:
            return
        if (locale := self._locale(row, layout.locale)) is None:
            return
        for column in filled:
            self._give((locale, layout.fields[column]), row, column)

    def _across(self, row: Row, layout: Across) -> None:
        filled = [column for column in layout.locales if not row.cell(column).blank]
        if not filled and row.cell(layout.field).blank:
            return
        if (attribute := self._field(row, layout.field)) is None:
            near = self._near(row, layout.field)
            for column in filled:
                self.gathering.tried((layout.locales[column], near))
            return
        for column in filled:
            self._hold((layout.locales[column], attribute), row, column)

    def _hold(self, place: Place, row: Row, column: int) -> None:
        """Give a text, where its column may be of numbers only once something else is in it."""
        held = self._held.get(column)
        if held is None:
            self._give(place, row, column)
            return
        held.append((place, row))
        if not row.cell(column).numbers_a_row:
            del self._held[column]
            for each, where in held:
                self._give(each, where, column)

    def _ask(self, column: int, code: str) -> None:
        name, said = locales.locale(code).name, _quoted(self.layout.header[column].strip())
        self.gathering.leave(
            f"column {letters(column)}",
            Why.DOUBTFUL,
            f"{said} may be {name} or a number of each row, so the column is not read.",
            f"Name it “{name} ({code})” if it is that, else by another word.",
            place=(code, ""),
        )

    def _long(self, row: Row, layout: Long) -> None:
        if all(row.cell(column).blank for column in layout.known):
            return
        if (locale := self._locale(row, layout.locale)) is None:
            return
        if (attribute := self._field(row, layout.field)) is None:
            self.gathering.tried((locale, self._near(row, layout.field)))
            return
        self._give((locale, attribute), row, layout.text)

    def _give(self, place: Place, row: Row, column: int) -> None:
        cell, where = row.cell(column), row.at(column)
        if reason := self._cut.get((row.number, column)):
            self.gathering.leave(where, Why.CUT, reason, breaks.REMEDY, place=place)
            return
        if cell.problem:
            self.gathering.leave(where, *cell.problem, place=place)
            return
        for note in cell.notes:
            self.gathering.clean(note, where)
        if not give(self.gathering, place, cell.text, where):
            self.gathering.leave(
                where,
                Why.EMPTY,
                f"There is no text for {named(place)}.",
                f"Write {CLEAR} to empty it.",
                place=place,
            )

    def _locale(self, row: Row, column: int) -> str | None:
        cell = row.cell(column)
        if cell.problem:
            self.gathering.leave(row.at(column), *cell.problem)
        elif cell.blank:
            self.gathering.leave(row.where, Why.NO_LOCALE, "It has texts and no locale.")
        elif code := locale_of(cell.text, self.also):
            return code
        else:
            said = cell.text.strip()
            reason = _no_locale(_quoted(said))
            self.gathering.leave(row.where, Why.LOCALE, reason, self._help(locales_meant, said))
        return None

    def _field(self, row: Row, column: int) -> str | None:
        cell = row.cell(column)
        if cell.problem:
            self.gathering.leave(row.at(column), *cell.problem)
        elif cell.blank:
            self.gathering.leave(row.where, Why.NO_FIELD, "It has texts and no field.")
        elif attribute := field_of(cell.text):
            return attribute
        else:
            said = cell.text.strip()
            reason = f"{_quoted(said)} is no field of a listing."
            self.gathering.leave(row.where, Why.FIELD, reason, self._help(fields_meant, said))
        return None

    def _near(self, row: Row, column: int) -> str:
        """Return the field that a cell likely means, "" where that may be any."""
        near = fields_near(row.cell(column).text[:_QUOTED]) if self._helped <= HELPED else ()
        return near[0] if len(near) == 1 else ""

    def _help(self, meant: Callable[[str], str], said: str) -> str:
        self._helped += 1
        return meant(said[:_QUOTED]) if self._helped <= HELPED else ""


def _quoted(text: str) -> str:
    shown = " ".join(text[: _QUOTED + 1].split())
    return f"“{shown[:_QUOTED]}…”" if len(text) > _QUOTED else f"“{shown}”"


def _no_locale(said: str) -> str:
    return f"{said} names no single locale of the App Store."
