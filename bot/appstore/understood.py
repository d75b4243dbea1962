"""Answers that Apple should not give: missing, null or of another type than it documents.

They are trouble of the other side, so they are told as such; the log keeps where.
"""

from __future__ import annotations

import functools
import logging
from collections.abc import Awaitable, Callable
from typing import ParamSpec, TypeVar

from bot.errors import Unavailable

Given = ParamSpec("Given")
Answer = TypeVar("Answer")

ODD = (AttributeError, IndexError, KeyError, TypeError, ValueError)

log = logging.getLogger(__name__)


def understood(
    ask: Callable[Given, Awaitable[Answer]],
) -> Callable[Given, Awaitable[Answer]]:
    """Raise `Unavailable` where what Apple answered to `ask` cannot be understood."""

    @functools.wraps(ask)
    async def asked(*given: Given.args, **named: Given.kwargs) -> Answer:
        try:
            return await ask(*given, **named)
        except ODD as error:
            log.exception("answer.odd ask=%s", ask.__name__)
            raise Unavailable(
                "Apple's answer is not one that Marquee understands.",
                remedy="Try again later; if it stays so, see the bot's log.",
            ) from error

    return asked
