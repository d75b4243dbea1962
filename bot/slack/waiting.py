"""Slack is waited for at a start, however long it is away; what it refuses is refused at once."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Iterator
from itertools import chain, repeat
from typing import TypeVar

from bot.clock import Clock
from bot.errors import Unavailable

Answer = TypeVar("Answer")

# Seconds; each is told in the log, so that it says once a minute what it waits for.
GROWING, AT_LAST = (1.0, 2.0, 5.0, 10.0, 30.0), 60.0

log = logging.getLogger(__name__)


def pauses() -> Iterator[float]:
    """Yield the seconds before each next try, for ever."""
    return chain(GROWING, repeat(AT_LAST))


async def until_answered(ask: Callable[[], Awaitable[Answer]], clock: Clock) -> Answer:
    """Return what Slack answers, asked again for as long as it is `Unavailable`."""
    for pause in pauses():
        try:
            return await ask()
        except Unavailable as error:
            wait = max(pause, error.retry_after or 0.0)
            log.warning("slack.unreachable again_in=%s error=%s", wait, error)
            await clock.sleep(wait)
    raise AssertionError
