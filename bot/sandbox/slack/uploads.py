"""The two addresses of a file: where its bytes are sent, and where the app reads them again.

The first opens by its own secret, the second by the bot token and a scope.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from aiohttp import BodyPartReader, web

from bot.sandbox.slack.files import StoredFile
from bot.sandbox.slack.workspace import Workspace

CHUNK = 65_536
# Slack shows its login page, with 200, to whoever may not read a file.
LOGIN_PAGE = "<!DOCTYPE html><html><head><title>Slack</title></head><body>Sign in</body></html>"


class Uploads:
    """Takes and gives bytes. `may_read` judges an Authorization header."""

    def __init__(self, workspace: Workspace, may_read: Callable[[str], bool]) -> None:
        self._workspace = workspace
        self._may_read = may_read

    async def take(self, request: web.Request) -> web.Response:
        """Answer a POST of bytes, raw or as the only part of a form: 200, or 400 and 404."""
        found = self._workspace.files.awaited(request.match_info["ticket"])
        if found is None:
            return self._answer(404, "file_not_found", "no upload waits at this address")
        content = await _content(request, found.length)
        if len(content) != found.length:
            detail = f"{found.length} bytes were promised for {found.name}"
            return self._answer(400, "wrong_length", detail)
        found.content = content
        return self._answer(200, None, f"OK - {len(content)}")

    async def give(self, request: web.Request) -> web.Response:
        """Answer a GET of a file's `url_private`."""
        if not self._may_read(request.headers.get("Authorization", "")):
            return web.Response(text=LOGIN_PAGE, content_type="text/html")
        found = self._workspace.files.find(request.match_info["file"])
        if found is None or found.completed is None:
            return web.Response(status=404, text="file_not_found")
        return web.Response(body=found.content, content_type=found.kind[0])

    def _answer(self, status: int, error: str | None, words: str) -> web.Response:
        if error is not None:
            self._workspace.records.refuse("upload", error, words)
        self._workspace.records.note("upload", {}, status=status, error=error)
        return web.Response(status=status, text=words)


async def _content(request: web.Request, length: int) -> bytes:
    """Return what was sent; what goes far beyond the promise is not read to its end."""
    if request.content_type != "multipart/form-data":
        return await _read(request.content.read, length)
    part = await (await request.multipart()).next()
    return await _read(part.read_chunk, length) if isinstance(part, BodyPartReader) else b""


async def _read(chunk: Callable[[int], Awaitable[bytes]], length: int) -> bytes:
    content = b""
    while len(content) <= length:
        more = await chunk(CHUNK)
        if not more:
            break
        content += more
    return content


def visible_to(workspace: Workspace, who: str, found: StoredFile) -> bool:
    """Whether a person is in a conversation that the file was shared in, or shown in a block."""
    return any(
        who in channel.members
        and (channel.id in found.places or any(found.id in str(m.blocks) for m in kept))
        for channel in workspace.channels.values()
        for kept in [list(channel.messages.values())]
    )
