"""The floor of an acknowledgement: a Bolt app on aiohttp that knows one command and no more.

It has what the bot has: the same event loop, the same way of acknowledging when the
listener returns, the same answer.
"""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from typing import Any

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from tests.bench.lines import Handlers, Json, work


@contextlib.asynccontextmanager
async def main() -> AsyncIterator[Handlers]:
    async with contextlib.AsyncExitStack() as stack:

        async def begin(secret: str, token: str, api_url: str, answer: dict[str, Any]) -> Json:
            bolt = AsyncApp(
                client=AsyncWebClient(token=token, base_url=api_url),
                signing_secret=secret,
                process_before_response=True,
            )

            @bolt.command("/aso")
            async def _command(ack: AsyncAck) -> None:
                await ack(**answer)

            async def dispatch(request: web.Request) -> web.Response:
                return await to_aiohttp_response(
                    await bolt.async_dispatch(await to_bolt_request(request))
                )

            application = web.Application()
            application.add_routes([web.post("/slack/events", dispatch)])
            runner = web.AppRunner(application, access_log=None)
            await runner.setup()
            stack.push_async_callback(runner.cleanup)
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            return {"port": runner.addresses[0][1]}

        yield {"begin": begin}


if __name__ == "__main__":
    work(main)
