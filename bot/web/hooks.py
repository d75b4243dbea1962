"""Apple's webhooks over HTTP: written down before they are acknowledged, handled once.

Knows statuses and sizes; what is genuine and what an event means is decided elsewhere.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection, Mapping, Sequence

from aiohttp import web

from bot.clock import Clock
from bot.domain.hooks import SIGNATURE_HEADER
from bot.errors import BotError, Unavailable
from bot.workflow import arriving
from bot.workflow.arriving import Event
from bot.workflow.desk import Desk
from bot.workflow.watch import hooks
from bot.workflow.watch.hooks import Arrival

log = logging.getLogger(__name__)

# Apple's events are a few hundred bytes.
LARGEST = 256 * 1024
SHORTEST_PAUSE = 0.05
# What is due may lie in a future that was none, until that is put right in the store.
LONGEST_PAUSE = 300.0
STATUSES: Mapping[Arrival, int] = {
    Arrival.TAKEN: 200,
    # As without a signature: strangers shall not learn which apps have a webhook.
    Arrival.UNKNOWN: 401,
    Arrival.UNSIGNED: 401,
    Arrival.NONSENSE: 400,
}


class AppleHooks:
    """The inbox of Apple's events: filled by a route, emptied by each account for itself."""

    def __init__(self, desk: Desk, clock: Clock) -> None:
        self._desk = desk
        self._clock = clock
        self._looked = hooks.Looked()

    def __repr__(self) -> str:
        return f"<AppleHooks looked={len(self._looked.at)}>"

    def routes(self) -> list[web.RouteDef]:
        """Return the route that takes what Apple sends."""
        return [web.post(f"{hooks.PATH}/{{app_id}}", self._take)]

    async def run(self) -> None:
        """Handle what was written down, also before a restart, for ever.

        What has come for an account is handled together; while one waits for Apple, the
        others go on.
        """
        busy: set[str] = set()
        async with asyncio.TaskGroup() as accounts:
            while True:
                taken = await hooks.take(self._desk, busy=busy)
                for account, events in taken.items():
                    busy.add(account)
                    accounts.create_task(self._handle(account, events, busy))
                if not taken:
                    await self._wait(busy)

    async def _take(self, request: web.Request) -> web.Response:
        body = await request.read()
        if len(body) > LARGEST:
            return web.Response(status=413)
        arrival = await hooks.arrived(
            self._desk,
            request.match_info["app_id"],
            header=request.headers.get(SIGNATURE_HEADER),
            body=body,
        )
        if arrival is not Arrival.TAKEN:
            log.warning("hook.refused app=%r why=%s", request.match_info["app_id"], arrival)
        return web.Response(status=STATUSES[arrival])

    async def _handle(self, account: str, events: Sequence[Event], busy: set[str]) -> None:
        try:
            await self._read(account, events)
        finally:
            busy.discard(account)
            self._desk.hooks_arrived.set()

    async def _read(self, account: str, events: Sequence[Event]) -> None:
        try:
            await hooks.handle(self._desk, account, events, self._looked)
        except Unavailable as error:
            for event in events:
                waits = await arriving.wait(self._desk, event, seconds=error.retry_after)
                log.warning("hook.later event=%s waits=%s error=%s", event.id, waits, error)
        except BotError as error:
            # Polling tells whoever runs the bot what is wrong with an account.
            log.warning("hook.not_read account=%s error=%s", account, error)
            for event in events:
                await arriving.handled(self._desk, event)
        except Exception:
            log.exception("hook.broken account=%s", account)
            for event in events:
                again = await arriving.try_again(self._desk, event)
                log.warning("hook.broken event=%s again=%s", event.id, again)

    async def _wait(self, busy: Collection[str]) -> None:
        """Wait until something arrives, or until what has to wait is due."""
        arrived = self._desk.hooks_arrived
        due = await hooks.next_due(self._desk, busy=busy)
        waits: list[asyncio.Future[object]] = [asyncio.ensure_future(arrived.wait())]
        if due is not None:
            seconds = (due - self._clock.now()).total_seconds()
            pause = max(SHORTEST_PAUSE, min(seconds, LONGEST_PAUSE))
            waits.append(asyncio.ensure_future(self._clock.sleep(pause)))
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()
            await asyncio.gather(*waits, return_exceptions=True)
        arrived.clear()
