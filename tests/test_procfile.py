"""The one line of the Procfile starts a bot that becomes ready, and ends when it is told to."""

from __future__ import annotations

import asyncio
import contextlib
import shlex
import signal
import socket
import sys
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import aiohttp

from bot.sandbox.server import Sandbox, SandboxOptions

ROOT = Path(__file__).parents[1]
PATIENCE = 20.0
# Platforms kill what has not ended ten seconds after they asked.
QUICKLY = 5.0


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


def away_at(port: int) -> Mapping[str, str]:
    return {"SLACK_API_URL": f"http://127.0.0.1:{port}/api/"}


async def wait_until_well(port: int) -> None:
    await health(port, 200)


async def health(port: int, status: int) -> object:
    """Return what the bot says of itself, once it answers with that status."""
    async with aiohttp.ClientSession() as session, asyncio.timeout(PATIENCE):
        while True:
            with contextlib.suppress(aiohttp.ClientError):
                async with session.get(f"http://127.0.0.1:{port}/healthz") as answer:
                    if answer.status == status:
                        return await answer.json()
            await asyncio.sleep(0.05)


@contextlib.asynccontextmanager
async def a_world() -> AsyncIterator[Sandbox]:
    async with Sandbox(SandboxOptions(port=0, open_browser=False, start_bot=False)) as world:
        yield world


@contextlib.asynccontextmanager
async def started(
    world: Sandbox, port: int, variables: Mapping[str, str] | None = None
) -> AsyncIterator[asyncio.subprocess.Process]:
    environment = {**world.environment(port), **(variables or {})}
    process = await asyncio.create_subprocess_exec(
        *command(), cwd=ROOT, env=environment, stderr=asyncio.subprocess.PIPE
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def last_words(process: asyncio.subprocess.Process, patience: float = PATIENCE) -> str:
    _, said = await asyncio.wait_for(process.communicate(), patience)
    return said.decode()


async def test_the_procfile_starts_a_bot_that_becomes_ready_and_stops_when_told() -> None:
    port = free_port()
    async with a_world() as world, started(world, port) as process:
        await wait_until_well(port)
        process.send_signal(signal.SIGTERM)
        said = await last_words(process, QUICKLY)

    assert process.returncode == 0, said
    assert "xoxb-" not in said


async def test_a_process_waits_for_slack_says_that_it_is_starting_and_ends_when_told() -> None:
    port, nowhere = free_port(), free_port()
    async with a_world() as world, started(world, port, away_at(nowhere)) as process:
        assert await health(port, 503) == {"ready": False, "state": "starting"}
        process.send_signal(signal.SIGTERM)
        said = await last_words(process, QUICKLY)

    assert process.returncode == 0, said
    assert "slack.unreachable" in said
    assert "Traceback" not in said


async def test_a_token_that_slack_refuses_ends_a_start_at_once() -> None:
    async with a_world() as world:
        for name, token in {"BOT": "xoxb-1-2-none", "APP": "xapp-1-A1-2-none"}.items():
            refused = {f"SLACK_{name}_TOKEN": token}
            async with started(world, free_port(), refused) as process:
                said = await last_words(process)
            assert process.returncode == 1, said
            assert "invalid_auth" in said


async def test_a_second_process_on_the_same_file_is_refused_and_harms_nothing() -> None:
    first, second = free_port(), free_port()
    async with a_world() as world, started(world, first):
        await wait_until_well(first)
        async with started(world, second) as late:
            said = await last_words(late)
        await wait_until_well(first)

    assert late.returncode == 1
    assert "Another bot already serves from" in said
    assert "DATABASE_URL" in said
    assert "Traceback" not in said


async def test_a_process_that_is_started_again_finds_the_file_free() -> None:
    async with a_world() as world:
        for _ in range(2):
            port = free_port()
            async with started(world, port) as process:
                await wait_until_well(port)
                process.kill()
                await process.wait()
