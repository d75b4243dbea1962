"""The one line of the Procfile starts a bot that becomes ready, and ends when it is told to."""

from __future__ import annotations

import asyncio
import contextlib
import shlex
import signal
import socket
import sys
from pathlib import Path

import aiohttp

from bot.sandbox.server import Sandbox, SandboxOptions

ROOT = Path(__file__).parents[1]
PATIENCE = 20.0


def command() -> list[str]:
    (line,) = (ROOT / "Procfile").read_text().splitlines()
    process, _, words = line.partition(": ")
    assert process == "web"
    python, *arguments = shlex.split(words)
    assert python == "python"
    return [sys.executable, *arguments]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def wait_until_well(port: int) -> None:
    async with aiohttp.ClientSession() as session, asyncio.timeout(PATIENCE):
        while True:
            with contextlib.suppress(aiohttp.ClientError):
                async with session.get(f"http://127.0.0.1:{port}/healthz") as answer:
                    if answer.status == 200:
                        return
            await asyncio.sleep(0.05)


async def test_the_procfile_starts_a_bot_that_becomes_ready_and_stops_when_told() -> None:
    port = free_port()
    options = SandboxOptions(port=0, open_browser=False, start_bot=False)
    async with Sandbox(options) as world:
        process = await asyncio.create_subprocess_exec(
            *command(), cwd=ROOT, env=world.environment(port), stderr=asyncio.subprocess.PIPE
        )
        try:
            await wait_until_well(port)
            process.send_signal(signal.SIGTERM)
            _, said = await asyncio.wait_for(process.communicate(), PATIENCE)
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
    assert process.returncode == 0, said.decode()
    assert b"xoxb-" not in said
