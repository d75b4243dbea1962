"""What every deed of the workflow has at hand, and the ports that the edges fill."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Protocol
from weakref import WeakValueDictionary
from zoneinfo import ZoneInfo

from bot.appstore.accounts import Accounts
from bot.appstore.client import AppStore
from bot.clock import Clock
from bot.domain.electorate import Person
from bot.domain.lifetime import once_approved
from bot.domain.periods import DAYS, Hours, works
from bot.domain.policy import Members, Policy
from bot.domain.proposals import Proposal, Timing
from bot.domain.record import NewEntry
from bot.domain.spending import Spending
from bot.domain.timing import Calendar, Freeze, Held
from bot.settings import Secret
from bot.storage.outbox import NewNotice
from bot.storage.store import Store

# Where a person looks at an app in App Store Connect.
APP_LINK = "https://appstoreconnect.apple.com/apps/{app_id}/distribution"

MOST_REMEMBERED = 10_000
# The account of ASC_KEY_ID; others are named by [[account]], none of them so.
DEFAULT_ACCOUNT = "default"


class People(Protocol):
    """Who people are and what they signed with; asked anew whenever something is decided."""

    @property
    def team_id(self) -> str:
        """The bot's own team."""
        ...

    @property
    def enterprise_id(self) -> str | None:
        """The Enterprise Grid of the bot's team, where it has one."""
        ...

    async def persons(self, users: Iterable[str], *, fresh: bool) -> Mapping[str, Person]:
        """Return who these users are; one who cannot be found is left out.

        Without `fresh` a recent answer will do, for showing. Raises Unavailable when Slack
        does not answer.
        """
        ...

    async def members(self, groups: Iterable[str], *, fresh: bool) -> Members:
        """Return the members of user groups; a group that does not exist is left out.

        Raises Unavailable when Slack does not answer.
        """
        ...

    async def reactions(
        self, channel: str, ts: str, *, signs: Callable[[str], bool], fresh: bool = False
    ) -> Mapping[str, frozenset[str]] | None:
        """Return emoji name -> users of the emoji that are signs, None when the message is gone.

        With `fresh` also whether the channel is shared is asked anew. Raises Refused where votes
        do not count or are not shown, Unavailable when Slack does not answer or names only some.
        """
        ...


