"""What the watch, its reminders and its summaries show people, as values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from bot.domain.lagging import Lag
from bot.domain.listing import App
from bot.domain.proposals import Proposal
from bot.workflow.cards import VersionCard


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

    @property
    def empty(self) -> bool:
        """Whether there is nothing to say."""
        told = (self.pushed, self.pending, self.waiting, self.rejections, self.rejected, self.lags)
        return not any(told)
