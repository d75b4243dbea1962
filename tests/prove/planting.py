"""Breaks are planted in a copy of the bot, which a process of its own runs."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tests.prove.breaks import Break

ROOT = Path(__file__).parents[2]
LONGEST = 600


@dataclass(frozen=True, slots=True, kw_only=True)
class Hunt:
    """What came of a hunt: after how many examples, and what did not hold; "" for nothing."""

    examples: int
    problem: str


def hunt(planted: Break | None, examples: int, *, longest: float = LONGEST) -> Hunt:
    """Try a copy of the bot with a rule broken, or none, until something does not hold.

    One that nothing was found in for `longest` seconds was missed: then nobody knows after how
    many examples, and `examples` is 0.
    """
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        for folder in ("bot", "tests"):
            unwanted = shutil.ignore_patterns("__pycache__", "out")
            shutil.copytree(ROOT / folder, root / folder, ignore=unwanted)
        start = 0
        if planted is not None:
            planted.apply(root)
            start = planted.seed
        try:
            ran = subprocess.run(
                [sys.executable, "-m", "tests.prove.hunt", str(examples), str(start)],
                cwd=root,
                env={**os.environ, "PYTHONPATH": name},
                capture_output=True,
                text=True,
                timeout=longest,
                check=True,
            )
        except subprocess.TimeoutExpired:
            return Hunt(examples=0, problem="")
    return Hunt(**json.loads(ran.stdout.splitlines()[-1]))
