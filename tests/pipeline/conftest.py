"""The command line in this process, as `marquee` would run it in a pipeline's folder."""

from __future__ import annotations

import argparse
import asyncio
import io
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.cli import main
from bot.pipeline import commands
from bot.pipeline.arguments import add_commands
from bot.pipeline.rhythm import Rhythm
from tests.command import marquee as process
from tests.pipeline.stand_in import TOKEN, StandIn, standing_in

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


@dataclass(slots=True)
class HandRhythm:
    """Time that passes only by sleeping."""

    seconds: float = 0.0
    pauses: list[float] = field(default_factory=list)

    def now(self) -> float:
        return self.seconds

    async def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.seconds += seconds


class Stream(io.StringIO):
    """A standard output, of a terminal or not."""

    def __init__(self, *, lively: bool) -> None:
        super().__init__()
        self.lively = lively

    def isatty(self) -> bool:
        return self.lively


@dataclass(slots=True)
class Pipeline:
    """The command line in a job that reaches a bot, with its clock by hand."""

    bot: StandIn
    environ: dict[str, str]
    lively: bool = False
    rhythm: HandRhythm = field(default_factory=HandRhythm)

    async def run(self, *words: str) -> Done:
        parser = argparse.ArgumentParser()
        add_commands(parser.add_subparsers(), run=lambda _options: 0)
        out, err = Stream(lively=self.lively), Stream(lively=False)
        status = await commands.run(
            parser.parse_args(words),
            environ=self.environ,
            stdout=out,
            stderr=err,
            rhythm=Rhythm(self.rhythm.now, self.rhythm.sleep),
        )
        return Done(status, out.getvalue(), err.getvalue())

    async def process(self, *words: str) -> Done:
        """Run it in a process of its own, on the real clock."""
        ran = await asyncio.to_thread(process, *words, folder=Path.cwd(), variables=self.environ)
        return Done(ran.returncode, ran.stdout, ran.stderr)


@pytest.fixture
async def pipeline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Pipeline]:
    monkeypatch.chdir(tmp_path)
    async with standing_in() as bot:
        environ = {"MARQUEE_URL": bot.url, "MARQUEE_TOKEN": TOKEN, "TERM": "xterm"}
        yield Pipeline(bot, environ)
