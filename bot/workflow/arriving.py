"""Events of the outside world: a row before they are acknowledged, handled once.

One that cannot be handled now is tried again after growing pauses and stops no other.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from bot.storage.inbox import APPLE, SLACK, Event
from bot.workflow.desk import Desk

__all__ = ["APPLE", "SLACK", "Event"]

# Pauses in seconds; each is twice the one before.
FIRST_PAUSE = 5.0
LONGEST_PAUSE = 120.0
# About a day; the comparison with what Slack shows finds the votes that are left by then.
MOST_WAITS = 720


async def write_down(
    desk: Desk, event_id: str, body: Mapping[str, Any], *, source: str = SLACK
) -> bool:
    """Keep an event; False when it was known already."""
    return await desk.store.inbox.put(event_id, body, now=desk.clock.now(), source=source)


async def take(desk: Desk, *, source: str = SLACK) -> Event | None:
    """Return the oldest event of a source that is due and was not handled."""
    return await desk.store.inbox.take(now=desk.clock.now(), source=source)


async def next_due(desk: Desk, *, source: str = SLACK) -> datetime | None:
    """Return when the next event of a source wants to be handled, None when there is none."""
    return await desk.store.inbox.next_due(source=source)


async def wait(desk: Desk, event: Event, *, seconds: float | None) -> bool:
    """Handle an event later, since somebody does not answer; `seconds` when they say how long.

    False when it has waited for a day; nothing more is done about it then.
    """
    if event.waits >= MOST_WAITS:
        await handled(desk, event)
        return False
    pause = seconds or _pause(event.waits)
    await desk.store.inbox.later(event.id, due=desk.clock.now() + timedelta(seconds=pause))
    return True


async def try_again(desk: Desk, event: Event) -> bool:
    """Handle an event that broke its handler once more later; False when it is set aside."""
    pause = timedelta(seconds=_pause(event.tries - 1))
    await desk.store.inbox.again(event.id, due=desk.clock.now() + pause)
    return not event.last_try


async def look_again(desk: Desk, event: Event, *, seconds: float) -> None:
    """Take an event once more, since what it tells of does not show yet; one of its tries."""
    await desk.store.inbox.again(event.id, due=desk.clock.now() + timedelta(seconds=seconds))


async def handled(desk: Desk, event: Event) -> None:
    """Keep that an event needs nothing more."""
    await desk.store.inbox.handled(event.id)


def _pause(before: int) -> float:
    # The exponent is bounded, since a float is.
    return min(LONGEST_PAUSE, FIRST_PAUSE * 2.0 ** min(before, 10))
