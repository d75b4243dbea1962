"""The state of the emulated workspace: channels, messages, reactions, triggers, and its clock.

Everything here changes at once or not at all; nothing waits. Says no by raising SlackError.
"""

from __future__ import annotations

import itertools
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.sandbox.cast import Cast, Person, UserGroup
from bot.sandbox.slack.channels import Channel, Message, Reaction
from bot.sandbox.slack.emoji import api_name
from bot.sandbox.slack.files import Files
from bot.sandbox.slack.records import Records

Json = dict[str, Any]

TRIGGER_SECONDS = 3.0
RESPONSE_SECONDS, RESPONSE_USES = 1800.0, 5
MOST_TRIGGERS = 1_000
MOST_REACTIONS = 50
MOST_MESSAGES = 5_000
_EMOJI = re.compile(r"[a-z0-9_'+-]{1,100}")
SLACKBOT = "USLACKBOT"


def direct_id(who: str) -> str:
    """Return the id that the app's direct messages with a person have, opened or not."""
    return f"D0{who[2:]}"


def _slackbot(cast: Cast) -> Person:
    return Person(
        id=SLACKBOT,
        name="slackbot",
        real_name="Slackbot",
        title="",
        kind="slackbot",
        team_id=cast.team.id,
    )


class SlackError(Exception):
    """Slack's answer `ok: false` with its name, further fields, and an HTTP status."""

    def __init__(self, error: str, *, status: int = 200, detail: str = "", **more: object) -> None:
        super().__init__(error)
        self.error = error
        self.status = status
        self.detail = detail
        self.more = more


@dataclass(slots=True, kw_only=True)
class Trigger:
    """A trigger id: whose act it was, when (seconds), and the modal it came from."""

    who: str
    born: float
    view_id: str | None = None
    used: bool = False


@dataclass(slots=True, kw_only=True)
class ResponseUrl:
    """Where an app may answer an act: the place, the person, and how often it was used."""

    channel: str
    who: str
    born: float
    ts: str | None = None
    thread_ts: str | None = None
    uses: int = 0


