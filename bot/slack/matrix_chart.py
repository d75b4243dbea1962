"""Locales by fields as a picture: codes, signs and colours, and none of the texts.

It stands beside the weekly chart and keeps its rules: the plotting library is imported when
something is drawn, the ground is the picture's own, and colours are those of Okabe and Ito.
Each state has its sign as well, the same as in the table that is written.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from bot.domain.matrix import CellState, Matrix, Row
from bot.slack.faces.matrix import SIGNS, title

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

FILE_NAME = "locales.png"
_DOTS = 160
_GROUND, _INK = "#ffffff", "#1d1c1d"
# Inches: a cell, what a panel needs for its codes, and the room for headings and legend.
_CELL, _CODES, _ABOVE, _BELOW, _EDGE = 0.27, 0.85, 1.75, 0.5, 0.15
# So many locales stand below each other before another panel begins beside them.
_PANEL = 18
_WIDEST = 8.2
# The colour of each state, and of the sign on it.
_COLOURS: dict[CellState, tuple[str, str]] = {
    CellState.TOO_LONG: ("#d55e00", "#000000"),
    CellState.MISSING: ("#cc79a7", "#000000"),
    CellState.NEAR: ("#f0e442", "#000000"),
    CellState.CLEARED: ("#56b4e9", "#000000"),
    CellState.CHANGED: ("#0072b2", "#ffffff"),
    CellState.UNCHANGED: ("#e4e4e4", "#e4e4e4"),
}
_ORDER = {state: place for place, state in enumerate(_COLOURS)}


def draw_matrix(shown: Matrix) -> bytes:
    """Return a matrix of one row or more as a PNG; the same matrix is the same bytes."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    panels = _panels(shown.rows)
    deepest = max(map(len, panels))
    across = len(panels) * (_CODES + len(shown.fields) * _CELL) + 0.9
    width, height = max(across, _WIDEST), _ABOVE + deepest * _CELL + _BELOW
    figure = Figure(figsize=(width, height), dpi=_DOTS, facecolor=_GROUND)
    FigureCanvasAgg(figure)
    for number, rows in enumerate(panels):
        left = _EDGE + number * (_CODES + len(shown.fields) * _CELL) + _CODES - 0.1
        low = _BELOW + (deepest - len(rows)) * _CELL
        size = (len(shown.fields) * _CELL, len(rows) * _CELL)
        place = (left / width, low / height, size[0] / width, size[1] / height)
        _panel(figure.add_axes(place), shown, rows)
    _words(figure, shown, (width, height))
    picture = io.BytesIO()
    figure.savefig(picture, format="png", metadata={"Software": None})
    return picture.getvalue()


def _panels(rows: Sequence[Row]) -> list[Sequence[Row]]:
    """Return the rows in panels of nearly the same length, so that none is left alone."""
    count = max(1, -(-len(rows) // _PANEL))
    size = max(1, -(-len(rows) // count))
    return [rows[start : start + size] for start in range(0, len(rows), size)]


def _panel(axes: Axes, shown: Matrix, rows: Sequence[Row]) -> None:
    from matplotlib.colors import ListedColormap

    colours = ListedColormap([colour for colour, _ in _COLOURS.values()])
    values = [[_ORDER[cell.state] for cell in row.cells] for row in rows]
    axes.pcolormesh(
        values, cmap=colours, vmin=0, vmax=len(_COLOURS) - 1, edgecolors=_GROUND, linewidth=1.5
    )
    axes.invert_yaxis()
    for row, column, state in _signs(rows):
        place = (column + 0.5, row + 0.53)
        _sign(axes, place, state)
    axes.set_yticks([row + 0.5 for row in range(len(rows))], [row.locale for row in rows])
    labels = [field.label for field in shown.fields]
    axes.set_xticks([column + 0.5 for column in range(len(labels))], labels, rotation=50, ha="left")
    axes.xaxis.tick_top()
    for label in axes.get_xticklabels():
        label.set_rotation_mode("anchor")
    axes.tick_params(length=0, pad=3, labelsize=10, labelcolor=_INK)
    for spine in axes.spines.values():
        spine.set_visible(False)


def _signs(rows: Sequence[Row]) -> Iterable[tuple[int, int, CellState]]:
    for down, row in enumerate(rows):
        for across, cell in enumerate(row.cells):
            if cell.state is not CellState.UNCHANGED:
                yield down, across, cell.state


def _sign(axes: Axes, place: tuple[float, float], state: CellState) -> None:
    axes.text(
        *place,
        SIGNS[state],
        ha="center",
        va="center",
        color=_COLOURS[state][1],
        fontsize=11,
        fontweight="bold",
    )


def _words(figure: Figure, shown: Matrix, size: tuple[float, float]) -> None:
    """Write what it shows above the panels, and below them what the colours mean."""
    width, height = size
    figure.text(
        _EDGE / width,
        1 - 0.12 / height,
        title(shown),
        ha="left",
        va="top",
        color=_INK,
        fontsize=12,
        fontweight="bold",
    )
    counted = [(state, count) for state, count in shown.counts.items() if count]
    step = (width - 2 * _EDGE) / max(5, len(counted))
    legend = figure.add_axes((0, 0, 1, _BELOW / height))
    legend.set_xlim(0, width)
    legend.set_ylim(0, _BELOW)
    legend.axis("off")
    for number, (state, count) in enumerate(counted):
        _key(legend, (_EDGE + number * step, 0.12), f"{count:,} {state}", state)


def _key(legend: Axes, corner: tuple[float, float], words: str, state: CellState) -> None:
    from matplotlib.patches import Rectangle

    side = 0.2
    legend.add_patch(Rectangle(corner, side, side, color=_COLOURS[state][0], linewidth=0))
    _sign(legend, (corner[0] + side / 2, corner[1] + side / 2 - 0.01), state)
    legend.text(
        corner[0] + side + 0.08,
        corner[1] + side / 2,
        words,
        ha="left",
        va="center",
        color=_INK,
        fontsize=10,
    )
