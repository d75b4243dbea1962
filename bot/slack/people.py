"""Who people are, asked of Slack: the workflow's `People`.

A decision asks anew; what is only shown may be a few minutes old.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from bot.clock import Clock, SteadyTime
from bot.domain.approvals import Person
from bot.domain.policy import Members
from bot.errors import Refused, Unavailable
from bot.slack.checks import Identity, SlackRefused, SlackSide, ask

RECENT = timedelta(minutes=5)
GONE = {"message_not_found", "channel_not_found", "thread_not_found"}
UNKNOWN_GROUP = {"no_such_subteam", "subteam_not_found", "plan_upgrade_required"}
MOST_REMEMBERED = 1_000
SHARED = "This channel is shared with another organisation, and votes there do not count."


class SlackPeople:
    """Slack's users, user groups and reactions."""

    def __init__(self, slack: SlackSide, identity: Identity, clock: Clock) -> None:
        self._slack = slack
        self._identity = identity
        self._time = SteadyTime(clock)
        self._persons: dict[str, tuple[datetime, Person | None]] = {}
        self._members: dict[str, tuple[datetime, frozenset[str]]] = {}
        self._shared: dict[str, tuple[datetime, bool]] = {}

    @property
    def team_id(self) -> str:
        """The bot's own team."""
        return self._identity.team_id

    @property
    def enterprise_id(self) -> str | None:
        """The Enterprise Grid of the bot's team, where it has one."""
        return self._identity.enterprise_id

    async def persons(self, users: Iterable[str], *, fresh: bool) -> Mapping[str, Person]:
        """Return who these users are; raises Unavailable when Slack does not answer."""
        asked = sorted(set(users))
        found = await asyncio.gather(*(self._person(user, fresh=fresh) for user in asked))
        return {user: person for user, person in zip(asked, found, strict=True) if person}

    async def members(self, groups: Iterable[str], *, fresh: bool) -> Members:
        """Return the members of user groups; one that Slack does not know has none."""
        asked = sorted(set(groups))
        found = await asyncio.gather(*(self._group(group, fresh=fresh) for group in asked))
        return dict(zip(asked, found, strict=True))

    async def reactions(self, channel: str, ts: str) -> Mapping[str, frozenset[str]] | None:
        """Return emoji -> users on a message, None when it is gone.

        `full` makes Slack list every user (reactions.get). Raises Refused for a channel that
        people of another organisation are in: votes there do not count.
        """
        await self._refuse_shared(channel)
        try:
            answer = await ask(
                self._slack.client.reactions_get(channel=channel, timestamp=ts, full=True)
            )
        except SlackRefused as error:
            if error.code in GONE:
                return None
            raise
        message: dict[str, Any] = answer["message"]
        shown: list[dict[str, Any]] = message.get("reactions", [])
        return {one["name"]: frozenset(one["users"]) for one in shown}

    async def _refuse_shared(self, channel: str) -> None:
        known = self._shared.get(channel)
        if known is None or self._time.now() - known[0] >= RECENT:
            try:
                shared = (await self._slack.channel(channel)).is_shared
            except SlackRefused:
                # Where the channel is gone, so is the message, and Slack says that next.
                return
            known = self._shared[channel] = (self._time.now(), shared)
        if known[1]:
            raise Refused(SHARED, remedy="Use a channel of your own: `channel` in marquee.toml.")

    async def _person(self, user: str, *, fresh: bool) -> Person | None:
        known = self._persons.get(user)
        if known and not fresh and self._time.now() - known[0] < RECENT:
            return known[1]
        try:
            person: Person | None = await self._slack.person(user)
        except SlackRefused:
            person = None
        except Unavailable:
            if known is None or fresh:
                raise
            return known[1]
        if len(self._persons) >= MOST_REMEMBERED:
            self._persons.clear()
        self._persons[user] = (self._time.now(), person)
        return person

    async def _group(self, group: str, *, fresh: bool) -> frozenset[str]:
        known = self._members.get(group)
        if known and not fresh and self._time.now() - known[0] < RECENT:
            return known[1]
        try:
            members = await self._slack.members(group)
        except SlackRefused as error:
            if error.code not in UNKNOWN_GROUP:
                raise
            members = frozenset()
        except Unavailable:
            if known is None or fresh:
                raise
            return known[1]
        self._members[group] = (self._time.now(), members)
        return members
