"""Events on their way: which are sent, and again when nobody acknowledged them.

An event is repeated three times at most. In Socket Mode with nobody connected it waits for the
next connection instead, uncounted. Both are bounded; what is given up is a refusal on record.
On demand events are lost, come twice, or come late and out of order.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from dataclasses import dataclass
from typing import Any

from bot.sandbox.slack.delivery import EVENT, Ack, Delivery, Retry
from bot.sandbox.slack.faults import GONE, LATE, TWICE, EventTrouble
from bot.sandbox.slack.payloads import event_callback
from bot.sandbox.slack.workspace import Workspace

Json = dict[str, Any]

RETRY_SECONDS = (0.0, 60.0, 300.0)
MOST_WAITING = 500
SUBSCRIBED = frozenset({"reaction_added", "reaction_removed", "app_home_opened"})


@dataclass(slots=True, kw_only=True)
class Waiting:
    """An event nobody acknowledged yet; `due` by the machine's steady clock, in seconds."""

    payload: Json
    tries: int = 0
    due: float = 0.0
    reason: str = ""
    busy: bool = False


class Events:
    """The outbox. `subscribed` are the events the app asked for; `retry_seconds` may be changed.

    `trouble` says what goes wrong on the way and may be changed at any time.
    """

    def __init__(self, workspace: Workspace, delivery: Delivery) -> None:
        self._workspace = workspace
        self._delivery = delivery
        self._waiting: deque[Waiting] = deque()
        self._tasks: set[asyncio.Task[Any]] = set()
        self._pump: asyncio.Task[None] | None = None
        self._last: Json | None = None
        self.trouble = EventTrouble()
        self.subscribed: set[str] = set(SUBSCRIBED)
        self.retry_seconds: tuple[float, ...] = RETRY_SECONDS
        delivery.sockets.on_connect = self._connected
        delivery.sockets.app_id = workspace.cast.app.id

    @property
    def waiting(self) -> int:
        """How many events are not acknowledged yet."""
        return len(self._waiting)

    def emit(self, event: Json) -> None:
        """Send an event from a task of its own."""
        self._spawn(self.deliver(event))

    async def deliver(self, event: Json) -> Ack | None:
        """Send an event and return how its first delivery ended.

        None if it is not subscribed, lost on the way, or not sent yet.
        """
        if not self._wanted(event):
            return None
        payload = event_callback(self._workspace, event)
        self._last = payload
        fate = self.trouble.fate()
        if fate == GONE:
            return None
        if fate == LATE:
            self._spawn(self._later(payload))
            return None
        if fate == TWICE:
            self._spawn(self._again(payload))
        return await self._attempt(self._kept(payload))

    async def _later(self, payload: Json) -> None:
        await asyncio.sleep(self.trouble.delay())
        await self._attempt(self._kept(payload))

    async def _again(self, payload: Json) -> None:
        await self._delivery.send(EVENT, payload, Retry(number=1, reason="timeout"))

    async def redeliver(self) -> None:
        """Send every event that waits once more, now, one after another."""
        for waiting in tuple(self._waiting):
            if not waiting.busy:
                await self._attempt(waiting)

    async def repeat_last(self) -> Ack | None:
        """Send the latest event once more under the same id, acknowledged or not."""
        if self._last is None:
            return None
        return await self._delivery.send(EVENT, self._last, Retry(number=1, reason="timeout"))

    async def close(self) -> None:
        """Stop; what waits is forgotten."""
        tasks = [*self._tasks, *([self._pump] if self._pump else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._waiting.clear()

    def _wanted(self, event: Json) -> bool:
        name, place = str(event["type"]), event.get("channel")
        if name.startswith("reaction_"):
            place = event["item"]["channel"]
        channel = self._workspace.channels[str(place)]
        if name == "message":
            name = f"message.{event['channel_type']}" + "s" * (event["channel_type"] != "im")
        return name in self.subscribed and self._workspace.bot_user in channel.members

    def _kept(self, payload: Json) -> Waiting:
        waiting = Waiting(payload=payload)
        self._waiting.append(waiting)
        if len(self._waiting) > MOST_WAITING:
            self._give_up(self._waiting[0])
        return waiting

    async def _attempt(self, waiting: Waiting) -> Ack:
        waiting.busy = True
        retry = Retry(number=waiting.tries, reason=waiting.reason)
        try:
            ack = await self._delivery.send(EVENT, waiting.payload, retry)
        finally:
            waiting.busy = False
        if ack.ok or ack.final:
            self._forget(waiting)
        elif self._nobody_home(ack):
            waiting.due = float("inf")
        else:
            self._failed(waiting, ack)
        return ack

    def _nobody_home(self, ack: Ack) -> bool:
        return self._delivery.url is None and ack.reason == "connection_failed"

    def _failed(self, waiting: Waiting, ack: Ack) -> None:
        if waiting.tries >= len(self.retry_seconds):
            self._give_up(waiting)
            return
        waiting.due = time.monotonic() + self.retry_seconds[waiting.tries]
        waiting.tries, waiting.reason = waiting.tries + 1, ack.reason
        if self._pump is None or self._pump.done():
            self._pump = asyncio.get_running_loop().create_task(self._run())

    def _forget(self, waiting: Waiting) -> None:
        if waiting in self._waiting:
            self._waiting.remove(waiting)

    def _give_up(self, waiting: Waiting) -> None:
        self._forget(waiting)
        name = waiting.payload["event"]["type"]
        self._workspace.records.refuse("event", "event_lost", f"{name} was never acknowledged")

    async def _run(self) -> None:
        """Send what is due until nothing is; events that wait for a connection are left alone."""
        while True:
            timed = [w.due for w in self._waiting if w.due != float("inf")]
            if not timed:
                return
            await asyncio.sleep(max(0.0, min(timed) - time.monotonic()))
            for waiting in tuple(self._waiting):
                if waiting.due <= time.monotonic() and not waiting.busy:
                    await self._attempt(waiting)

    def _connected(self) -> None:
        if self._waiting:
            self._spawn(self.redeliver())

    def _spawn(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
