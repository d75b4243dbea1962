"""The emulated Slack: one workspace, its Web API, its deliveries, its people and what they see.

Everything a page or a test needs is here. Plain dicts come out, copies that may be kept.
"""

from __future__ import annotations

import dataclasses
import time
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any, Unpack

from aiohttp import web

from bot.sandbox.cast import Cast
from bot.sandbox.slack import shapes
from bot.sandbox.slack.channels import Channel, Message
from bot.sandbox.slack.copies import copied
from bot.sandbox.slack.delivery import Ack, Delivery
from bot.sandbox.slack.events import Events
from bot.sandbox.slack.file_access import in_view_of, visible_to
from bot.sandbox.slack.files import StoredFile
from bot.sandbox.slack.persons import Persons, Picked, Place
from bot.sandbox.slack.uploads import Uploads
from bot.sandbox.slack.views import Views
from bot.sandbox.slack.web_api import WebApi
from bot.sandbox.slack.workspace import Workspace, direct_id

Json = dict[str, Any]


class EmulatedSlack:
    """Slack in a pocket. `now` is its clock in seconds since 1970.

    `workspace`, `views`, `api`, `events` and `delivery` hold the switches: prefilled values,
    granted scopes, rates, faults, retries, the time an acknowledgement may take.
    """

    def __init__(
        self,
        *,
        cast: Cast,
        now: Callable[[], float] = time.time,
        signing_secret: str,
        bot_token: str = "xoxb-emulated",  # noqa: S107  opens nothing but this emulation
        app_token: str = "xapp-emulated",  # noqa: S107  likewise
    ) -> None:
        self.workspace = Workspace(cast, now)
        self.views = Views(self.workspace)
        self.delivery = Delivery(self.workspace.records, signing_secret)
        self.events = Events(self.workspace, self.delivery)
        self.api = WebApi(
            self.workspace,
            self.views,
            tokens=(bot_token, app_token),
            ticket=self.delivery.sockets.ticket,
        )
        self._uploads = Uploads(self.workspace, self.api)
        self._persons = Persons(self.workspace, self.views, self.delivery, self.events)
        self.workspace.emit = self.events.emit
        self.log = self.workspace.records.log
        self.refusals = self.workspace.records.refusals

    # the server's side

    def routes(self) -> list[web.RouteDef]:
        """Return the routes under `/slack`."""
        return [
            web.post("/slack/api/{method}", self.api.handle),
            web.get("/slack/api/{method}", self.api.handle),
            web.post("/slack/upload/v1/{ticket}", self._uploads.take),
            web.get("/slack/files-pri/{team}-{file}/{name}", self._uploads.give),
            web.get("/slack/files-pri/{team}-{file}/download/{name}", self._uploads.give),
            web.get("/slack/socket", self.delivery.sockets.handle),
            web.post("/slack/response/{token}", self._persons.responses.handle),
        ]

    def serve_at(self, base_url: str) -> None:
        """Tell where the routes are served, for response URLs; else the first call tells it."""
        self.workspace.base_url = base_url.rstrip("/")

    def deliver_to(self, url: str | None) -> None:
        """Deliver by signed HTTP to a request URL; None for Socket Mode."""
        self.delivery.url = url

    async def verify_url(self) -> bool:
        """Send `url_verification` to the request URL; True if it echoed the challenge."""
        return await self.delivery.verify_url()

    async def redeliver(self) -> None:
        """Send every event that nobody acknowledged once more, now."""
        await self.events.redeliver()

    async def disconnect(self, reason: str = "refresh_requested") -> None:
        """Send every websocket away, as Slack does now and then."""
        await self.delivery.sockets.disconnect(reason)

    def listen(self, callback: Callable[[], None]) -> None:
        """Call `callback` after every change of anything visible."""
        self.workspace.records.listen(callback)

    def limit_channel(
        self, channel: str, seconds: float, *, retry_after: int | None = None
    ) -> None:
        """Answer chat.postMessage to this channel with 429 for so long, by the given clock.

        `Retry-After` is `retry_after`, or what is left of the time; 0 seconds end it.
        """
        self.api.rates.limit_channel(channel, seconds, retry_after)

    async def close(self) -> None:
        """Stop deliveries and close every connection."""
        await self.events.close()
        await self.delivery.close()

    # what people do

    async def command(self, who: str, text: str, channel: str | None = None) -> Ack:
        """Type a slash command, by default in the person's first channel."""
        granted = "commands" in self.api.granted
        return await self._persons.command(who, text, channel, granted=granted)

    async def click(
        self,
        who: str,
        *,
        block_id: str,
        action_id: str,
        value: Picked = None,
        **where: Unpack[Place],
    ) -> Ack:
        """Use a button, menu or input in a view (`view_id`) or a message (`channel`, `ts`)."""
        return await self._persons.click(who, block_id, action_id, value, where)

    async def type(
        self, who: str, view_id: str, block_id: str, action_id: str, text: str
    ) -> Ack | None:
        """Set what stands in an input; None when nothing is reported to the app."""
        return await self._persons.type(who, view_id, block_id, action_id, text)

    async def attach(self, who: str, view_id: str, block_id: str, name: str, content: bytes) -> Ack:
        """Choose one more file in a form's `file_input`; `body` says the file's id.

        What the client does not take is shown at the input: `file_empty`, `file_too_large`
        above 10 MB, `file_type_not_allowed`, `too_many_files`.
        """
        return await self._persons.attach(who, view_id, block_id, (name, content))

    async def detach(self, who: str, view_id: str, block_id: str, file_id: str) -> Ack:
        """Take a chosen file out of a form again."""
        return await self._persons.detach(who, view_id, block_id, file_id)

    async def shortcut(self, who: str, channel: str, ts: str, callback_id: str) -> Ack:
        """Choose the app's entry in the menu of a message."""
        return await self._persons.shortcut(who, channel, ts, callback_id)

    async def submit(self, who: str, view_id: str) -> Ack:
        """Submit a modal; errors, updates and the like are then shown."""
        return await self._persons.submit(who, view_id)

    async def close_view(self, who: str, view_id: str) -> Ack | None:
        """Close a modal; None when the app did not ask to hear of it."""
        return await self._persons.close(who, view_id)

    async def react(self, who: str, channel: str, ts: str, name: str) -> Ack | None:
        """Add an emoji to a message; None when the app hears nothing of it."""
        return await self._persons.react(who, channel, ts, name)

    async def unreact(self, who: str, channel: str, ts: str, name: str) -> Ack | None:
        """Take an emoji away."""
        return await self._persons.unreact(who, channel, ts, name)

    async def open_home(self, who: str) -> Ack | None:
        """Look at the app's Home tab."""
        return await self._persons.open_home(who)

    async def say(
        self, who: str, channel: str, text: str, thread_ts: str | None = None
    ) -> Ack | None:
        """Write an ordinary message."""
        return await self._persons.say(who, channel, text, thread_ts)

    async def share(
        self,
        who: str,
        channel: str,
        files: Mapping[str, bytes],
        text: str = "",
        thread_ts: str | None = None,
    ) -> Ack | None:
        """Write a message with files, by their names; `file_empty`, `file_too_large` and such."""
        brought = tuple(files.items())
        return await self._persons.say(who, channel, text, thread_ts, brought)

    def delete_file(self, file_id: str) -> None:
        """Delete a file as its owner may; messages keep a tombstone of it."""
        self.workspace.files.delete(file_id)
        self.workspace.records.changed()

    async def invite(self, who: str, channel: str) -> Ack:
        """Bring the app into a channel that this person is in, as `/invite @Marquee` does."""
        return self._persons.invite(who, channel)

    # what people see

    def channels(self) -> list[Json]:
        """Return the channels, without direct messages."""
        return [
            {
                "id": channel.id,
                "name": channel.name,
                "is_private": channel.is_private,
                "is_ext_shared": channel.is_ext_shared,
                "members": list(channel.members),
            }
            for channel in self.workspace.channels.values()
            if not channel.partner
        ]

    def people(self) -> list[Json]:
        """Return the cast, with the flags Slack knows and the page's own word `kind`."""
        return [dataclasses.asdict(person) for person in self.workspace.cast.people]

    def messages(self, channel: str, who: str | None = None) -> list[Json]:
        """Return a channel's messages, oldest first, with what only `who` sees.

        Replies are not among them unless they were sent to the channel too (`broadcast`).
        The direct messages of others are empty for `who`; with None nothing is kept back.
        """
        place = self.workspace.channels[channel]
        replies = _reply_counts(place)
        return [
            self._shown(message, replies)
            for message in _seen(place, who)
            if message.on_top and message.seen_by in (None, who)
        ]

    def direct(self, who: str) -> list[Json]:
        """Return what the app and a person wrote each other, oldest first."""
        channel = direct_id(who)
        return self.messages(channel, who) if channel in self.workspace.channels else []

    def direct_channel(self, who: str) -> Json:
        """Return the id of a person's direct messages, opened or not, and if people write there."""
        writable = self.workspace.messages_tab == "open"
        return {"id": direct_id(who), "with": who, "writable": writable}

    def picture(self, file_id: str, who: str) -> tuple[bytes, str] | None:
        """Return a picture's bytes and media type; None when `who` sees it nowhere."""
        found = self.file(file_id, who)
        if found is None or not found.is_picture:
            return None
        return found.content or b"", found.kind.mimetype

    def file(self, file_id: str, who: str) -> StoredFile | None:
        """Return a file, not to be changed; None when `who` sees it nowhere."""
        found = self.workspace.files.find(file_id)
        if found is None or found.completed is None or found.deleted:
            return None
        seen = visible_to(self.workspace, who, found) or in_view_of(self.views, who, found)
        return found if seen else None

    def thread(self, channel: str, ts: str, who: str | None = None) -> list[Json]:
        """Return a message and its replies, oldest first."""
        place = self.workspace.channels[channel]
        replies = _reply_counts(place)
        return [
            self._shown(message, replies)
            for message in _seen(place, who)
            if ts in (message.ts, message.thread_ts) and message.seen_by in (None, who)
        ]

    def modals(self, who: str) -> list[Json]:
        """Return a person's open modals, the top one last.

        `values` are as in `state.values`, complete; `notice` is Slack's own word of trouble.
        """
        return [
            {
                "id": view.id,
                "hash": view.hash,
                "view": self.views.shown(view, with_state=False),
                "values": view.inputs.values(),
                "errors": dict(view.errors),
                "notice": view.notice,
            }
            for view in self.views.stacks.get(who, [])
        ]

    def home(self, who: str) -> Json | None:
        """Return a person's Home tab, None before the app published one."""
        view = self.views.homes.get(who)
        return None if view is None else self.views.shown(view)

    def _shown(self, message: Message, replies: Counter[str | None]) -> Json:
        return {
            "ts": message.ts,
            "user": message.user,
            "text": "This message was deleted." if message.gone else message.text,
            "blocks": [] if message.gone else copied(message.blocks),
            "files": [] if message.gone else shapes.files_of(self.workspace, message),
            "thread_ts": message.thread_ts,
            "broadcast": message.broadcast,
            "reply_count": replies[message.ts],
            "edited": message.edited,
            "ephemeral": message.seen_by is not None,
            "mentions": list(message.mentions),
            "metadata": copied(message.metadata),
            "reactions": [shapes.reaction(reaction) for reaction in message.reactions],
        }


def _seen(place: Channel, who: str | None) -> list[Message]:
    hidden = place.partner and who is not None and who not in place.members
    return [] if hidden else list(place.messages.values())


def _reply_counts(place: Channel) -> Counter[str | None]:
    return Counter(
        message.thread_ts
        for message in place.messages.values()
        if message.is_reply and message.seen_by is None and not message.gone
    )