class Notifier(Protocol):
    """Draws from the store what people see; told that something is new, not what."""

    def proposal_changed(self, proposal: int) -> None:
        """Draw a proposal's message again soon."""
        ...

    def notices_waiting(self) -> None:
        """Look at the outbox now."""
        ...

    async def address(self, channel: str, message: str) -> str:
        """Return where a message is to be seen; raises BotError where that is not told."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminder:
    """When to remind of a version that stays in `state`, or of a `condition`; the other is "".

    First when it has lasted `after`, then every so often, no more once it has lasted `until`.
    `to` are ids of users and user groups; none means the app's channel.
    """

    state: str = ""
    condition: str = ""
    after: timedelta
    every: timedelta
    to: tuple[str, ...] = ()
    until: timedelta | None = None


# Nobody said when the team works, so it is taken at any time.
ANY_TIME = Hours(start=time(0), end=time.max, days=DAYS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What `marquee.toml` says, as the workflow needs it.

    `channels` maps the bundle ids that are served to their channels; empty serves every app
    of the keys in `channel`. `poll` is how often all apps are looked at. `public_url` is where
    the internet reaches the bot and `secret` what webhooks' secrets are derived from, both
    None where nobody set them. `break_glass` are ids of people and user groups who may push
    without approval. `summary_at` is the time of the day when failures are summed up, `weekly`
    the day (Monday 0) and time of the weekly summary, None where none is wanted; both in the
    team's zone.
    """

    policy: Policy
    channel: str
    channels: Mapping[str, str]
    reminders: tuple[Reminder, ...]
    timezone: ZoneInfo
    check_links: bool = True
    poll: timedelta = timedelta(minutes=2)
    public_url: str | None = None
    secret: Secret | None = None
    hours: Hours = ANY_TIME
    freezes: tuple[Freeze, ...] = ()
    break_glass: tuple[str, ...] = ()
    summary_at: time = time(18)
    weekly: tuple[int, time] | None = (0, time(9))

    def channel_of(self, bundle_id: str) -> str:
        """Return where an app's proposals go."""
        return self.channels.get(bundle_id, self.channel)

    def serves(self, bundle_id: str) -> bool:
        """Return whether the app is one of this bot's."""
        return not self.channels or bundle_id in self.channels

    def works(self, moment: datetime) -> bool:
        """Return whether the team works at a moment."""
        return works(moment, self.hours, self.timezone)

    def held(self, proposal: Proposal, now: datetime) -> Held | None:
        """Return until when and why a push of this proposal waits, None when it may begin."""
        window = self.policy.undo_window
        stoppable = None
        voted = not (proposal.returns_by_itself or proposal.glass_by)
        if proposal.approved_at is not None and voted and window:
            stoppable = proposal.approved_at + window
        calendar = self.calendar(proposal.bundle_id)
        return calendar.held(proposal.timing, now, stoppable_until=stoppable)

    def would_end(self, timing: Timing, now: datetime) -> datetime:
        """Return when a proposal that was written now and approved would end unpushed."""
        return once_approved(now + self.policy.expires, timing, written=now)

    def calendar(self, bundle_id: str) -> Calendar:
        """Return what holds an app's pushes."""
        return Calendar(freezes=self.freezes, bundle_id=bundle_id, zone=self.timezone)


@dataclass(slots=True, kw_only=True)
class Desk:
    """The needs of every deed, as one argument. Built once, by the composition root."""

    store: Store
    accounts: Accounts
    people: People
    notifier: Notifier
    clock: Clock
    rules: Rules
    start_pushes: Callable[[], None]
    # Set when Apple's events wait to be handled.
    hooks_arrived: asyncio.Event = field(default_factory=asyncio.Event)
    # A hostile file may take a hundred megabytes while it is read: one at a time.
    reading_files: asyncio.Lock = field(default_factory=asyncio.Lock)
    # The accounts that are looked at just now.
    looking: set[str] = field(default_factory=set)
    spending: Spending = field(default_factory=Spending)
    begun: datetime = field(init=False)
    _turns: WeakValueDictionary[int, asyncio.Lock] = field(default_factory=WeakValueDictionary)
    _standing: dict[int, object] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.begun = self.clock.now()

    def store_of(self, app_id: str) -> AppStore:
        """Return the App Store Connect client of the account that an app belongs to."""
        return self.accounts.of(app_id)

    def turn(self, proposal: int) -> asyncio.Lock:
        """Return the lock that lets one vote on a proposal be decided at a time.

        It lasts for as long as somebody holds it or waits for it.
        """
        lock = self._turns.get(proposal)
        if lock is None:
            lock = self._turns[proposal] = asyncio.Lock()
        return lock

    def stands_otherwise(self, proposal: int, standing: object) -> bool:
        """Return whether a proposal stands otherwise than when this was asked before.

        True the first time: what a message shows from before a restart is not known.
        """
        before = self._standing.pop(proposal, None)
        if len(self._standing) >= MOST_REMEMBERED:
            del self._standing[next(iter(self._standing))]
        self._standing[proposal] = standing
        return before != standing

    async def say(self, notices: Iterable[NewNotice], *, told: Iterable[NewEntry] = ()) -> None:
        """Write down what should be said and have it said; `told` goes into the record with it."""
        if await self.store.outbox.add(notices, now=self.clock.now(), told=told):
            self.notifier.notices_waiting()


def app_link(app_id: str) -> str:
    """Return the address of an app in App Store Connect."""
    return APP_LINK.format(app_id=app_id)
