"""A chart of the last weeks as a picture, and the same in words.

The plotting library is imported when something is drawn, since it is large and slow to
import. The picture has a ground of its own, so that it reads the same in Slack's light and
dark themes; colours are those of Okabe and Ito, which colour-blind people tell apart, and
failures are hatched besides.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING

from bot.workflow.watch.cards import WeekCount

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST_WEEKS = 12
FILE_NAME = "weeks.png"
_INCHES, _DOTS, _MARGIN = (8.0, 3.2), 160, 0.15
_GROUND, _INK, _FAINT = "#ffffff", "#1d1c1d", "#c8c8c8"
_PUSHED, _FAILED = "#0072b2", "#e69f00"


def alt_text(weeks: Sequence[WeekCount]) -> str:
    """Return the chart in words with all its numbers, for who does not see it."""
    told = [
        f"{_day(one)}: {one.pushed:,} pushed" + (f", {one.failed:,} failed" if one.failed else "")
        for one in weeks[-MOST_WEEKS:]
    ]
    span = "week" if len(told) == 1 else f"{len(told)} weeks"
    return f"Bar chart of changes in the last {span}. Weeks from {'; '.join(told)}."


def draw(weeks: Sequence[WeekCount]) -> bytes:
    """Return the last weeks as a PNG: bars of pushed changes, failed ones on top of them."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=_INCHES, dpi=_DOTS, facecolor=_GROUND)
    figure.set_layout_engine("constrained", w_pad=_MARGIN, h_pad=_MARGIN)
    FigureCanvasAgg(figure)
    _bars(figure.add_subplot(facecolor=_GROUND), weeks[-MOST_WEEKS:])
    picture = io.BytesIO()
    # Without the library's name and version the same numbers are the same bytes.
    figure.savefig(picture, format="png", metadata={"Software": None})
    return picture.getvalue()


def _bars(axes: Axes, weeks: Sequence[WeekCount]) -> None:
    places = range(len(weeks))
    pushed, failed = [one.pushed for one in weeks], [one.failed for one in weeks]
    axes.bar(places, pushed, width=0.62, color=_PUSHED, label="Pushed changes")
    if any(failed):
        axes.bar(
            places,
            failed,
            width=0.62,
            bottom=pushed,
            color=_FAILED,
            edgecolor=_GROUND,
            linewidth=0,
            hatch="///",
            label="Failed changes",
        )
        axes.legend(frameon=False, labelcolor=_INK, fontsize=10, loc="upper left", ncols=2)
    highest = max(a + b for a, b in zip(pushed, failed, strict=True))
    _numbers(axes, weeks, highest)
    axes.set_ylim(0, max(1, highest) * 1.35)
    axes.set_xlim(-0.6, max(len(weeks), 4) - 0.4)
    axes.set_xticks(list(places), [_day(one) for one in weeks], color=_INK, fontsize=10)
    axes.set_title("Changes by week", loc="left", color=_INK, fontsize=12, fontweight="bold")
    axes.yaxis.set_visible(False)
    axes.tick_params(length=0)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(_FAINT)


def _numbers(axes: Axes, weeks: Sequence[WeekCount], highest: int) -> None:
    """Write each bar's number above it, that of the failures after a plus."""
    for place, one in enumerate(weeks):
        told = f"{one.pushed:,}" + (f" + {one.failed:,}" if one.failed else "")
        top = one.pushed + one.failed + highest * 0.03
        axes.text(place, top, told, ha="center", va="bottom", color=_INK, fontsize=10)


def _day(one: WeekCount) -> str:
    return f"{one.starts.day} {one.starts:%b}"
