"""Health over HTTP, and a place for the routes that other rooms bring."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from socket import AF_INET

from aiohttp import web

from bot.errors import BotError

# A slash command's payload is a few kilobytes, a filled modal below 250; Slack's own limit.
LARGEST_REQUEST = 1024 * 1024
TURNS_TO_CONNECT = 5


class HttpSide:
    """Serves on one port; open it with `async with`."""

    def __init__(
        self, port: int, routes: Iterable[web.RouteDef], *, ready: Callable[[], bool]
    ) -> None:
        self._port = port
        self._ready = ready
        application = web.Application(client_max_size=LARGEST_REQUEST)
        application.add_routes([web.get("/healthz", self._health), *routes])
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=5)
        self._listening: asyncio.Server | None = None

    def __repr__(self) -> str:
        return f"<HttpSide port={self._port}>"

    async def __aenter__(self) -> HttpSide:
        """Begin to serve; raises BotError when the port cannot be used."""
        await self._runner.setup()
        loop = asyncio.get_running_loop()
        try:
            self._listening = await loop.create_server(self._handler(), port=self._port)
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
        await self._runner.cleanup()

    @property
    def port(self) -> int:
        """The port that is served over IPv4; the one the system chose where 0 was asked for."""
        sockets = self._listening.sockets if self._listening else ()
        return next(int(one.getsockname()[1]) for one in sockets if one.family == AF_INET)

    def _handler(self) -> web.Server:
        assert self._runner.server is not None
        return self._runner.server

    async def _health(self, _request: web.Request) -> web.Response:
        ready = self._ready()
        return web.json_response({"ready": ready}, status=200 if ready else 503)
