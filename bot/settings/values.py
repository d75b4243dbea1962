"""What a bot was told, as values: frozen, typed, safe to print.

Knows nothing of where a value came from. Everything here may be logged: secrets print
as stars, and a private key is left out of its key's description.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field
from datetime import timedelta
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
class AppSettings:
    """One app that people may change; `channel` only where it has one of its own."""

    bundle_id: str
    channel: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalRule:
    """An exception to the policy: what it is about and what it sets; None is all, or unset.

    `app` holds bundle ids, `field` Apple's attributes, `locale` codes or patterns
    such as `pt-*`; the last rule that matches an item wins.
    """

    app: tuple[str, ...] | None = None
    field: tuple[str, ...] | None = None
    locale: tuple[str, ...] | None = None
    quorum: int | None = None
    approvers: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalSettings:
    """Who may approve, how many it takes, with which emoji (names without colons).

    `approvers` are ids of users and user groups; none at all means nobody.
    """

    approvers: tuple[str, ...]
    quorum: int = 1
    approve: tuple[str, ...] = ("white_check_mark", "heavy_check_mark", "+1")
    reject: tuple[str, ...] = ("x", "-1")
    expires: timedelta = timedelta(days=7)
    self_approval: bool = False
    rules: tuple[ApprovalRule, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderSettings:
    """Remind of a version that stays in `state`: first `after` that long, then `every` so often."""

    state: str = "PENDING_DEVELOPER_RELEASE"
    after: timedelta = timedelta(hours=4)
    every: timedelta = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All that a bot was told.

    `asc_url` is Apple's base address without `/v1` and without a slash at its end.
    `port` is None where nothing is served over HTTP. `warnings` are sentences about
    what works but should be better; they hold no secrets.
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
    warnings: tuple[str, ...] = ()

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