class Workspace:
    """Slack's memory. `emit` hands an event over for delivery; it is set by whoever delivers.

    `messages_tab` begins as the app has it and may be changed.
    """

    def __init__(self, cast: Cast, now: Callable[[], float]) -> None:
        self.cast = cast
        self.now = now
        self.records = Records(now)
        self.files = Files(now, self.new_id)
        self.messages_tab = cast.app.messages_tab
        self.emit: Callable[[Json], object] = lambda _event: None
        self.custom_emoji: frozenset[str] = frozenset()
        self.short_reaction_lists = False
        self.base_url = ""
        self.people: dict[str, Person] = {
            person.id: person for person in (*cast.people, _slackbot(cast))
        }
        self.groups: dict[str, UserGroup] = {group.id: group for group in cast.groups}
        self.channels: dict[str, Channel] = {
            room.id: Channel(
                id=room.id,
                name=room.name,
                members=list(room.members),
                is_private=room.is_private,
                is_ext_shared=room.is_ext_shared,
                is_archived=room.is_archived,
            )
            for room in cast.rooms
        }
        self.triggers: dict[str, Trigger] = {}
        self.response_urls: dict[str, ResponseUrl] = {}
        self._last_stamp = 0
        self._numbers = itertools.count(1)

    # identities

    @property
    def bot_user(self) -> str:
        """Our own app's user id."""
        return self.cast.app.user

    def stamp(self) -> str:
        """Return a message timestamp later than any before it."""
        self._last_stamp = max(int(self.now() * 1_000_000), self._last_stamp + 1)
        return f"{self._last_stamp // 1_000_000}.{self._last_stamp % 1_000_000:06d}"

    def new_id(self, prefix: str) -> str:
        """Return an id that was never given before."""
        return f"{prefix}{next(self._numbers):09X}"

    def person(self, who: str) -> Person:
        """Return a person; `user_not_found` if there is none."""
        if who not in self.people:
            raise SlackError("user_not_found")
        return self.people[who]

    # channels

    def channel(self, ref: str) -> Channel:
        """Return a conversation that the app can know of; `channel_not_found` otherwise."""
        channel = self.channels.get(ref)
        if channel is None or (channel.is_private and self.bot_user not in channel.members):
            raise SlackError("channel_not_found")
        return channel

    def named_channel(self, ref: str) -> Channel:
        """Return a conversation by id, by `#name`, or a person's direct messages by user id."""
        if ref in self.people:
            return self.direct(ref)
        plain = ref.removeprefix("#")
        by_name = next((c.id for c in self.channels.values() if c.name and c.name == plain), ref)
        return self.channel(by_name)

    def joined_channel(self, ref: str) -> Channel:
        """Return a conversation the app is in; `not_in_channel` otherwise."""
        channel = self.channel(ref)
        if self.bot_user not in channel.members:
            raise SlackError("not_in_channel")
        return channel

    def direct(self, who: str) -> Channel:
        """Return the direct messages between the app and a person, opened if need be."""
        self.person(who)
        known = self.channels.get(direct_id(who))
        if known is not None:
            return known
        made = Channel(
            id=direct_id(who), name="", members=[who, self.bot_user], is_private=True, partner=who
        )
        self.channels[made.id] = made
        return made

    def refuse_silent(self, channel: Channel) -> None:
        """Raise `user_disabled`, `cannot_dm_bot` or `messages_tab_disabled` where nobody reads."""
        if not channel.partner:
            return
        person = self.person(channel.partner)
        if person.deleted:
            raise SlackError("user_disabled", detail=person.id)
        if person.is_bot:
            raise SlackError("cannot_dm_bot", detail=person.id)
        if self.messages_tab == "off":
            raise SlackError("messages_tab_disabled")

    def invite(self, channel: Channel, who: str) -> None:
        """Make somebody, the app included, a member; `already_in_channel` or `is_archived`."""
        if channel.is_archived:
            raise SlackError("is_archived")
        if who in channel.members:
            raise SlackError("already_in_channel")
        channel.members.append(who)
        self.records.changed()

    # messages

    def post(self, message: Message) -> Message:
        """Keep a message under its timestamp."""
        kept = self.channels[message.channel].messages
        kept[message.ts] = message
        if len(kept) > MOST_MESSAGES:
            del kept[next(iter(kept))]
        self.records.changed()
        return message

    def message(self, channel: Channel, ts: str) -> Message:
        """Return a message that everybody sees; `message_not_found` otherwise."""
        found = channel.messages.get(ts)
        if found is None or found.seen_by is not None or found.gone:
            raise SlackError("message_not_found")
        return found

    def replies(self, channel: Channel, ts: str) -> list[Message]:
        """Return the replies to a message that everybody sees, oldest first."""
        return [
            m
            for m in channel.messages.values()
            if m.thread_ts == ts and m.ts != ts and m.seen_by is None and not m.gone
        ]

    # reactions

    def react(self, who: str, message: Message, name: str) -> None:
        """Add a person's emoji; `invalid_name`, `already_reacted` or `too_many_emoji`."""
        known = self.emoji(name)
        reaction = message.reaction(known)
        if reaction is None:
            if len(message.reactions) >= MOST_REACTIONS:
                raise SlackError("too_many_emoji")
            message.reactions.append(Reaction(name=known, users=[who]))
        elif who in reaction.users:
            raise SlackError("already_reacted")
        else:
            reaction.users.append(who)
        self.records.changed()

    def unreact(self, who: str, message: Message, name: str) -> None:
        """Take a person's emoji away; `invalid_name` or `no_reaction`."""
        reaction = message.reaction(self.emoji(name))
        if reaction is None or who not in reaction.users:
            raise SlackError("no_reaction")
        reaction.users.remove(who)
        if not reaction.users:
            message.reactions.remove(reaction)
        self.records.changed()

    def know_emoji(self, name: str) -> None:
        """Let a well-formed name that nobody knows be custom emoji of this workspace."""
        plain = name.strip(":").split("::")[0]
        if api_name(name, self.custom_emoji) is None and _EMOJI.fullmatch(plain):
            self.custom_emoji |= {plain}

    def emoji(self, name: str) -> str:
        """Return the API's name of an emoji; `invalid_name` if there is none."""
        known = api_name(name, self.custom_emoji)
        if known is None:
            raise SlackError("invalid_name")
        return known

    # triggers and response URLs

    def new_trigger(self, who: str, view_id: str | None = None) -> str:
        """Return a trigger id for an act of a person that happens now."""
        key = f"{int(self.now() * 1000)}.{self.cast.team.id}.{secrets.token_hex(8)}"
        self.triggers[key] = Trigger(who=who, born=self.now(), view_id=view_id)
        if len(self.triggers) > MOST_TRIGGERS:
            del self.triggers[next(iter(self.triggers))]
        return key

    def take_trigger(self, key: str) -> Trigger:
        """Use a trigger id up.

        Raises `invalid_trigger_id`, `exchanged_trigger_id` or `expired_trigger_id`.
        """
        trigger = self.triggers.get(key)
        if trigger is None:
            raise SlackError("invalid_trigger_id")
        if trigger.used:
            raise SlackError("exchanged_trigger_id")
        if self.now() - trigger.born > TRIGGER_SECONDS:
            raise SlackError("expired_trigger_id")
        trigger.used = True
        return trigger

    def new_response_url(self, where: ResponseUrl) -> str:
        """Return the token under which an app may answer an act."""
        token = secrets.token_hex(12)
        self.response_urls[token] = where
        if len(self.response_urls) > MOST_TRIGGERS:
            del self.response_urls[next(iter(self.response_urls))]
        return token

    def take_response_url(self, token: str) -> ResponseUrl:
        """Use one of a response URL's five answers; `expired_url` or `used_url` with 404."""
        where = self.response_urls.get(token)
        if where is None or self.now() - where.born > RESPONSE_SECONDS:
            raise SlackError("expired_url", status=404)
        if where.uses >= RESPONSE_USES:
            raise SlackError("used_url", status=404)
        where.uses += 1
        return where
