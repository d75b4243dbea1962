"""A change of many texts at a glance: a row for each locale, a column for each field.

Pure: what a cell says follows from the items and, where it is known, from the listing that
they change. Without the listing there are rows for what the items touch alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.changes import Place, goes
from bot.domain.checklist import with_texts
from bot.domain.fields import BY_ATTRIBUTE, FIELDS, Field
from bot.domain.items import TEXTUAL, Item, ItemKind, leaving
from bot.domain.listing import Listing
from bot.domain.text import length

# From this share of its limit on a text has little room left.
NEAR = 0.9


class CellState(StrEnum):
    """What there is to say of a text, once it is as proposed; the worst is said."""

    TOO_LONG = "too long"
    MISSING = "missing"
    NEAR = "near the limit"
    CLEARED = "emptied"
    REMOVED = "removed"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One text: what there is to say of it, and whether the items touch it.

    One that stays as it is is unchanged, unless it breaks a limit or a version cannot be
    submitted without it.
    """

    state: CellState
    changed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """The cells of a locale, in the order of the table of fields."""

    locale: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """Locales by fields, the primary locale first, the others in order of their codes."""

    rows: tuple[Row, ...]
    fields: tuple[Field, ...] = FIELDS

    @property
    def changed(self) -> int:
        """How many texts the items touch."""
        return sum(cell.changed for row in self.rows for cell in row.cells)

    @property
    def locales(self) -> tuple[str, ...]:
        """The locales that the items touch."""
        return tuple(row.locale for row in self.rows if any(c.changed for c in row.cells))

    @property
    def counts(self) -> Mapping[CellState, int]:
        """How many cells are in each state, 0 for one that none is in."""
        found = Counter(cell.state for row in self.rows for cell in row.cells)
        return {state: found[state] for state in CellState}

    def places(self, state: CellState) -> tuple[Place, ...]:
        """Return where the cells of a state are, in reading order."""
        return tuple(
            (row.locale, field.attribute)
            for row in self.rows
            for field, cell in zip(self.fields, row.cells, strict=True)
            if cell.state is state
        )


def is_near(field: Field, text: str) -> bool:
    """Return whether a text fits into its field and leaves little room."""
    return NEAR * field.limit <= length(text) <= field.limit


def matrix(items: Iterable[Item], listing: Listing | None = None) -> Matrix:
    """Return what items make of a listing; what acts on the version is left out."""
    textual = [item for item in items if item.kind in TEXTUAL]
    after = with_texts(listing, textual) if listing else None
    changed = {(i.locale, i.field): i.after for i in textual if i.kind is ItemKind.TEXT}
    gone = leaving(textual)
    every = {item.locale for item in textual} | set(listing.locales() if listing else ())
    primary = listing.app.primary_locale if listing else ""
    return Matrix(
        rows=tuple(
            Row(
                locale=code,
                cells=tuple(
                    _leaves(listing, changed, (code, field.attribute))
                    if goes(field, gone.get(code))
                    else _cell(field, (code, field.attribute), changed, after)
                    for field in FIELDS
                ),
            )
            for code in sorted(every, key=lambda code: (code != primary, code))
        )
    )


def _leaves(listing: Listing | None, changed: Collection[Place], place: Place) -> Cell:
    if place in changed or (listing and listing.text(*place)):
        return Cell(state=CellState.REMOVED, changed=True)
    return Cell(state=CellState.UNCHANGED, changed=False)


def _cell(field: Field, place: Place, changed: Mapping[Place, str], after: Listing | None) -> Cell:
    touched = place in changed
    if not touched and after is None:
        return Cell(state=CellState.UNCHANGED, changed=False)
    text = changed[place] if touched else after.text(*place) if after else ""
    return Cell(state=_state(field, text, after, touched=touched), changed=touched)


def _state(field: Field, text: str, after: Listing | None, *, touched: bool) -> CellState:
    if length(text) > field.limit:
        return CellState.TOO_LONG
    # Without the listing nobody knows whether an update is asked for what is new in it.
    if not text and field.is_required(first_version=after is None or after.first_version):
        return CellState.MISSING
    if not touched:
        return CellState.UNCHANGED
    if not text:
        return CellState.CLEARED
    return CellState.NEAR if is_near(field, text) else CellState.CHANGED


@dataclass(frozen=True, slots=True, kw_only=True)
class OfField:
    """What happens to one field: the locales in which it changes, and what is special there.

    What goes with its locale is not emptied.
    """

    attribute: str
    locales: tuple[str, ...]
    cleared: tuple[str, ...]
    near: tuple[str, ...]


def by_field(items: Iterable[Item]) -> tuple[OfField, ...]:
    """Return what items change, gathered by field in the order of the table of fields."""
    gathered: dict[str, list[Item]] = {}
    changes = tuple(items)
    gone = leaving(changes)
    for item in changes:
        if item.kind is ItemKind.TEXT:
            gathered.setdefault(item.field, []).append(item)
    order = {field.attribute: place for place, field in enumerate(FIELDS)}
    names = sorted(gathered, key=lambda name: order.get(name, len(order)))
    return tuple(_of_field(name, gathered[name], gone) for name in names)


def _of_field(attribute: str, items: list[Item], gone: Collection[str]) -> OfField:
    field = BY_ATTRIBUTE.get(attribute)
    return OfField(
        attribute=attribute,
        locales=tuple(item.locale for item in items),
        cleared=tuple(i.locale for i in items if not i.after and i.locale not in gone),
        near=tuple(item.locale for item in items if field and is_near(field, item.after)),
    )
