"""The emulated store on a socket: aiohttp in front, faults and delays in between.

It knows HTTP, waiting and breaking; what is right or wrong is decided elsewhere.
Everything runs on one event loop; a write is applied in one step, without an await.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping
from email.utils import formatdate
from typing import Any

from aiohttp import web

from bot.sandbox.appstore.backstage import Backstage
from bot.sandbox.appstore.budgets import too_many
from bot.sandbox.appstore.conditions import Conditions
from bot.sandbox.appstore.faults import Fault, FaultBoard
from bot.sandbox.appstore.log import RequestLog
from bot.sandbox.appstore.refusals import UNEXPECTED, RefusalError, refusal, unwanted
from bot.sandbox.appstore.rooms import Mail
from bot.sandbox.appstore.seeding import Seed
from bot.sandbox.appstore.store import AppStore, Call, Reply
from bot.sandbox.appstore.tokens import Key, KeyRing

PREFIX = "/apple"
_JSON = "application/json"


class EmulatedAppStore(Backstage):
    """App Store Connect for one team; times are seconds since 1970, ids are strings.

    `now` may be a clock moved by hand; two stores share no id if their `ids` differ. Use
    `close` when done: webhooks are sent, and a speed is kept, by tasks of their own.
    """

    def __init__(
        self,
        *,
        seed: Seed,
        keys: Iterable[Key] | Mapping[str, Key],
        now: Callable[[], float] = time.time,
        conditions: Conditions | None = None,
        fault_seed: int = 1,
        ids: str = "",
    ) -> None:
        conditions = conditions or Conditions()
        self.keys = KeyRing(keys.values() if isinstance(keys, Mapping) else keys)
        self._wall = now
        super().__init__(clock=self.clock, seed=fault_seed, conditions=conditions)
        self._store = AppStore(
            seed=seed,
            now=self.clock,
            keys=self.keys,
            conditions=self.conditions,
            ids=ids,
            mail=Mail(put=self._sender.put, delay=lambda: self.webhook_trouble.delay),
        )
        self._log = RequestLog()
        self.faults = FaultBoard(now=self.clock, seed=fault_seed)
        self.on_kill: Callable[[], Awaitable[None]] | None = None

    def clock(self) -> float:
        """Return what Apple's clock shows: ours and its skew."""
        return self._wall() + self.conditions.clock_skew

    def routes(self) -> list[web.RouteDef]:
        """Return the routes, each below /apple."""
        return [web.route("*", PREFIX + "/{path:.*}", self._serve)]

    @property
    def log(self) -> list[dict[str, Any]]:
        """The last requests as rows, oldest first; see `RequestLog`."""
        return self._log.rows()

    @property
    def requests(self) -> RequestLog:
        """The log itself, with whole answers for a check against the contract."""
        return self._log

    def edit(
        self,
        app_id: str,
        locale: str,
        field: str,
        text: str | None,
        *,
        platform: str | None = None,
        live: bool = False,
    ) -> None:
        """Change a text as somebody else does in the web interface, without asking rules.

        Raises LookupError when there is no such place.
        """
        place = (app_id, locale)
        self._store.rooms.studio.edit(
            place, field, text, platform=platform, live=live, now=self.clock()
        )
        self._tell()

    def move(self, version_id: str, state: str) -> None:
        """Move a version to `state`; LookupError and ValueError say what is unknown."""
        self._store.rooms.engine.tick(self.clock())
        self._store.rooms.studio.move(version_id, state, self.clock())
        self._tell()

    def move_info(self, app_id: str, state: str) -> None:
        """Move the app info that is prepared, as when Apple rejects a name alone."""
        self._store.rooms.studio.move_info(app_id, state, self.clock())
        self._tell()

    def add_version(
        self, app_id: str, version: str, platform: str, state: str = "PREPARE_FOR_SUBMISSION"
    ) -> str:
        """Add a version with the texts of the one before and return its id."""
        record = self._store.rooms.studio.add_version(
            app_id, version=version, platform=platform, state=state, now=self.clock()
        )
        self._tell()
        return record.id

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        try:
            body = await request.read()
        except ConnectionError:
            # Whoever asked is gone, so nothing was asked.
            return _hung_up(request)
        started = time.perf_counter()
        path = request.path.removeprefix(PREFIX)
        row = self._log.arrived(
            at=self.clock(), method=request.method, path=path, query=request.query, body=body
        )
        struck = self.faults.striking(request.method, path)
        row["fault"] = ",".join(struck) or None
        try:
            return await self._answer(request, body, row, struck)
        finally:
            self._log.left(row, seconds=time.perf_counter() - started)
            self._tell()

    async def _answer(
        self, request: web.Request, body: bytes, row: dict[str, Any], struck: dict[str, Fault]
    ) -> web.StreamResponse:
        if "kill_before" in struck:
            return await self._killed(request)
        slow = struck["slow"].seconds if "slow" in struck else 0.0
        delay = self.conditions.latency + (slow or 0.0)
        if delay:
            await asyncio.sleep(delay)
        if "broken" in struck:
            return _hung_up(request)
        reply = self._refused(struck, body) or self._store.handle(_call(request, body, struck))
        answer = _encoded(reply)
        self._log.answered(row, status=reply.status, codes=reply.codes, answer=answer)
        if "kill_after_apply" in struck:
            return await self._killed(request)
        if "answer_lost" in struck:
            return _hung_up(request)
        response = self._response(reply, answer)
        if "kill_after_answer" in struck:
            await response.prepare(request)
            await response.write_eof()
            await self._kill()
        return response

    def _refused(self, struck: dict[str, Fault], body: bytes) -> Reply | None:
        error: RefusalError | None = None
        if "rate_limit" in struck:
            error = too_many(struck["rate_limit"].retry_after)
        elif "server_error" in struck:
            error = refusal("UNEXPECTED_ERROR", UNEXPECTED)
        elif "refused" in struck:
            error = unwanted(_attributes(body))
        if error is None:
            return None
        return Reply(
            status=error.status,
            document=error.document(),
            headers=error.headers,
            codes=error.codes,
        )

    def _response(self, reply: Reply, answer: bytes) -> web.Response:
        headers = {**reply.headers, "Date": formatdate(self.clock(), usegmt=True)}
        if reply.document is None:
            return web.Response(status=reply.status, headers=headers)
        return web.Response(status=reply.status, headers=headers, body=answer, content_type=_JSON)

    async def _killed(self, request: web.Request) -> web.Response:
        await self._kill()
        return _hung_up(request)

    async def _kill(self) -> None:
        if self.on_kill is not None:
            await self.on_kill()


def _call(request: web.Request, body: bytes, struck: dict[str, Fault]) -> Call:
    lag = struck.get("lag")
    return Call(
        method=request.method,
        path=request.path.removeprefix(PREFIX),
        base=f"{request.scheme}://{request.host}{PREFIX}",
        pairs=tuple(request.query.items()),
        authorization=request.headers.get("Authorization", ""),
        content_type=request.content_type,
        body=body,
        age=(lag.seconds or 0.0) if lag is not None else 0.0,
    )


def _attributes(body: bytes) -> list[str]:
    try:
        return list(json.loads(body)["data"]["attributes"])
    except (ValueError, LookupError, TypeError):
        return []


def _encoded(reply: Reply) -> bytes:
    if reply.document is None:
        return b""
    return json.dumps(reply.document, ensure_ascii=False, separators=(",", ":")).encode()


def _hung_up(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=499)
