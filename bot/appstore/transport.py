"""One polite transport for each key, round httpx's own: what is repeated, when and how often.

Knows methods, statuses and `Retry-After`; knows nothing of what is asked. GET, DELETE and
PATCH are repeated after 5xx and broken connections (every PATCH of this client sets whole
values), a POST after 429 only, since nothing else proves that it was not carried out.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import httpx

from bot.appstore.auth import parse_http_date
from bot.appstore.budget import Budget, parse
from bot.appstore.gate import LONGEST_WAIT, Gate, Pass
from bot.clock import Clock

READS = frozenset({"GET", "HEAD"})
REPEATABLE = READS | {"DELETE", "PATCH"}
MOST_TRIES = 6
MOST_REFUSALS = 30
FIRST_DELAY = 0.3
LONGEST_DELAY = 8.0
ONE_TRY = 75.0

TIMEOUT = httpx.Timeout(connect=5.0, read=30.0, write=30.0, pool=30.0)
LIMITS = httpx.Limits(max_connections=20, max_keepalive_connections=20, keepalive_expiry=60.0)

log = logging.getLogger(__name__)


class CutOff(httpx.TransportError):
    """Whoever asked stopped waiting; the request may have gone out and been carried out."""


Outcome = httpx.Response | httpx.TransportError
# Told of every try that went out, also of those that are repeated.
Observer = Callable[[httpx.Request, Outcome], None]


@dataclass(slots=True)
class Effort:
    """What one request has cost so far, from its first turn at the gate."""

    began: datetime | None = None
    tries: int = 0
    refusals: int = 0


class PoliteTransport(httpx.AsyncBaseTransport):
    """Sends requests through a `Gate` and repeats what may be repeated, within caps.

    Bodies are read before a response is handed out: a place at the gate is held until then.
    """

    def __init__(
        self,
        wrapped: httpx.AsyncBaseTransport,
        *,
        clock: Clock,
        chance: random.Random,
        observer: Observer | None = None,
    ) -> None:
        self._wrapped = wrapped
        self._clock = clock
        self._chance = chance
        self._observer = observer
        self._gate = Gate(clock, chance)

    def __repr__(self) -> str:
        return f"<PoliteTransport {self._gate!r}>"

    @property
    def budget(self) -> Budget:
        """What Apple still allows this key."""
        return self._gate.budget

    async def aclose(self) -> None:
        """Close the kept connections."""
        await self._wrapped.aclose()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Return Apple's answer, read to its end, or raise what the last try raised."""
        effort = Effort()
        while True:
            outcome = await self._through_the_gate(request, effort)
            delay = self._delay(request, outcome, effort)
            if delay is None:
                break
            if delay > 0:
                await self._clock.sleep(delay)
        if isinstance(outcome, httpx.TransportError):
            raise outcome
        return outcome

    async def _through_the_gate(self, request: httpx.Request, effort: Effort) -> Outcome:
        ticket = await self._gate.enter()
        try:
            effort.began = effort.began or self._clock.now()
            try:
                outcome = await self._try(request)
            except asyncio.CancelledError:
                if self._observer:
                    self._observer(request, CutOff("nobody waits any more", request=request))
                raise
            if self._observer:
                self._observer(request, outcome)
            if isinstance(outcome, httpx.Response):
                self._note(ticket, outcome)
            return outcome
        finally:
            self._gate.leave(ticket)

    async def _try(self, request: httpx.Request) -> Outcome:
        try:
            async with asyncio.timeout(ONE_TRY):
                response = await self._wrapped.handle_async_request(request)
                try:
                    await response.aread()
                finally:
                    await response.aclose()
        except httpx.TransportError as error:
            return error
        except TimeoutError:
            return httpx.ReadTimeout(f"no whole answer in {ONE_TRY:.0f} s", request=request)
        return response

    def _note(self, ticket: Pass, response: httpx.Response) -> None:
        said = parse(response.headers.get("X-Rate-Limit"))
        if response.status_code == httpx.codes.TOO_MANY_REQUESTS:
            self._gate.refused(ticket, said, retry_after(response, self._clock.now()))
        else:
            self._gate.answered(ticket, said)

    def _delay(self, request: httpx.Request, outcome: Outcome, effort: Effort) -> float | None:
        """Return the seconds to wait before trying again, None to leave it at `outcome`."""
        if is_final(outcome):
            return None
        delay: float | None
        if not isinstance(outcome, httpx.Response) or outcome.status_code >= 500:
            delay = self._delay_after_fault(request, outcome, effort)
        else:
            # A 429: the gate holds the next try back together with everybody else's.
            effort.refusals += 1
            delay = 0.0 if effort.refusals < MOST_REFUSALS else None
        now = self._clock.now()
        spent = (now - (effort.began or now)).total_seconds()
        if delay is None or spent + delay > LONGEST_WAIT:
            log.warning("given.up method=%s path=%s", request.method, request.url.path)
            return None
        log.info(
            "again method=%s path=%s after=%s", request.method, request.url.path, _why(outcome)
        )
        return delay

    def _delay_after_fault(
        self, request: httpx.Request, outcome: Outcome, effort: Effort
    ) -> float | None:
        effort.tries += 1
        if request.method not in REPEATABLE or effort.tries >= MOST_TRIES:
            return None
        most = min(LONGEST_DELAY, FIRST_DELAY * 2.0 ** (effort.tries - 1))
        asked = None
        if isinstance(outcome, httpx.Response):
            asked = retry_after(outcome, self._clock.now())
        return max(asked or 0.0, self._chance.uniform(0, most))


def both(first: Observer, second: Observer | None) -> Observer:
    """Return an observer that tells two, or the first where there is no second."""
    if second is None:
        return first

    def tell(request: httpx.Request, outcome: Outcome) -> None:
        first(request, outcome)
        second(request, outcome)

    return tell


def is_final(outcome: Outcome) -> bool:
    """Return whether no other try could end otherwise."""
    if isinstance(outcome, httpx.Response):
        status = outcome.status_code
        return status != httpx.codes.TOO_MANY_REQUESTS and (
            status < 500 or status == httpx.codes.NOT_IMPLEMENTED
        )
    return isinstance(outcome, httpx.UnsupportedProtocol | httpx.LocalProtocolError)


def retry_after(response: httpx.Response, now: datetime) -> float | None:
    """Return the seconds that `Retry-After` asks for, given as such or as an HTTP date.

    A date is compared with the answer's own `Date`, so that a wrong clock here does no harm.
    """
    asked = response.headers.get("Retry-After", "").strip()
    if asked.isascii() and asked.isdecimal():
        return float(asked)
    until = parse_http_date(asked)
    if until is None:
        return None
    since = parse_http_date(response.headers.get("Date")) or now
    return max(0.0, (until - since).total_seconds())


def _why(outcome: Outcome) -> str:
    if isinstance(outcome, httpx.Response):
        return str(outcome.status_code)
    return type(outcome).__name__
