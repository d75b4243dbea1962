"""Slack's own framework cannot tell the emulation from Slack, in either way of delivery."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.cast import ASO, BEN, MIA
from tests.sandbox.slack.conftest import (
    APP,
    BOT,
    SECRET,
    World,
    a_button,
    a_modal,
    an_input,
)


def build(world: World) -> AsyncApp:
    """Return an app with one listener for each thing a person can do."""
    client = AsyncWebClient(token=BOT, base_url=f"{world.base}/slack/api/")
    app = AsyncApp(client=client, signing_secret=SECRET)

    @app.command("/aso")
    async def _command(ack: Any, body: Any, client: Any) -> None:
        await ack()
        view = a_modal(an_input(initial_value="one"))
        await client.views_open(trigger_id=body["trigger_id"], view=view)

    @app.view("edit")
    async def _submission(ack: Any, view: Any, client: Any) -> None:
        text = view["state"]["values"]["name"]["text"]["value"]
        if text == "one":
            await ack(response_action="errors", errors={"name": "Unchanged"})
            return
        await ack()
        await client.chat_postMessage(channel=ASO, text=text, blocks=[a_button()])

    @app.event("reaction_added")
    async def _reaction(event: Any, client: Any) -> None:
        item = event["item"]
        seen = await client.reactions_get(channel=item["channel"], timestamp=item["ts"], full=True)
        names = [reaction["name"] for reaction in seen["message"]["reactions"]]
        await client.chat_update(channel=item["channel"], ts=item["ts"], text=" ".join(names))

    @app.action("go")
    async def _press(ack: Any, respond: Any) -> None:
        await ack()
        await respond("pressed", replace_original=False)

    return app


@asynccontextmanager
async def by_socket(world: World, app: AsyncApp) -> AsyncIterator[None]:
    handler = AsyncSocketModeHandler(app, APP)
    await handler.connect_async()
    try:
        yield
    finally:
        await handler.close_async()


@asynccontextmanager
async def by_http(world: World, app: AsyncApp) -> AsyncIterator[None]:
    runner = web.AppRunner(app.web_app("/slack/events"), access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    world.slack.deliver_to(f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events")
    try:
        yield
    finally:
        await runner.cleanup()


async def until(world: World, true: Any) -> None:
    """Wait for a change after which `true()` holds."""
    changed = asyncio.Event()
    world.slack.listen(changed.set)
    async with asyncio.timeout(5):
        while not true():
            changed.clear()
            await changed.wait()


@pytest.mark.parametrize("connect", [by_socket, by_http])
async def test_a_whole_conversation_through_bolt(world: World, connect: Any) -> None:
    slack = world.slack
    async with connect(world, build(world)):
        if connect is by_socket:
            await until(world, lambda: slack.delivery.sockets.connected)
        assert (await slack.command(MIA, "/aso edit", channel=ASO)).ok
        await until(world, lambda: slack.modals(MIA))
        view_id = world.top()["id"]
        await slack.submit(MIA, view_id)
        assert world.top()["errors"] == {"name": "Unchanged"}
        await slack.type(MIA, view_id, "name", "text", "two")
        assert (await slack.submit(MIA, view_id)).ok
        await until(world, lambda: slack.messages(ASO))
        ts = slack.messages(ASO)[0]["ts"]
        await slack.react(BEN, ASO, ts, "thumbsup")
        await until(world, lambda: slack.messages(ASO)[0]["text"] == "+1")
        await slack.click(BEN, block_id="row", action_id="go", channel=ASO, ts=ts)
        await until(world, lambda: len(slack.messages(ASO, BEN)) == 2)
    assert world.refused() == []
    assert world.slack.messages(ASO, BEN)[1]["text"] == "pressed"
