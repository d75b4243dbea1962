"""What people do in their clients: commands, clicks, typing, submitting, reacting, writing.

Each act ends when the app acknowledged it or 3 s have passed, and leaves behind what the client
then shows. Sends nothing that Slack's own client would refuse to send.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypedDict

from bot.sandbox.slack import payloads
from bot.sandbox.slack.channels import Channel, Message
from bot.sandbox.slack.contents import options_of
from bot.sandbox.slack.delivery import COMMAND, INTERACTION, Ack, Delivery
from bot.sandbox.slack.elements import HELD
from bot.sandbox.slack.events import Events
from bot.sandbox.slack.files import StoredFile
from bot.sandbox.slack.inputs import Input, dispatches, elements_of
from bot.sandbox.slack.mentions import mentions, stored_text
from bot.sandbox.slack.picked_files import PickedFiles
from bot.sandbox.slack.responses import Responses
from bot.sandbox.slack.submissions import Submissions
from bot.sandbox.slack.views import TROUBLE, View, Views
from bot.sandbox.slack.workspace import ResponseUrl, SlackError, Workspace

Json = dict[str, Any]
Picked = str | list[str] | None
Brought = tuple[str, bytes]

MOST_SHARED, MOST_SHARED_BYTES = 10, 20_000_000


class Place(TypedDict, total=False):
    """Where an element is: in a view, or in a message of a channel."""

    view_id: str | None
    channel: str | None
    ts: str | None


class Persons:
    """The acts of people, by user id."""

    def __init__(
        self, workspace: Workspace, views: Views, delivery: Delivery, events: Events
    ) -> None:
        self._workspace = workspace
        self._views = views
        self._delivery = delivery
        self._events = events
        self.responses = Responses(workspace)
        self._submissions = Submissions(workspace, views, delivery)
        self._picked_files = PickedFiles(workspace)

    # commands

    async def command(self, who: str, line: str, channel: str | None, *, granted: bool) -> Ack:
        """Type a slash command; what the app answers, or that it did not, is shown."""
        place = self._workspace.channels.get(channel or self._first_channel(who))
        if place is None:
            return self._refused("command", "channel_not_found", str(channel))
        where = ResponseUrl(channel=place.id, who=who, born=self._workspace.now())
        name, _, rest = line.strip().partition(" ")
        if (
            name == "/invite"
            and rest.strip().lower() == f"@{self._workspace.cast.app.name}".lower()
        ):
            return self.invite(who, place.id)
        person, app = self._workspace.person(who), self._workspace.cast.app
        foreign = person.team_id != self._workspace.cast.team.id
        if name not in app.commands or not granted or foreign or person.deleted:
            self.responses.tell(where, f"{name} is not a valid command.")
            return self._refused("command", "not_a_command", name)
        act = payloads.Act(
            who=who,
            trigger_id=self._workspace.new_trigger(who),
            response_url=self.responses.url(where),
        )
        form = payloads.slash_command(self._workspace, act, place, line)
        ack = await self._delivery.send(COMMAND, dict(form))
        self._show_answer(where, name, ack)
        return ack

    def _show_answer(self, where: ResponseUrl, name: str, ack: Ack) -> None:
        if not ack.ok:
            self._workspace.records.refuse("command", str(ack.error), name)
            self.responses.tell(where, f'{name} failed with the error "{ack.error}"')
        elif ack.body:
            try:
                self.responses.take(where, ack.body)
            except SlackError as no:
                self._workspace.records.refuse("command", no.error, no.detail)
                self.responses.tell(where, f'{name} failed with the error "{no.error}"')

    def invite(self, who: str, channel: str) -> Ack:
        """Bring the app into a channel that the person is in."""
        try:
            self._workspace.invite(self._member_channel(who, channel), self._workspace.bot_user)
        except SlackError as no:
            return self._refused("invite", no.error, no.detail or channel)
        return Ack(ok=True)

    def _first_channel(self, who: str) -> str:
        return next(c.id for c in self._workspace.channels.values() if who in c.members)

    # elements

    async def click(
        self, who: str, block_id: str, action_id: str, value: Picked, where: Place
    ) -> Ack:
        """Press a button, pick an option, or press Enter in an input."""
        if where.get("channel"):
            return await self._click_message(who, block_id, action_id, value, where)
        view = self._seen_view(who, where.get("view_id"))
        found = _element(view.given["blocks"] if view else [], block_id, action_id)
        if view is None or found is None:
            return self._refused("click", "no_such_element", f"{block_id}/{action_id}")
        block, element = found
        try:
            content = self._fill(view, block_id, element, value)
        except ValueError as no:
            return self._refused("click", "no_such_option", str(no))
        if not dispatches(block, element, typed=False):
            return Ack(ok=True)
        return await self._act_in_view(view, block, element, content)

    async def type(
        self, who: str, view_id: str, block_id: str, action_id: str, text: str
    ) -> Ack | None:
        """Set what stands in an input; None when nothing is reported to the app."""
        view = self._seen_view(who, view_id)
        found = _element(view.given["blocks"] if view else [], block_id, action_id)
        if view is None or found is None:
            return self._refused("type", "no_such_element", f"{block_id}/{action_id}")
        block, element = found
        if not str(element["type"]).endswith("_input") or element["type"] == "file_input":
            return self._refused("type", "no_such_input", f"{block_id}/{action_id}")
        view.errors.pop(block_id, None)
        content = self._fill(view, block_id, element, text)
        if not dispatches(block, element, typed=True):
            return None
        return await self._act_in_view(view, block, element, content)

    def _fill(self, view: View, block_id: str, element: Json, value: Picked) -> Any:
        """Let the client hold a value and return it as an action reports it."""
        if element["type"] in HELD:
            entry = view.inputs.held[block_id, element["action_id"]]
            if value is not None:
                entry.fill(value)
            self._workspace.records.changed()
            return entry.shown()[HELD[entry.kind].state]
        return _picked(element, value)

    async def _act_in_view(self, view: View, block: Json, element: Json, content: Any) -> Ack:
        act = payloads.Act(who=view.who, trigger_id=self._workspace.new_trigger(view.who, view.id))
        entry = payloads.action(self._workspace, block, element, content)
        shown = self._views.shown(view)
        payload = payloads.view_action(self._workspace, act, shown, entry)
        ack = await self._delivery.send(INTERACTION, payload)
        view.notice = "" if ack.ok else TROUBLE
        self._workspace.records.changed()
        return ack

    async def _click_message(
        self, who: str, block_id: str, action_id: str, value: Picked, where: Place
    ) -> Ack:
        channel = self._workspace.channels.get(str(where.get("channel")))
        message = channel.messages.get(str(where.get("ts"))) if channel else None
        found = _element(message.blocks if message else [], block_id, action_id)
        hidden = channel is not None and channel.is_private and who not in channel.members
        if hidden or message is None or found is None or message.seen_by not in (None, who):
            return self._refused("click", "no_such_element", f"{block_id}/{action_id}")
        block, element = found
        try:
            content = _in_message(element, value)
        except ValueError as no:
            return self._refused("click", "no_such_option", str(no))
        act = self._act_at(who, message)
        entry = payloads.action(self._workspace, block, element, content)
        payload = payloads.message_action(self._workspace, act, message, entry)
        return await self._delivery.send(INTERACTION, payload)

    async def shortcut(self, who: str, channel: str, ts: str, callback_id: str) -> Ack:
        """Choose an app's entry in the menu of a message."""
        place = self._workspace.channels.get(channel)
        message = place.messages.get(ts) if place else None
        known = {one.callback_id for one in self._workspace.cast.app.shortcuts}
        if message is None or message.seen_by is not None or callback_id not in known:
            return self._refused("shortcut", "no_such_shortcut", callback_id)
        act = self._act_at(who, message)
        payload = payloads.message_shortcut(self._workspace, act, message, callback_id)
        return await self._delivery.send(INTERACTION, payload)

    def _act_at(self, who: str, message: Message) -> payloads.Act:
        where = ResponseUrl(
            channel=message.channel, who=who, born=self._workspace.now(), ts=message.ts
        )
        trigger = self._workspace.new_trigger(who)
        return payloads.Act(who=who, trigger_id=trigger, response_url=self.responses.url(where))

    async def attach(self, who: str, view_id: str, block_id: str, brought: Brought) -> Ack:
        """Choose a file in a form."""
        view = self._seen_view(who, view_id)
        if view is None:
            return self._refused("attach", "no_such_view", view_id)
        return self._picked_files.attach(view, block_id, *brought)

    async def detach(self, who: str, view_id: str, block_id: str, file_id: str) -> Ack:
        """Take a chosen file out of a form."""
        view = self._seen_view(who, view_id)
        if view is None:
            return self._refused("detach", "no_such_view", view_id)
        return self._picked_files.detach(view, block_id, file_id)

    # views

    async def submit(self, who: str, view_id: str) -> Ack:
        """Press a modal's submit button."""
        view = self._seen_view(who, view_id)
        if view is None or view.is_home:
            return self._refused("submit", "no_such_view", view_id)
        return await self._submissions.submit(view)

    async def close(self, who: str, view_id: str) -> Ack | None:
        """Close a modal; None when the app did not ask to hear of it."""
        view = self._seen_view(who, view_id)
        if view is None or view.is_home:
            return self._refused("close", "no_such_view", view_id)
        return await self._submissions.close(view)

    async def open_home(self, who: str) -> Ack | None:
        """Look at the app's Home tab."""
        home = self._views.homes.get(who)
        shown = self._views.shown(home) if home else None
        return await self._events.deliver(payloads.home_event(self._workspace, who, shown))

    def _seen_view(self, who: str, view_id: str | None) -> View | None:
        try:
            view = self._views.find(view_id)
        except SlackError:
            return None
        return view if view.who == who else None

    # messages

    async def react(self, who: str, channel: str, ts: str, name: str) -> Ack | None:
        """Add an emoji to a message, custom ones included."""
        return await self._reaction("reaction_added", who, (channel, ts), name)

    async def unreact(self, who: str, channel: str, ts: str, name: str) -> Ack | None:
        """Take one's emoji away."""
        return await self._reaction("reaction_removed", who, (channel, ts), name)

    async def _reaction(self, kind: str, who: str, at: tuple[str, str], name: str) -> Ack | None:
        change = self._workspace.react if kind == "reaction_added" else self._workspace.unreact
        try:
            message = self._message(who, *at)
            self._workspace.know_emoji(name)
            change(who, message, name)
        except SlackError as no:
            return self._refused(kind, no.error, name)
        known = self._workspace.emoji(name)
        event = payloads.reaction_event(self._workspace, kind, who, message, known)
        return await self._events.deliver(event)

    async def say(
        self,
        who: str,
        channel: str,
        text: str,
        thread_ts: str | None,
        brought: Sequence[Brought] = (),
    ) -> Ack | None:
        """Write an ordinary message, with files or without."""
        try:
            place = self._member_channel(who, channel)
            if place.partner and self._workspace.messages_tab != "open":
                raise SlackError("restricted_action_read_only_channel", detail=channel)
            files = self._shared(who, place, brought)
        except SlackError as no:
            return self._refused("message", no.error, no.detail)
        message = self._workspace.post(
            Message(
                channel=place.id,
                ts=self._workspace.stamp(),
                user=who,
                text=stored_text(text),
                blocks=[],
                thread_ts=thread_ts,
                files=[file.id for file in files],
                mentions=mentions(text, [], link_names=True),
            )
        )
        return await self._events.deliver(payloads.message_event(self._workspace, place, message))

    def _shared(self, who: str, place: Channel, brought: Sequence[Brought]) -> list[StoredFile]:
        if len(brought) > MOST_SHARED:
            raise SlackError("too_many_files", detail=str(len(brought)))
        for name, content in brought:
            if not content:
                raise SlackError("file_empty", detail=name)
            if len(content) > MOST_SHARED_BYTES:
                raise SlackError("file_too_large", detail=name)
        bring = self._workspace.files.bring
        return [bring(who, name, content, places=(place.id,)) for name, content in brought]

    def _member_channel(self, who: str, channel: str) -> Channel:
        place = self._workspace.channels.get(channel)
        if place is None or who not in place.members or self._workspace.person(who).deleted:
            raise SlackError("channel_not_found", detail=f"{who} is not in {channel}")
        return place

    def _message(self, who: str, channel: str, ts: str) -> Message:
        return self._workspace.message(self._member_channel(who, channel), ts)

    def _refused(self, act: str, error: str, detail: str) -> Ack:
        self._workspace.records.refuse(act, error, detail)
        return Ack(ok=False, error=error)


def _element(blocks: list[Json], block_id: str, action_id: str) -> tuple[Json, Json] | None:
    for block, element in elements_of(blocks):
        if block["block_id"] == block_id and element["action_id"] == action_id:
            return block, element
    return None


def _in_message(element: Json, value: Picked) -> Any:
    """Return what an element of a message reports; nothing of it is kept."""
    if element["type"] not in HELD:
        return _picked(element, value)
    entry = Input(element=element, block={}, content=None)
    entry.fill(value)
    return entry.content


def _picked(element: Json, value: Picked) -> Any:
    """Return what a button or a menu reports: an option in full, by its value."""
    options = options_of(element)
    if not options or value is None:
        return None if options else value
    chosen = next((option for option in options if option.get("value") == value), None)
    if chosen is None:
        raise ValueError(f"no such option: {value}")
    return chosen
