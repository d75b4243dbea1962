"""Work that goes on after an acknowledgement: held by one task group, never lost in silence."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import contextmanager

from bot.clock import Clock
from bot.errors import BotError, Unavailable
from bot.slack.faces.answers import defect_answer, error_answer
from bot.slack.faces.messages import Message

log = logging.getLogger(__name__)

Answer = Callable[[Message], Awaitable[None]]
MOST_AT_ONCE = 500
MOST_REFUSALS = 100
BUSY = Unavailable(
    "Too much is going on at this moment, so nothing was done.", remedy="Try again in a moment."
)
BEGIN_ANEW = 5.0


@contextmanager
def guarded(what: str) -> Iterator[None]:
    """Log a defect after an acknowledgement, which an exception would take back."""
    try:
        yield
    except Exception:
        log.exception("listener.broken what=%s", what)


class Work:
    """Runs what handlers hand over; what breaks is answered and logged, not raised."""

    def __init__(self, tasks: asyncio.TaskGroup) -> None:
        self._tasks = tasks
        self._running: set[asyncio.Task[None]] = set()
        self._refusing: set[asyncio.Task[None]] = set()

    def __repr__(self) -> str:
        return f"<Work running={len(self._running)}>"

    def start(self, deed: Coroutine[object, object, None], *, answer: Answer | None = None) -> None:
        """Begin `deed`; `answer` tells the person why it went wrong or cannot begin."""
        if len(self._running) >= MOST_AT_ONCE:
            deed.close()
            log.error("work.refused running=%s", len(self._running))
            if len(self._refusing) < MOST_REFUSALS:
                self._hold(_tell(answer, error_answer(BUSY)), self._refusing)
            return
        self._hold(self._guarded(deed, answer), self._running)

    def _hold(self, deed: Coroutine[object, object, None], among: set[asyncio.Task[None]]) -> None:
        task = self._tasks.create_task(deed)
        among.add(task)
        task.add_done_callback(among.discard)

    def keep(self, loop: Callable[[], Coroutine[object, object, None]], clock: Clock) -> None:
        """Run `loop` for as long as the bot runs; when it breaks it begins anew after a while."""
        self.start(_kept(loop, clock))

    def stop(self) -> None:
        """End what still runs; whatever matters is a row and goes on at the next start."""
        for task in (*self._running, *self._refusing):
            task.cancel()

    async def _guarded(self, deed: Coroutine[object, object, None], answer: Answer | None) -> None:
        try:
            await deed
        except BotError as error:
            log.info("work.refused_politely error=%s", type(error).__name__)
            await _tell(answer, error_answer(error))
        except Exception:
            reference = secrets.token_hex(4)
            log.exception("work.broken reference=%s", reference)
            await _tell(answer, defect_answer(reference))


async def _kept(loop: Callable[[], Coroutine[object, object, None]], clock: Clock) -> None:
    while True:
        try:
            await loop()
        except Exception:
            log.exception("work.loop_broken again_in=%s", BEGIN_ANEW)
        await clock.sleep(BEGIN_ANEW)


async def _tell(answer: Answer | None, message: Message) -> None:
    if answer is None:
        return
    try:
        await answer(message)
    except Exception:
        log.exception("work.answer_lost")
