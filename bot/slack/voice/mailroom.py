"""Posts, updates and seeds messages: each notice's message once, whatever breaks meanwhile.

Knows Slack's chat and reaction methods; refuses to know what is said. A message that may have
been posted before a crash is looked for by the key that it carries (Slack, "Message metadata").
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from slack_sdk.errors import SlackRequestError
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.proposals import Proposal
from bot.slack.checks import SlackRefused, Unreachable, ask
from bot.slack.faces.messages import Message
from bot.slack.voice.of_checklists import Checklists
from bot.slack.voice.redraw import Redraw
from bot.workflow import saying
from bot.workflow.desk import Desk
from bot.workflow.saying import Notice

METADATA_TYPE = "marquee_notice"
LOOK_BACK_MESSAGES = 200
# Slack's clock and ours may differ by so much (seconds).
LOOK_BACK_MARGIN = 600
# Above this Slack shows a file by its name only (Slack, "Snippets": 1 MB).
LARGEST_SNIPPET = 1_000_000
# What ids of users begin with.
PERSONS = ("U", "W")
NOT_THERE = {"message_not_found", "channel_not_found", "thread_not_found"}
# A missing emoji is no reason to hold up what a channel is told.
NOT_SEEDED = {"already_reacted", "invalid_name", "missing_scope"}


class Later(Exception):
    """What the notice needs is not there yet."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"in {seconds} s")
        self.wait = timedelta(seconds=seconds)


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """That a notice was said: as which message, and which proposals look different now."""

    ts: str | None = None
    draw: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Enclosure:
    """A file to share; `kind` is Slack's word for a snippet's type, such as "diff"."""

    name: str
    content: bytes = field(repr=False)
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailroom:
    """Sends messages; every method raises SlackRefused or Unavailable."""

    desk: Desk
    client: AsyncWebClient
    redraw: Redraw
    checklists: Checklists

    async def post(
        self,
        notice: Notice,
        message: Message,
        *,
        thread: str | None = None,
        broadcast: bool = False,
    ) -> str:
        """Post a notice's message once and return its ts.

        A notice for a user id goes to their direct messages. With `broadcast` what stands in
        a thread is shown in the channel too.
        """
        ts = notice.ts
        if ts is None and notice.unsure:
            ts = await self._posted_before(notice, await self.place(notice.channel), thread)
        if ts is None:
            ts = await self._post(notice, message, thread, broadcast=broadcast)
        if ts != notice.ts:
            await saying.posted(self.desk, notice, ts=ts)
        return ts

    async def _post(
        self, notice: Notice, message: Message, thread: str | None, *, broadcast: bool
    ) -> str:
        metadata = {"event_type": METADATA_TYPE, "event_payload": {"key": notice.key}}
        answer = await ask(
            self.client.chat_postMessage(
                channel=notice.channel,
                text=message.text,
                blocks=message.blocks,
                thread_ts=thread,
                reply_broadcast=True if thread and broadcast else None,
                metadata=metadata,
                unfurl_links=False,
                unfurl_media=False,
            )
        )
        return str(answer["ts"])

    async def share(
        self, notice: Notice, files: Sequence[Enclosure], *, words: str, thread: str
    ) -> None:
        """Share a notice's files in a thread, all in one message, once.

        Slack takes no metadata with files, so they are looked for by their names.
        """
        if notice.unsure and await self._shared_before(notice, files, thread):
            return
        uploads = [
            {
                "filename": one.name,
                "content": one.content,
                "title": one.name,
                "snippet_type": one.kind if len(one.content) <= LARGEST_SNIPPET else None,
            }
            for one in files
        ]
        try:
            await ask(
                self.client.files_upload_v2(
                    file_uploads=uploads,
                    channel=notice.channel,
                    thread_ts=thread,
                    initial_comment=words,
                )
            )
        except SlackRequestError:
            # Slack's address for the bytes said no; nothing was shared.
            raise Unreachable("Slack did not take a file.", remedy="Try again later.") from None

    async def place(self, channel: str) -> str:
        """Return the channel behind a user id: a person's direct messages have an id of their own.

        chat.postMessage takes a user's id, chat.update and conversations.history do not.
        """
        if channel[:1] not in PERSONS:
            return channel
        opened = await ask(self.client.conversations_open(users=channel))
        return str(opened["channel"]["id"])

    def take_turn(self) -> None:
        """Take one of the minute's updates; raises Later when none is left."""
        if not self.redraw.pace.try_take():
            raise Later(self.redraw.pace.wait())

    async def update(self, channel: str, ts: str, message: Message) -> None:
        """Draw a message again, in a turn that was taken before."""
        await ask(
            self.client.chat_update(
                channel=channel, ts=ts, text=message.text, blocks=message.blocks
            )
        )

    async def seed(self, channel: str, ts: str) -> None:
        """Put the first approve and the first reject emoji on a message."""
        policy = self.desk.rules.policy
        for name in (*policy.approve[:1], *policy.reject[:1]):
            try:
                await ask(self.client.reactions_add(channel=channel, timestamp=ts, name=name))
            except SlackRefused as error:
                if error.code not in NOT_SEEDED:
                    raise

    async def permalink(self, channel: str, ts: str) -> str:
        """Return the address of a message."""
        answer = await ask(self.client.chat_getPermalink(channel=channel, message_ts=ts))
        return str(answer["permalink"])

    async def links(self, proposal: Proposal) -> Mapping[str, str]:
        """Return locale -> address of its message in a proposal's thread."""
        return await saying.thread_links(self.desk, proposal)

    async def _shared_before(self, notice: Notice, files: Sequence[Enclosure], thread: str) -> bool:
        names = {one.name for one in files}
        for message in await self._said_since(notice, notice.channel, thread):
            if names & {str(file.get("name", "")) for file in message.get("files", [])}:
                return True
        return False

    async def _posted_before(self, notice: Notice, channel: str, thread: str | None) -> str | None:
        for message in await self._said_since(notice, channel, thread):
            payload = message.get("metadata", {}).get("event_payload", {})
            if payload.get("key") == notice.key:
                return str(message["ts"])
        return None

    async def _said_since(
        self, notice: Notice, channel: str, thread: str | None
    ) -> list[dict[str, Any]]:
        """Return what stands in a channel or a thread since a notice was written."""
        oldest = f"{notice.created_at.timestamp() - LOOK_BACK_MARGIN:.6f}"
        if thread is None:
            answer = await ask(
                self.client.conversations_history(
                    channel=channel,
                    oldest=oldest,
                    limit=LOOK_BACK_MESSAGES,
                    include_all_metadata=True,
                )
            )
        else:
            answer = await ask(
                self.client.conversations_replies(
                    channel=channel,
                    ts=thread,
                    oldest=oldest,
                    limit=LOOK_BACK_MESSAGES,
                    include_all_metadata=True,
                )
            )
        messages: list[dict[str, Any]] = answer["messages"]
        return messages
