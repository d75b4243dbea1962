"""The proposals API as it is described, over a real socket, with a script instead of people."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

TOKEN = "mq_0123456789abcdef"
APP = "com.example.notes"
LIVE: Mapping[str, Mapping[str, str]] = {
    "en-US": {"name": "Example Notes", "subtitle": "Write it down", "keywords": ""},
    "de-DE": {"name": "Beispielnotizen", "subtitle": "Schreib auf", "keywords": "memo"},
}


@dataclass(slots=True)
class StandIn:
    """What was asked, and what is answered; `script` holds the states still to come."""

    url: str = ""
    points: list[dict[str, Any]] = field(default_factory=list)
    listing: dict[str, dict[str, str]] = field(
        default_factory=lambda: {locale: dict(texts) for locale, texts in LIVE.items()}
    )
    script: list[dict[str, Any]] = field(default_factory=list)
    troubles: list[web.StreamResponse | None] = field(default_factory=list)
    bodies: list[dict[str, Any]] = field(default_factory=list)
    keys: dict[str, tuple[bytes, dict[str, Any]]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    status: dict[str, Any] = field(default_factory=dict)

    def problem(self, status: int, title: str, **more: Any) -> web.Response:
        headers = {"Retry-After": str(more.pop("retry_after"))} if "retry_after" in more else {}
        return web.Response(
            status=status,
            headers=headers,
            body=json.dumps({"type": "about:blank", "title": title, "status": status, **more}),
            content_type="application/problem+json",
        )

    def proposal(self) -> dict[str, Any]:
        items = [
            {"locale": locale, "field": name, "before": "", "after": text, "state": "waiting"}
            for locale, texts in self.bodies[-1]["locales"].items()
            for name, text in texts.items()
        ]
        return {
            "id": 12,
            "status": "open",
            "stale": False,
            "url": "https://example.slack.com/archives/C1/p1",
            "items": items,
            "approvals": [{"items": len(items), "needed": 2, "given": 0, "voters": []}],
            **self.status,
        }

    def checklist(self) -> dict[str, Any]:
        severities = [point["severity"] for point in self.points]
        return {
            "app": {"id": "1001", "bundle_id": APP, "name": "Example Notes"},
            "platform": "IOS",
            "version": {"id": "v2", "number": "2.4.0", "state": "PREPARE_FOR_SUBMISSION"},
            "primary_locale": "en-US",
            "problems": severities.count("error"),
            "remarks": severities.count("warning"),
            "links": 3,
            "points": self.points,
        }

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(f"{request.method} {request.path_qs}")
        if self.troubles:
            trouble = self.troubles.pop(0)
            if trouble is not None:
                return trouble
            assert request.transport is not None
            request.transport.abort()
        if request.headers.get("Authorization") != f"Bearer {TOKEN}":
            return self.problem(401, "No such token", remedy="Make one: marquee token create.")
        part = request.path.removeprefix("/api/v1/")
        if request.method == "POST":
            return await self._propose(request)
        listings = {
            f"listings/{APP}": {"app": APP, "locales": self.listing},
            f"listings/{APP}/checklist": self.checklist(),
        }
        if part in listings:
            return web.json_response(listings[part])
        if part == "proposals/12":
            if self.script:
                self.status = self.script.pop(0)
            return web.json_response(self.proposal())
        return self.problem(404, "Not found", detail="There is no such app.")

    async def _propose(self, request: web.Request) -> web.Response:
        content = await request.read()
        key = request.headers["Idempotency-Key"]
        if key in self.keys:
            before, answer = self.keys[key]
            if before != content:
                return self.problem(409, "Another body under this key")
            return web.json_response(answer)
        self.bodies.append(json.loads(content))
        if not any(
            (text or "") != self.listing.get(locale, {}).get(name, "")
            for locale, texts in self.bodies[-1]["locales"].items()
            for name, text in texts.items()
        ):
            return web.json_response({"status": "unchanged"})
        self.keys[key] = (content, self.proposal())
        return web.json_response(self.proposal(), status=201)


@asynccontextmanager
async def standing_in() -> AsyncIterator[StandIn]:
    """Give one on a free port of this machine."""
    stand_in = StandIn()
    app = web.Application(client_max_size=1024 * 1024)
    app.router.add_route("*", "/{path:.*}", stand_in.answer)
    runner = web.AppRunner(app)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        host, port = runner.addresses[0][:2]
        stand_in.url = f"http://{host}:{port}"
        yield stand_in
    finally:
        await runner.cleanup()
