"""What was asked of Apple and answered, one line for each try, until somebody takes it.

Knows methods, paths, statuses and Apple's ids of requests; keeps no header and no body.
"""

from __future__ import annotations

import asyncio
from collections import deque
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

import httpx

from bot.appstore.transport import Observer, Outcome
from bot.clock import Clock

# What nobody took by then is only counted.
MOST_CALLS = 10_000
# Apple's answers carry them (seen in answers, not documented); the first one there is taken.
REQUEST_IDS = ("x-apple-request-uuid", "x-request-id", "x-apple-jingle-correlation-key")
LONGEST_ID = 100

# The proposal that is carried out at present, by its number.
on_behalf: ContextVar[int | None] = ContextVar("on_behalf", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One try of a request at `at`; `status` is None where no answer came, `fault` says why.

    `request_id` is Apple's own, "" where the answer has none; `proposal` is the one that was
    carried out. `path` is without its query.
    """

    at: datetime
    account: str
    method: str
    path: str
    status: int | None
    request_id: str = ""
    fault: str = ""
    proposal: int | None = None


class CallBook:
    """Notes calls of all accounts, in the order of their answers."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._calls: deque[Call] = deque()
        self._lost = 0
        self._noted = asyncio.Event()

    def __repr__(self) -> str:
        return f"<CallBook calls={len(self._calls)} lost={self._lost}>"

    def of(self, account: str) -> Observer:
        """Return what notes the calls of one account."""

        def note(request: httpx.Request, outcome: Outcome) -> None:
            if len(self._calls) >= MOST_CALLS:
                self._lost += 1
            else:
                self._calls.append(self._call(account, request, outcome))
            self._noted.set()

        return note

    def _call(self, account: str, request: httpx.Request, outcome: Outcome) -> Call:
        answered = isinstance(outcome, httpx.Response)
        return Call(
            at=self._clock.now(),
            account=account,
            method=request.method,
            path=request.url.path,
            status=outcome.status_code if isinstance(outcome, httpx.Response) else None,
            request_id=request_id(outcome) if isinstance(outcome, httpx.Response) else "",
            fault="" if answered else type(outcome).__name__,
            proposal=on_behalf.get(),
        )

    async def noted(self) -> None:
        """Return once there is a call that was not taken."""
        await self._noted.wait()

    def first(self, most: int) -> tuple[tuple[Call, ...], int]:
        """Return the oldest calls, and how many newer ones found no room."""
        return tuple(islice(self._calls, most)), self._lost

    def drop(self, calls: int, lost: int) -> None:
        """Forget so many of the oldest calls, and of those that found no room."""
        for _ in range(calls):
            self._calls.popleft()
        self._lost -= lost
        if not self._calls and not self._lost:
            self._noted.clear()


def request_id(response: httpx.Response) -> str:
    """Return Apple's id of a request, which its support asks for; "" where there is none."""
    found = (response.headers.get(name, "") for name in REQUEST_IDS)
    return next((one[:LONGEST_ID] for one in found if one), "")
