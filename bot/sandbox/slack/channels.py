"""Channels as they stand, with the messages in them and the reactions under those."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]


@dataclass(slots=True, kw_only=True)
class Reaction:
    """One emoji under a message, with its users in the order they came."""

    name: str
    users: list[str]


@dataclass(slots=True, kw_only=True)
class Message:
    """A message as it stands; `seen_by` is the one person of an ephemeral message.

    A reply with `broadcast` shows in the channel as well; `files` are ids of files.
    """

    channel: str
    ts: str
    user: str
    text: str
    blocks: list[Json]
    attachments: list[Json] = field(default_factory=list)
    thread_ts: str | None = None
    broadcast: bool = False
    files: list[str] = field(default_factory=list)
    metadata: Json | None = None
    edited: str | None = None
    seen_by: str | None = None
    gone: bool = False
    mentions: list[str] = field(default_factory=list)
    reactions: list[Reaction] = field(default_factory=list)

    @property
    def is_reply(self) -> bool:
        """Whether it answers another message."""
        return self.thread_ts is not None and self.thread_ts != self.ts

    @property
    def on_top(self) -> bool:
        """Whether it stands in the channel itself."""
        return not self.is_reply or self.broadcast

    def reaction(self, name: str) -> Reaction | None:
        """Return the reaction of exactly this name."""
        return next((r for r in self.reactions if r.name == name), None)


@dataclass(slots=True, kw_only=True)
class Channel:
    """A conversation; a direct message has `partner` set and no name."""

    id: str
    name: str
    members: list[str]
    is_private: bool = False
    is_ext_shared: bool = False
    is_archived: bool = False
    partner: str = ""
    messages: dict[str, Message] = field(default_factory=dict, repr=False)
