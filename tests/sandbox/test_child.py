"""A process that is started, killed and started again, told from what it answers and wrote."""

import json
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.sandbox.child import Child, ChildFailedError, Command

WELL = """
import http.server, os, sys
print("listening as", os.environ["NAME"], flush=True)
class Well(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
    def log_message(self, *_):
        pass
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Well).serve_forever()
"""
STUBBORN = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n" + WELL
FAILING = "import sys; sys.exit('no token, no bot')"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def silently() -> None:
    """Nobody looks."""


@asynccontextmanager
async def a_child(
    script: str,
    *,
    delays: tuple[float, ...] = (0.0, 0.0, 0.0, 0.0),
    changed: Callable[[], None] = silently,
    patience: float = 5.0,
) -> AsyncIterator[Child]:
    port = free_port()
    command = Command(
        arguments=(sys.executable, "-c", script, str(port)),
        environment={"NAME": "Tidewell"},
        folder=Path("/"),
        health=f"http://127.0.0.1:{port}/",
    )
    child = Child(command, changed=changed, delays=delays, patience=patience)
    await child.start()
    try:
        yield child
    finally:
        await child.stop()


async def test_a_process_is_ready_once_its_health_address_answers():
    async with a_child(WELL) as child:
        await child.wait_ready()
        assert child.status()["state"] == "ready"
        assert child.status()["pid"] == child.pid


async def test_what_a_process_writes_is_kept():
    async with a_child(WELL) as child:
        await child.wait_ready()
        assert "listening as Tidewell" in child.status()["tail"]


async def test_a_process_gets_the_given_environment_and_no_other():
    script = "import json, os; print(json.dumps(list(os.environ)), flush=True)\n" + WELL
    async with a_child(script) as child:
        await child.wait_ready()
        told = next(line for line in child.status()["tail"] if line.startswith("["))
        assert set(json.loads(told)) <= {"NAME", "LC_CTYPE", "__CF_USER_TEXT_ENCODING"}


async def test_a_killed_process_comes_back_by_itself():
    async with a_child(WELL) as child:
        await child.wait_ready()
        first = child.pid
        await child.kill()
        await child.wait_ready()
        assert child.pid != first
        assert child.restarts == 1


async def test_killing_returns_when_the_process_is_gone():
    async with a_child(WELL, delays=(60.0,)) as child:
        await child.wait_ready()
        pid = child.pid
        assert pid is not None
        await child.kill()
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


async def test_a_process_that_ends_too_often_is_given_up_with_its_last_words():
    async with a_child(FAILING) as child:
        with pytest.raises(ChildFailedError, match="no token, no bot"):
            await child.wait_ready()
        assert child.status()["state"] == "given_up"


async def test_a_given_up_process_can_be_started_by_hand():
    async with a_child(FAILING, delays=()) as child:
        with pytest.raises(ChildFailedError):
            await child.wait_ready()
        await child.start()
        with pytest.raises(ChildFailedError):
            await child.wait_ready()
        assert child.restarts == 1


async def test_a_stopped_process_stays_away():
    async with a_child(WELL) as child:
        await child.wait_ready()
        pid = child.pid
        await child.stop()
        assert child.status()["state"] == "stopped"
        assert pid is not None
        with pytest.raises(ProcessLookupError):
            os.kill(pid, signal.SIGCONT)


async def test_a_process_that_ignores_the_request_to_end_is_killed():
    async with a_child(STUBBORN, patience=0.2) as child:
        await child.wait_ready()
        await child.stop()
        assert child.pid is None


async def test_every_visible_change_is_told():
    seen: list[str] = []
    async with a_child(WELL, changed=lambda: seen.append("changed")) as child:
        await child.wait_ready()
        before = len(seen)
        await child.kill()
        assert len(seen) > before
