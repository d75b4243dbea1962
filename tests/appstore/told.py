"""A server that answers each path as it is told to, for what no order can be known of.

Where Apple's document is beside us, it holds every request against it.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from random import Random
from typing import Any

from aiohttp import web

from bot.appstore import AppStore
from tests.appstore.script import EMPTY
from tests.appstore.stage import a_key, served
from tests.clock import HandClock
from tests.sandbox.appstore.contract import CONTRACT, Contract


@cache
def contract() -> Contract | None:
    return Contract() if CONTRACT.exists() else None


@dataclass(kw_only=True)
class Told:
    """`answers` by "METHOD /path"; what is not there is an empty list of things."""

    answers: dict[str, Any]
    store: AppStore
    clock: HandClock
    asked: list[str] = field(default_factory=list)
    queries: list[Mapping[str, str]] = field(default_factory=list)
    bodies: list[Any] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    async def serve(self, request: web.Request) -> web.StreamResponse:
        name = f"{request.method} {request.path}"
        text = await request.text()
        body = json.loads(text) if text else None
        self.asked.append(name)
        self.queries.append(dict(request.query))
        self.bodies.append(body)
        self.wrong += violations(request, body)
        status, document = self.answers.get(name, (200, EMPTY))
        if status == 204:
            return web.Response(status=204)
        return web.json_response(document, status=status)


def violations(request: web.Request, body: Any) -> list[str]:
    apple = contract()
    if apple is None:
        return []
    operation = apple.operation(request.method, request.path)
    listed = apple.parameters(request.method, request.path)
    found = [f"{name} at {request.path}" for name in request.query if name not in listed]
    for name, value in request.query.items():
        found += [f"{name}={one}" for one in unlisted(listed.get(name, {}), value)]
    if body is not None:
        found += apple.errors(apple.body_of(operation["requestBody"]), body)
    return found


def unlisted(schema: Any, value: str) -> set[str]:
    if schema.get("type") == "integer":
        return set() if int(value) <= schema["maximum"] else {value}
    listed = schema.get("items", {}).get("enum")
    return set(value.split(",")) - set(listed) if listed else set()


@asynccontextmanager
async def told(answers: Mapping[str, Any] | None = None) -> AsyncIterator[Told]:
    """Open such a server with our client in front; at its end no request may have been wrong."""
    clock = HandClock(auto=True)
    holder: list[Told] = []

    async def serve(request: web.Request) -> web.StreamResponse:
        return await holder[0].serve(request)

    async with (
        served([web.route("*", "/{path:.*}", serve)]) as url,
        AppStore(a_key(), base_url=url, clock=clock, chance=Random(7)) as store,
    ):
        holder.append(Told(answers=dict(answers or {}), store=store, clock=clock))
        yield holder[0]
        assert holder[0].wrong == []


def thing(type_: str, id_: str, links: Mapping[str, Any] | None = None, **said: Any) -> Any:
    """A resource; `links` maps a relationship to a resource, a list of them, or its count."""
    return {
        "type": type_,
        "id": id_,
        "attributes": said,
        "relationships": {name: _link(to) for name, to in (links or {}).items()},
    }


def _link(to: Any) -> Any:
    if isinstance(to, int):
        return {"meta": {"paging": {"total": to, "limit": 50}}, "data": []}
    if isinstance(to, list):
        return {"data": [_named(one) for one in to]}
    return {"data": _named(to) if to else None}


def _named(one: Any) -> Any:
    return {"type": one["type"], "id": one["id"]}


def found(*data: Any, included: Any = ()) -> tuple[int, Any]:
    return 200, {"data": list(data), "included": list(included), "links": {"self": ""}}


def single(one: Any, status: int = 200) -> tuple[int, Any]:
    return status, {"data": one, "links": {"self": ""}}
