"""Slack's events: written down before they are acknowledged, handled once.

In the order they came, but that one which has to wait lets the others pass.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from bot.clock import Clock
from bot.errors import BotError, Unavailable
from bot.slack.buttons import show_home
from bot.slack.checks import SlackSide
from bot.slack.voice.pacing import woken
from bot.slack.work import Work
from bot.workflow import arriving
from bot.workflow.arriving import Event
from bot.workflow.desk import Desk
from bot.workflow.voting import Signed, signed

log = logging.getLogger(__name__)

SHORTEST_PAUSE = 0.05
# What is due may lie in a future that was none, until that is put right in the store.
LONGEST_PAUSE = 300.0


class Events:
    """The inbox: filled by the middleware, emptied one event after the other."""

    def __init__(self, desk: Desk, slack: SlackSide, clock: Clock) -> None:
        self._desk = desk
        self._slack = slack
        self._clock = clock
        self._arrived = asyncio.Event()

    def begin(self, work: Work) -> None:
        """Handle what was written down, also before a restart."""
        self._arrived.set()
        work.keep(self._handle_all, self._clock)

    async def write_down(self, body: Mapping[str, Any]) -> None:
        """Keep an event; raises when it cannot be kept, so that Slack sends it again."""
        if not isinstance(body.get("event_id"), str) or not isinstance(body.get("event"), Mapping):
            log.warning("event.odd type=%.40r", body.get("type"))
            return
        if await arriving.write_down(self._desk, str(body["event_id"]), body):
            self._arrived.set()

    async def _handle_all(self) -> None:
        while True:
            event = await arriving.take(self._desk)
            if event is None:
                await woken(self._arrived, self._clock, await self._pause())
                continue
            await self._handle(event)

    async def _pause(self) -> float | None:
        due = await arriving.next_due(self._desk)
        if due is None:
            return None
        seconds = (due - self._clock.now()).total_seconds()
        return max(SHORTEST_PAUSE, min(seconds, LONGEST_PAUSE))

    async def _handle(self, event: Event) -> None:
        happened: Mapping[str, Any] = event.body["event"]
        handler = HANDLERS.get(str(happened.get("type")))
        try:
            if handler is not None:
                await handler(self._desk, self._slack, happened)
        except Unavailable as error:
            waits = await arriving.wait(self._desk, event, seconds=error.retry_after)
            log.warning("event.later event=%s waits=%s error=%s", event.id, waits, error)
            return
        except BotError as error:
            log.warning("event.refused event=%s error=%s", event.id, error)
        except Exception:
            again = await arriving.try_again(self._desk, event)
            log.exception("event.broken event=%s again=%s", event.id, again)
            return
        await arriving.handled(self._desk, event)


async def _reaction(desk: Desk, _slack: SlackSide, event: Mapping[str, Any]) -> None:
    item: Mapping[str, Any] = event.get("item", {})
    if item.get("type") != "message":
        return
    await signed(
        desk,
        Signed(
            user=str(event["user"]),
            emoji=str(event["reaction"]),
            channel=str(item["channel"]),
            ts=str(item["ts"]),
            event_ts=str(event["event_ts"]),
            given=event["type"] == "reaction_added",
        ),
    )


async def _home(desk: Desk, slack: SlackSide, event: Mapping[str, Any]) -> None:
    if event.get("tab", "home") == "home":
        try:
            await show_home(desk, slack, str(event["user"]))
        except BotError as error:
            # By the time it could be drawn its person looks elsewhere; they open it again.
            log.warning("home.not_drawn user=%s error=%s", event["user"], error)


HANDLERS: Mapping[str, Callable[[Desk, SlackSide, Mapping[str, Any]], Awaitable[None]]] = {
    "reaction_added": _reaction,
    "reaction_removed": _reaction,
    "app_home_opened": _home,
}
