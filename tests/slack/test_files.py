"""A file is fetched from Slack alone: no other host, no redirect, no more than ten megabytes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web

from bot.errors import BotError, Invalid, Refused, Unavailable
from bot.exchange.limits import FILE_BYTES
from bot.settings import Secret, SlackSettings
from bot.slack.checks import SlackSide
from bot.slack.files import fetch
from bot.workflow.uploading import File


class FileHost:
    """A Slack that tells of one file and gives it as it is told to."""

    def __init__(self) -> None:
        self.info: dict[str, Any] = {"name": "texts.csv", "size": 6, "user": "U0MIA"}
        self.answer = web.Response(body=b"locale", content_type="text/csv")
        self.asked: list[tuple[str, str]] = []
        self.url = ""

    async def tell(self, request: web.Request) -> web.Response:
        own = {"url_private_download": f"{self.url}/files-pri/texts.csv"}
        return web.json_response({"ok": True, "file": {**own, **self.info}})

    async def give(self, request: web.Request) -> web.StreamResponse:
        self.asked.append((request.path, request.headers.get("Authorization", "")))
        return self.answer


@asynccontextmanager
async def a_host() -> AsyncIterator[tuple[FileHost, SlackSide]]:
    host = FileHost()
    application = web.Application()
    application.router.add_route("*", "/api/files.info", host.tell)
    application.router.add_route("*", "/{path:.*}", host.give)
    runner = web.AppRunner(application, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    settings = SlackSettings(
        bot_token=Secret("xoxb-bot"),
        app_token=None,
        signing_secret=None,
        api_url=f"{host.url}/api/",
    )
    try:
        async with SlackSide(settings) as slack:
            yield host, slack
    finally:
        await runner.cleanup()


async def refused(answer: web.Response | None = None, **info: Any) -> tuple[BotError, FileHost]:
    """Return what a fetch raises, and the host as it was asked."""
    async with a_host() as (host, slack):
        host.info |= info
        host.answer = answer or host.answer
        with pytest.raises(BotError) as raised:
            await fetch(slack, "F1")
    return raised.value, host


async def test_a_file_comes_with_its_name_and_who_uploaded_it() -> None:
    async with a_host() as (host, slack):
        assert await fetch(slack, "F1") == File(name="texts.csv", data=b"locale", author="U0MIA")
        assert host.asked == [("/files-pri/texts.csv", "Bearer xoxb-bot")]


@pytest.mark.parametrize(
    "url",
    [
        "https://files.example.com/texts.csv",
        "http://files.slack.com/texts.csv",
        "https://files.slack.com@evil.example/texts.csv",
        "https://files.slack.com.evil.example/texts.csv",
        "https://files.slack.com:8443/texts.csv",
        "//files.slack.com/texts.csv",
        "https://[files.slack.com/texts.csv",
        "",
    ],
)
async def test_the_token_goes_to_slacks_own_hosts_alone(url: str) -> None:
    error, host = await refused(url_private_download=url, url_private=url)

    assert isinstance(error, Refused)
    assert "not kept by Slack itself" in error.message
    assert host.asked == []


@pytest.mark.parametrize("status", [301, 302, 307])
async def test_no_redirect_is_followed_with_the_token(status: int) -> None:
    answer = web.Response(status=status, headers={"Location": "/elsewhere"})
    error, host = await refused(answer)

    assert "did not hand texts.csv over" in error.message
    assert "files:read" in error.remedy
    assert [path for path, _ in host.asked] == ["/files-pri/texts.csv"]


@pytest.mark.parametrize("name", ["texts.csv", "texts.html"])
async def test_slacks_login_page_is_no_file(name: str) -> None:
    page = web.Response(text="<!DOCTYPE html><title>Slack</title>", content_type="text/html")
    error, _ = await refused(page, name=name)

    assert "files:read" in error.remedy


@pytest.mark.parametrize("status", [403, 404])
async def test_what_slack_refuses_is_told_with_a_remedy(status: int) -> None:
    error, _ = await refused(web.Response(status=status))
    assert isinstance(error, Refused)
    assert "files:read" in error.remedy


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_trouble_of_slacks_own_is_told_as_such(status: int) -> None:
    error, _ = await refused(web.Response(status=status))
    assert isinstance(error, Unavailable)


@pytest.mark.parametrize("told", [6, FILE_BYTES + 1])
async def test_no_more_than_ten_megabytes_are_read_whatever_slack_says(told: int) -> None:
    error, host = await refused(web.Response(body=b"x" * (FILE_BYTES + 1)), size=told)

    assert isinstance(error, Invalid)
    assert "10 MB" in error.message
    assert len(host.asked) == (1 if told == 6 else 0)
