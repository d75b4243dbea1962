"""Answers to what a person did: a command's acknowledgement body, and posts to a response URL."""

from __future__ import annotations

import json
from typing import Any

from aiohttp import web

from bot.sandbox.slack.channels import Message
from bot.sandbox.slack.mentions import mentions, stored_text
from bot.sandbox.slack.methods_chat import checked_blocks
from bot.sandbox.slack.workspace import SLACKBOT, ResponseUrl, SlackError, Workspace

Json = dict[str, Any]


class Responses:
    """Turns answers into messages: for one person unless `response_type` is `in_channel`."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def url(self, where: ResponseUrl) -> str:
        """Return a response URL for an act in a channel."""
        token = self._workspace.new_response_url(where)
        return f"{self._workspace.base_url}/slack/response/{token}"

    async def handle(self, request: web.Request) -> web.Response:
        """Answer a POST to a response URL: `ok`, or 404 once it is used up or too old."""
        token = request.match_info["token"]
        given: Json = {}
        try:
            given = await _body(request)
            self.take(self._workspace.take_response_url(token), given)
        except SlackError as no:
            self._workspace.records.refuse("response_url", no.error, no.detail)
            status = no.status if no.status != 200 else 400
            self._workspace.records.note("response_url", given, status=status, error=no.error)
            return web.json_response({"ok": False, "error": no.error}, status=status)
        self._workspace.records.note("response_url", given)
        return web.Response(text="ok")

    def take(self, where: ResponseUrl, given: Json) -> None:
        """Show an answer; `invalid_blocks` or `no_text` as for any message."""
        if given.get("delete_original"):
            self._delete(where)
            return
        blocks = checked_blocks(given.get("blocks"), self._workspace.files)
        text = str(given.get("text") or "")
        if not blocks and not text and not given.get("attachments"):
            raise SlackError("no_text")
        original = self._original(where)
        if given.get("replace_original") and original is not None:
            original.text, original.blocks = stored_text(text), blocks or []
            original.edited = self._workspace.stamp()
            self._workspace.records.changed()
            return
        self._post(where, given, text, blocks or [])

    def tell(self, where: ResponseUrl, text: str) -> None:
        """Show a sentence of Slackbot's to the person who acted."""
        self._workspace.post(
            Message(
                channel=where.channel,
                ts=self._workspace.stamp(),
                user=SLACKBOT,
                text=text,
                blocks=[],
                seen_by=where.who,
            )
        )

    def _post(self, where: ResponseUrl, given: Json, text: str, blocks: list[Json]) -> None:
        public = given.get("response_type") == "in_channel"
        self._workspace.post(
            Message(
                channel=where.channel,
                ts=self._workspace.stamp(),
                user=self._workspace.bot_user,
                text=stored_text(text),
                blocks=blocks,
                thread_ts=given.get("thread_ts"),
                seen_by=None if public else where.who,
                mentions=mentions(text, blocks, link_names=False),
            )
        )

    def _original(self, where: ResponseUrl) -> Message | None:
        return self._workspace.channels[where.channel].messages.get(where.ts or "")

    def _delete(self, where: ResponseUrl) -> None:
        self._workspace.channels[where.channel].messages.pop(where.ts or "", None)
        self._workspace.records.changed()


async def _body(request: web.Request) -> Json:
    """Return what was posted, as JSON or as a form field `payload`."""
    text = await request.text()
    if request.content_type == "application/x-www-form-urlencoded":
        text = str((await request.post()).get("payload", ""))
    try:
        given = json.loads(text)
    except ValueError:
        raise SlackError("invalid_payload", status=400) from None
    if not isinstance(given, dict):
        raise SlackError("invalid_payload", status=400)
    return given
