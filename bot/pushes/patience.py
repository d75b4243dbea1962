"""Reading Apple for a push: asked again while there is no answer, up to a point."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import TypeVar

from bot.appstore.client import AppStore
from bot.clock import Clock
from bot.domain.listing import Reading
from bot.domain.proposals import Proposal
from bot.errors import BotError, Unavailable
from bot.pushes.acting import app_of

log = logging.getLogger(__name__)

# Waits before a read that Apple did not answer is tried again (seconds); then the push fails.
READ_AGAIN = (5.0, 30.0, 120.0, 300.0)
Answer = TypeVar("Answer")


class Patience:
    """Asks Apple on behalf of pushes; what it cannot get is returned as the error.

    The proposals in `none_for` are asked about once, since an outage is known already.
    """

    def __init__(self, store_of: Callable[[str], AppStore], clock: Clock) -> None:
        self._store_of = store_of
        self._clock = clock
        self.none_for: set[int] = set()

    def __repr__(self) -> str:
        return "<Patience>"

    async def read(self, proposal: Proposal) -> Reading | BotError:
        """Return what Apple holds of the app and platform that a proposal is about."""
        target = proposal.target
        store = self._store_of(target.app_id)
        return await self.wait_for(proposal, lambda: store.read(app_of(proposal), target.platform))

    def waits(self, proposal: Proposal, waits: tuple[float, ...]) -> tuple[float | None, ...]:
        """Return the waits before each new try, and None at their end."""
        return (None,) if proposal.id in self.none_for else (*waits, None)

    async def wait_for(
        self, proposal: Proposal, ask: Callable[[], Awaitable[Answer]]
    ) -> Answer | BotError:
        """Return Apple's answer, asked for again while there is none; the error in the end."""
        for wait in self.waits(proposal, READ_AGAIN):
            try:
                return await ask()
            except Unavailable as error:
                if wait is None:
                    return error
                log.warning("push.read_again in=%s error=%s", wait, error)
                await self._clock.sleep(wait)
            except BotError as error:
                return error
        raise AssertionError
