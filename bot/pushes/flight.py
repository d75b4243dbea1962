"""The writes that are under way at Apple: told to stop, none begins and those have time to end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress


class Flight:
    """Counts the writes of all pushes, from before they are sent until they are written down."""

    def __init__(self) -> None:
        self._open = asyncio.Event()
        self._open.set()
        self._landed = asyncio.Event()
        self._landed.set()
        self._under_way = 0

    def __repr__(self) -> str:
        state = "open" if self._open.is_set() else "closed"
        return f"<Flight {state} under_way={self._under_way}>"

    async def allowed(self) -> None:
        """Return at once while writes may begin, and never afterwards."""
        await self._open.wait()

    @asynccontextmanager
    async def one(self) -> AsyncIterator[None]:
        """Send one write and write down what came of it within the block."""
        await self.allowed()
        self._under_way += 1
        self._landed.clear()
        try:
            yield
        finally:
            self._under_way -= 1
            if not self._under_way:
                self._landed.set()

    async def end(self, patience: float) -> None:
        """Let no write begin any more and wait for those that did, `patience` seconds at most."""
        self._open.clear()
        with suppress(TimeoutError):
            async with asyncio.timeout(patience):
                await self._landed.wait()
