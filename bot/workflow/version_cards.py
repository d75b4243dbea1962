"""What people are shown of versions and of acting on them, as values."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.listing import App
from bot.domain.releases import Release, Standing, Submission
from bot.domain.validation import Finding, Severity
from bot.domain.wishes import Deed, Seen, Wish


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionForm:
    """A form that proposes to act on a version, as values.

    `seen` is what the person is shown and what their wish is compared with later; `release`
    is the version it is about, None for one to be made. `findings` is the checklist of a
    submission, `choices` what a phased release can become. `proposal` is the one it replaces.
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

    @property
    def errors(self) -> tuple[Finding, ...]:
        """What has to be mended before this can be proposed."""
        return tuple(one for one in self.findings if one.severity is Severity.ERROR)

    @property
    def submission(self) -> Submission | None:
        """The open submission that the version is in, or that stands in its way."""
        return self.standing.submission(self.seen.version_id)
