"""Faults on demand: which request meets which trouble, counted and removable.

It knows how to match and count, not what a fault does to an answer. Shares are
drawn from a seeded sequence, so that a run can be repeated.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Rows = list[dict[str, Any]]

WRITES = frozenset({"POST", "PATCH", "DELETE", "PUT"})

# A read cannot be refused for what it says.
OF_WRITES = frozenset({"refused"})

# What `seconds` means for a kind: how long the fault stays, or how long it makes one wait.
KINDS: dict[str, str] = {
    "rate_limit": "stays",
    "server_error": "stays",
    "refused": "stays",
    "broken": "stays",
    "answer_lost": "stays",
    "slow": "delays",
    "lag": "delays",
    "kill_before": "stays",
    "kill_after_apply": "stays",
    "kill_after_answer": "stays",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One kind of trouble and the requests that meet it.

    `match` is a part of "METHOD /v1/path"; None means every request. `nth` counts
    matching requests from 1; `count` bounds how many are met (1 with `nth`, else no
    bound); `share` is a part between 0 and 1 of them. `seconds` is how long the fault
    stays, for `slow` how long an answer waits, for `lag` how old a read is.
    `retry_after` (whole seconds) goes with `rate_limit` alone; `refused` meets writes alone.
    """

    kind: str
    match: str | None = None
    nth: int | None = None
    count: int | None = None
    share: float | None = None
    seconds: float | None = None
    writes_only: bool = False
    retry_after: int | None = None

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"No fault is called {self.kind!r}; there are {', '.join(KINDS)}.")
        if KINDS[self.kind] == "delays" and self.seconds is None:
            raise ValueError(f"A fault {self.kind!r} needs its seconds.")


@dataclass(slots=True)
class _Armed:
    fault: Fault
    since: float
    matched: int = 0
    met: int = 0


class FaultBoard:
    """The faults that are switched on now."""

    def __init__(self, *, now: Callable[[], float], seed: int = 1) -> None:
        self._now = now
        self._seed = seed
        self._armed: dict[int, _Armed] = {}
        self._count = 0

    def add(self, fault: Fault) -> int:
        """Switch `fault` on and return the number that removes it."""
        self._count += 1
        self._armed[self._count] = _Armed(fault, self._now())
        return self._count

    def remove(self, number: int) -> bool:
        """Switch a fault off; False when it is off already."""
        return self._armed.pop(number, None) is not None

    def clear(self) -> None:
        """Switch everything off."""
        self._armed.clear()

    def list(self) -> Rows:
        """Return the faults that are on, as rows with number, kind and how often they struck."""
        self._drop_spent()
        return [
            {
                "number": number,
                "kind": armed.fault.kind,
                "match": armed.fault.match,
                "nth": armed.fault.nth,
                "count": armed.fault.count,
                "share": armed.fault.share,
                "seconds": armed.fault.seconds,
                "writes_only": armed.fault.writes_only,
                "retry_after": armed.fault.retry_after,
                "struck": armed.met,
            }
            for number, armed in self._armed.items()
        ]

    def striking(self, method: str, path: str) -> dict[str, Fault]:
        """Return the faults that this request meets, by kind, and count it."""
        if not self._armed:
            return {}
        self._drop_spent()
        struck: dict[str, Fault] = {}
        for number, armed in self._armed.items():
            if _matches(armed.fault, method, path) and self._meets(number, armed):
                armed.met += 1
                struck.setdefault(armed.fault.kind, armed.fault)
        return struck

    def _meets(self, number: int, armed: _Armed) -> bool:
        armed.matched += 1
        fault = armed.fault
        if fault.nth is not None and armed.matched < fault.nth:
            return False
        if fault.share is None:
            return True
        place = f"{self._seed}/{number}/{armed.matched}".encode()
        drawn = int.from_bytes(hashlib.blake2b(place, digest_size=4).digest())
        return drawn / 2**32 < fault.share

    def _drop_spent(self) -> None:
        now = self._now()
        spent = [number for number, armed in self._armed.items() if _is_spent(armed, now)]
        for number in spent:
            del self._armed[number]


def _matches(fault: Fault, method: str, path: str) -> bool:
    if (fault.writes_only or fault.kind in OF_WRITES) and method not in WRITES:
        return False
    return fault.match is None or fault.match in f"{method} {path}"


def _is_spent(armed: _Armed, now: float) -> bool:
    fault = armed.fault
    bound = fault.count if fault.count is not None else (1 if fault.nth is not None else None)
    if bound is not None and armed.met >= bound:
        return True
    if fault.seconds is None or KINDS[fault.kind] != "stays":
        return False
    return now - armed.since >= fault.seconds
