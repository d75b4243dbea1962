"""What all examples share: the loop, the clock, and an emulated Apple behind one socket."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import Awaitable, Callable, Coroutine, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random
from typing import Any, TypeVar

from aiohttp import web

from bot.appstore import AppStore
from bot.sandbox.appstore import Conditions, EmulatedAppStore, Key, Seed
from bot.sandbox.seed import demo_seed
from bot.storage.store import Store
from tests.appstore.stage import NEW_KEY, TIDEWELL, a_key
from tests.clock import HandClock
from tests.loop import OneThreadLoop

T = TypeVar("T")

LOCALES = ("en-US", "de-DE")
KEY = a_key()
UNLIMITED = Conditions(hour_limit=1_000_000, minute_limit=None)
# Somewhere without a disk, where there is such a place: it is the rules that are tried here.
MEMORY = Path("/dev/shm")


@dataclass(kw_only=True)
class Held:
    """An answer to a write that is held back until `go`: the nth one alone."""

    after: int
    noticed: asyncio.Event
    go: asyncio.Event = field(default_factory=asyncio.Event)

    async def back(self) -> None:
        self.after -= 1
        if self.after == -1:
            self.noticed.set()
            await self.go.wait()


def small_seed() -> Seed:
    """The first app of the demonstration in two locales: each read is a short one."""
    seed = demo_seed()
    app = seed.apps[0]

    def cut(texts: Mapping[str, Any]) -> dict[str, Any]:
        return {locale: texts[locale] for locale in LOCALES}

    versions = tuple(replace(v, texts=cut(v.texts)) for v in app.versions if v.platform == "IOS")
    infos = tuple(replace(info, texts=cut(info.texts)) for info in app.infos)
    return Seed(apps=(replace(app, versions=versions, infos=infos),))


class Street:
    """What all examples share: the loop, the socket, and an empty database.

    `begin` gives each a clock, a client and an Apple of its own: none depends on those before.
    """

    def __init__(self) -> None:
        self.loop = OneThreadLoop()
        self.clock = HandClock(auto=True)
        self.folder = Path(tempfile.mkdtemp(dir=MEMORY if MEMORY.is_dir() else None))
        self.on_arrival: Callable[[int, str], None] = lambda _n, _method: None
        self.after_request: Callable[[], Awaitable[None]] | None = None
        self.held: Held | None = None
        self.apple = self.new_apple()
        self.run(self._open())

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self.loop.run_until_complete(work)

    async def begin(self) -> None:
        """Forget what one example left behind."""
        await self.client.aclose()
        await self.apple.close()
        self.clock = HandClock(auto=True)
        self.client = self._new_client()
        self.new_apple()

    def _new_client(self) -> AppStore:
        return AppStore(KEY, base_url=self._url, clock=self.clock, chance=Random(7))

    def new_apple(self) -> EmulatedAppStore:
        key = Key(key_id=NEW_KEY.key_id, public_pem=NEW_KEY.public_pem, issuer_id=NEW_KEY.issuer_id)
        self.apple = EmulatedAppStore(
            seed=small_seed(),
            keys=[key],
            now=lambda: self.clock.now().timestamp(),
            conditions=UNLIMITED,
        )
        self.arrivals = 0
        self._serve = self.apple.routes()[0].handler
        return self.apple

    async def _open(self) -> None:
        async def answer(request: web.Request) -> web.StreamResponse:
            return await self._answer(request)

        app = web.Application()
        app.router.add_route("*", "/apple/{path:.*}", answer)
        self._server = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._server.setup()
        await web.TCPSite(self._server, "127.0.0.1", 0).start()
        self._url = f"http://127.0.0.1:{self._server.addresses[0][1]}/apple"
        self.client = self._new_client()
        async with Store(self.folder / "empty.db") as store:
            await store.watchlog.keep_apps([TIDEWELL])

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        # With its body read a request is written down at once, under this very number.
        await request.read()
        self.arrivals += 1
        self.on_arrival(self.arrivals, request.method)
        answer = await self._serve(request)
        if self.after_request is not None:
            await self.after_request()
        if self.held is not None and request.method != "GET":
            await self.held.back()
        return answer

    def close(self) -> None:
        async def close() -> None:
            await self.client.aclose()
            await self._server.cleanup()
            await self.apple.close()

        self.run(close())
        self.loop.close()
        shutil.rmtree(self.folder, ignore_errors=True)


@contextmanager
def opened_street() -> Iterator[Street]:
    street = Street()
    try:
        yield street
    finally:
        street.close()
