"""What the emulation remembers of its own conduct: every call, every refusal, and who listens.

Bounded, oldest first out. Refuses to know what a call meant.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any

Json = dict[str, Any]

MOST_CALLS = 2_000
MOST_REFUSALS = 500


class Records:
    """Two bounded lists, and callbacks that are told after every visible change."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._listeners: list[Callable[[], None]] = []
        self._count = 0
        self.log: deque[Json] = deque(maxlen=MOST_CALLS)
        self.refusals: deque[Json] = deque(maxlen=MOST_REFUSALS)

    def listen(self, callback: Callable[[], None]) -> None:
        """Call `callback` after every change from now on."""
        self._listeners.append(callback)

    def changed(self) -> None:
        """Tell the listeners."""
        for callback in self._listeners:
            callback()

    def note(self, method: str, args: Json, *, status: int = 200, error: str | None = None) -> None:
        """Write down one call or delivery; `at` is in seconds since 1970."""
        self._count += 1
        self.log.append(
            {
                "n": self._count,
                "at": self._now(),
                "method": method,
                "args": args,
                "status": status,
                "error": error,
            }
        )
        self.changed()

    def refuse(self, method: str, error: str, detail: str = "") -> None:
        """Write down that the emulation said no."""
        self.refusals.append({"method": method, "error": error, "detail": detail})
        self.changed()
