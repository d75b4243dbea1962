"""Builds the Bolt app: every listener in one table, each acknowledging before anything slow.

With `process_before_response` Bolt answers when the listener returns and not at its next
look every 10 ms, and an exception after ack() cannot lose the acknowledgement. So every
listener returns at once: what takes long is handed to `Work`.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.response import BoltResponse

from bot.errors import Unavailable
from bot.settings import SlackSettings
from bot.slack import clipping, commands, ids
from bot.slack.buttons import BUTTONS, chosen
from bot.slack.calls import Call, Press
from bot.slack.checks import EVENTS, Identity, SlackSide, ask
from bot.slack.edit import Editor
from bot.slack.events import Events
from bot.slack.faces.messages import Message
from bot.slack.file_forms import FileForms
from bot.slack.origin import foreign
from bot.slack.sent_forms import SentForms
from bot.slack.version_forms import VersionForms
from bot.slack.voice.of_reminders import direct_notice
from bot.slack.voice.respond import respond_at
from bot.slack.waiting import until_answered
from bot.slack.work import Answer, Work, guarded
from bot.workflow.desk import Desk

log = logging.getLogger(__name__)

REQUEST_PATH = "/slack/events"
# Seconds for one address that Slack named.
CONNECTS_WITHIN = 30.0
SELECTS = (ids.PLATFORM_SELECT, ids.VERSION_SELECT, ids.LOCALE_SELECT)
TYPED = (
    ids.FIELD_INPUT,
    ids.REASON_INPUT,
    ids.SUBMIT_INPUT,
    ids.PARTS_INPUT,
    ids.NOT_BEFORE_INPUT,
    ids.ENDS_AT_INPUT,
)
Next = Callable[[], Awaitable[BoltResponse]]


class Front:
    """The bot as Slack sees it: one Bolt app, reached by Socket Mode or signed HTTP."""

    def __init__(
        self,
        settings: SlackSettings,
        desk: Desk,
        slack: SlackSide,
        work: Work,
        identity: Identity,
    ) -> None:
        self._settings = settings
        self._identity = identity
        self._desk = desk
        self._slack = slack
        self._work = work
        self._editor = Editor(desk, slack, work, desk.clock)
        self._forms = VersionForms(desk, slack, work, desk.clock)
        self._sent = SentForms(desk, slack, work, self._editor, self._forms, self._answer)
        self._files = FileForms(desk, slack, work, self._answer)
        self.events = Events(desk, slack, desk.clock)
        self._socket: AsyncSocketModeHandler | None = None
        secret = settings.signing_secret
        self.bolt = AsyncApp(
            # Without a name Bolt looks through the whole stack for one.
            name="marquee",
            client=slack.client,
            signing_secret=secret.reveal() if secret else "",
            process_before_response=True,
            logger=_bolt_log(),
        )
        self._register()

    def __repr__(self) -> str:
        return f"<Front {'socket' if self._settings.app_token else 'http'}>"

    def begin(self) -> None:
        """Start to handle events, those from before a restart first."""
        self.events.begin(self._work)
        self._forms.begin()

    def routes(self) -> list[web.RouteDef]:
        """Return the route that takes Slack's signed requests."""
        return [web.post(REQUEST_PATH, self._dispatch)] if self._settings.signing_secret else []

    async def __aenter__(self) -> Front:
        """Connect by Socket Mode where an app token is set, however long Slack is away.

        Raises BotError when Slack refuses the token.
        """
        token = self._settings.app_token
        if token is not None:
            self._socket = AsyncSocketModeHandler(self.bolt, token.reveal())
            await self._connect(self._socket, token.reveal())
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._socket is not None:
            await self._socket.client.close()  # type: ignore[no-untyped-call]  # the SDK leaves it bare

    async def _connect(self, socket: AsyncSocketModeHandler, app_token: str) -> None:
        async def connect() -> None:
            opened = await ask(self._slack.client.apps_connections_open(app_token=app_token))
            # The library would try the same address for ever, and addresses have an end.
            socket.client.wss_uri = str(opened["url"])
            try:
                async with asyncio.timeout(CONNECTS_WITHIN):
                    await socket.client.connect()  # type: ignore[no-untyped-call]  # likewise
            except TimeoutError as error:
                raise Unavailable("Slack's Socket Mode does not let us in.") from error

        await until_answered(connect, self._desk.clock)

    async def _dispatch(self, request: web.Request) -> web.Response:
        return await to_aiohttp_response(
            await self.bolt.async_dispatch(await to_bolt_request(request))
        )

    def _register(self) -> None:
        self.bolt.middleware(self._keep_out)
        self.bolt.middleware(self._write_down)
        self.bolt.command(ids.COMMAND)(self._command)
        for name in EVENTS:
            self.bolt.event(name)(_written_down_already)
        for action_id in BUTTONS:
            self.bolt.action(action_id)(self._button)
        for action_id in SELECTS:
            self.bolt.action(action_id)(self._select)
        for action_id in TYPED:
            self.bolt.action(action_id)(self._typing)
        self.bolt.view(ids.EDIT_VIEW)(self._sent.edit)
        for action_id in (ids.VERSION_PLATFORM, ids.VERSION_APP):
            self.bolt.action(action_id)(self._version_choice)
        self.bolt.view(ids.VERSION_VIEW)(self._sent.version)
        self.bolt.view(ids.CONFIRM_VIEW)(self._sent.confirm)
        self.bolt.view(ids.REBASE_VIEW)(self._sent.rebase)
        self.bolt.view(ids.WHY_VIEW)(self._sent.say_why)
        self.bolt.view(ids.GLASS_VIEW)(self._sent.break_glass)
        self.bolt.message_shortcut(ids.USE_TEXT)(self._use_text)
        self.bolt.view(ids.CLIP_VIEW)(self._sent.place_text)
        self.bolt.view(ids.SETTINGS_VIEW)(self._sent.keep_wishes)
        self.bolt.message_shortcut(ids.PROPOSE_FILE)(self._files.shortcut)
        self.bolt.view(ids.FILE_VIEW)(self._files.submit)
        self.bolt.view(ids.BULK_EDIT_VIEW)(self._files.submit_edit)
        self.bolt.action(ids.BULK_TRY_AGAIN)(self._files.try_again)
        self.bolt.view(ids.PREVIEW_VIEW)(self._files.propose)
        self.bolt.view(ids.MEND_VIEW)(self._files.mend)
        self.bolt.view_closed(ids.PREVIEW_VIEW)(self._files.closed)
        # A link's button and whatever a later version of the bot leaves behind.
        self.bolt.action(re.compile(".*"))(_only_acknowledge)
        self.bolt.view(re.compile(".*"))(_only_acknowledge)

    async def _keep_out(self, body: dict[str, Any], next: Next) -> BoltResponse:  # noqa: A002 - Bolt's name
        """Acknowledge what is not about our workspace and app, and do nothing about it."""
        if why := foreign(body, self._identity):
            log.warning("request.foreign why=%s", why)
            return BoltResponse(status=200, body="")
        return await next()

    async def _write_down(self, body: dict[str, Any], next: Next) -> BoltResponse:  # noqa: A002 - Bolt's name
        if body.get("type") == "event_callback":
            await self.events.write_down(body)
        return await next()

    async def _command(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        verb, words = commands.split(str(body.get("text") or ""))
        if verb == "help":
            message = commands.help_message()
            await ack(text=message.text, blocks=message.blocks, response_type="ephemeral")
            return
        await ack()
        with guarded("command"):
            self._start_command(body, verb, words)

    def _start_command(self, body: dict[str, Any], verb: str, words: str) -> None:
        answer = self._answer(body)
        call = Call(
            desk=self._desk,
            editor=self._editor,
            forms=self._forms,
            slack=self._slack,
            words=words,
            user=str(body["user_id"]),
            channel=str(body.get("channel_id") or ""),
            trigger_id=str(body["trigger_id"]),
            response_url=str(body.get("response_url") or ""),
            answer=answer,
        )
        self._work.start(commands.run(call, verb), answer=answer)

    async def _button(self, ack: AsyncAck, body: dict[str, Any], action: dict[str, Any]) -> None:
        await ack()
        with guarded("button"):
            self._start_press(body, action)

    def _start_press(self, body: dict[str, Any], action: dict[str, Any]) -> None:
        answer = self._answer(body)
        press = Press(
            desk=self._desk,
            editor=self._editor,
            forms=self._forms,
            slack=self._slack,
            user=str(body["user"]["id"]),
            value=chosen(action),
            trigger_id=str(body.get("trigger_id") or ""),
            view_id=str((body.get("view") or {}).get("id") or ""),
            view_hash=str((body.get("view") or {}).get("hash") or ""),
            response_url=str(body.get("response_url") or ""),
            answer=answer,
            carried=str((body.get("view") or {}).get("private_metadata") or ""),
        )
        self._work.start(_press(BUTTONS[str(action["action_id"])], press), answer=answer)

    async def _select(self, ack: AsyncAck, body: dict[str, Any], action: dict[str, Any]) -> None:
        await ack()
        with guarded("select"):
            deed = self._editor.choose(body["view"], str(action["action_id"]), chosen(action))
            self._work.start(deed, answer=self._answer(body))

    async def _typing(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        with guarded("typing"):
            self._work.start(self._editor.typing(body["view"]), answer=None)

    async def _version_choice(
        self, ack: AsyncAck, body: dict[str, Any], action: dict[str, Any]
    ) -> None:
        await ack()
        with guarded("choice"):
            action_id = str(action["action_id"])
            deed = self._forms.choose(body["view"], action_id, chosen(action))
            self._work.start(deed, answer=self._answer(body))

    async def _use_text(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        with guarded("shortcut"):
            deed = clipping.open_clip(
                self._desk,
                self._slack,
                str(body["trigger_id"]),
                str(body["user"]["id"]),
                body["message"],
                author=self._author(body["message"]),
            )
            self._work.start(deed, answer=self._answer(body))

    def _author(self, message: Mapping[str, Any]) -> str:
        """Return who wrote a message, "" for the bot itself, which votes on nothing."""
        user = str(message.get("user") or "")
        return "" if user == self._identity.user_id else user

    def _answer(self, body: Mapping[str, Any]) -> Answer:
        url = str(body.get("response_url") or "")
        user = str(body.get("user_id") or (body.get("user") or {}).get("id") or "")

        async def answer(message: Message) -> None:
            if not await respond_at(url, message):
                await self._write_to(user, message)

        return answer

    async def _write_to(self, user: str, message: Message) -> None:
        """Say it in the direct messages of a person who has no address to answer at."""
        await self._desk.say([direct_notice(user, message)])


def _bolt_log() -> logging.Logger:
    """Return Bolt's log without its remark that it ignores SLACK_BOT_TOKEN.

    The token is in the client already, which Bolt is given. Nor does it ever tell what it
    tells at DEBUG: whole payloads, with the texts in them.
    """
    logger = logging.getLogger("bot.slack.bolt")
    logger.setLevel(logging.INFO)
    logger.addFilter(lambda record: "`token` will be unused" not in record.getMessage())
    return logger


async def _press(deed: Callable[[Press], Awaitable[None]], press: Press) -> None:
    await deed(press)


async def _written_down_already() -> None:
    """The middleware has kept the event; Bolt acknowledges it after this."""


async def _only_acknowledge(ack: AsyncAck) -> None:
    await ack()
