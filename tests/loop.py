"""An event loop that knows whether anything is going on, however slow the machine is."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import Any

# So long nothing happens before all is still; no library here polls in shorter pauses.
MOMENTS, MOMENT = 3, 0.002


class WatchedLoop(asyncio.SelectorEventLoop):
    """Counts what reaches it by a socket or a pipe, and what threads still do for it."""

    def __init__(self) -> None:
        self.heard = 0
        self.at_work = 0
        super().__init__(_Listening(self))

    def run_in_executor(
        self, executor: Executor | None, func: Callable[..., Any], *args: Any
    ) -> asyncio.Future[Any]:
        self.at_work += 1
        future = super().run_in_executor(executor, func, *args)
        future.add_done_callback(self._came_back)
        return future

    def _came_back(self, _future: asyncio.Future[Any]) -> None:
        self.at_work -= 1
        self.heard += 1


class OneThreadLoop(WatchedLoop):
    """Does itself what threads would do for it.

    In which order they end is no matter of chance then, and nothing waits to be woken: of a year
    in one test that is most of the time.
    """

    def run_in_executor(
        self, executor: Executor | None, func: Callable[..., Any], *args: Any
    ) -> asyncio.Future[Any]:
        self.heard += 1
        # Only in the loop's next turn: others have theirs meanwhile, as they have beside threads.
        done: Future[Any] = Future()
        try:
            result = func(*args)
        except Exception as error:  # noqa: BLE001 - whoever waits for it is told
            self.call_soon(done.set_exception, error)
        else:
            self.call_soon(done.set_result, result)
        return asyncio.wrap_future(done, loop=self)


class _Listening(selectors.DefaultSelector):
    """The selector of a watched loop: what it finds has been heard."""

    def __init__(self, loop: WatchedLoop) -> None:
        super().__init__()
        self._loop = loop

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        found = super().select(timeout)
        self._loop.heard += len(found)
        return found


async def is_still() -> bool:
    """Return False as soon as anything happens in the loop, True when nothing does for long.

    What only waits for a time to come is still; what a thread does and what is on its way
    through a socket of this process is not. The loop must be a `WatchedLoop`.
    """
    loop = asyncio.get_running_loop()
    assert isinstance(loop, WatchedLoop)
    before = loop.heard
    for _ in range(MOMENTS):
        await asyncio.sleep(MOMENT)
        if loop.at_work or loop.heard != before:
            return False
    return True
