"""Health over HTTP, and a place for the routes that other rooms bring.

Anybody can reach the port, so what a stranger may hold is bounded: the time for a head and for
a body, the size of a body, the number of connections, and what of it is written into the log.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from http import HTTPStatus
from socket import AF_INET

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError
from aiohttp.typedefs import Middleware

from bot.errors import BotError

log = logging.getLogger(__name__)

# A slash command's payload is a few kilobytes, a filled modal below 250; Slack's own limit.
LARGEST_REQUEST = 1024 * 1024
# So many of those that may be larger are read and handled at once, whoever sends them.
LARGE_AT_ONCE = 4
TURNS_TO_CONNECT = 5
# For the head of a connection's first request, and for each body.
SECONDS_TO_SEND = 10.0
# Longer than proxies keep a connection idle, so that none is closed as it is used again.
SECONDS_IDLE = 75.0
# How long what is left of a refused body is read, so that its sender sees the answer.
SECONDS_TO_LINGER = 2.0
# Slack and Apple together use a few; the rest of the process needs descriptors, too.
MOST_CONNECTIONS = 200
FULL = (
    b"HTTP/1.1 503 Service Unavailable\r\nContent-Type: text/plain; charset=utf-8\r\n"
    b"Retry-After: 10\r\nContent-Length: 22\r\nConnection: close\r\n\r\nToo many connections.\n"
)

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Larger:
    """A path whose bodies may be larger, up to `most` bytes, from those who are `known` alone."""

    path: str
    most: int
    known: Callable[[web.Request], Awaitable[bool]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """What a stranger may hold: a body is sent within `seconds`, `most` connections are open."""

    seconds: float = SECONDS_TO_SEND
    most: int = MOST_CONNECTIONS
    larger: Larger | None = None


ORDINARY = Bounds()


class HttpSide:
    """Serves on one port; open it with `async with`.

    Handlers find the whole body read; what is `around` them sees every answer, refusals too.
    Bodies are at most a mebibyte, but for what is `larger` and says its length beforehand. What
    is not sent within `bounds.seconds` is cut off, and who comes while `bounds.most` connections
    are open is told so and sent away.
    """

    def __init__(
        self,
        port: int,
        routes: Iterable[web.RouteDef],
        *,
        ready: Callable[[], bool],
        bounds: Bounds = ORDINARY,
        around: Sequence[Middleware] = (),
    ) -> None:
        self._port = port
        self._larger = bounds.larger
        self._large = asyncio.Semaphore(LARGE_AT_ONCE)
        self._ready = ready
        self._seconds = bounds.seconds
        self._most = bounds.most
        # Connections on which no whole head has come yet.
        self._heads: dict[web.RequestHandler, asyncio.TimerHandle] = {}
        application = web.Application(
            client_max_size=LARGEST_REQUEST, middlewares=[*around, self._whole]
        )
        application.add_routes([web.get("/healthz", self._health), *routes])
        self._runner = web.AppRunner(
            application,
            access_log=None,
            shutdown_timeout=5,
            keepalive_timeout=SECONDS_IDLE,
            lingering_time=min(SECONDS_TO_LINGER, bounds.seconds),
            logger=_discreet(),
        )
        self._listening: asyncio.Server | None = None

    def __repr__(self) -> str:
        return f"<HttpSide port={self._port}>"

    async def __aenter__(self) -> HttpSide:
        """Begin to serve; raises BotError when the port cannot be used."""
        await self._runner.setup()
        loop = asyncio.get_running_loop()
        try:
            self._listening = await loop.create_server(self._connection, port=self._port)
        except OSError as error:
            await self._runner.cleanup()
            raise BotError(
                f"Port {self._port} cannot be used: {error.strerror or error}.",
                remedy="Stop what uses it, or set another PORT.",
            ) from error
        return self

    async def __aexit__(self, *_: object) -> None:
        listening = self._listening
        for accepting in listening.sockets if listening else ():
            asyncio.get_running_loop().remove_reader(accepting.fileno())
        # What was accepted last becomes a connection some turns later, and only of a server that
        # is not closed yet (https://github.com/python/cpython/issues/109564).
        for _turn in range(TURNS_TO_CONNECT):
            await asyncio.sleep(0)
        if listening:
            listening.close()
        while self._heads:
            self._heads.popitem()[1].cancel()
        await self._runner.cleanup()

    @property
    def port(self) -> int:
        """The port that is served over IPv4; the one the system chose where 0 was asked for."""
        sockets = self._listening.sockets if self._listening else ()
        return next(int(one.getsockname()[1]) for one in sockets if one.family == AF_INET)

    def _connection(self) -> asyncio.Protocol:
        """Return who talks to somebody that has just connected."""
        server = self._runner.server
        assert server is not None
        if len(server.connections) >= self._most:
            log.warning("http.full connections=%s", self._most)
            return _Full()
        handler = server()
        later = asyncio.get_running_loop().call_later
        self._heads[handler] = later(self._seconds, self._cut_off, handler)
        return handler

    def _cut_off(self, handler: web.RequestHandler) -> None:
        del self._heads[handler]
        handler.force_close()

    @web.middleware
    async def _whole(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Read the body within the time there is for it, and only then have it handled."""
        if limit := self._heads.pop(request.protocol, None):
            limit.cancel()
        async with AsyncExitStack() as held:
            try:
                async with asyncio.timeout(self._seconds):
                    request = await self._bounded(request, held)
                    await request.read()
            except TimeoutError:
                return _refused(HTTPStatus.REQUEST_TIMEOUT)
            except (web.RequestPayloadError, ConnectionError):
                return _refused(HTTPStatus.BAD_REQUEST)
            return await handler(request)

    async def _bounded(self, request: web.Request, held: AsyncExitStack) -> web.Request:
        """Return a request with the bound of its body; one that may be larger holds a place."""
        larger = self._larger
        if larger is None or request.path != larger.path:
            return request
        if (request.content_length or 0) <= LARGEST_REQUEST or not await larger.known(request):
            return request
        await held.enter_async_context(self._large)
        return request.clone(client_max_size=larger.most)

    async def _health(self, _request: web.Request) -> web.Response:
        if self._ready():
            return web.json_response({"ready": True})
        return web.json_response({"ready": False, "state": "starting"}, status=503)


def waiting_room(port: int, *, around: Sequence[Middleware] = ()) -> HttpSide:
    """Return what says on a port that the bot is starting, whatever is asked there."""
    everything = [web.route("*", "/{any:.*}", _not_yet)]
    return HttpSide(port, everything, ready=lambda: False, around=around)


async def _not_yet(_request: web.Request) -> web.Response:
    return web.Response(status=503, text="starting", headers={"Retry-After": "30"})


class _Full(asyncio.Protocol):
    """Tells somebody that there is no room, and hangs up."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        transport.write(FULL)
        transport.close()


def _refused(status: HTTPStatus) -> web.Response:
    response = web.Response(status=status)
    response.force_close()
    return response


def _discreet() -> logging.Logger:
    """Return a log in which what is wrong with a request takes a line that quotes nothing of it."""
    server = logging.getLogger("bot.web.requests")
    server.addFilter(_without_content)
    return server


def _without_content(record: logging.LogRecord) -> bool:
    # aiohttp logs each with a traceback, and its errors quote the lines that were sent.
    error = record.exc_info[1] if record.exc_info else None
    if isinstance(error, HttpProcessingError | web.RequestPayloadError):
        record.msg, record.args = "http.malformed error=%s", (type(error).__name__,)
        record.levelno, record.levelname = logging.WARNING, "WARNING"
        record.exc_info = record.exc_text = None
    return True
