"""What Slack says about the bot's own standing: its token, its scopes, its channels, people.

Reads only. It holds the list of scopes and events that manifest.yml asks for; whether an
answer is good or bad is judged by who asks.
"""

from __future__ import annotations

from collections.abc import Awaitable, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self, TypeVar

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.domain.electorate import Person
from bot.errors import BotError, Refused, Unavailable
from bot.settings import SlackSettings

TIMEOUT_SECONDS = 15
SERVER_ERROR = 500
Answer = TypeVar("Answer")

# What the bot does in Slack and the scopes each needs, as on the page of each method;
# those of private channels and direct messages beside those of public ones.
SCOPES_OF: Mapping[str, tuple[str, ...]] = {
    "/aso": ("commands",),
    "chat.postMessage": ("chat:write",),
    "chat.postEphemeral": ("chat:write",),
    "chat.update": ("chat:write",),
    "reactions.add": ("reactions:write",),
    "reactions.get": ("reactions:read",),
    "bots.info": ("users:read",),
    "users.info": ("users:read",),
    "usergroups.users.list": ("usergroups:read",),
    "conversations.info": ("channels:read", "groups:read"),
    "conversations.history": ("channels:history", "groups:history", "im:history"),
    "conversations.open": ("im:write",),
    "conversations.replies": ("channels:history", "groups:history"),
    "files.info": ("files:read",),
    "files.delete": ("files:write",),
    "files.getUploadURLExternal": ("files:write",),
    "files.completeUploadExternal": ("files:write",),
}
SCOPES: frozenset[str] = frozenset(scope for needed in SCOPES_OF.values() for scope in needed)
COMMANDS: tuple[str, ...] = ("/aso",)
EVENTS: tuple[str, ...] = ("app_home_opened", "reaction_added", "reaction_removed")

_WORDS: Mapping[str, str] = {
    "invalid_auth": "Slack does not know this token.",
    "not_authed": "Slack got no token.",
    "token_revoked": "This token was revoked.",
    "account_inactive": "The token's app was removed, or its user was deactivated.",
    "not_allowed_token_type": "This is a token of another kind.",
    "channel_not_found": "There is no such channel, or it is private and the bot is not in it.",
    "user_not_found": "There is no such user.",
    "subteam_not_found": "There is no such user group.",
    "file_not_found": "There is no such file, or the bot may not see it.",
    "file_deleted": "The file was deleted.",
    "no_such_subteam": "There is no such user group.",
    "plan_upgrade_required": "User groups need a paid plan of Slack.",
    "missing_scope": "The token lacks a scope.",
    "not_in_channel": "The bot is not in this channel.",
    "unknown_method": "Slack does not know this method.",
}

# Slack's names for what goes wrong on its side and passes.
_TROUBLE = {
    "internal_error",
    "fatal_error",
    "request_timeout",
    "service_unavailable",
    "team_added_to_org",
    "accesslimited",
}


class SlackRefused(Refused):
    """Slack said no; `code` is Slack's own name for the reason."""

    def __init__(self, code: str) -> None:
        remedy = "Reinstall the app with manifest.yml." if code == "missing_scope" else ""
        super().__init__(f"{_WORDS.get(code, 'Slack refused.')} ({code})", remedy=remedy)
        self.code = code


class Unreachable(Unavailable):
    """The connection broke or took too long: whether Slack did it is not known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Whose the bot token is; `scopes` as Slack's answer lists them.

    `app_id` is "" where Slack does not say which app a bot belongs to.
    """

    team: str
    team_id: str
    enterprise_id: str | None
    user_id: str
    scopes: frozenset[str]
    app_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """A channel as the bot sees it; `is_shared` with people of another organisation."""

    id: str
    name: str
    is_member: bool
    is_archived: bool
    is_shared: bool


