"""Events of the outside world: a row before they are acknowledged, handled once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.storage.inbox import Event
from bot.workflow.desk import Desk


async def write_down(desk: Desk, event_id: str, body: Mapping[str, Any]) -> bool:
    """Keep an event; False when it was known already."""
    return await desk.store.inbox.put(event_id, body, now=desk.clock.now())


async def take(desk: Desk) -> Event | None:
    """Return the oldest event that was not handled."""
    return await desk.store.inbox.take()


async def later(desk: Desk, event_id: str) -> None:
    """Keep that an event waits for Slack to answer, however often that takes."""
    await desk.store.inbox.later(event_id)


async def handled(desk: Desk, event_id: str) -> None:
    """Keep that an event needs nothing more."""
    await desk.store.inbox.handled(event_id)
