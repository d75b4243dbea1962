"""A process that was forked is told from one that was started anew by the time it takes alone."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from bot.sandbox.child import Command
from tests.command import marquee
from tests.journeys.process import free_port
from tests.surroundings import TOML, environ
from tests.warm.starts import PYTHON_M_BOT, ROOT, Started, spawn

PATIENCE = 20.0


def waiting_for_slack(folder: Path) -> dict[str, str]:
    """Return an environment in which `serve` runs until it is told to end."""
    (folder / "marquee.toml").write_text(TOML)
    away = f"http://127.0.0.1:{free_port()}/api/"
    return {"PATH": os.environ["PATH"], **environ(SLACK_API_URL=away, PORT=str(free_port()))}


@pytest_asyncio.fixture
async def serving(tmp_path: Path) -> AsyncIterator[Started]:
    environment = waiting_for_slack(tmp_path)
    command = Command(
        arguments=(*PYTHON_M_BOT, "serve"), environment=environment, folder=tmp_path, health=""
    )
    process = await spawn(command)
    while b"slack.unreachable" not in (line := await process.stdout.readline()):
        assert line, "it ended by itself"
    yield process
    if process.running:
        os.killpg(process.pid, signal.SIGKILL)
        await process.wait()


@pytest.mark.parametrize(
    "words",
    [("serv",), ("serve",), ("audit", "verify"), ("validate", "texts.csv")],
)
def test_a_command_says_and_returns_what_one_does_that_was_started_anew(
    tmp_path: Path, words: tuple[str, ...]
) -> None:
    (tmp_path / "texts.csv").write_text("locale,name,subtitel\nja,ノート,メモ\n", encoding="utf-8")
    forked = marquee(*words, folder=tmp_path)
    anew = marquee(*words, folder=tmp_path, anew=True)
    assert (forked.returncode, forked.stdout) == (anew.returncode, anew.stdout)
    assert without_times(forked.stderr) == without_times(anew.stderr)
    assert forked.stdout + forked.stderr


def without_times(said: str) -> str:
    return re.sub(r"\d\d:\d\d:\d\d", "", said)


async def test_it_leads_a_group_of_its_own_and_dies_at_once_with_it(serving: Started) -> None:
    assert serving.pid != os.getpid()
    assert os.getpgid(serving.pid) == os.getsid(serving.pid) == serving.pid
    os.killpg(serving.pid, signal.SIGKILL)
    assert await asyncio.wait_for(serving.wait(), PATIENCE) == -signal.SIGKILL
    with pytest.raises(ProcessLookupError):
        os.kill(serving.pid, 0)


async def test_it_ends_well_when_it_is_told_to_and_says_all_of_its_last_words(
    serving: Started,
) -> None:
    os.killpg(serving.pid, signal.SIGTERM)
    said, status = await asyncio.wait_for(
        asyncio.gather(serving.stdout.read(), serving.wait()), PATIENCE
    )
    assert status == 0, said
    assert b"Traceback" not in said


async def test_several_run_beside_each_other(tmp_path: Path) -> None:
    words = ("audit", "verify")
    folders = [tmp_path / str(number) for number in range(6)]
    for folder in folders:
        folder.mkdir()
    runs = [asyncio.to_thread(marquee, *words, folder=folder) for folder in folders]
    for folder, done in zip(folders, await asyncio.gather(*runs), strict=True):
        assert f"{folder}/marquee.db cannot be opened" in done.stderr


def test_nothing_is_left_when_whoever_started_it_is_killed(tmp_path: Path) -> None:
    script = (
        "import json, sys; from pathlib import Path; from tests.warm.starts import Loaded\n"
        "line = Loaded().ask(['serve'], Path.cwd(), json.loads(sys.argv[1]), (2, 2))\n"
        "print(line.recv(4), flush=True)\n"
        "line.recv(4)"
    )
    starter = subprocess.Popen(
        [sys.executable, "-c", script, json.dumps(waiting_for_slack(tmp_path))],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert starter.stdout is not None
    assert starter.stdout.readline()
    starter.kill()
    # All of them hold the standard error open, which ends with the last one.
    starter.communicate(timeout=PATIENCE)
