"""The bot as the process that production starts, between both emulations, on real time."""

from __future__ import annotations

import json
import socket
import sqlite3
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.domain.record import verify
from bot.sandbox import setup
from bot.sandbox.cast import BEN, MIA
from bot.sandbox.child import Child, Command
from bot.sandbox.server import Sandbox, SandboxOptions
from bot.storage.store import Store
from tests.contracts import broken_promises
from tests.warm.starts import spawn
from tests.workspace import Team, words_of

COME_BACK_AT_ONCE = (0.0,) * 500
SLOWING = ("COV", "PYTHONDONTWRITEBYTECODE")
READ_ALL_APPS = ("GET", "/v1/apps")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is typed into the form: locale -> label -> text, in that order."""

    texts: Mapping[str, Mapping[str, str]]


@dataclass(kw_only=True)
class Process(Team):
    """A team whose bot can be killed; it comes back at once and by itself."""

    child: Child
    database: Path

    async def wish(self, wish: Wish, *, words: str) -> Mapping[str, Any]:
        """Propose through the form, from one locale to the next; return what is voted on."""
        before = {message["ts"] for message in self.messages()}
        await self.open_form(MIA, words)
        for place, (locale, texts) in enumerate(wish.texts.items()):
            if place:
                await self.choose(MIA, "Locale", locale)
            for label, text in texts.items():
                await self.fill_in(MIA, label, text)
        ack = await self.submit(MIA)
        assert (ack.ok, self.errors(MIA)) == (True, {})
        return await self.until(lambda: self._seeded(before), why="no proposal was posted")

    async def approve(self, message: Mapping[str, Any]) -> None:
        await self.react(BEN, message)

    async def result(self, message: Mapping[str, Any], *, proposer: str = MIA) -> str:
        """Return what the one reply about a push says, once it is there."""
        await self.until(
            lambda: any("Pushed" in words_of(reply) for reply in self.thread(message)),
            why=f"no result: {words_of(self.message(message['ts']))}; {self.told_by_process()}",
        )
        (reply,) = self.results(message, proposer=proposer)
        return reply

    def results(self, message: Mapping[str, Any], *, proposer: str = MIA) -> list[str]:
        """Return every reply that tells the proposer how a push ended."""
        told = map(words_of, self.thread(message))
        return [words for words in told if f"@{proposer}" in words]

    async def looked_at_apps(self, *, since: int) -> None:
        """Wait until the process looked at all apps after request number `since`."""
        await self.until(
            lambda: any(
                row["n"] > since
                and (row["method"], row["path"]) == READ_ALL_APPS
                and row["ms"] is not None
                for row in self.apple.log
            ),
            why=f"nobody looked at the apps; {self.told_by_process()}",
        )

    def requests_since(self, number: int) -> list[dict[str, Any]]:
        return [row for row in self.apple.log if row["n"] > number]

    @property
    def newest_request(self) -> int:
        return self.apple.log[-1]["n"] if self.apple.log else 0

    def rows(self, statement: str, *values: object) -> list[sqlite3.Row]:
        """Ask the bot's file beside it."""
        with closing(sqlite3.connect(f"file:{self.database}?mode=ro", uri=True)) as db:
            db.row_factory = sqlite3.Row
            return db.execute(statement, values).fetchall()

    def calls_told(self) -> list[dict[str, Any]]:
        """Return what the record tells of calls to Apple, paths as Apple's log has them."""
        rows = self.rows("select body from record where kind = 'calls' order by number")
        told = [call for (body,) in rows for call in json.loads(body).get("calls", [])]
        return [call | {"path": call["path"].removeprefix("/apple")} for call in told]

    def writes_sent(self) -> Counter[tuple[str, str]]:
        """Return what changed something, as Apple's log has it, and how often."""
        sent = [(row["method"], row["path"]) for row in self.apple.log]
        return Counter(one for one in sent if one[0] != "GET")

    async def record_holds(self) -> None:
        """Check the record beside the process, however often that was killed."""
        async with Store(self.database, exclusive=False, reading=True) as store:
            verdict = verify([entry async for entry in store.record.entries()])
        assert verdict.broken == ""
        assert verdict.entries > 0

    def told_by_process(self) -> Sequence[str]:
        return self.child.status()["tail"][-15:]


@asynccontextmanager
async def a_process() -> AsyncIterator[Process]:
    """Start the world and a forked `python -m bot serve` in it, which is ready in the block."""
    async with Sandbox(_options()) as world:
        port = free_port()
        command = _command(world.environment(port), port)
        child = Child(command, changed=_nothing, delays=COME_BACK_AT_ONCE, spawn=spawn)
        world.apple.on_kill = child.kill
        await child.start()
        try:
            process = await _ready(world, child)
            yield process
            assert broken_promises(world.slack, world.apple) == []
            await process.record_holds()
        finally:
            await child.stop()


@asynccontextmanager
async def a_process_on(listing: Path) -> AsyncIterator[Process]:
    """Start what `marquee sandbox --listing` starts; the bot is ready when the block begins."""
    async with Sandbox(_options(listing)) as world:
        assert world.bot is not None
        yield await _ready(world, world.bot)
        assert broken_promises(world.slack, world.apple) == []


def _options(listing: Path | None = None) -> SandboxOptions:
    return SandboxOptions(
        listing=listing,
        port=0,
        open_browser=False,
        start_bot=listing is not None,
        say=_in_silence,
        confirm=(),
    )


async def _ready(world: Sandbox, child: Child) -> Process:
    # A person does in minutes what is done here in a second.
    world.slack.api.rates.enabled = False
    process = Process(
        slack=world.slack,
        apple=world.apple,
        child=child,
        database=world.folder / setup.DATABASE,
    )
    world.slack.listen(process.moved)
    world.apple.listen(process.moved)
    await child.wait_ready()
    return process


def _command(environment: Mapping[str, str], port: int) -> Command:
    # Nothing that only slows a start down: neither measuring nor compiling each time anew.
    plain = {name: environment[name] for name in environment if not name.startswith(SLOWING)}
    return Command(
        arguments=setup.SERVE,
        environment=plain,
        folder=setup.FOLDER,
        health=f"http://127.0.0.1:{port}/healthz",
    )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _in_silence(_line: str) -> None:
    pass


def _nothing() -> None:
    pass
