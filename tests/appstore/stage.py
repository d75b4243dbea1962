"""An emulated App Store Connect on a socket, with our client in front of it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from random import Random
from typing import Any

from aiohttp import web
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from bot.appstore import ApiKey, AppStore
from bot.domain.fields import Resource
from bot.domain.listing import App, Localization, Reading
from bot.sandbox.appstore import Conditions, EmulatedAppStore, Key, Seed
from bot.sandbox.seed import demo_seed, new_key
from tests.clock import HandClock

TIDEWELL = App(id="6470000101", bundle_id="com.example.tidewell", name="Tidewell Notes")
ORRERY = App(id="6470000202", bundle_id="com.example.orrery", name="Orrery Sky")
NEW_KEY = new_key()


@dataclass(kw_only=True)
class Stage:
    apple: EmulatedAppStore
    store: AppStore
    clock: HandClock
    url: str

    def requests(self, *methods: str) -> list[str]:
        """What Apple was asked, as "METHOD /path", all methods or only some."""
        return [
            f"{row['method']} {row['path']}"
            for row in self.apple.log
            if not methods or row["method"] in methods
        ]

    def statuses(self) -> list[int | None]:
        return [row["status"] for row in self.apple.log]

    def apple_text(self, id_: str, attribute: str) -> Any:
        """What Apple holds, as someone in its web interface sees it."""
        for app in self.apple.apps():
            for parent in [*app["versions"], *app["infos"]]:
                for texts in parent["localizations"].values():
                    if texts["id"] == id_:
                        return texts[attribute]
        raise LookupError(id_)


def a_key(issuer_id: str | None = NEW_KEY.issuer_id, key_id: str = NEW_KEY.key_id) -> ApiKey:
    private = load_pem_private_key(NEW_KEY.private_pem.encode(), None)
    assert isinstance(private, EllipticCurvePrivateKey)
    return ApiKey(key_id=key_id, issuer_id=issuer_id, private_key=private)


@asynccontextmanager
async def served(routes: Iterable[web.AbstractRouteDef]) -> AsyncIterator[str]:
    """Serve `routes` on a free port and give the address."""
    app = web.Application()
    app.add_routes(routes)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


@asynccontextmanager
async def opened(
    *,
    key: ApiKey | None = None,
    known: Key | None = None,
    conditions: Conditions | None = None,
    clock: HandClock | None = None,
    seed: Seed | None = None,
) -> AsyncIterator[Stage]:
    """Open a stage; the emulated Apple and the client go by the same hand-moved clock."""
    clock = clock or HandClock(auto=True)
    ours = known or Key(
        key_id=NEW_KEY.key_id, public_pem=NEW_KEY.public_pem, issuer_id=NEW_KEY.issuer_id
    )
    apple = EmulatedAppStore(
        seed=seed or demo_seed(),
        keys=[ours],
        now=lambda: clock.now().timestamp(),
        conditions=conditions,
    )
    async with served(apple.routes()) as address:
        url = f"{address}/apple"
        async with AppStore(key or a_key(), base_url=url, clock=clock, chance=Random(7)) as store:
            try:
                yield Stage(apple=apple, store=store, clock=clock, url=url)
            finally:
                await apple.close()


def editable(reading: Reading, resource: Resource, locale: str) -> Localization:
    """The localization of `locale` under what is being prepared."""
    if resource is Resource.VERSION:
        parent = next(v.id for v in reading.versions if v.state == "PREPARE_FOR_SUBMISSION")
        return reading.version_localizations[parent][locale]
    parent = next(i.id for i in reading.app_infos if i.state == "PREPARE_FOR_SUBMISSION")
    return reading.info_localizations[parent][locale]
