"""The load: signed slash commands over kept connections, so many at once, each one timed."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import hmac
import time
from collections.abc import AsyncIterator, Iterator
from urllib.parse import urlencode

import aiohttp

from bot.sandbox.cast import ASO, MIA, TEAM
from tests.bench.lines import Handlers, Json, work

TIMEOUT = aiohttp.ClientTimeout(total=10)
FIELDS = {
    "token": "unused",
    "team_id": TEAM.id,
    "team_domain": TEAM.domain,
    "channel_id": ASO,
    "channel_name": "aso",
    "user_id": MIA,
    "user_name": "mia",
    "command": "/aso",
    "text": "help",
    "api_app_id": "A0MARQUEE",
    "is_enterprise_install": "false",
    "response_url": "http://127.0.0.1:9/unused",
    "trigger_id": "1.2.3",
}
BODY = urlencode(FIELDS)


@contextlib.asynccontextmanager
async def main() -> AsyncIterator[Handlers]:
    async with aiohttp.ClientSession(
        timeout=TIMEOUT, connector=aiohttp.TCPConnector(limit=0)
    ) as session:

        async def once(port: int, secret: str) -> Json:
            """Return what `/aso help` is acknowledged with."""
            async with session.post(_url(port), data=BODY, headers=_signed(secret)) as answer:
                answer.raise_for_status()
                return {"answer": await answer.json()}

        async def many(port: int, secret: str, at_once: int, requests: int) -> Json:
            """Return how long each acknowledgement took, in milliseconds, and all together."""
            turns = iter(range(requests))
            began = time.perf_counter()
            lists = await asyncio.gather(
                *(_one_after_the_other(session, port, secret, turns) for _ in range(at_once))
            )
            seconds = time.perf_counter() - began
            return {"took": [one * 1000 for some in lists for one in some], "seconds": seconds}

        yield {"once": once, "many": many}


async def _one_after_the_other(
    session: aiohttp.ClientSession, port: int, secret: str, turns: Iterator[int]
) -> list[float]:
    took = []
    for _ in turns:
        headers = _signed(secret)
        began = time.perf_counter()
        async with session.post(_url(port), data=BODY, headers=headers) as answer:
            await answer.read()
            if answer.status != 200:
                raise RuntimeError(f"the acknowledgement has status {answer.status}")
        took.append(time.perf_counter() - began)
    return took


def _url(port: int) -> str:
    return f"http://127.0.0.1:{port}/slack/events"


def _signed(secret: str) -> dict[str, str]:
    now = str(int(time.time()))
    mark = hmac.new(secret.encode(), f"v0:{now}:{BODY}".encode(), hashlib.sha256).hexdigest()
    return {
        "Content-Type": "application/x-www-form-urlencoded",
        "X-Slack-Request-Timestamp": now,
        "X-Slack-Signature": f"v0={mark}",
    }


if __name__ == "__main__":
    work(main)
