"""Locales by fields as a picture: codes, signs and colours, and none of the texts.

The ground is the picture's own, and colours are those of Okabe and Ito. Each state has its sign
as well, the same as in the table that is written. The library is imported when something is
drawn; the one of the weekly chart would take forty megabytes more and a second of a processor.
"""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeAlias

from bot.domain.matrix import CellState, Matrix, Row
from bot.slack.faces.matrix import SIGNS, title

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont, ImageFont

FILE_NAME = "locales.png"
# A message is wide and shows no more than a part of a high picture; a modal is narrow. So many
# locales stand below each other before another panel begins beside them.
PANEL, PANEL_IN_MODAL = 18, 25

_GROUND, _INK = "#ffffff", "#1d1c1d"
# The colour of each state, and of the sign on it.
_COLOURS: dict[CellState, tuple[str, str]] = {
    CellState.TOO_LONG: ("#d55e00", "#000000"),
    CellState.MISSING: ("#cc79a7", "#000000"),
    CellState.NEAR: ("#f0e442", "#000000"),
    CellState.CLEARED: ("#56b4e9", "#000000"),
    CellState.REMOVED: ("#000000", "#ffffff"),
    CellState.CHANGED: ("#0072b2", "#ffffff"),
    CellState.UNCHANGED: ("#e4e4e4", "#e4e4e4"),
}
# Pixels, two for each that a screen shows. The labels lean, and the last one overhangs.
_EDGE, _TITLE, _CELL, _GAP, _CODES = 24, 72, 44, 3, 132
_SMALL, _LARGE, _ANGLE = 26, 34, 50
_KEY, _KEYS, _NARROWEST = 50, 3, 1_000
_Place: TypeAlias = tuple[float, float]
_Font: TypeAlias = "FreeTypeFont | ImageFont"
# A small and a large one; the signs are large, since some of them fill little of their letter.
_Fonts: TypeAlias = "tuple[_Font, ...]"


def draw_matrix(shown: Matrix, *, panel: int = PANEL) -> bytes:
    """Return a matrix of one row or more as a PNG; the same matrix is the same bytes.

    At most `panel` locales stand below each other before another panel begins beside them.
    """
    from PIL import Image, ImageDraw, ImageFont

    fonts = tuple(ImageFont.load_default(size) for size in (_SMALL, _LARGE))
    small, large = fonts
    leaning = _Leaning([field.label for field in shown.fields], small)
    panels = _panels(shown.rows, panel)
    counted = [(state, count) for state, count in shown.counts.items() if count]
    across = _CODES + len(shown.fields) * _CELL
    top = _TITLE + leaning.high
    bottom = top + max(map(len, panels)) * _CELL
    size = (
        max(_NARROWEST, 2 * _EDGE + len(panels) * across + leaning.wide),
        bottom + _EDGE + math.ceil(len(counted) / _KEYS) * _KEY + _EDGE,
    )
    picture = Image.new("RGB", size, _GROUND)
    draw = ImageDraw.Draw(picture)
    draw.text((_EDGE, _EDGE), title(shown), fill=_INK, font=large, stroke_width=1)
    for number, rows in enumerate(panels):
        left = _EDGE + number * across + _CODES
        for place, mask in leaning.at(left, top - 10):
            picture.paste(_INK, place, mask)
        _panel(draw, fonts, rows, (left, top))
    _legend(draw, fonts, counted, bottom + _EDGE)
    made = io.BytesIO()
    picture.save(made, format="png")
    return made.getvalue()


class _Leaning:
    """The labels of the columns, each turned on its foot; how far they reach, in pixels."""

    def __init__(self, labels: Sequence[str], font: _Font) -> None:
        from PIL import Image, ImageDraw

        self._masks = []
        turn = math.radians(_ANGLE)
        for label in labels:
            length = math.ceil(font.getlength(label))
            flat = Image.new("L", (length, _SMALL + 8))
            ImageDraw.Draw(flat).text((0, flat.height / 2), label, 255, font, "lm")
            mask = flat.rotate(_ANGLE, Image.Resampling.BICUBIC, expand=True)
            foot = (
                mask.width / 2 - length / 2 * math.cos(turn),
                mask.height / 2 + length / 2 * math.sin(turn),
            )
            self._masks.append((mask, foot))
        self.high = max(mask.height for mask, _ in self._masks) + 10
        self.wide = max(mask.width for mask, _ in self._masks)

    def at(self, left: int, low: int) -> list[tuple[tuple[int, int], Image]]:
        """Return where each label comes above columns that begin at `left`, and its shape."""
        return [
            (
                (round(left + (number + 0.5) * _CELL - foot[0]), round(low - foot[1])),
                mask,
            )
            for number, (mask, foot) in enumerate(self._masks)
        ]


def _panels(rows: Sequence[Row], panel: int) -> list[Sequence[Row]]:
    """Return the rows in panels of nearly the same length, so that none is left alone."""
    count = max(1, -(-len(rows) // panel))
    size = max(1, -(-len(rows) // count))
    return [rows[start : start + size] for start in range(0, len(rows), size)]


def _panel(draw: ImageDraw, fonts: _Fonts, rows: Sequence[Row], corner: _Place) -> None:
    left, top = corner
    for down, row in enumerate(rows):
        high = top + down * _CELL
        draw.text((left - 12, high + _CELL / 2), row.locale, _INK, fonts[0], "rm")
        for across, cell in enumerate(row.cells):
            _cell(draw, fonts, (left + across * _CELL, high), cell.state)


def _cell(draw: ImageDraw, fonts: _Fonts, corner: _Place, state: CellState) -> None:
    left, top = corner
    colour, ink = _COLOURS[state]
    far = (left + _CELL - 1 - _GAP, top + _CELL - 1 - _GAP)
    draw.rectangle((corner, far), fill=colour)
    if state is not CellState.UNCHANGED:
        middle = (left + (_CELL - _GAP) / 2, top + (_CELL - _GAP) / 2)
        draw.text(middle, SIGNS[state], ink, fonts[1], "mm", stroke_width=1)


def _legend(
    draw: ImageDraw, fonts: _Fonts, counted: Sequence[tuple[CellState, int]], top: int
) -> None:
    """Draw what the colours and signs mean, a few in each line."""
    step = (_NARROWEST - 2 * _EDGE) / _KEYS
    for number, (state, count) in enumerate(counted):
        down, across = divmod(number, _KEYS)
        corner = (_EDGE + across * step, top + down * _KEY)
        _cell(draw, fonts, corner, state)
        words = (corner[0] + _CELL + 8, corner[1] + (_CELL - _GAP) / 2)
        draw.text(words, f"{count:,} {state}", _INK, fonts[0], "lm")
