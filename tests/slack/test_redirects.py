"""An answer that leads elsewhere is not followed: token and texts are for Slack alone."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import web

from bot.errors import Unavailable
from bot.settings import Secret, SlackSettings
from bot.slack.checks import SlackSide, ask
from bot.slack.faces.messages import Message
from bot.slack.voice.respond import respond_at


@asynccontextmanager
async def leading_elsewhere(status: int) -> AsyncIterator[tuple[str, list[str]]]:
    """Serve a Slack that redirects; give its address and the paths that were asked for."""
    heard: list[str] = []

    async def answer(request: web.Request) -> web.Response:
        heard.append(request.path)
        if request.path.startswith("/api/"):
            return web.Response(status=status, headers={"Location": "/elsewhere"})
        return web.json_response({"ok": True})

    application = web.Application()
    application.router.add_route("*", "/{path:.*}", answer)
    runner = web.AppRunner(application, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/api/", heard
    finally:
        await runner.cleanup()


@pytest.mark.parametrize("status", [302, 307])
async def test_neither_token_nor_text_follows_a_redirect(status: int) -> None:
    async with leading_elsewhere(status) as (url, heard):
        settings = SlackSettings(
            bot_token=Secret("xoxb-bot"), app_token=None, signing_secret=None, api_url=url
        )
        async with SlackSide(settings) as slack:
            with pytest.raises(Unavailable):
                await ask(slack.client.chat_postMessage(channel="C0ASO", text="Stilles Heft"))
        assert heard == ["/api/chat.postMessage"]


@pytest.mark.parametrize("status", [302, 307])
async def test_an_answer_to_one_person_follows_no_redirect(status: int) -> None:
    async with leading_elsewhere(status) as (url, heard):
        assert not await respond_at(f"{url}respond", Message(text="Stilles Heft", blocks=[]))
        assert heard == ["/api/respond"]
