"""Locales by fields in words and signs: the table, and what is read aloud of its picture.

Knows the sign of each state; refuses to know any text. Signs are plain characters, all as wide
as a letter, so that columns stand under each other.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.changes import Place
from bot.domain.matrix import CellState, Matrix
from bot.slack.faces.blocks import Block, clip, context, preformatted, rich
from bot.slack.faces.wording import field_label, plural

ALT_TEXT = 1_000
# Slack takes some 3,000 characters in one text; this leaves room for the heading.
_TABLE = 2_800
_MOST_NAMED = 12

SIGNS: dict[CellState, str] = {
    CellState.TOO_LONG: "X",
    CellState.MISSING: "?",
    CellState.NEAR: "!",
    CellState.CLEARED: "-",
    CellState.REMOVED: "/",
    CellState.CHANGED: "+",
    CellState.UNCHANGED: ".",
}
# What has to be mended is named with its places.
_NAMED = (CellState.TOO_LONG, CellState.MISSING)
_LISTED = (CellState.NEAR, CellState.CLEARED, CellState.REMOVED)


def title(shown: Matrix) -> str:
    """Return how large a change is: "200 changes in 40 locales"."""
    return f"{plural(shown.changed, 'change')} in {plural(len(shown.locales), 'locale')}"


def alt_text(shown: Matrix) -> str:
    """Return the picture in words for who does not see it: the counts, and what is wrong."""
    counts = shown.counts
    told = [
        f"{counts[state]:,} {state}{_places(shown.places(state), counts[state])}"
        if state in _NAMED
        else f"{counts[state]:,} {state}"
        for state in (*_NAMED, *_LISTED)
        if counts[state]
    ]
    size = f"{plural(len(shown.rows), 'locale')} by {plural(len(shown.fields), 'field')}"
    first = f"{shown.changed:,} of {len(shown.rows) * len(shown.fields):,} texts change"
    return clip(f"Table of {size} in colours and signs. {'; '.join([first, *told])}.", ALT_TEXT)


def _places(places: Sequence[Place], count: int) -> str:
    named = [f"{field_label(attribute)} in {code}" for code, attribute in places[:_MOST_NAMED]]
    more = [f"{count - _MOST_NAMED:,} more"] if count > _MOST_NAMED else []
    return f" ({', '.join([*named, *more])})"


def matrix_image(shown: Matrix, picture: str) -> list[Block]:
    """Return the picture, the id of an uploaded file, with its words; nothing without one."""
    if not picture:
        return []
    file = {"id": picture}
    return [{"type": "image", "slack_file": file, "alt_text": alt_text(shown)}]


def matrix_table(shown: Matrix) -> list[Block]:
    """Return the table in signs, a line for each locale, and below it what they mean."""
    return [*(rich(preformatted(piece)) for piece in _pieces(shown)), context(legend(shown))]


def legend(shown: Matrix) -> str:
    """Return what columns and signs mean; of the signs those that occur."""
    columns = ", ".join(f"{place} {field.label}" for place, field in enumerate(shown.fields, 1))
    signs = ", ".join(f"{SIGNS[state]} {state}" for state in CellState if shown.counts[state])
    return f"Columns: {columns}. Signs: {signs}."


def _pieces(shown: Matrix) -> list[str]:
    """Return the table's lines in texts that are short enough, each with the heading."""
    width = max((len(row.locale) for row in shown.rows), default=0)
    head = " ".join([" " * width, *(str(place) for place in range(1, len(shown.fields) + 1))])
    pieces: list[list[str]] = [[head]]
    for row in shown.rows:
        drawn = " ".join([row.locale.ljust(width), *(SIGNS[cell.state] for cell in row.cells)])
        if sum(len(each) + 1 for each in pieces[-1]) + len(drawn) > _TABLE:
            pieces.append([head])
        pieces[-1].append(drawn)
    return ["\n".join(piece) for piece in pieces]
