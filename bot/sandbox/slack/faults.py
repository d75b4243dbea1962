"""Troubles on demand: calls that fail or whose answer is lost, events that go astray.

It knows which call or event meets which trouble and counts them; how an answer is broken off
and an event is sent is known elsewhere.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

ANY = "*"
REFUSED, BROKEN, LOST, SLOW = "refused", "broken", "lost", "slow"
KINDS = frozenset({REFUSED, BROKEN, LOST, SLOW})

WELL, GONE, TWICE, LATE = "well", "gone", "twice", "late"


@dataclass(slots=True, kw_only=True)
class Fault:
    """A method ("*": every one) that meets trouble so many times more.

    By its `kind` the call is `refused` with `error`, HTTP `status` and, for a rate limit,
    `retry_after` (whole seconds); `broken` off before anything is done; carried out and its
    answer `lost`; or `slow`: carried out at once and answered after `seconds`. The next
    `after` calls still go well.
    """

    method: str
    kind: str = REFUSED
    error: str = "internal_error"
    status: int = 200
    times: int = 1
    after: int = 0
    seconds: float = 0.0
    retry_after: int | None = None
    struck: int = 0

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"No fault is called {self.kind!r}; there are {sorted(KINDS)}.")


def met(faults: Iterable[Fault], method: str) -> Fault | None:
    """Return the fault that a call meets, and count it; None where it goes well."""
    for fault in faults:
        if fault.method not in (method, ANY):
            continue
        if fault.after > 0:
            fault.after -= 1
        elif fault.times > 0:
            fault.times -= 1
            fault.struck += 1
            return fault
    return None


@dataclass(slots=True, kw_only=True)
class EventTrouble:
    """What becomes of events on their way; each share is a part between 0 and 1 of them.

    One that is `gone` is never sent, one that comes `twice` has the same id both times, one
    that is `late` is sent after up to `seconds` and overtaken meanwhile.
    """

    gone: float = 0.0
    twice: float = 0.0
    late: float = 0.0
    seconds: float = 1.0
    chance: random.Random = field(default_factory=lambda: random.Random(1))  # noqa: S311 - no secret
    struck: Counter[str] = field(default_factory=Counter)

    def fate(self) -> str:
        """Return what becomes of the next event, and count it."""
        drawn = self.chance.random()
        for fate, share in ((GONE, self.gone), (TWICE, self.twice), (LATE, self.late)):
            if drawn < share:
                self.struck[fate] += 1
                return fate
            drawn -= share
        return WELL

    def delay(self) -> float:
        """Return after how many seconds a late event is sent."""
        return self.chance.uniform(0.0, self.seconds)

    def calm(self) -> None:
        """Let every event arrive from now on."""
        self.gone = self.twice = self.late = 0.0
