"""A server that answers by a script, for what the emulated store never says."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email.utils import format_datetime
from random import Random
from typing import Any

from aiohttp import web

from bot.appstore import AppStore
from bot.appstore.transport import Observer
from tests.appstore.stage import a_key, served
from tests.clock import HandClock

EMPTY: Mapping[str, Any] = {"data": [], "links": {"self": ""}}


@dataclass(kw_only=True)
class Answer:
    """One answer; `cut` breaks the connection, before it or in the middle of the body."""

    status: int = 200
    document: Any = field(default_factory=lambda: dict(EMPTY))
    raw: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    cut: str = ""


@dataclass(kw_only=True)
class Script:
    """Answers in order, the last one for ever; `asked` holds the requests."""

    answers: list[Answer]
    asked: list[web.BaseRequest] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    peers: list[object] = field(default_factory=list)
    store: AppStore
    url: str = ""
    clock: HandClock

    async def serve(self, request: web.Request) -> web.StreamResponse:
        self.bodies.append(await request.read())
        self.asked.append(request)
        self.peers.append(request.transport and request.transport.get_extra_info("peername"))
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if answer.cut:
            return await _cut(request, answer)
        headers = {"Date": format_datetime(self.clock.now(), usegmt=True), **answer.headers}
        if answer.raw is not None:
            return web.Response(status=answer.status, body=answer.raw, headers=headers)
        return web.json_response(answer.document, status=answer.status, headers=headers)

    @property
    def methods(self) -> list[str]:
        return [request.method for request in self.asked]


async def _cut(request: web.Request, answer: Answer) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Length": "100"})
    if answer.cut == "in the body":
        await response.prepare(request)
        await response.write(b'{"data"')
    assert request.transport is not None
    request.transport.abort()
    return response


@asynccontextmanager
async def scripted(
    *answers: Answer, clock: HandClock | None = None, observer: Observer | None = None
) -> AsyncIterator[Script]:
    clock = clock or HandClock(auto=True)
    holder: list[Script] = []

    async def serve(request: web.Request) -> web.StreamResponse:
        return await holder[0].serve(request)

    async with (
        served([web.route("*", "/{path:.*}", serve)]) as url,
        AppStore(a_key(), base_url=url, clock=clock, chance=Random(7), observer=observer) as store,
    ):
        holder.append(Script(answers=list(answers), store=store, url=url, clock=clock))
        yield holder[0]
