"""Files by way of the page: people bring them into forms and messages, and fetch what they see.

Bytes come as they are, with their names in the query. Refuses what no page of this address
could have sent.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import quote

from aiohttp import web

from bot.sandbox.slack import EmulatedSlack

CHUNK = 65_536
# What goes beyond it is read, so that the answer is heard, and thrown away.
MOST_BYTES = 60_000_000

Refused = Callable[..., web.HTTPException]
Answer = Callable[[Awaitable[Any]], Awaitable[web.Response]]


class PageFiles:
    """Takes and gives files; `knows` says who exists, `refused` and `answer` speak to the page."""

    def __init__(
        self,
        slack: EmulatedSlack,
        knows: Callable[[str], bool],
        *,
        refused: Refused,
        answer: Answer,
    ) -> None:
        self._slack = slack
        self._knows = knows
        self._refused = refused
        self._answer = answer

    def routes(self) -> list[web.AbstractRouteDef]:
        """The routes of files; they stand before those of everything else a person does."""
        return [
            web.get("/page/slack/file/{id}", self._give),
            web.post("/page/slack/attach", self._attach),
            web.post("/page/slack/share", self._share),
        ]

    async def _give(self, request: web.Request) -> web.Response:
        """Answer with a picture to draw; anything else can only be kept, never shown."""
        found = self._slack.file(request.match_info["id"], request.query.get("as", ""))
        if found is None:
            raise self._refused("That file is not here, or not for these eyes.", status=404)
        content = found.content or b""
        if found.is_picture:
            return web.Response(body=content, content_type=found.kind.mimetype)
        kind = "application/octet-stream" if found.text is None else "text/plain; charset=utf-8"
        kept = f"attachment; filename*=UTF-8''{quote(found.name, safe='')}"
        headers = {"Content-Type": kind, "Content-Disposition": kept}
        return web.Response(body=content, headers=headers)

    async def _attach(self, request: web.Request) -> web.Response:
        who, view_id, block_id, name = self._named(request, "view_id", "block_id", "name")
        content = await _content(request)
        return await self._answer(self._slack.attach(who, view_id, block_id, name, content))

    async def _share(self, request: web.Request) -> web.Response:
        who, channel, told = self._named(request, "channel", "files")
        content = await _content(request)
        files = self._parted(told, content)
        text, thread = request.query.get("text", ""), request.query.get("thread_ts")
        return await self._answer(self._slack.share(who, channel, files, text, thread))

    def _named(self, request: web.Request, *names: str) -> list[str]:
        # A form of another site can send text, but never bytes without being asked first.
        if request.content_type != "application/octet-stream":
            raise self._refused("Send bytes.", status=415)
        missing = [name for name in ("who", *names) if not request.query.get(name)]
        if missing:
            raise self._refused(" ".join(f"{name} is missing." for name in missing))
        if not self._knows(request.query["who"]):
            raise self._refused(f"Nobody here is called {request.query['who']}.", status=404)
        return [request.query[name] for name in ("who", *names)]

    def _parted(self, told: str, content: bytes) -> dict[str, bytes]:
        """Return the files of a body that holds one after another; `told` has name and length."""
        files: dict[str, bytes] = {}
        try:
            listed = [(str(name), length) for name, length in json.loads(told)]
            whole = sum(length for _, length in listed)
            for name, length in listed:
                files[_free(name, files)], content = content[:length], content[length:]
        except (ValueError, TypeError) as problem:
            raise self._refused(f"The list of files is none: {problem}") from problem
        if content or whole != sum(map(len, files.values())):
            limit = f"{MOST_BYTES // 1_000_000} MB"
            raise self._refused(f"These files are not whole, or together larger than {limit}.")
        return files


def _free(name: str, taken: dict[str, bytes]) -> str:
    """Return the name, with a number before its ending where it is taken."""
    begun, dot, last = name.rpartition(".")
    number, free = 1, name
    while free in taken:
        number += 1
        free = f"{begun} {number}.{last}" if dot else f"{name} {number}"
    return free


async def _content(request: web.Request) -> bytes:
    content = bytearray()
    while more := await request.content.read(CHUNK):
        if len(content) < MOST_BYTES:
            content += more
    return bytes(content)
