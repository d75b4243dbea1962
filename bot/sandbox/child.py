"""The bot as a child process: started, watched, killed and started again.

Knows processes, a health address and the last lines a process wrote. Refuses to know
what the process is or what it is told: a command, an environment and a folder are all.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import time
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import aiohttp

TAIL_LINES = 400
LINE_CHARACTERS = 2_000
LAST_WORDS = 20
READY_POLL = 0.05
# As platforms do.
STOP_PATIENCE = 10.0
# Long enough for people to see on the page that the bot is gone, short enough to enjoy.
RESTART_DELAYS = (0.8, 1.0, 2.0, 4.0, 8.0)
QUICK_EXIT = 10.0


class ChildFailedError(RuntimeError):
    """The process did not become ready; the message ends with what it wrote last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """What to start: argument list, whole environment, folder, and where it says it is well."""

    arguments: Sequence[str]
    environment: Mapping[str, str]
    folder: Path
    health: str


class Process(Protocol):
    """What is needed of a process that was started: it leads a group of its own."""

    @property
    def pid(self) -> int:
        """The process id, which is the group's too."""

    @property
    def stdout(self) -> asyncio.StreamReader | None:
        """What it writes, errors too."""

    async def wait(self) -> int:
        """Return its exit status once it is gone, negative for the signal that ended it."""


async def spawn(command: Command) -> asyncio.subprocess.Process:
    """Start the command as the system starts any other."""
    return await asyncio.create_subprocess_exec(
        *command.arguments,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        env=dict(command.environment),
        cwd=command.folder,
        start_new_session=True,
    )


class Child:
    """One process in a group of its own; comes back by itself unless it was stopped.

    `changed` is called after every change that people can see. A process that ends
    within ten seconds more often than there are `delays` (seconds before each return) is
    given up until `start`. `patience` is how long (seconds) `stop` waits before it insists.
    `spawn` starts the process.
    """

    def __init__(
        self,
        command: Command,
        *,
        changed: Callable[[], None],
        delays: Sequence[float] = RESTART_DELAYS,
        patience: float = STOP_PATIENCE,
        spawn: Callable[[Command], Awaitable[Process]] = spawn,
    ) -> None:
        self._command = command
        self._changed = changed
        self._delays = tuple(delays)
        self._patience = patience
        self._spawn = spawn
        self._process: Process | None = None
        self._supervisor: asyncio.Task[None] | None = None
        self._ready = asyncio.Event()
        self._tail: deque[str] = deque(maxlen=TAIL_LINES)
        self._starts = 0
        self._quick_exits = 0
        self._state = "stopped"

    @property
    def pid(self) -> int | None:
        """The process id while a process is running."""
        return self._process.pid if self._process else None

    @property
    def restarts(self) -> int:
        """How often it was started again after the first time."""
        return max(0, self._starts - 1)

    def status(self) -> dict[str, Any]:
        """What the page shows; `state` is stopped, starting, ready, waiting or given_up."""
        return {
            "state": self._state,
            "running": self._process is not None,
            "ready": self._ready.is_set(),
            "pid": self.pid,
            "restarts": self.restarts,
            "tail": list(self._tail),
        }

    async def start(self) -> None:
        """Start it and keep it running; nothing happens when it runs already."""
        if self._supervisor and not self._supervisor.done():
            return
        self._quick_exits = 0
        self._supervisor = asyncio.create_task(self._supervise())

    async def wait_ready(self, seconds: float = 20.0) -> None:
        """Wait for the health address to answer 200; raises ChildFailedError."""
        ready = asyncio.create_task(self._ready.wait())
        watched = {ready, self._supervisor} if self._supervisor else {ready}
        try:
            await asyncio.wait(watched, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        finally:
            ready.cancel()
        if not self._ready.is_set():
            last = "\n".join(list(self._tail)[-LAST_WORDS:])
            raise ChildFailedError(f"The bot did not become ready.\n{last}")

    async def kill(self) -> None:
        """Kill -9 the whole process group and return when the process is gone."""
        process = self._process
        if process is None:
            return
        self._say(f"killed process {process.pid} with signal 9")
        self._ready.clear()
        _signal_group(process, signal.SIGKILL)
        await process.wait()

    async def stop(self) -> None:
        """Ask it to end, insist after ten seconds, and do not start it again."""
        supervisor, self._supervisor = self._supervisor, None
        if supervisor is None:
            return
        if process := self._process:
            _signal_group(process, signal.SIGTERM)
            try:
                await asyncio.wait_for(process.wait(), self._patience)
            except TimeoutError:
                _signal_group(process, signal.SIGKILL)
                await process.wait()
        supervisor.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await supervisor
        self._move("stopped")

    async def _supervise(self) -> None:
        while True:
            began = time.monotonic()
            try:
                await self._run_once()
            except OSError as problem:
                self._say(f"could not be started: {problem}")
            delay = self._next_delay(time.monotonic() - began)
            if delay is None:
                self._say("ended too often; start it again by hand")
                self._move("given_up")
                return
            self._move("waiting")
            await asyncio.sleep(delay)

    def _next_delay(self, lived: float) -> float | None:
        self._quick_exits = self._quick_exits + 1 if lived < QUICK_EXIT else 0
        if self._quick_exits > len(self._delays):
            return None
        return self._delays[max(0, self._quick_exits - 1)]

    async def _run_once(self) -> None:
        self._move("starting")
        process = await self._spawn(self._command)
        self._process, self._starts = process, self._starts + 1
        self._say(f"started process {process.pid}")
        output = asyncio.create_task(self._collect(process))
        probe = asyncio.create_task(self._probe())
        try:
            code = await process.wait()
            # What the process had started itself must not outlive it, nor hold its output open.
            _signal_group(process, signal.SIGKILL)
            await asyncio.wait({output}, timeout=1.0)
            self._say(f"process {process.pid} ended with {code}")
        finally:
            self._process = None
            self._ready.clear()
            probe.cancel()
            output.cancel()
            await asyncio.gather(output, probe, return_exceptions=True)

    async def _collect(self, process: Process) -> None:
        assert process.stdout is not None
        rest = b""
        while chunk := await process.stdout.read(8192):
            *lines, rest = (rest + chunk).split(b"\n")
            rest = rest[-LINE_CHARACTERS:]
            for line in lines:
                self._tail.append(line.decode(errors="replace")[:LINE_CHARACTERS])
            self._changed()

    async def _probe(self) -> None:
        timeout = aiohttp.ClientTimeout(total=2)
        async with aiohttp.ClientSession(timeout=timeout) as session:
            while True:
                if await _is_well(session, self._command.health):
                    break
                await asyncio.sleep(READY_POLL)
        self._ready.set()
        self._move("ready")

    def _say(self, sentence: str) -> None:
        self._tail.append(f"── {sentence}")
        self._changed()

    def _move(self, state: str) -> None:
        self._state = state
        self._changed()


async def _is_well(session: aiohttp.ClientSession, address: str) -> bool:
    try:
        async with session.get(address) as answer:
            return answer.status == 200
    except (aiohttp.ClientError, TimeoutError, OSError):
        return False


def _signal_group(process: Process, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, number)
