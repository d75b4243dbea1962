"""`marquee` as a person or a process manager runs it."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from tests.warm import starts
from tests.warm.starts import PYTHON_M_BOT, ROOT


def marquee(
    *words: str, folder: Path, variables: dict[str, str] | None = None, anew: bool = False
) -> subprocess.CompletedProcess[str]:
    """Run it in a process of its own, forked from one that has loaded the bot.

    `anew` starts an interpreter as a shell does, at the price of a second of computing; so does
    a variable that only a starting interpreter reads.
    """
    given = variables or {}
    # This bot, also where another copy of it is installed.
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **given}
    if not anew and not any(name.startswith("PYTHON") for name in given):
        return starts.run(words, folder=folder, environment=environment)
    return subprocess.run(
        [*PYTHON_M_BOT, *words],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
