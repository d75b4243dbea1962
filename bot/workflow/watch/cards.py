"""What the watch, its reminders and its summaries show people, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from bot.domain.lagging import Lag
from bot.domain.listing import App, Version
from bot.domain.proposals import Proposal
from bot.domain.releases import PhasedRelease
from bot.workflow.cards import Lasted, VersionCard


@dataclass(frozen=True, slots=True, kw_only=True)
class PhasedCard:
    """A version's phased release that became what it is from `old_state`, "" for nothing.

    `lasted` is how long it was in the old state.
    """

    app: App
    version: Version
    phased: PhasedRelease
    old_state: str
    link: str
    lasted: Lasted | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmissionCard:
    """A submission's new state; `number` is its version's, "" where it holds none."""

    app: App
    platform: str
    number: str
    new_state: str
    link: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InfoCard:
    """An app info's new state, which no version's says; `owners` are ids of who is called."""

    app: App
    new_state: str
    old_state: str
    link: str
    lasted: Lasted | None = None
    owners: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountCard:
    """How an account stands with Apple; `account` is "" where there is only one.

    `message` and `remedy` are sentences with Apple's words, "" when it is well.
    """

    account: str
    state: str
    message: str
    remedy: str
    apps: tuple[App, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HookCard:
    """An app's webhook: `reachable` says whether Apple could reach this bot at all.

    `url` is the address that was set up, "" where none was; `enabled` says whether Apple sends
    to this bot, None where it has no webhook of ours. `unanswered` says that Apple did not
    answer when it was last set up or rotated, `last_refused` when a signature was last wrong.
    Moments are aware, None for never; `poll` is in minutes.
    """

    app: App
    reachable: bool
    url: str
    enabled: bool | None
    last_event: datetime | None
    last_ping: datetime | None
    last_refused: datetime | None = None
    unanswered: bool = False
    poll: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitCard:
    """A reminder of what waits: `what` is a version's state or a condition's name.

    `subject` is the version's id or the account's name, and app and version are None where it
    is about an account. `since` is when it was first seen so. `key` ends it, `mention` are
    the users and groups to name, `done_by` is who ended it, "" while it lasts.
    """

    what: str
    subject: str
    since: datetime
    key: str
    app: App | None = None
    version: Version | None = None
    facts: Mapping[str, int] = field(default_factory=dict)
    mention: tuple[str, ...] = ()
    done_by: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedCard:
    """A proposal that waits for a person, `escalated` where they are on the second list."""

    proposal: Proposal
    escalated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AppWeek:
    """What reached Apple for an app in a week; `locales` are Apple's codes."""

    app: App
    proposals: int
    changes: int
    locales: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejection:
    """That Apple did not take a version; `state` is what it became."""

    app: App
    platform: str
    number: str
    state: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AppLags:
    """The locales of an app's version in preparation that lag; `number` is the version's."""

    app: App
    platform: str
    number: str
    lags: tuple[Lag, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekCount:
    """How many changes arrived and how many failed for good in the week from `starts` on."""

    starts: date
    pushed: int
    failed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekCard:
    """A week in review, from `since` up to `until` (aware, the team's zone).

    `pending` are proposals that wait, `waiting` versions in states that wait for somebody;
    `rejected` proposals ended without a push. `unread` are apps that Apple did not show, so
    that nobody knows which of their locales lag. `counts` are the last weeks, oldest first.
    `head` begins the record's newest hash, "" where it is not told.
    """

    since: datetime
    until: datetime
    pushed: tuple[AppWeek, ...] = ()
    pending: tuple[Proposal, ...] = ()
    waiting: tuple[VersionCard, ...] = ()
    rejections: tuple[Rejection, ...] = ()
    rejected: tuple[Proposal, ...] = ()
    lags: tuple[AppLags, ...] = ()
    unread: tuple[App, ...] = ()
    counts: tuple[WeekCount, ...] = ()
    head: str = ""

    @property
    def empty(self) -> bool:
        """Whether there is nothing to say."""
        told = (self.pushed, self.pending, self.waiting, self.rejections, self.rejected, self.lags)
        return not any(told)
