"""When to ask again, and how long at most: all the waiting that a command does."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

from bot.errors import Unavailable

T = TypeVar("T")

FIRST_SECONDS, GROWTH, MOST_SECONDS = 2.0, 1.5, 15.0
# However long the other side asks to be left alone.
MOST_PATIENCE = 300.0
TRIES = 6


@dataclass(frozen=True, slots=True)
class Rhythm:
    """A clock in seconds, and a way to let them pass."""

    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep


def grown(seconds: float) -> float:
    """Return the next, longer pause."""
    return min(seconds * GROWTH, MOST_SECONDS)


def asked_for(seconds: float, error: Unavailable) -> float:
    """Return the pause after an error: as long as was asked for, within reason."""
    return min(max(seconds, error.retry_after or 0.0), MOST_PATIENCE)


async def patiently(call: Callable[[], Awaitable[T]], rhythm: Rhythm) -> T:
    """Return the answer of a call that may be repeated, asking again while nobody can answer.

    Raises what the last of TRIES raised, and at once everything but Unavailable.
    """
    pause = FIRST_SECONDS
    for _ in range(TRIES - 1):
        try:
            return await call()
        except Unavailable as error:
            await rhythm.sleep(asked_for(pause, error))
            pause = grown(pause)
    return await call()
