"""Starts of the bot that cost a fork, not an interpreter and a second of imports.

What starts is a process like any other: with a pid and a group of its own, its environment, its
folder and its streams; it can be killed and has an exit status. It differs from a start of
`python -m bot` in what an interpreter does before the first line of the bot: it has loaded the
bot already, heeds no PYTHON... variable but PYTHONUNBUFFERED, and orders sets as its like do.
"""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

from bot.sandbox.child import Command

ROOT = Path(__file__).parents[2]
PYTHON_M_BOT = (sys.executable, "-m", "bot")
PATIENCE = 60.0
SIZE = 4


def run(
    words: Sequence[str], *, folder: Path, environment: Mapping[str, str]
) -> subprocess.CompletedProcess[str]:
    """Run `python -m bot` with these words to its end; raises TimeoutError after a minute."""
    with (
        tempfile.TemporaryFile("w+", encoding="utf-8") as output,
        tempfile.TemporaryFile("w+", encoding="utf-8") as errors,
        _loaded().ask(words, folder, environment, (output.fileno(), errors.fileno())) as line,
    ):
        line.settimeout(PATIENCE)
        _pid, status = _number(line.recv(SIZE)), _number(line.recv(SIZE))
        output.seek(0)
        errors.seek(0)
        said = output.read(), errors.read()
    return subprocess.CompletedProcess([*PYTHON_M_BOT, *words], status, *said)


class Started:
    """A process of the bot, as `bot.sandbox.child` needs one."""

    def __init__(self, pid: int, stdout: asyncio.StreamReader, ended: asyncio.Task[int]) -> None:
        self.pid = pid
        self.stdout = stdout
        self._ended = ended

    @property
    def running(self) -> bool:
        return not self._ended.done()

    async def wait(self) -> int:
        """Return its exit status once it is gone, negative for the signal that ended it."""
        return await asyncio.shield(self._ended)


async def spawn(command: Command) -> Started:
    """Start a command that begins with `python -m bot`; its errors go to its output."""
    python, words = tuple(command.arguments[:3]), command.arguments[3:]
    assert python == PYTHON_M_BOT, command.arguments
    loop, output = asyncio.get_running_loop(), asyncio.StreamReader()
    readable, writable = os.pipe()
    with contextlib.ExitStack() as unless_started:
        pipe = unless_started.enter_context(os.fdopen(readable, "rb", 0))
        with os.fdopen(writable, "wb", 0):
            streams = (writable, writable)
            line = _loaded().ask(words, command.folder, command.environment, streams)
        unless_started.enter_context(line)
        line.setblocking(False)
        pid = _number(await loop.sock_recv(line, SIZE))
        await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(output), pipe)
        unless_started.pop_all()
    return Started(pid, output, asyncio.create_task(_end(line)))


async def _end(line: socket.socket) -> int:
    with line:
        return _number(await asyncio.get_running_loop().sock_recv(line, SIZE))


def as_bytes(number: int) -> bytes:
    """Return a number as a line tells it: so few bytes come at once or not at all."""
    return number.to_bytes(SIZE, "big", signed=True)


def _number(told: bytes) -> int:
    if not told:
        raise RuntimeError("The process that has loaded the bot is gone.")
    return int.from_bytes(told, "big", signed=True)


class Loaded:
    """The process that has loaded the bot; see `tests.warm.__main__` for what is said to it."""

    def __init__(self) -> None:
        self._way, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.warm", str(theirs.fileno())],
                cwd=ROOT,
                env=_environment(),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=(theirs.fileno(),),
                # Ctrl-C is for this process, which then ends that one.
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        return self._process.pid

    def ask(
        self,
        words: Sequence[str],
        folder: Path,
        environment: Mapping[str, str],
        streams: tuple[int, int],
    ) -> socket.socket:
        """Ask for a start; return the line that tells its pid, then how it ended."""
        asked = {"words": [*words], "folder": str(folder), "environment": {**environment}}
        line, theirs = socket.socketpair()
        with theirs:
            # One byte, so that threads that ask at once do not mix.
            socket.send_fds(self._way, [b"."], [theirs.fileno(), *streams])
        line.sendall(json.dumps(asked).encode() + b"\n")
        return line

    def end(self) -> None:
        self._way.close()
        self._process.wait(PATIENCE)


def _environment() -> dict[str, str]:
    mine = {name: value for name, value in os.environ.items() if name.startswith("PYTHON")}
    return {**mine, "PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}


_one: list[Loaded] = []
_first = threading.Lock()


def _loaded() -> Loaded:
    """Return this process's own one; it is started when it is first needed."""
    with _first:
        if not _one:
            _one.append(Loaded())
            atexit.register(_one[0].end)
        return _one[0]
