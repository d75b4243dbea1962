"""The command line in this process, as `marquee` would run it in a pipeline's folder."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.cli import main

VARIABLES = (
    "MARQUEE_URL",
    "MARQUEE_TOKEN",
    "GITHUB_RUN_ID",
    "GITHUB_REPOSITORY",
    "GITHUB_WORKSPACE",
    "CI_PIPELINE_ID",
    "CI_PROJECT_ID",
    "CI",
    "NO_COLOR",
)


@dataclass(frozen=True, slots=True)
class Done:
    status: int
    out: str
    err: str


Marquee = Callable[..., Done]


@pytest.fixture
def marquee(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Marquee:
    monkeypatch.chdir(tmp_path)
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)

    def run(*words: str) -> Done:
        try:
            status = main(words)
        except SystemExit as called_wrongly:
            status = int(called_wrongly.code or 0)
        told = capsys.readouterr()
        return Done(status, told.out, told.err)

    return run
