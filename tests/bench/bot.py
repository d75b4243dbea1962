"""The bot as anybody starts it: `python -m bot serve` in a process of its own.

Knows when it is ready and how much memory it holds; what it is told comes from elsewhere.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import sys
import time
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path

HOST = "127.0.0.1"
ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 20.0
LOOK_AGAIN = 0.005


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningBot:
    """A bot that is ready: its process, and the seconds from its start until then."""

    pid: int
    port: int
    ready_s: float
    folder: Path

    def resident_mb(self) -> float:
        """Return the memory that the process holds now (resident set, MiB), as Linux counts it."""
        return self._counted("VmRSS:")

    def peak_mb(self) -> float:
        """Return the most that it ever held since its start, likewise."""
        return self._counted("VmHWM:")

    def _counted(self, name: str) -> float:
        for line in Path(f"/proc/{self.pid}/status").read_text().splitlines():
            if line.startswith(name):
                return int(line.split()[1]) / 1024
        raise RuntimeError(f"the process has no {name}")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


@contextlib.asynccontextmanager
async def running_bot(
    environment: Mapping[str, str], *, port: int, folder: Path
) -> AsyncIterator[RunningBot]:
    """Start the bot and wait until it says that it is ready; its log goes to `folder`."""
    with (folder / "bot.log").open("ab") as log:
        began = time.perf_counter()
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "bot",
            "serve",
            env=dict(environment),
            cwd=ROOT,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
    try:
        await _until_ready(process, port, folder)
        yield RunningBot(
            pid=process.pid, port=port, ready_s=time.perf_counter() - began, folder=folder
        )
    finally:
        await _end(process)


async def _until_ready(process: asyncio.subprocess.Process, port: int, folder: Path) -> None:
    async with asyncio.timeout(PATIENCE):
        while not await _healthy(port):
            if process.returncode is not None:
                raise RuntimeError("the bot ended:\n" + (folder / "bot.log").read_text()[-2000:])
            await asyncio.sleep(LOOK_AGAIN)


async def _healthy(port: int) -> bool:
    try:
        reader, writer = await asyncio.open_connection(HOST, port)
    except OSError:
        return False
    try:
        writer.write(b"GET /healthz HTTP/1.0\r\n\r\n")
        return b" 200 " in await reader.readline()
    except OSError:
        return False
    finally:
        writer.close()


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        process.terminate()
        try:
            await asyncio.wait_for(process.wait(), 10)
        except TimeoutError:
            process.kill()
            await process.wait()
