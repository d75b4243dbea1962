"""What the watch, its reminders and its summaries show people, as values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.domain.listing import App, Version
from bot.domain.releases import PhasedRelease


@dataclass(frozen=True, slots=True, kw_only=True)
class PhasedCard:
    """A version's phased release that became what it is from `old_state`, "" for nothing."""

    app: App
    version: Version
    phased: PhasedRelease
    old_state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmissionCard:
    """A submission's new state; `number` is its version's, "" where it holds none."""

    app: App
    platform: str
    number: str
    new_state: str
    link: str


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

    `url` is the address Apple sends to, "" where none is set up; `enabled` is None where
    Apple has none of ours. Moments are aware, None for never; `poll` is in minutes.
    """

    app: App
    reachable: bool
    url: str
    enabled: bool | None
    last_event: datetime | None
    last_ping: datetime | None
    poll: int
