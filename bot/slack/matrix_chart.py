"""Locales by fields as a picture: codes, signs and colours, and none of the texts.

It stands beside the weekly chart and keeps its rules: the plotting library is imported when
something is drawn, the ground is the picture's own, and colours are those of Okabe and Ito.
Each state has its sign as well, the same as in the table that is written.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
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
_CELL, _CODES, _ABOVE, _EDGE = 0.27, 0.85, 1.75, 0.15
# The legend: a line of so many keys each.
_KEYS, _LINE, _UNDER = 3, 0.3, 0.12
# A message is wide and shows no more than a part of a high picture; a modal is narrow.
PANEL, PANEL_IN_MODAL = 18, 25
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
# Points; a mark is as large as its longer side, and not all are.
_SIZES = {CellState.CLEARED: 7, CellState.NEAR: 9, CellState.MISSING: 9}
_ORDER = {state: place for place, state in enumerate(_COLOURS)}


def draw_matrix(shown: Matrix, *, panel: int = PANEL) -> bytes:
    """Return a matrix of one row or more as a PNG; the same matrix is the same bytes.

    At most `panel` locales stand below each other before another panel begins beside them.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    panels = _panels(shown.rows, panel)
    deepest = max(map(len, panels))
    across = len(panels) * (_CODES + len(shown.fields) * _CELL) + 0.9
    below = -(-len(_counted(shown)) // _KEYS) * _LINE + _UNDER + _EDGE
    width, height = max(across, _WIDEST), _ABOVE + deepest * _CELL + below
    figure = Figure(figsize=(width, height), dpi=_DOTS, facecolor=_GROUND)
    FigureCanvasAgg(figure)
    for number, rows in enumerate(panels):
        left = _EDGE + number * (_CODES + len(shown.fields) * _CELL) + _CODES - 0.1
        low = below + (deepest - len(rows)) * _CELL
        size = (len(shown.fields) * _CELL, len(rows) * _CELL)
        place = (left / width, low / height, size[0] / width, size[1] / height)
        _panel(figure.add_axes(place), shown, rows)
    _words(figure, shown, (width, height))
    _legend(figure, shown, (width, height))
    picture = io.BytesIO()
    figure.savefig(picture, format="png", metadata={"Software": None})
    return picture.getvalue()


def _panels(rows: Sequence[Row], panel: int) -> list[Sequence[Row]]:
    """Return the rows in panels of nearly the same length, so that none is left alone."""
    count = max(1, -(-len(rows) // panel))
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
    _signs(axes, rows)
    axes.set_yticks([row + 0.5 for row in range(len(rows))], [row.locale for row in rows])
    labels = [field.label for field in shown.fields]
    axes.set_xticks([column + 0.5 for column in range(len(labels))], labels, rotation=50, ha="left")
    axes.xaxis.tick_top()
    for label in axes.get_xticklabels():
        label.set_rotation_mode("anchor")
    axes.tick_params(length=0, pad=3, labelsize=10, labelcolor=_INK)
    for spine in axes.spines.values():
        spine.set_visible(False)


def _signs(axes: Axes, rows: Sequence[Row]) -> None:
    """Put the sign of each cell on it; those of a state together, which is much faster."""
    places: dict[CellState, list[tuple[float, float]]] = {}
    for down, row in enumerate(rows):
        for across, cell in enumerate(row.cells):
            places.setdefault(cell.state, []).append((across + 0.5, down + 0.5))
    places.pop(CellState.UNCHANGED, None)
    for state, spots in places.items():
        across_, down_ = zip(*spots, strict=True)
        axes.plot(
            across_,
            down_,
            linestyle="none",
            marker=rf"$\mathbf{{{SIGNS[state]}}}$",
            markersize=_SIZES.get(state, 8),
            color=_COLOURS[state][1],
            markeredgewidth=0.5,
            clip_on=False,
        )


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
    """Write above the panels what they show."""
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


def _counted(shown: Matrix) -> list[tuple[CellState, int]]:
    return [(state, count) for state, count in shown.counts.items() if count]


def _legend(figure: Figure, shown: Matrix, size: tuple[float, float]) -> None:
    """Write below the panels what the colours mean."""
    width, height = size
    counted = _counted(shown)
    lines = -(-len(counted) // _KEYS)
    high = lines * _LINE + _UNDER
    axes = figure.add_axes((0, 0, 1, high / height))
    axes.set_xlim(0, width)
    axes.set_ylim(0, high)
    axes.axis("off")
    step = (_WIDEST - 2 * _EDGE) / _KEYS
    for number, (state, count) in enumerate(counted):
        down, across = divmod(number, _KEYS)
        corner = (_EDGE + across * step, _UNDER + (lines - 1 - down) * _LINE)
        _key(axes, corner, f"{count:,} {state}", state)


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
