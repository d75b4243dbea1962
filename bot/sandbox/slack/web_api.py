"""The Web API over HTTP: tokens, scopes, rates and faults first, then the method itself.

Every answer is Slack's: HTTP 200 with `ok`, or 429 with `Retry-After`, unless a fault breaks
it off.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from aiohttp import web

from bot.sandbox.slack import (
    methods_chat,
    methods_conversations,
    methods_files,
    methods_people,
    methods_reactions,
    methods_views,
)
from bot.sandbox.slack.calls import Call, Method
from bot.sandbox.slack.faults import BROKEN, LOST, REFUSED, SLOW, Fault, met
from bot.sandbox.slack.rates import Rates
from bot.sandbox.slack.views import Views
from bot.sandbox.slack.workspace import SlackError, Workspace, direct_id

Json = dict[str, Any]

METHODS: Mapping[str, Method] = MappingProxyType(
    {
        **methods_people.METHODS,
        **methods_chat.METHODS,
        **methods_conversations.METHODS,
        **methods_files.METHODS,
        **methods_reactions.METHODS,
        **methods_views.METHODS,
    }
)
APP_LEVEL = frozenset({"apps.connections.open"})

# What each method needs; a name with "{}" depends on the kind of conversation.
SCOPES: Mapping[str, str] = MappingProxyType(
    {
        "bots.info": "users:read",
        "chat.delete": "chat:write",
        "chat.postEphemeral": "chat:write",
        "chat.postMessage": "chat:write",
        "chat.update": "chat:write",
        "conversations.history": "{}:history",
        "conversations.info": "{}:read",
        "conversations.join": "channels:join",
        "conversations.list": "{}:read",
        "conversations.members": "{}:read",
        "conversations.open": "im:write",
        "conversations.replies": "{}:history",
        "files.completeUploadExternal": "files:write",
        "files.delete": "files:write",
        "files.getUploadURLExternal": "files:write",
        "files.info": "files:read",
        "reactions.add": "reactions:write",
        "reactions.get": "reactions:read",
        "reactions.list": "reactions:read",
        "reactions.remove": "reactions:write",
        "team.info": "team:read",
        "usergroups.list": "usergroups:read",
        "usergroups.users.list": "usergroups:read",
        "users.info": "users:read",
        "users.list": "users:read",
    }
)
ALL_SCOPES = frozenset(
    {scope for scope in SCOPES.values() if "{}" not in scope}
    | {f"{kind}:{act}" for kind in ("channels", "groups", "im") for act in ("read", "history")}
    | {"commands"}
)


class WebApi:
    """Answers calls. `granted` are the bot token's scopes; `faults` may be added at any time.

    `held` are methods whose calls are answered so many seconds late.
    """

    def __init__(
        self,
        workspace: Workspace,
        views: Views,
        *,
        tokens: tuple[str, str],
        ticket: Callable[[], str],
    ) -> None:
        self._workspace = workspace
        self._views = views
        self._bot_token, self._app_token = tokens
        self._ticket = ticket
        self.granted: set[str] = set(ALL_SCOPES)
        self.rates = Rates(workspace.now)
        self.faults: list[Fault] = []
        self.held: dict[str, float] = {}

    async def handle(self, request: web.Request) -> web.Response:
        """Answer one HTTP request to `/slack/api/{method}`."""
        method = request.match_info["method"]
        self._workspace.base_url = f"{request.scheme}://{request.host}"
        args: Json = {}
        status = 200
        if method in self.held:
            await asyncio.sleep(self.held[method])
        fault: Fault | None = None
        try:
            args = await _arguments(request)
            handler = self._admitted(request, method, args)
            fault = met(self.faults, method)
            if fault is not None and fault.kind == REFUSED:
                raise _refusal(fault)
            if fault is not None and fault.kind == BROKEN:
                return self._hung_up(request, method, args)
            answer = self._answer(request, method, args, handler)
            if fault is not None and fault.kind == SLOW:
                await asyncio.sleep(fault.seconds)
        except ConnectionError:
            # Whoever asked is gone, so nothing was asked.
            return web.Response(status=499)
        except SlackError as no:
            status = no.status
            answer = {"ok": False, "error": no.error, **no.more}
            self._workspace.records.refuse(method, no.error, no.detail)
        error = None if answer["ok"] else str(answer["error"])
        if fault is not None and fault.kind == LOST:
            return self._hung_up(request, method, args)
        self._workspace.records.note(method, _loggable(args), status=status, error=error)
        return web.json_response(answer, status=status, headers=self._headers(method, answer))

    def _admitted(self, request: web.Request, method: str, args: Json) -> Method:
        handler = METHODS.get(method)
        if handler is None:
            raise SlackError("unknown_method", detail=method)
        self._authorize(request, method, args)
        self._require_scope(method, args)
        return handler

    def _answer(self, request: web.Request, method: str, args: Json, handler: Method) -> Json:
        wait = self.rates.wait(method, self._place(str(args.get("channel", ""))))
        if wait:
            raise SlackError("ratelimited", status=429, retry_after=wait)
        call = Call(
            method=method,
            args=args,
            workspace=self._workspace,
            views=self._views,
            scopes=frozenset(self.granted),
            socket_url=lambda: _socket_url(request, self._ticket()),
        )
        return {"ok": True, **handler(call)}

    def _authorize(self, request: web.Request, method: str, args: Json) -> None:
        if method == "api.test":
            return
        header = request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
        token = header or str(args.get("token", ""))
        if not token:
            raise SlackError("not_authed")
        if token not in (self._bot_token, self._app_token):
            raise SlackError("invalid_auth")
        if (token == self._app_token) != (method in APP_LEVEL):
            raise SlackError("not_allowed_token_type")

    def _require_scope(self, method: str, args: Json) -> None:
        scope = SCOPES.get(method)
        if scope is None:
            return
        needed = scope.format(self._kind(str(args.get("channel", ""))))
        if needed not in self.granted:
            provided = ",".join(sorted(self.granted))
            raise SlackError("missing_scope", detail=needed, needed=needed, provided=provided)

    def may_read_files(self, authorization: str) -> bool:
        """Whether a header carries the bot token and files may be read with it."""
        token = authorization.removeprefix("Bearer ").strip()
        return token == self._bot_token and "files:read" in self.granted

    def _place(self, ref: str) -> str:
        """Return the one id under which a conversation is counted."""
        return direct_id(ref) if ref in self._workspace.people else ref

    def _kind(self, ref: str) -> str:
        channel = self._workspace.channels.get(ref)
        if channel is None or not channel.is_private:
            return "channels"
        return "im" if channel.partner else "groups"

    def _hung_up(self, request: web.Request, method: str, args: Json) -> web.Response:
        """Break the connection off; the log tells the call all the same."""
        self._workspace.records.note(method, _loggable(args), status=499, error="hung_up")
        if request.transport is not None:
            request.transport.abort()
        return web.Response(status=499)

    def _headers(self, method: str, answer: Json) -> dict[str, str]:
        headers = {"x-oauth-scopes": ",".join(sorted(self.granted))}
        if method in SCOPES:
            headers["x-accepted-oauth-scopes"] = SCOPES[method].format("channels")
        if answer.get("error") == "ratelimited":
            headers["Retry-After"] = str(answer.pop("retry_after", 1))
        return headers


def _refusal(fault: Fault) -> SlackError:
    more = {} if fault.retry_after is None else {"retry_after": fault.retry_after}
    return SlackError(fault.error, status=fault.status, detail="on demand", **more)


async def _arguments(request: web.Request) -> Json:
    """Return the arguments of a request, of query, form and JSON together."""
    args: Json = dict(request.query)
    if request.content_type == "application/json":
        try:
            given = json.loads(await request.text() or "{}")
        except ValueError:
            raise SlackError("invalid_json") from None
        if not isinstance(given, dict):
            raise SlackError("json_not_object")
        args |= given
    elif request.can_read_body:
        args |= dict(await request.post())
    return {name: value for name, value in args.items() if value is not None}


def _loggable(args: Json) -> Json:
    return {name: value for name, value in args.items() if name != "token"}


def _socket_url(request: web.Request, ticket: str) -> str:
    scheme = "wss" if request.scheme == "https" else "ws"
    return f"{scheme}://{request.host}/slack/socket?ticket={ticket}"
