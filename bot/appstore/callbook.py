"""What was asked of Apple and answered, one line for each try, until somebody takes it.

Knows methods, paths, statuses and Apple's ids of requests; keeps no header and no body.
"""

from __future__ import annotations

import asyncio
from collections import deque
from contextvars import ContextVar, Token
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from types import TracebackType
from typing import Self

import httpx

from bot.appstore.transport import READS, Observer, Outcome
from bot.clock import Clock

# What nobody took by then is only counted.
MOST_CALLS = 10_000
# Apple's answers carry them (seen in answers, not documented); the first one there is taken.
REQUEST_IDS = ("x-apple-request-uuid", "x-request-id", "x-apple-jingle-correlation-key")
LONGEST_ID = 100
# The `fault` of what was cut off together with the whole bot.
UNSEEN = "unseen"

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

    def told(self) -> dict[str, object]:
        """Return it as the record tells it."""
        answer: dict[str, object] = {"status": self.status} if self.status else {}
        return {
            "at": self.at.isoformat(),
            "account": self.account,
            "method": self.method,
            "path": self.path,
            **(answer or {"fault": self.fault}),
            **({"id": self.request_id} if self.request_id else {}),
        }


class Hand:
    """Keeps the newest write of its block for whoever writes it down with what came of it.

    A write that was followed by another one, and what is not taken by the end of the block,
    goes to the book as other calls do. Reads always do.
    """

    def __init__(self) -> None:
        self._held: list[tuple[CallBook, Call]] = []
        self._token: Token[Hand | None] | None = None

    def __repr__(self) -> str:
        return f"<Hand held={len(self._held)}>"

    def __enter__(self) -> Self:
        self._token = _hand.set(self)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._token is not None:
            _hand.reset(self._token)
        Taken(self._held).give_back()
        self._held = []

    def take(self) -> Taken:
        """Return what is held; whoever took it writes it down or gives it back."""
        taken, self._held = self._held, []
        return Taken(taken)

    def hold(self, book: CallBook, call: Call) -> None:
        """Keep a write; the one before it was repeated or led to this one."""
        self.take().give_back()
        self._held.append((book, call))


class Taken:
    """Calls on their way from a hand to the record."""

    def __init__(self, held: list[tuple[CallBook, Call]]) -> None:
        self._held = held

    def __repr__(self) -> str:
        return f"<Taken calls={len(self._held)}>"

    @property
    def calls(self) -> list[Call]:
        """The calls, oldest first."""
        return [call for _, call in self._held]

    def give_back(self) -> None:
        """Let the book have them: they could not be written down."""
        for book, call in self._held:
            book.put(call)


_hand: ContextVar[Hand | None] = ContextVar("hand", default=None)


class CallBook:
    """Notes calls of all accounts, in the order of their answers."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._calls: deque[Call] = deque()
        self._lost = 0
        self._noted = asyncio.Event()
        self._pressing = asyncio.Event()

    def __repr__(self) -> str:
        return f"<CallBook calls={len(self._calls)} lost={self._lost}>"

    def of(self, account: str) -> Observer:
        """Return what notes the calls of one account."""

        def note(request: httpx.Request, outcome: Outcome) -> None:
            call, hand = self._call(account, request, outcome), _hand.get()
            if hand is not None and call.method not in READS:
                hand.hold(self, call)
            else:
                self.put(call)

        return note

    def put(self, call: Call) -> None:
        """Note a call; where too many wait it is only counted."""
        if len(self._calls) >= MOST_CALLS:
            self._lost += 1
        else:
            self._calls.append(call)
        self._noted.set()
        if call.method not in READS:
            self._pressing.set()

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

    async def pressing(self) -> None:
        """Return once a write is among those that were not taken."""
        await self._pressing.wait()

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
            self._pressing.clear()


def request_id(response: httpx.Response) -> str:
    """Return Apple's id of a request, which its support asks for; "" where there is none."""
    found = (response.headers.get(name, "") for name in REQUEST_IDS)
    return next((one[:LONGEST_ID] for one in found if one), "")
