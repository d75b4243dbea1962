"""What people are shown of versions and of acting on them, as values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.domain.listing import App, Version
from bot.domain.releases import PhasedRelease, Release, Standing, Submission
from bot.domain.validation import Finding, Severity
from bot.domain.wishes import Deed, Seen, Wish
from bot.workflow.cards import BudgetCard, Waiting

_UTC = ZoneInfo("UTC")


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionForm:
    """A form that proposes to act on a version, as values.

    `seen` is what the person is shown and what their wish is compared with later; `release`
    is the version it is about, None for one to be made. `findings` is the checklist of a
    submission, `choices` what a phased release can become. `proposal` is the one it replaces,
    `kept` the form from before whose wish this is, which `note` tells. `frozen` says which
    freeze holds what is wished for, "" where none does.
    """

    deed: Deed
    app: App
    platform: str
    platforms: tuple[str, ...]
    standing: Standing
    release: Release | None
    seen: Seen
    wish: Wish
    zone: str
    findings: tuple[Finding, ...] = ()
    choices: tuple[str, ...] = ()
    proposal: int | None = None
    kept: int | None = None
    note: str = ""
    frozen: str = ""

    @property
    def errors(self) -> tuple[Finding, ...]:
        """What has to be mended before this can be proposed."""
        return tuple(one for one in self.findings if one.severity is Severity.ERROR)

    @property
    def submission(self) -> Submission | None:
        """The open submission that the version is in, or that stands in its way."""
        return self.standing.submission(self.seen.version_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusLine:
    """A version and what its release hangs on, as far as it is known.

    `since` is when its state was first seen, and began where that is `exact`; `submitted` is
    the state of the open submission it is in and `submitted_at` since when. `due` says that a
    reminder asks for it.
    """

    app: App
    version: Version
    since: datetime | None = None
    exact: bool = True
    build: str = ""
    release: str = ""
    phased: PhasedRelease | None = None
    submitted: str = ""
    submitted_at: datetime | None = None
    due: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusCard:
    """Where versions stand and what waits for whom: of one app, or of all.

    `problem` says why what is told is only what was last seen, "" where it was read now;
    `zone` is the team's, to name times in.
    """

    lines: tuple[StatusLine, ...]
    proposals: Waiting
    budgets: tuple[BudgetCard, ...]
    now: datetime
    app: App | None = None
    problem: str = ""
    zone: ZoneInfo = _UTC
