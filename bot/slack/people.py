"""Who people are, asked of Slack: the workflow's `People`.

A decision asks anew; what is only shown may be a few minutes old.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from bot.clock import Clock, SteadyTime
from bot.domain.electorate import Person
from bot.domain.policy import Members
from bot.errors import Refused, Unavailable
from bot.slack.checks import Identity, SlackRefused, SlackSide, ask

RECENT = timedelta(minutes=5)
# A channel that is not shown is no message that was deleted: the bot may be back in it soon.
GONE = {"message_not_found", "thread_not_found"}
NOBODY = {"user_not_found", "user_not_visible"}
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
        self._members: dict[str, tuple[datetime, frozenset[str] | None]] = {}
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
        """Return the members of user groups; one that Slack does not know is left out."""
        asked = sorted(set(groups))
        found = await asyncio.gather(*(self._group(group, fresh=fresh) for group in asked))
        return {
            group: members
            for group, members in zip(asked, found, strict=True)
            if members is not None
        }

    async def reactions(
        self, channel: str, ts: str, *, signs: Callable[[str], bool], fresh: bool = False
    ) -> Mapping[str, frozenset[str]] | None:
        """Return emoji -> users of those emoji that are signs, None when the message is gone.

        `full` makes Slack list every user, and yet the list "may not always contain all users"
        (reactions.get): raises Unavailable then. Raises Refused for a channel that people of
        another organisation are in, asked anew where `fresh`: votes there do not count.
        """
        await self._refuse_shared(channel, fresh=fresh)
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
        return {one["name"]: _whole(one) for one in shown if signs(one["name"])}

    async def _refuse_shared(self, channel: str, *, fresh: bool) -> None:
        known = self._shared.get(channel)
        if known is None or fresh or self._time.now() - known[0] >= RECENT:
            shared = (await self._slack.channel(channel)).is_shared
            known = self._shared[channel] = (self._time.now(), shared)
        if known[1]:
            raise Refused(SHARED, remedy="Use a channel of your own: `channel` in marquee.toml.")

    async def _person(self, user: str, *, fresh: bool) -> Person | None:
        known = self._persons.get(user)
        if known and not fresh and self._time.now() - known[0] < RECENT:
            return known[1]
        try:
            person: Person | None = await self._slack.person(user)
        except (SlackRefused, Unavailable) as error:
            if isinstance(error, SlackRefused) and error.code in NOBODY:
                person = None
            elif known is not None and not fresh:
                return known[1]
            elif isinstance(error, SlackRefused):
                raise _unsaid(user, error) from None
            else:
                raise
        if len(self._persons) >= MOST_REMEMBERED:
            self._persons.clear()
        self._persons[user] = (self._time.now(), person)
        return person

    async def _group(self, group: str, *, fresh: bool) -> frozenset[str] | None:
        known = self._members.get(group)
        if known and not fresh and self._time.now() - known[0] < RECENT:
            return known[1]
        try:
            members: frozenset[str] | None = await self._slack.members(group)
        except SlackRefused as error:
            if error.code not in UNKNOWN_GROUP:
                raise
            members = None
        except Unavailable:
            if known is None or fresh:
                raise
            return known[1]
        self._members[group] = (self._time.now(), members)
        return members


def _whole(reaction: Mapping[str, Any]) -> frozenset[str]:
    """Return who reacted; raises Unavailable where Slack counts more than it names."""
    users = frozenset(reaction["users"])
    if int(reaction.get("count", len(users))) != len(users):
        raise Unavailable(
            f"Slack names only some of those who reacted with :{reaction['name']}:.",
            remedy="Nothing is decided before it names all of them.",
        )
    return users


def _unsaid(user: str, error: SlackRefused) -> Unavailable:
    """Return that nobody knows who a person is: their vote may be the one that rejects."""
    return Unavailable(
        f"Slack does not say who {user} is: {error}",
        remedy=error.remedy or "Nothing is decided before it does.",
    )
