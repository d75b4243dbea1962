"""A receiver of webhooks on a real socket: it keeps what came and answers as it is told."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

SECRET = "a secret of some length"
STATES = "APP_STORE_VERSION_APP_VERSION_STATE_UPDATED"


@dataclass(slots=True)
class Receiver:
    """`got` are bodies and signatures in the order they came."""

    url: str = ""
    status: int = 200
    got: list[tuple[bytes, str]] = field(default_factory=list)

    @property
    def events(self) -> list[dict[str, Any]]:
        return [json.loads(body)["data"] for body, _ in self.got]

    @property
    def states(self) -> list[str]:
        """The new states that were told, in the order they came."""
        return [event["attributes"]["newValue"] for event in self.events]

    @property
    def genuine(self) -> list[bool]:
        """Whether each signature is that of the body."""
        return [
            signature == f"hmacsha256={hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()}"
            for body, signature in self.got
        ]

    async def take(self, request: web.Request) -> web.Response:
        self.got.append((await request.read(), request.headers["x-apple-signature"]))
        return web.Response(status=self.status, text="thanks")


@asynccontextmanager
async def a_receiver() -> AsyncIterator[Receiver]:
    receiver = Receiver()
    application = web.Application()
    application.router.add_post("/hooks", receiver.take)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    receiver.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hooks"
    try:
        yield receiver
    finally:
        await runner.cleanup()


async def set_up(apple: Any, app_id: str, url: str, **changes: Any) -> str:
    """Have Apple tell `url` of the states of an app's versions; return the webhook's id."""
    told = {
        "name": "Marquee",
        "url": url,
        "secret": SECRET,
        "enabled": True,
        "eventTypes": [STATES],
        **changes,
    }
    answer = await apple.post("webhooks", ("app", "apps", app_id), **told)
    assert answer.status == 201, answer.document
    return str(answer.document["data"]["id"])
