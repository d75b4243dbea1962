"""The page's own HTTP: its files, its state as JSON, a stream of changes, and its buttons.

Knows what a person can press and what each press needs. Refuses requests that no page of
this address could have sent, and every argument it has no name for.
"""

from __future__ import annotations

import asyncio
import dataclasses
import json
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

from aiohttp import web

from bot.sandbox.appstore import EmulatedAppStore, Fault
from bot.sandbox.child import Child
from bot.sandbox.page_files import PageFiles
from bot.sandbox.page_state import PARTS, PageState
from bot.sandbox.slack import EmulatedSlack
from bot.sandbox.slack.workspace import SlackError

FILES = Path(__file__).parent / "page"
STREAMS = 32
# A push changes dozens of things a second; people see no more than this many drawings.
COALESCE = 0.08
KEEP_ALIVE = 15.0

# What each thing a person does needs, and what may be left out.
PERSON_DOES: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "command": (("who", "text", "channel"), ()),
    "click": (("who", "block_id", "action_id"), ("view_id", "channel", "ts", "value")),
    "type": (("who", "view_id", "block_id", "action_id", "text"), ()),
    "submit": (("who", "view_id"), ()),
    "shortcut": (("who", "channel", "ts", "callback_id"), ()),
    "close": (("who", "view_id"), ()),
    "detach": (("who", "view_id", "block_id", "file_id"), ()),
    "react": (("who", "channel", "ts", "name"), ()),
    "unreact": (("who", "channel", "ts", "name"), ()),
    "home": (("who",), ()),
    "say": (("who", "channel", "text"), ("thread_ts",)),
}

STORE_DOES: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "fault": (
        ("kind",),
        ("match", "nth", "count", "share", "seconds", "writes_only", "retry_after"),
    ),
    "unfault": (("number",), ()),
    "edit": (("app_id", "locale", "field", "text"), ("platform", "live")),
    "move": (("version_id", "state"), ()),
    "review": (("version_id", "verdict"), ()),
    "reject": (("version_id",), ("kind",)),
    "phase": (("version_id",), ()),
    "version": (("app_id", "version", "platform"), ("state",)),
    "build": (("app_id", "platform", "train", "number"), ("state",)),
    "move_build": (("build_id", "state"), ()),
    "screenshots": (("version_id",), ("locale", "count")),
    "speed": (("speed",), ()),
    "webhook_trouble": (
        (),
        ("doubled", "reordered", "lose_every", "lose_share", "delay", "wrong_signature"),
    ),
    "conditions": (
        (),
        ("needs_screenshots", "settling_seconds", "cancel_seconds", "phase_seconds"),
    ),
}

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class PageRoutes:
    """The routes `/` and `/page/...`; `changed` wakes every page that is open."""

    def __init__(
        self,
        *,
        slack: EmulatedSlack,
        apple: EmulatedAppStore,
        bot: Callable[[], Child | None],
        state: PageState,
    ) -> None:
        self._slack = slack
        self._apple = apple
        self._bot = bot
        self._state = state
        self._streams: set[_Stream] = set()
        self._files = PageFiles(slack, state.knows, refused=_refused, answer=_answer)

    def routes(self) -> list[web.AbstractRouteDef]:
        """Every route of the page, its files included."""
        return [
            web.get("/", self._index),
            web.static("/page/static", FILES),
            web.get("/page/state", self._document),
            web.get("/page/stream", self._stream),
            web.get("/page/apple/request/{number:\\d+}", self._request),
            *self._files.routes(),
            web.post("/page/slack/{verb}", self._person),
            web.post("/page/apple/{verb}", self._store),
            web.post("/page/bot/{verb}", self._process),
        ]

    def changed(self, part: str) -> None:
        """Something of `slack`, `apple` or `bot` is not what it was."""
        for stream in self._streams:
            stream.wake(part)

    def close(self) -> None:
        """End every stream, so that the server can stop."""
        for stream in self._streams:
            stream.end()

    async def _index(self, _: web.Request) -> web.StreamResponse:
        return web.FileResponse(FILES / "index.html")

    async def _document(self, request: web.Request) -> web.Response:
        who = request.query.get("as") or self._state.first_person()
        if not self._state.knows(who):
            raise _refused(f"Nobody here is called {who}.", status=404)
        parts = request.query.get("parts", ",".join(PARTS)).split(",")
        return web.json_response(self._state.document(who, parts))

    async def _request(self, request: web.Request) -> web.Response:
        found = self._state.request(int(request.match_info["number"]))
        if found is None:
            raise _refused("That request is no longer in the log.", status=404)
        return web.json_response(found, dumps=_dumps)

    async def _stream(self, request: web.Request) -> web.StreamResponse:
        if len(self._streams) >= STREAMS:
            raise _refused("Too many pages are open.", status=503)
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        stream = _Stream()
        self._streams.add(stream)
        try:
            await stream.pump(response)
        except ConnectionError:
            pass  # The page was closed; there is nobody to tell.
        finally:
            self._streams.discard(stream)
        return response

    async def _person(self, request: web.Request) -> web.Response:
        verb = request.match_info["verb"]
        if verb not in PERSON_DOES:
            raise _refused(f"Nobody can do {verb!r} here.", status=404)
        arguments = await _arguments(request, *PERSON_DOES[verb])
        if not self._state.knows(arguments["who"]):
            raise _refused(f"Nobody here is called {arguments['who']}.", status=404)
        return await _answer(self._deeds()[verb](**arguments))

    def _deeds(self) -> dict[str, Callable[..., Awaitable[Any]]]:
        slack = self._slack
        return {
            "command": lambda who, text, channel: slack.command(who, text=text, channel=channel),
            "click": slack.click,
            "type": slack.type,
            "submit": slack.submit,
            "shortcut": slack.shortcut,
            "close": slack.close_view,
            "detach": slack.detach,
            "react": slack.react,
            "unreact": slack.unreact,
            "home": slack.open_home,
            "say": slack.say,
        }

    async def _store(self, request: web.Request) -> web.Response:
        verb = request.match_info["verb"]
        if verb not in STORE_DOES:
            raise _refused(f"The store cannot {verb!r}.", status=404)
        arguments = await _arguments(request, *STORE_DOES[verb])
        deeds: dict[str, Callable[..., Any]] = {
            "fault": self._fault,
            "unfault": self._unfault,
            "edit": self._apple.edit,
            "move": self._apple.move,
            "review": self._apple.review,
            "reject": self._reject,
            "phase": self._apple.next_phased_day,
            "version": self._apple.add_version,
            "build": self._apple.add_build,
            "move_build": self._apple.move_build,
            "screenshots": self._apple.screenshots,
            "speed": self._apple.set_speed,
            "webhook_trouble": self._apple.trouble_webhooks,
            "conditions": self._apple.turn_conditions,
        }
        try:
            made = deeds[verb](**arguments)
        except (ValueError, TypeError, LookupError) as problem:
            raise _refused(str(problem) or problem.__class__.__name__) from problem
        return web.json_response({"ok": True, "made": made}, dumps=_dumps)

    def _fault(self, **arguments: Any) -> Any:
        return self._apple.faults.add(Fault(**arguments))

    def _reject(self, *, version_id: str, kind: str = "") -> str:
        """Reject a version; `kind` is "", "metadata" or "binary"."""
        return self._apple.review(version_id, f"reject_{kind}" if kind else "reject")

    def _unfault(self, *, number: Any) -> bool:
        return self._apple.faults.remove(number)

    async def _process(self, request: web.Request) -> web.Response:
        bot, verb = self._bot(), request.match_info["verb"]
        if bot is None:
            raise _refused("No bot belongs to this sandbox.", status=409)
        if verb not in {"kill", "start"}:
            raise _refused(f"A process cannot {verb!r}.", status=404)
        await (bot.kill() if verb == "kill" else bot.start())
        return web.json_response({"ok": True, "bot": bot.status()})


