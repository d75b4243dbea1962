"""The emulated Slack on a real socket, a bare HTTP client, and an app that answers as told."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

import aiohttp
import pytest
from aiohttp import web

from bot.sandbox.cast import ASO, MIA, example_cast
from bot.sandbox.slack import Ack, EmulatedSlack

Json = dict[str, Any]
Answer = Callable[["Received"], web.Response | Json | None]

START = 1_790_000_000.0
SECRET, BOT, APP = "shh", "xoxb-bot", "xapp-app"


@dataclass(slots=True)
class Reply:
    """What a Web API call came back with."""

    status: int
    headers: dict[str, str]
    body: Json

    @property
    def error(self) -> str | None:
        return self.body.get("error")

    @property
    def complaints(self) -> list[str]:
        return list(self.body.get("response_metadata", {}).get("messages", []))


@dataclass(slots=True)
class World:
    """The emulation, a session to talk to it, and a clock by hand."""

    slack: EmulatedSlack
    session: aiohttp.ClientSession
    base: str
    moment: list[float] = field(default_factory=lambda: [START])

    def pass_time(self, seconds: float) -> None:
        self.moment[0] += seconds

    async def call(self, method: str, *, token: str | None = BOT, **args: Any) -> Reply:
        """Call with a JSON body, as most clients do."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        url = f"{self.base}/slack/api/{method}"
        async with self.session.post(url, json=args, headers=headers) as response:
            return Reply(response.status, dict(response.headers), await response.json())

    async def post(self, text: str = "Hello", *, channel: str = ASO, **more: Any) -> str:
        """Post a message as the app and return its timestamp."""
        reply = await self.call("chat.postMessage", channel=channel, text=text, **more)
        assert reply.body["ok"], reply.body
        return str(reply.body["ts"])

    async def open(self, *blocks: Json, who: str = MIA, **more: Any) -> Json:
        """Open a modal for a person as if it answered an act of theirs."""
        trigger = self.slack.workspace.new_trigger(who)
        view = a_modal(*blocks, **more)
        reply = await self.call("views.open", trigger_id=trigger, view=view)
        assert reply.body["ok"], reply.body
        return dict(reply.body["view"])

    def top(self, who: str = MIA) -> Json:
        return self.slack.modals(who)[-1]

    def refused(self) -> list[str]:
        return [refusal["error"] for refusal in self.slack.refusals]


@dataclass(slots=True)
class Received:
    """One request that reached the app."""

    headers: dict[str, str]
    raw: bytes

    @property
    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.raw.decode(), keep_blank_values=True))

    @property
    def payload(self) -> Json:
        """The event, or the interaction in the form field `payload`."""
        if self.headers["Content-Type"] == "application/json":
            return dict(json.loads(self.raw))
        return dict(json.loads(self.form["payload"]))

    def signed_with(self, secret: str) -> bool:
        stamp = self.headers["X-Slack-Request-Timestamp"]
        base = f"v0:{stamp}:".encode() + self.raw
        wanted = hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()
        return self.headers["X-Slack-Signature"] == f"v0={wanted}"


@dataclass(slots=True)
class BareApp:
    """An app behind a request URL: keeps what it gets and answers as it is told to."""

    url: str = ""
    received: list[Received] = field(default_factory=list)
    answer: Answer = lambda _request: None
    silent: bool = False
    meanwhile: Callable[[], Awaitable[None]] | None = None
    open_ended: asyncio.Event = field(default_factory=asyncio.Event)
    arrived: asyncio.Event = field(default_factory=asyncio.Event)

    async def handle(self, request: web.Request) -> web.Response:
        received = Received(dict(request.headers), await request.read())
        self.received.append(received)
        self.arrived.set()
        if self.silent:
            await self.open_ended.wait()
        if self.meanwhile is not None:
            await self.meanwhile()
        answer = self.answer(received)
        if isinstance(answer, web.Response):
            return answer
        return web.json_response(answer) if answer else web.Response()

    async def next(self) -> Received:
        """Return the next request; fails after five seconds without one."""
        async with asyncio.timeout(5):
            await self.arrived.wait()
        self.arrived.clear()
        return self.received[-1]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def an_input(block_id: str = "name", *, action_id: str = "text", **element: Any) -> Json:
    """Return an input block; `optional` and `dispatch_action` go to the block."""
    block = {name: element.pop(name) for name in _OF_BLOCK if name in element}
    return {
        "type": "input",
        "block_id": block_id,
        "label": plain("Name"),
        "element": {"type": "plain_text_input", "action_id": action_id, **element},
        **block,
    }


_OF_BLOCK = ("optional", "dispatch_action", "hint")


def a_select(block_id: str = "locale", *, values: tuple[str, ...] = ("ja", "de")) -> Json:
    options = [{"text": plain(value), "value": value} for value in values]
    select = {"type": "static_select", "action_id": "pick", "options": options}
    return {"type": "actions", "block_id": block_id, "elements": [select]}


def a_button(**element: Any) -> Json:
    button = {"type": "button", "action_id": "go", "text": plain("Go"), **element}
    return {"type": "actions", "block_id": "row", "elements": [button]}


def a_section(text: str = "Hello") -> Json:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def a_modal(*blocks: Json, **more: Any) -> Json:
    shown = list(blocks) or [an_input()]
    return {
        "type": "modal",
        "callback_id": "edit",
        "title": plain("Edit"),
        "submit": plain("Save"),
        "blocks": shown,
        **more,
    }


async def _serve(application: web.Application) -> web.AppRunner:
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    return runner


@pytest.fixture
async def world() -> AsyncIterator[World]:
    moment = [START]
    slack = EmulatedSlack(
        cast=example_cast(),
        now=lambda: moment[0],
        signing_secret=SECRET,
        bot_token=BOT,
        app_token=APP,
    )
    application = web.Application()
    application.add_routes(slack.routes())
    runner = await _serve(application)
    base = f"http://127.0.0.1:{runner.addresses[0][1]}"
    slack.serve_at(base)
    timeout = aiohttp.ClientTimeout(total=10)
    async with aiohttp.ClientSession(timeout=timeout) as session:
        yield World(slack, session, base, moment)
    await slack.close()
    await runner.cleanup()


@pytest.fixture
async def app(world: World) -> AsyncIterator[BareApp]:
    """An app that the emulation delivers to by signed HTTP."""
    bare = BareApp()
    application = web.Application()
    application.add_routes([web.post("/slack/events", bare.handle)])
    runner = await _serve(application)
    bare.url = f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    world.slack.deliver_to(bare.url)
    yield bare
    bare.open_ended.set()
    await runner.cleanup()


def refused(ack: Ack | None) -> str | None:
    """Return why an act failed; an act the app hears nothing of fails the test."""
    assert ack is not None
    return ack.error
