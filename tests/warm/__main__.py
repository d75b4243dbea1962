"""`python -m tests.warm FD`: a process that has loaded the bot, and forks into it when asked.

FD is one end of a socket pair whose other end whoever starts it holds (`tests.warm.starts`). Each
byte there brings three descriptors: a line to whoever asks, and what will be the bot's standard
output and error. The line brings what to start, as JSON in one line; it takes back two numbers:
the process id and, once that process is gone, its exit status, negative for a signal.

No bot outlives who asked for it: a line that ends kills its bot, and when the socket pair's
other end is gone every bot is killed and this process ends.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import runpy
import select
import signal
import socket
import sys
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass
from io import TextIOWrapper
from typing import TextIO

from tests.warm.starts import as_bytes

# What the bot's commands load when they are asked for, and what those load at first use.
LOADED = (
    "bot.app",
    "bot.audit",
    "bot.cli",
    "bot.doctor",
    "bot.pipeline.commands",
    "bot.storage.backup",
    "bot.tokens",
    "uvloop",
    "anyio._backends._asyncio",
    "apscheduler.executors.asyncio",
    "cryptography.hazmat.backends.openssl.backend",
    "encodings.idna",
    "httpcore",
)


@dataclass(frozen=True, slots=True)
class Start:
    """What was asked for: the words of the command line, and where it runs and writes."""

    line: socket.socket
    output: int
    errors: int
    words: list[str]
    environment: dict[str, str]
    folder: str


def main() -> None:
    for module in LOADED:
        importlib.import_module(module)
    assert threading.active_count() == 1, "a fork would lose threads"
    gc.collect()
    gc.freeze()
    start = Forks(socket.socket(fileno=int(sys.argv[1]))).next_start()
    if start is not None:
        become(start)
        # As `python -m bot` does from here on, to the end of the interpreter.
        runpy.run_module("bot", run_name="__main__", alter_sys=True)


class Forks:
    """Forks for each start that is asked for at `asked`, and tells how each process ended."""

    def __init__(self, asked: socket.socket) -> None:
        self._asked = asked
        self._lines: dict[socket.socket, int] = {}
        self._woken, self._wakes = socket.socketpair()
        self._wakes.setblocking(False)
        signal.set_wakeup_fd(self._wakes.fileno())
        signal.signal(signal.SIGCHLD, lambda _number, _frame: None)

    def next_start(self) -> Start | None:
        """Return what is to be started, each in a process of its own; None in this one's end."""
        while True:
            ready, _, _ = select.select([self._asked, self._woken, *self._lines], [], [])
            if self._woken in ready:
                self._woken.recv(4096)
                self._tell_ends()
            self._kill(line for line in ready if line in self._lines)
            if self._asked in ready:
                brought, descriptors, _, _ = socket.recv_fds(self._asked, 1, 3)
                if not brought:
                    self._kill(list(self._lines))
                    return None
                if (start := _read(*descriptors)) and self._is_the_fork(start):
                    return start

    def _is_the_fork(self, start: Start) -> bool:
        pid = os.fork()
        if pid == 0:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            for other in (self._asked, self._woken, self._wakes, *self._lines):
                other.close()
            return True
        os.close(start.output)
        os.close(start.errors)
        self._lines[start.line] = pid
        return False

    def _tell_ends(self) -> None:
        for line, pid in list(self._lines.items()):
            ended, status = os.waitpid(pid, os.WNOHANG)
            if ended:
                del self._lines[line]
                with line, contextlib.suppress(BrokenPipeError):
                    line.sendall(as_bytes(os.waitstatus_to_exitcode(status)))

    def _kill(self, lines: Iterable[socket.socket]) -> None:
        for line in lines:
            pid = self._lines.pop(line)
            line.close()
            # By its id first: until it has a group of its own, it has only that.
            os.kill(pid, signal.SIGKILL)
            with contextlib.suppress(ProcessLookupError):
                os.killpg(pid, signal.SIGKILL)
            os.waitpid(pid, 0)


def _read(line: int, output: int, errors: int) -> Start | None:
    """Return what comes on the line, None when whoever asked is gone already."""
    asked = socket.socket(fileno=line)
    with asked.makefile("rb") as words:
        text = words.readline()
    if text:
        return Start(asked, output, errors, **json.loads(text))
    asked.close()
    os.close(output)
    os.close(errors)
    return None


def become(start: Start) -> None:
    """Take the group, the streams, the folder and the environment that were asked for."""
    os.setsid()
    nothing = os.open(os.devnull, os.O_RDONLY)
    for number, taken in enumerate((nothing, start.output, start.errors)):
        os.dup2(taken, number)
        os.close(taken)
    os.chdir(start.folder)
    os.environ.clear()
    os.environ.update(start.environment)
    time.tzset()
    unbuffered = "PYTHONUNBUFFERED" in start.environment
    sys.stdout = _stream(1, sys.stdout, unbuffered=unbuffered)
    sys.stderr = _stream(2, sys.stderr, unbuffered=unbuffered, line_buffering=True)
    sys.argv[1:] = start.words
    # Only now: who knows the process id may send it signals.
    start.line.sendall(as_bytes(os.getpid()))
    start.line.close()


def _stream(
    number: int, like: TextIO, *, unbuffered: bool, line_buffering: bool = False
) -> TextIOWrapper:
    """Return what the interpreter makes of a descriptor when it starts."""
    return TextIOWrapper(
        open(number, "wb", 0 if unbuffered else -1, closefd=False),
        encoding=like.encoding,
        errors=like.errors,
        newline="\n",
        line_buffering=line_buffering,
        write_through=unbuffered,
    )


if __name__ == "__main__":
    main()
