"""The bot's own client of App Store Connect, in a process of its own: a full read of an app."""

from __future__ import annotations

import contextlib
import time
from collections.abc import AsyncIterator

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from bot.appstore.client import AppStore
from bot.clock import WallClock
from bot.domain.listing import App
from bot.settings import ApiKey
from tests.bench.lines import Handlers, Json, work
from tests.bench.listing import APP_ID, PLATFORM


@contextlib.asynccontextmanager
async def main() -> AsyncIterator[Handlers]:
    async with contextlib.AsyncExitStack() as stack:
        held: list[AppStore] = []

        async def begin(url: str, key_id: str, issuer_id: str, private_pem: str) -> Json:
            private = load_pem_private_key(private_pem.encode(), None)
            assert isinstance(private, EllipticCurvePrivateKey)
            key = ApiKey(key_id=key_id, issuer_id=issuer_id, private_key=private)
            client = AppStore(key, base_url=url, clock=WallClock())
            held.append(await stack.enter_async_context(client))
            return {}

        async def read() -> Json:
            began = time.perf_counter()
            reading = await held[0].read(App(id=APP_ID, bundle_id="", name=""), PLATFORM)
            seconds = time.perf_counter() - began
            found = sum(len(one) for one in reading.version_localizations.values())
            return {"seconds": seconds, "localizations": found}

        yield {"begin": begin, "read": read}


if __name__ == "__main__":
    work(main)