class SlackSide:
    """Asks Slack; every question raises SlackRefused or Unavailable. Use it with `async with`."""

    def __init__(self, settings: SlackSettings) -> None:
        self._settings = settings
        self.client = AsyncWebClient(
            token=settings.bot_token.reveal(),
            base_url=settings.api_url,
            timeout=TIMEOUT_SECONDS,
            # Nothing is repeated blindly: a message whose answer was lost may have been posted.
            retry_handlers=[],
        )

    def __repr__(self) -> str:
        return f"<SlackSide {self._settings.api_url}>"

    async def __aenter__(self) -> Self:
        # The client's own time-out is for sessions that it opens itself.
        self.client.session = aiohttp.ClientSession(
            timeout=aiohttp.ClientTimeout(total=TIMEOUT_SECONDS),
            trace_configs=[no_redirects()],
        )
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self.client.session is not None:
            await self.client.session.close()

    async def identity(self) -> Identity:
        """Return whose token it is, and what it may do."""
        answer = await ask(self.client.auth_test())
        granted = {k.lower(): v for k, v in answer.headers.items()}.get("x-oauth-scopes", "")
        names = granted if isinstance(granted, str) else ",".join(granted)
        return Identity(
            team=str(answer.get("team", "")),
            team_id=str(answer["team_id"]),
            enterprise_id=answer.get("enterprise_id"),
            user_id=str(answer["user_id"]),
            scopes=frozenset(name.strip() for name in names.split(",") if name.strip()),
            app_id=await self._app_id(str(answer.get("bot_id") or "")),
        )

    async def _app_id(self, bot_id: str) -> str:
        try:
            found = (await ask(self.client.bots_info(bot=bot_id)))["bot"]
        except SlackRefused:
            return ""
        return str(found.get("app_id") or "")

    async def open_socket(self) -> None:
        """Ask for a Socket Mode address with the app token and leave it unused."""
        if self._settings.app_token is not None:
            await ask(
                self.client.apps_connections_open(app_token=self._settings.app_token.reveal())
            )

    async def channel(self, channel_id: str) -> Channel:
        """Return a channel."""
        found = (await ask(self.client.conversations_info(channel=channel_id)))["channel"]
        return Channel(
            id=channel_id,
            name=str(found.get("name", channel_id)),
            is_member=bool(found.get("is_member")),
            is_archived=bool(found.get("is_archived")),
            is_shared=bool(found.get("is_ext_shared")),
        )

    async def person(self, user_id: str) -> Person:
        """Return who a user is, as a vote sees them."""
        found: dict[str, Any] = (await ask(self.client.users_info(user=user_id)))["user"]
        enterprise = found.get("enterprise_user") or {}
        return Person(
            id=user_id,
            is_bot=bool(found.get("is_bot") or found.get("is_workflow_bot")),
            is_guest=bool(found.get("is_restricted") or found.get("is_ultra_restricted")),
            is_stranger=bool(found.get("is_stranger")),
            is_deactivated=bool(found.get("deleted")),
            team_id=str(found.get("team_id", "")),
            enterprise_id=enterprise.get("enterprise_id"),
        )

    async def members(self, group_id: str) -> frozenset[str]:
        """Return the ids of a user group's members."""
        answer = await ask(self.client.usergroups_users_list(usergroup=group_id))
        return frozenset(answer["users"])


def no_redirects() -> aiohttp.TraceConfig:
    """Let a request end where it was sent: token and texts are for nobody else."""

    async def refuse(*_: object) -> None:
        raise aiohttp.ClientError("Slack's answer leads elsewhere; it is not followed.")

    tracing = aiohttp.TraceConfig()
    tracing.on_request_redirect.append(refuse)
    return tracing


async def ask(question: Awaitable[AsyncSlackResponse]) -> AsyncSlackResponse:
    """Return Slack's answer; raises SlackRefused or Unavailable in plain words."""
    try:
        return await question
    except SlackApiError as error:
        raise _problem(error.response) from None
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        raise Unreachable(
            f"Slack cannot be reached ({type(error).__name__}).",
            remedy="Check the network and SLACK_API_URL.",
        ) from None


def _problem(answer: object) -> BotError:
    if not isinstance(answer, AsyncSlackResponse):
        return Unreachable("Slack's answer cannot be read.", remedy="Check SLACK_API_URL.")
    code = str(answer.get("error") or "unknown_error")
    if code in ("ratelimited", "rate_limited"):
        return Unavailable(
            "Slack asks for a pause.",
            remedy="Try again in a minute.",
            retry_after=_retry_after(answer.headers),
        )
    if code in _TROUBLE or answer.status_code >= SERVER_ERROR:
        return Unreachable(f"Slack has trouble of its own ({code}).", remedy="Try again later.")
    return SlackRefused(code)


def _retry_after(headers: Mapping[str, str]) -> float | None:
    seconds = {name.lower(): value for name, value in headers.items()}.get("retry-after", "")
    return float(seconds) if seconds.isdecimal() else None
