"""The figures that a run leaves behind, what they should be, and how they are printed."""

from __future__ import annotations

import json
import statistics
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field


@dataclass(slots=True, kw_only=True)
class Figures:
    """The last line of a run; None, or no entry, for what was not measured."""

    read_requests: int | None = None
    push_all_requests: int | None = None
    push_all_ratio: float | None = None
    push_three_requests: int | None = None
    faults_right: int | None = None
    faults_ratio: float | None = None
    ack_p99_ratio: dict[str, float] = field(default_factory=dict)
    idle_rss_mb: float | None = None
    ready_s: float | None = None
    years_ready_s: float | None = None
    years_proposals_p99_ms: float | None = None
    years_home_p99_ms: float | None = None
    years_rss_mb: float | None = None
    bulk_preview_s: float | None = None
    bulk_push_requests: int | None = None
    bulk_push_ratio: float | None = None
    bulk_messages: int | None = None
    bulk_votes: int | None = None
    bulk_peak_mb: float | None = None

    def line(self) -> str:
        """Return the figures as one line of JSON."""
        return json.dumps(asdict(self))


# What each figure may be at most; `faults_right` counts what is right, and should be all.
TARGETS: Mapping[str, float] = {
    "read_requests": 2,
    "push_all_requests": 86,
    "push_all_ratio": 1.6,
    "push_three_requests": 12,
    "faults_ratio": 1.5,
    "ack_p99_ratio": 1.5,
    "idle_rss_mb": 90,
    "ready_s": 2,
    "years_ready_s": 3,
    "years_proposals_p99_ms": 300,
    "years_home_p99_ms": 300,
    "bulk_preview_s": 3,
    "bulk_push_requests": 86,
    "bulk_push_ratio": 1.6,
    "bulk_messages": 1,
    "bulk_votes": 2,
    "bulk_peak_mb": 150,
}
AT_LEAST: Mapping[str, float] = {"faults_right": 200}


def missed(figures: Figures) -> list[str]:
    """Return a sentence for each measured figure that is not what it should be."""
    found = []
    for name, value in asdict(figures).items():
        values = value.values() if isinstance(value, dict) else [value]
        for one in values:
            if one is None:
                continue
            if one > TARGETS.get(name, one) or one < AT_LEAST.get(name, one):
                found.append(f"{name} is {one}, {TARGETS.get(name, AT_LEAST.get(name))} is wanted")
    return found


def verdict(figures: Figures, *names: str) -> str:
    """Return whether figures are within their targets, and those: "ok, at most 3 is wanted"."""
    over = any(one.startswith(f"{name} is ") for one in missed(figures) for name in names)
    wanted = " and ".join(_bound(name) for name in names)
    return f"{'over' if over else 'ok'}, {wanted} is wanted"


def _bound(name: str) -> str:
    return f"at most {TARGETS[name]:g}" if name in TARGETS else f"at least {AT_LEAST[name]:g}"


def middle(values: Iterable[float]) -> float:
    """Return the median, with as many digits as are worth reading."""
    return round(statistics.median(values), 3)


def usual(counts: Iterable[int]) -> int:
    """Return the median of the rounds' counts of requests, which happened to be one of them.

    Now and then the bot looks at all its apps while it pushes: that is no part of the push.
    """
    return statistics.median_high(counts)


def ratio(ours: Iterable[float], floor: Iterable[float]) -> float:
    """Return the median of the rounds' ratios."""
    return middle(one / other for one, other in zip(ours, floor, strict=True))


def spread(seconds: Iterable[float]) -> str:
    """Return the median and the extremes of some times, in words."""
    took = sorted(seconds)
    return f"{statistics.median(took):.2f} s ({took[0]:.2f} to {took[-1]:.2f})"
