"""What the watch, its reminders and its summaries show people, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.listing import App, Version
from bot.domain.proposals import Proposal


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
