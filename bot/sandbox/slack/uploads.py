"""The two addresses of a file: where its bytes are sent, and where the app reads them again.

The first opens by its own secret, the second by the bot token and a scope.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from urllib.parse import quote

from aiohttp import BodyPartReader, web

from bot.sandbox.slack.faults import BROKEN, LOST, REFUSED, SLOW, met
from bot.sandbox.slack.file_access import readable_by_app
from bot.sandbox.slack.files import StoredFile
from bot.sandbox.slack.web_api import WebApi
from bot.sandbox.slack.workspace import Workspace

CHUNK = 65_536
# What a download is called in the log and in the table of faults.
DOWNLOAD = "files.download"
# Slack shows its login page, with 200, to whoever may not read a file.
LOGIN_PAGE = "<!DOCTYPE html><html><head><title>Slack</title></head><body>Sign in</body></html>"


class Uploads:
    """Takes and gives bytes; the `api` knows what a token opens and which faults there are.

    A fault of the method `files.download` is `slow`, `broken` off before the first byte, `lost`
    in the middle, or `refused`: with its status, or with Slack's login page where that is 200.
    """

    def __init__(self, workspace: Workspace, api: WebApi) -> None:
        self._workspace = workspace
        self._api = api

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

    async def give(self, request: web.Request) -> web.StreamResponse:
        """Answer a GET of a file's `url_private` or `url_private_download`."""
        fault = met(self._api.faults, DOWNLOAD)
        if fault and fault.kind == SLOW:
            await asyncio.sleep(fault.seconds)
        if fault and fault.kind == BROKEN:
            return self._hung_up(request)
        if fault and fault.kind == REFUSED:
            return self._refused(request, fault.status, fault.error, fault.retry_after)
        found = self._found(request)
        if isinstance(found, web.Response):
            return found
        self._note(request, 200, None)
        headers = _headers(found, download="/download/" in request.path)
        content = found.content or b""
        if fault and fault.kind == LOST:
            return await _half(request, content, headers)
        return web.Response(body=content, headers=headers)

    def _found(self, request: web.Request) -> StoredFile | web.Response:
        """Return the file that is asked for, or why it is not given."""
        if not self._api.may_read_files(request.headers.get("Authorization", "")):
            return self._refused(request, 200, "login_page")
        found = self._workspace.files.find(request.match_info["file"])
        if found is None or found.completed is None or found.deleted:
            return self._refused(request, 404, "file_not_found")
        if not readable_by_app(self._workspace, found):
            return self._refused(request, 200, "login_page")
        return found

    def _refused(
        self, request: web.Request, status: int, error: str, wait: int | None = None
    ) -> web.Response:
        self._workspace.records.refuse(DOWNLOAD, error, request.match_info["file"])
        self._note(request, status, error)
        if status == 200:
            return web.Response(text=LOGIN_PAGE, content_type="text/html")
        headers = {} if wait is None else {"Retry-After": str(wait)}
        return web.Response(status=status, text=error, headers=headers)

    def _hung_up(self, request: web.Request) -> web.Response:
        self._note(request, 499, "hung_up")
        if request.transport is not None:
            request.transport.abort()
        return web.Response(status=499)

    def _note(self, request: web.Request, status: int, error: str | None) -> None:
        args = {"file": request.match_info["file"]}
        self._workspace.records.note(DOWNLOAD, args, status=status, error=error)

    def _answer(self, status: int, error: str | None, words: str) -> web.Response:
        if error is not None:
            self._workspace.records.refuse("upload", error, words)
        self._workspace.records.note("upload", {}, status=status, error=error)
        return web.Response(status=status, text=words)


def _headers(found: StoredFile, *, download: bool) -> dict[str, str]:
    charset = "" if found.text is None else "; charset=utf-8"
    headers = {"Content-Type": f"{found.kind.mimetype}{charset}"}
    if download:
        headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(found.name)}"
    return headers


async def _half(
    request: web.Request, content: bytes, headers: dict[str, str]
) -> web.StreamResponse:
    """Promise a whole file and break the connection off in the middle of it."""
    response = web.StreamResponse(headers=headers)
    response.content_length = len(content)
    await response.prepare(request)
    await response.write(content[: len(content) // 2])
    if request.transport is not None:
        request.transport.close()
    return response


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
