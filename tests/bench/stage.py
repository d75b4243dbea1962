"""Everything a benchmark needs, started and taken apart again: one world, one bot, workers."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from bot.sandbox.cast import ASO
from bot.sandbox.setup import DATABASE
from bot.storage.pushes import PushState
from bot.storage.store import Store
from tests.bench.bot import RunningBot, free_port, running_bot
from tests.bench.lines import Json, Worker
from tests.bench.listing import APP_ID, PLATFORM, Texts, texts

LOOK_AGAIN = 0.004
LONGEST_PUSH = 120.0


@dataclass(kw_only=True)
class Stage:
    """The world's process, and a folder for each bot that is started in it."""

    world: Worker
    folder: Path
    stamps: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    _bots: Iterator[int] = field(default_factory=itertools.count)

    @contextlib.asynccontextmanager
    async def bot(
        self, folder: Path | None = None, *, own: Mapping[str, list[str]] | None = None
    ) -> AsyncIterator[tuple[RunningBot, Json]]:
        """Start a bot, on a new database or in a `folder` that has one.

        Locales in `own` have these approvers. Yield it with what the world told it.
        """
        folder = folder or self.new_folder()
        port = free_port()
        told = await self.world.ask("bot", folder=str(folder), port=port, own=dict(own or {}))
        async with running_bot(told["environment"], port=port, folder=folder) as bot:
            yield bot, told

    def new_folder(self) -> Path:
        """Make a folder for a bot."""
        folder = self.folder / f"bot-{next(self._bots)}"
        folder.mkdir()
        return folder

    @contextlib.asynccontextmanager
    async def worker(self, module: str) -> AsyncIterator[Worker]:
        """Start a client of App Store Connect in a process of its own."""
        async with Worker(module) as worker:
            await worker.ask("begin", **await self.world.ask("access"))
            yield worker


@dataclass(frozen=True, slots=True, kw_only=True)
class Pushed:
    """One push: seconds from the vote to the verified ledger, and what Apple was asked."""

    seconds: float
    requests: int
    right: int
    most_in_flight: int
    status: str


class Proposer:
    """Brings proposals on their way: the form through Slack, its texts through the store.

    Forty forms one after the other would measure the typist. So a form is opened, every
    locale's texts are saved into its draft as the form saves them, and the form is closed,
    offered again with the draft, submitted, posted and voted on, all of that in Slack.
    """

    def __init__(self, stage: Stage, store: Store) -> None:
        self._world = stage.world
        self._store = store

    async def propose(self, stamp: int, codes: tuple[str, ...]) -> str:
        """Propose the texts of `stamp`; return the ts of the message to vote on."""
        opened = await self._world.ask("open_form")
        await self._type(opened["user"], opened["version_id"], texts(stamp, codes))
        await self._world.ask("close_form")
        await self._world.ask("open_form")
        return str((await self._world.ask("submit"))["ts"])

    async def push(self, ts: str, stamp: int, codes: tuple[str, ...]) -> Pushed:
        """Vote for a proposal and wait for its verified ledger."""
        about = await self._store.posts.by_message(ASO, ts)
        assert about is not None
        await self._world.ask("mark")
        began = time.perf_counter()
        await self._world.ask("approve", ts=ts)
        await self._finished(about.proposal)
        seconds = time.perf_counter() - began
        counted = await self._world.ask("counted")
        right = await self._world.ask("right", stamp=stamp, codes=list(codes))
        ended = await self._store.proposals.get(about.proposal)
        return Pushed(
            seconds=seconds,
            requests=counted["total"],
            most_in_flight=counted["most_in_flight"],
            right=right["right"],
            status=ended.status if ended else "",
        )

    async def _type(self, user: str, version_id: str, typed: Texts) -> None:
        now = datetime.now(UTC)
        draft = await self._store.drafts.open(
            user,
            app_id=APP_ID,
            platform=PLATFORM,
            version_id=version_id,
            proposal=None,
            now=now,
        )
        pairs = {(code, name): text for code, of in typed.items() for name, text in of.items()}
        await self._store.drafts.save(draft.id, now=now, texts=pairs)

    async def _finished(self, proposal: int) -> None:
        async with asyncio.timeout(LONGEST_PUSH):
            while True:
                push = await self._store.pushes.latest(proposal)
                if push is not None and push.state is PushState.FINISHED:
                    return
                await asyncio.sleep(LOOK_AGAIN)


@contextlib.asynccontextmanager
async def a_stage() -> AsyncIterator[Stage]:
    """Start the world in a process of its own; yield the stage."""
    with tempfile.TemporaryDirectory(prefix="marquee-bench-") as folder:
        async with Worker("world") as world:
            yield Stage(world=world, folder=Path(folder))


@contextlib.asynccontextmanager
async def a_proposer(stage: Stage, bot: RunningBot) -> AsyncIterator[Proposer]:
    """Open a bot's database beside it."""
    async with Store(bot.folder / DATABASE, exclusive=False) as store:
        yield Proposer(stage, store)
