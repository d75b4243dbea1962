"""A stage for tests of the page: a browser, the sandbox, and a bare bot that does as it is told."""

import json
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from playwright.async_api import Browser, Locator, Page, async_playwright, expect

from bot.sandbox.server import Sandbox, SandboxOptions

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
# A busy machine draws late; what never comes is still told.
WAIT = 15_000
expect.set_options(timeout=WAIT)
Json = dict[str, Any]
Heard = Callable[[Json], Json | None]


def chromium(path: str | None = None) -> str:
    """The browser of this machine (of `path`, written like PATH); without one a test is left out.

    With CI=true a test that is left out fails the run, so a build machine has to have one.
    """
    found = (shutil.which(name, path=path) for name in BROWSERS)
    return next(filter(None, found), None) or pytest.skip(
        f"needs a browser: none of {', '.join(BROWSERS)} is installed"
    )


@asynccontextmanager
async def a_browser() -> AsyncIterator[Browser]:
    """The machine's Chromium with a fresh profile."""
    executable = chromium()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=executable, args=list(FLAGS))
        try:
            yield browser
        finally:
            await browser.close()


@dataclass(slots=True)
class BareBot:
    """Answers what Slack delivers with an empty acknowledgement, or with what `hears` says."""

    sandbox: Sandbox
    session: aiohttp.ClientSession
    hears: dict[str, Heard] = field(default_factory=dict)
    heard: list[Json] = field(default_factory=list)

    async def call(self, method: str, **arguments: Any) -> Json:
        """Call the Web API; the answer must be ok."""
        token = self.sandbox.environment(0)["SLACK_BOT_TOKEN"]
        headers = {"Authorization": f"Bearer {token}"}
        url = f"{self.sandbox.url}/slack/api/{method}"
        async with self.session.post(url, json=arguments, headers=headers) as answer:
            said: Json = await answer.json()
        assert said["ok"], said
        return said

    async def serve(self, request: web.Request) -> web.Response:
        """Take one delivery."""
        payload = await self._payload(request)
        self.heard.append(payload)
        kind = str(payload.get("command") or payload.get("type"))
        answer = self.hears.get(kind, lambda _: None)(payload)
        if kind == "/aso" and "view" in (payload.get("then") or {}):
            await self.call("views.open", trigger_id=payload["trigger_id"], **payload["then"])
        if kind == "block_actions" and "view" in (payload.get("then") or {}):
            view_id = payload["view"]["id"]
            await self.call("views.update", view_id=view_id, **payload["then"])
        return web.json_response(answer) if answer else web.Response()

    async def _payload(self, request: web.Request) -> Json:
        if request.content_type == "application/json":
            given: Json = await request.json()
            return given
        form = await request.post()
        if "payload" in form:
            inner: Json = json.loads(str(form["payload"]))
            return inner
        return dict(form)


async def width_drawn(image: Locator) -> int:
    """The pixels across an image once it is loaded: that it takes room does not say it is."""
    width: int = await image.evaluate("node => node.decode().then(() => node.naturalWidth)")
    return width


def opens(view: Callable[[], Json]) -> Heard:
    """A reaction of the bot to a command or an action: show this view."""

    def hear(payload: Json) -> None:
        payload["then"] = {"view": view()}

    return hear


@dataclass(slots=True)
class Stage:
    """One page in front of one sandbox, and the bare bot behind it."""

    page: Page
    sandbox: Sandbox
    bot: BareBot
    complaints: list[str] = field(default_factory=list)

    def by(self, name: str) -> Locator:
        """The element with that test id."""
        return self.page.get_by_test_id(name)

    def field(self, label: str) -> Locator:
        """The input of a modal under `label`."""
        return self.page.locator(
            f'[data-testid="field"][data-label="{label}"] [data-testid="input"]'
        )

    async def send(self, text: str) -> None:
        """Type into the composer and press Enter."""
        await self.by("composer").fill(text)
        await self.by("composer").press("Enter")

    async def become(self, kind: str) -> None:
        """Be the person of that kind."""
        await self.page.locator(f'[data-testid="person"][data-kind="{kind}"]').click()


@asynccontextmanager
async def a_stage(browser: Browser, **context: Any) -> AsyncIterator[Stage]:
    """A page of 1280 by 800 unless `context` says otherwise; it must not complain once."""
    options = SandboxOptions(
        port=0, open_browser=False, start_bot=False, socket_mode=False, say=lambda _: None
    )
    timeout = aiohttp.ClientTimeout(total=10)
    async with Sandbox(options) as sandbox, aiohttp.ClientSession(timeout=timeout) as session:
        bot = BareBot(sandbox, session)
        async with _served(bot) as url:
            sandbox.slack.deliver_to(url)
            viewing = {"viewport": {"width": 1280, "height": 800}, **context}
            visit = await browser.new_context(**viewing)
            page = await visit.new_page()
            page.set_default_timeout(WAIT)
            stage = Stage(page, sandbox, bot)
            page.on("pageerror", lambda error: stage.complaints.append(str(error)))
            page.on("console", lambda line: _note(stage, line.type, line.text))
            try:
                await page.goto(f"{sandbox.url}/")
                await stage.by("person").first.wait_for(state="attached")
                yield stage
                assert stage.complaints == []
            finally:
                await visit.close()


def _note(stage: Stage, kind: str, text: str) -> None:
    if kind in {"error", "warning"}:
        stage.complaints.append(text)


@asynccontextmanager
async def _served(bot: BareBot) -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_post("/slack/events", bot.serve)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    finally:
        await runner.cleanup()
