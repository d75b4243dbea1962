"""Socket Mode: tickets, up to ten websockets, envelopes and their acknowledgements.

Any one connected socket gets an envelope. Knows nothing of what is inside.
"""

from __future__ import annotations

import asyncio
import json
import secrets
from collections import deque
from collections.abc import Callable
from typing import Any

from aiohttp import WSMsgType, web

Json = dict[str, Any]

MOST_SOCKETS = 10
MOST_TICKETS = 100
HEARTBEAT_SECONDS = 20.0


class NobodyConnected(Exception):
    """No socket is open."""


class Unacknowledged(Exception):
    """The envelope was sent and no acknowledgement came in time."""


class Sockets:
    """The open websockets of the app."""

    def __init__(self) -> None:
        self._tickets: deque[str] = deque(maxlen=MOST_TICKETS)
        self._open: deque[web.WebSocketResponse] = deque()
        self._waiting: dict[str, tuple[web.WebSocketResponse, asyncio.Future[Json | None]]] = {}
        self.app_id = ""
        self.on_connect: Callable[[], None] = lambda: None

    @property
    def connected(self) -> int:
        """How many sockets are open."""
        return len(self._open)

    def ticket(self) -> str:
        """Return a ticket that opens one websocket."""
        ticket = secrets.token_urlsafe(16)
        self._tickets.append(ticket)
        return ticket

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Serve one websocket until it closes; 408 for a ticket that is unknown or used."""
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            return web.Response(status=408, text="invalid or expired ticket")
        self._tickets.remove(ticket)
        socket = web.WebSocketResponse(heartbeat=HEARTBEAT_SECONDS)
        try:
            await socket.prepare(request)
        except ConnectionResetError:
            # The app was killed while it connected: nobody is there to be told.
            return web.Response()
        if len(self._open) >= MOST_SOCKETS:
            await _part(socket, "too_many_websockets")
            return socket
        await self._serve(socket)
        return socket

    async def send(self, kind: str, payload: Json, more: Json, seconds: float) -> Json | None:
        """Send an envelope to one socket and return the payload of its acknowledgement.

        Raises NobodyConnected at once, Unacknowledged after `seconds`.
        """
        socket = self._next()
        key = secrets.token_hex(16)
        envelope = {"envelope_id": key, "type": kind, "payload": payload, **more}
        answer: asyncio.Future[Json | None] = asyncio.get_running_loop().create_future()
        self._waiting[key] = (socket, answer)
        try:
            async with asyncio.timeout(seconds):
                await socket.send_json(envelope)
                return await answer
        except (TimeoutError, ConnectionError):
            raise Unacknowledged from None
        finally:
            self._waiting.pop(key, None)

    async def disconnect(self, reason: str = "refresh_requested") -> None:
        """Tell every socket to go and close it: `refresh_requested`, `warning`, `link_disabled`."""
        for socket in tuple(self._open):
            await _part(socket, reason)

    async def close(self) -> None:
        """Close every socket without a word."""
        for socket in tuple(self._open):
            await socket.close()

    def _next(self) -> web.WebSocketResponse:
        alive = [socket for socket in self._open if not socket.closed]
        if not alive:
            raise NobodyConnected
        self._open.rotate(-1)
        return alive[0]

    async def _serve(self, socket: web.WebSocketResponse) -> None:
        self._open.append(socket)
        try:
            await socket.send_json(self._hello())
            self.on_connect()
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    self._acknowledge(message.data)
        finally:
            self._open.remove(socket)
            self._abandon(socket)

    def _hello(self) -> Json:
        return {
            "type": "hello",
            "num_connections": len(self._open),
            "connection_info": {"app_id": self.app_id},
            "debug_info": {"host": "applink", "approximate_connection_time": 18060},
        }

    def _acknowledge(self, text: str) -> None:
        try:
            given = json.loads(text)
        except ValueError:
            return
        key = given.get("envelope_id") if isinstance(given, dict) else None
        _, answer = self._waiting.get(str(key), (None, None))
        if answer is not None and not answer.done():
            payload = given.get("payload")
            answer.set_result(payload if isinstance(payload, dict) and payload else None)

    def _abandon(self, gone: web.WebSocketResponse) -> None:
        for socket, answer in self._waiting.values():
            if socket is gone and not answer.done():
                answer.set_exception(ConnectionResetError())


async def _part(socket: web.WebSocketResponse, reason: str) -> None:
    farewell = {"type": "disconnect", "reason": reason, "debug_info": {"host": "applink"}}
    await socket.send_json(farewell)
    await socket.close()
