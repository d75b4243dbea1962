"""What a bot was told, as values: frozen, typed, safe to print.

Knows nothing of where a value came from. Everything here may be logged: secrets print
as stars, and a private key is left out of its key's description.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

STARS = "***"


class Secret:
    """A text that shows only when it is asked for by `reveal`."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """Return the text itself; for the one line that sends it."""
        return self._text

    def __repr__(self) -> str:
        return f"Secret({STARS})"

    def __str__(self) -> str:
        return STARS

    def __format__(self, spec: str) -> str:
        return format(STARS, spec)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        return hmac.compare_digest(self._text.encode(), other._text.encode())

    def __hash__(self) -> int:
        return hash((Secret, self._text))


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKey:
    """An App Store Connect key; a key of one person has no issuer.

    `private_key` lies on the curve P-256, the only one that Apple signs with (ES256).
    """

    key_id: str
    issuer_id: str | None
    private_key: EllipticCurvePrivateKey = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackSettings:
    """How to reach Slack: with an app token by Socket Mode, otherwise by signed HTTP.

    At least one of `app_token` and `signing_secret` is there. `api_url` ends in `/api/`.
    """

    bot_token: Secret
    app_token: Secret | None
    signing_secret: Secret | None
    api_url: str

    @property
    def secrets(self) -> tuple[Secret, ...]:
        """What may stand in no log line."""
        given = (self.bot_token, self.app_token, self.signing_secret)
        return tuple(one for one in given if one is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountSettings:
    """One more App Store Connect team, by the name that apps call it, and its key."""

    name: str
    key: ApiKey


@dataclass(frozen=True, slots=True, kw_only=True)
class AppSettings:
    """One app that people may change.

    `channel` only where it has one of its own, `account` (an account's name) only where it
    does not belong to the default one.
    """

    bundle_id: str
    channel: str | None = None
    account: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalRule:
    """An exception to the policy: what it is about and what it sets; None is all, or unset.

    `app` holds bundle ids, `field` Apple's attributes and names of actions on versions,
    `locale` codes, all of them with `*` as a wildcard; the last rule that matches an item wins.
    """

    app: tuple[str, ...] | None = None
    field: tuple[str, ...] | None = None
    locale: tuple[str, ...] | None = None
    quorum: int | None = None
    approvers: tuple[str, ...] | None = None
    escalation: tuple[str, ...] | None = None
    confirm: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalSettings:
    """Who may approve, how many it takes, with which emoji (names without colons).

    `approvers` are ids of users and user groups; none at all means nobody. `escalation`
    are ids of those who are told when approvers stay silent. `keep_votes` says whether votes
    survive an edit for what it left alone, `undo_window` how long an approved push waits so that
    somebody can stop it. `persons` are the accounts of one person each.
    """

    approvers: tuple[str, ...]
    quorum: int = 1
    approve: tuple[str, ...] = ("white_check_mark", "heavy_check_mark", "+1")
    reject: tuple[str, ...] = ("x", "-1")
    expires: timedelta = timedelta(days=7)
    self_approval: bool = False
    escalation: tuple[str, ...] = ()
    keep_votes: bool = True
    undo_window: timedelta = timedelta(0)
    persons: tuple[frozenset[str], ...] = ()
    rules: tuple[ApprovalRule, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderSettings:
    """Remind of a version that stays in `state`, or of a `condition`; the other one is "".

    First when it has lasted `after`, then `every` so often, no more once it has lasted
    `until` (None: as long as it lasts). `to` are ids of users and user groups; none means
    the app's channel.
    """

    state: str = "PENDING_DEVELOPER_RELEASE"
    condition: str = ""
    after: timedelta = timedelta(hours=4)
    every: timedelta = timedelta(days=1)
    to: tuple[str, ...] = ()
    until: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FreezeSettings:
    """A time in which nothing is pushed: from `starts` to `ends` (aware, UTC), or `weekly`.

    `weekly` is where it begins and where it ends, each a day (Monday 0) and a time in the
    team's zone; it may run past Sunday. `app` holds bundle ids, None is every app.
    """

    name: str
    starts: datetime | None = None
    ends: datetime | None = None
    weekly: tuple[tuple[int, time], tuple[int, time]] | None = None
    app: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkingHours:
    """When the team works: `start` to `end` on `days` (Monday 0), in the team's zone."""

    start: time = time(9)
    end: time = time(18)
    days: tuple[int, ...] = (0, 1, 2, 3, 4)


@dataclass(frozen=True, slots=True, kw_only=True)
class Weekly:
    """Once a week: on `day` (Monday 0) at `at`, in the team's zone."""

    day: int
    at: time


SUMMARY_AT = time(18)
WEEKLY = Weekly(day=0, at=time(9))
POLL = timedelta(minutes=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All that a bot was told.

    `key` is the default account's, `accounts` are the further ones. `asc_url` is Apple's
    base address without `/v1` and without a slash at its end. `port` is None where nothing
    is served over HTTP. `public_url` is where the internet reaches that port, without a
    slash at its end; where it is set, so are `port` and `secret`, from which secrets of
    webhooks are derived. `weekly` is None where no weekly summary is wanted. `poll` is how
    often all apps are looked at. `break_glass` are ids of the users and user groups who may
    push without approval. `reminders` are the file's, then the built-in ones that
    hold. `warnings` are sentences about what works but should be better; they hold no
    secrets.
    """

    slack: SlackSettings
    key: ApiKey
    asc_url: str
    database: Path
    port: int | None
    timezone: ZoneInfo
    channel: str
    apps: tuple[AppSettings, ...]
    approval: ApprovalSettings
    reminders: tuple[ReminderSettings, ...] = ()
    freezes: tuple[FreezeSettings, ...] = ()
    break_glass: tuple[str, ...] = ()
    accounts: tuple[AccountSettings, ...] = ()
    public_url: str | None = None
    secret: Secret | None = None
    hours: WorkingHours = WorkingHours()
    summary_at: time = SUMMARY_AT
    weekly: Weekly | None = WEEKLY
    poll: timedelta = POLL
    check_links: bool = True
    warnings: tuple[str, ...] = ()

    @property
    def secrets(self) -> tuple[Secret, ...]:
        """What may stand in no log line."""
        return (*self.slack.secrets, *([self.secret] if self.secret else []))

    def channel_of(self, bundle_id: str) -> str:
        """Return the channel where proposals for this app go."""
        own = {app.bundle_id: app.channel for app in self.apps}
        return own.get(bundle_id) or self.channel

    @property
    def channels(self) -> tuple[str, ...]:
        """Every channel the bot writes to, each once, the general one first."""
        return tuple(
            dict.fromkeys((self.channel, *(self.channel_of(a.bundle_id) for a in self.apps)))
        )
