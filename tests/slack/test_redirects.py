"""An answer that leads elsewhere is not followed: token and texts are for Slack alone."""

from __future__ import annotations

import pytest
from aiohttp import web

from bot.errors import Unavailable
from bot.settings import Secret, SlackSettings
from bot.slack.checks import SlackSide, ask


@pytest.mark.parametrize("status", [302, 307])
async def test_neither_token_nor_text_follows_a_redirect(status: int) -> None:
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
    url = f"http://127.0.0.1:{runner.addresses[0][1]}/api/"
    settings = SlackSettings(
        bot_token=Secret("xoxb-bot"), app_token=None, signing_secret=None, api_url=url
    )
    try:
        async with SlackSide(settings) as slack:
            with pytest.raises(Unavailable):
                await ask(slack.client.chat_postMessage(channel="C0ASO", text="Stilles Heft"))
    finally:
        await runner.cleanup()
    assert heard == ["/api/chat.postMessage"]
