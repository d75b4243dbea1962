"""Runners that push in a town: to the end, cut off, or overtaken by another one."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any

from bot.pushes.calls import Calls
from bot.pushes.runner import Runner
from bot.sandbox.appstore import EmulatedAppStore
from bot.workflow import last_moment, voting
from bot.workflow.desk import Desk
from tests.prove.books import Books
from tests.prove.street import Held, Street

# In real seconds, of which a busy machine may need many; no day depends on how many.
LONGEST = 120


class Unseen:
    """A store, or its pushes, in which nothing new is found once something `happened`."""

    def __init__(self, real: Any, happened: asyncio.Event) -> None:
        self._real, self._happened = real, happened

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._real, name)
        return Unseen(found, self._happened) if name == "pushes" else found

    async def unfinished(self) -> tuple[int, ...]:
        return () if self._happened.is_set() else await self._real.unfinished()


@dataclass(kw_only=True)
class Pushes:
    """Where runners work; `asking_last` while people are asked just before a push."""

    street: Street
    asking_last: bool = False
    desk: Desk = field(init=False)
    books: Books = field(init=False)
    apple: EmulatedAppStore = field(init=False)

    def runner(self, changed: asyncio.Event, *, until: asyncio.Event | None = None) -> Runner:
        def waits(proposal: Any) -> Any:
            held = self.desk.rules.held(proposal, self.desk.clock.now())
            return held.until if held else None

        async def confirm(push: Any, proposal: Any) -> Any:
            self.asking_last = True
            try:
                return await last_moment.confirm(self.desk, push, proposal)
            finally:
                self.asking_last = False

        async def left(number: int) -> None:
            await voting.count_again(self.desk, number)

        calls = Calls(confirm=confirm, changed=lambda _: changed.set(), held=waits, left=left)
        store: Any = self.desk.store if until is None else Unseen(self.desk.store, until)
        return Runner(store, self.desk.store_of, self.desk.clock, calls)

    async def push(self) -> None:
        """Let a runner work to the end, or until Apple is struck by a fault that cuts it off."""
        changed = asyncio.Event()
        runner = self.runner(changed)
        running = asyncio.ensure_future(runner.run())
        running.add_done_callback(lambda _: changed.set())

        async def killed() -> None:
            # Who is killed writes nothing down any more, also not that it was cut off.
            self.books.kill_runs()
            running.cancel()

        self.apple.on_kill = killed
        try:
            async with asyncio.timeout(LONGEST):
                while not running.done() and (
                    runner.busy or await self.desk.store.pushes.unfinished()
                ):
                    await changed.wait()
                    changed.clear()
        except TimeoutError:
            raise AssertionError("a push never comes to rest") from None
        finally:
            self.apple.faults.clear()
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
        await self._quiet()

    async def _quiet(self) -> None:
        while self.street.held is None and any(row["ms"] is None for row in self.apple.log[-50:]):
            await asyncio.sleep(0)

    async def push_held(self, nth: int) -> tuple[Runner, asyncio.Task[None]] | None:
        """Let a runner work until the answer to its nth write is held back; None if none is.

        It begins nothing from then on: two that live would take each other's pushes for ever.
        """
        changed, held = asyncio.Event(), Held(after=nth - 1, noticed=asyncio.Event())
        self.street.held = held
        runner = self.runner(changed, until=held.noticed)
        running = asyncio.ensure_future(runner.run())
        async with asyncio.timeout(LONGEST):
            while not held.noticed.is_set() and (
                runner.busy or await self.desk.store.pushes.unfinished()
            ):
                await asyncio.sleep(0)
        if held.noticed.is_set():
            return runner, running
        self.street.held = None
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        return None

    async def let_go(self, old: tuple[Runner, asyncio.Task[None]]) -> None:
        """Give the old runner its answer, and let it end what it takes for its own."""
        runner, running = old
        assert self.street.held is not None
        self.street.held.go.set()
        self.street.held = None
        async with asyncio.timeout(LONGEST):
            while runner.busy:
                await asyncio.sleep(0)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        await self._quiet()