class _Stream:
    """The changes one open page has not been told of: at most one of each part."""

    def __init__(self) -> None:
        self._pending: set[str] = set()
        self._woken = asyncio.Event()
        self._ended = False

    def wake(self, part: str) -> None:
        self._pending.add(part)
        self._woken.set()

    def end(self) -> None:
        self._ended = True
        self._woken.set()

    async def pump(self, response: web.StreamResponse) -> None:
        await response.write(b"retry: 1000\n\n")
        while not self._ended:
            try:
                await asyncio.wait_for(self._woken.wait(), KEEP_ALIVE)
            except TimeoutError:
                await response.write(b": still here\n\n")
                continue
            parts, self._pending = sorted(self._pending), set()
            self._woken.clear()
            for part in parts:
                await response.write(f"data: {part}\n\n".encode())
            await asyncio.sleep(COALESCE)


async def _arguments(
    request: web.Request, needed: tuple[str, ...], optional: tuple[str, ...]
) -> dict[str, Any]:
    # A form of another site can send text, but never JSON without being asked first.
    if request.content_type != "application/json":
        raise _refused("Send JSON.", status=415)
    try:
        given = await request.json()
    except ValueError as problem:
        raise _refused(f"That is no JSON: {problem}") from problem
    if not isinstance(given, dict):
        raise _refused("Send one JSON object.")
    missing = [name for name in needed if given.get(name) is None]
    unknown = [name for name in given if name not in needed + optional]
    if missing or unknown:
        raise _refused(
            " ".join(
                [*(f"{name} is missing." for name in missing)]
                + [f"{name} is not known here." for name in unknown]
            )
        )
    return {name: value for name, value in given.items() if value is not None}


async def _answer(deed: Awaitable[Any]) -> web.Response:
    try:
        ack = await deed
    except SlackError as no:
        return web.json_response({"ok": False, "error": no.error, "body": None})
    except (ValueError, LookupError) as problem:
        raise _refused(str(problem)) from problem
    if dataclasses.is_dataclass(ack) and not isinstance(ack, type):
        return web.json_response(dataclasses.asdict(ack), dumps=_dumps)
    return web.json_response({"ok": True, "error": None, "body": None})


def _refused(sentence: str, *, status: int = 400) -> web.HTTPException:
    kinds: dict[int, type[web.HTTPException]] = {
        400: web.HTTPBadRequest,
        403: web.HTTPForbidden,
        404: web.HTTPNotFound,
        409: web.HTTPConflict,
        415: web.HTTPUnsupportedMediaType,
        503: web.HTTPServiceUnavailable,
    }
    body = json.dumps({"ok": False, "error": sentence})
    return kinds[status](text=body, content_type="application/json")


def _dumps(value: Any) -> str:
    return json.dumps(value, default=_plain, ensure_ascii=False)


def _plain(value: Any) -> Any:
    return value.decode(errors="replace") if isinstance(value, bytes) else str(value)
