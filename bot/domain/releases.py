"""What becomes of a version besides its texts: builds, review, release, phased release.

Apple's states and their order: App Store Connect API, AppVersionState, ReviewSubmission,
AppStoreVersionPhasedRelease, Build; what a phased release shows to whom on which day: App
Store Connect Help, "Release a version update in phases".
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.listing import Version

# Percent of people that get the update on day 1 to 7.
PHASES = (1, 2, 5, 10, 20, 50, 100)
# Days in all that a phased release may be paused.
PAUSE_BUDGET = 30
# The states of a version in which Apple lets phases be asked for (the same help page).
PHASABLE = frozenset(
    {
        "PREPARE_FOR_SUBMISSION",
        "DEVELOPER_REJECTED",
        "REJECTED",
        "METADATA_REJECTED",
        "WAITING_FOR_REVIEW",
        "WAITING_FOR_EXPORT_COMPLIANCE",
        "IN_REVIEW",
        "PENDING_DEVELOPER_RELEASE",
    }
)
OPEN_SUBMISSIONS = frozenset(
    {"READY_FOR_REVIEW", "WAITING_FOR_REVIEW", "IN_REVIEW", "UNRESOLVED_ISSUES", "CANCELING"}
)
# What was handed in and can still be taken back.
CANCELLABLE = frozenset({"WAITING_FOR_REVIEW", "IN_REVIEW", "UNRESOLVED_ISSUES"})
DRAFT = "READY_FOR_REVIEW"


class ReleaseType(StrEnum):
    """When an approved version is released; Apple's names."""

    MANUAL = "MANUAL"
    AFTER_APPROVAL = "AFTER_APPROVAL"
    SCHEDULED = "SCHEDULED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Build:
    """An uploaded build; `train` is the version it was uploaded for, `state` Apple's."""

    id: str
    platform: str
    train: str
    number: str
    state: str = "VALID"
    expired: bool = False
    uploaded_at: datetime | None = None

    @property
    def label(self) -> str:
        """The build as people and digests name it: "2.5.0 (341)"."""
        return f"{self.train} ({self.number})" if self.train else self.number

    @property
    def usable(self) -> bool:
        """Whether a version can be submitted with it."""
        return self.state == "VALID" and not self.expired


@dataclass(frozen=True, slots=True, kw_only=True)
class PhasedRelease:
    """A phased release; `day` counts from 1 to 7 (0 before it began), `paused_days` of 30."""

    id: str
    version_id: str
    state: str
    day: int = 0
    paused_days: int = 0
    started_at: datetime | None = None

    @property
    def percent(self) -> int:
        """The share of people who get the update now, of a hundred."""
        if self.state == "COMPLETE":
            return PHASES[-1]
        return PHASES[min(self.day, len(PHASES)) - 1] if self.day > 0 else 0

    @property
    def pause_left(self) -> int:
        """Days that it may still be paused."""
        return max(0, PAUSE_BUDGET - self.paused_days)


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """A review submission; `items` counts all it carries, `version_ids` names its versions.

    `others` is how many of its items are no versions (product pages, events ...).
    """

    id: str
    app_id: str
    platform: str
    state: str
    submitted_at: datetime | None = None
    version_ids: tuple[str, ...] = ()
    others: int = 0

    @property
    def open(self) -> bool:
        """Whether it stands in the way of another one."""
        return self.state in OPEN_SUBMISSIONS


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """A version with what its release hangs on; `copyright` is None where nobody asked."""

    version: Version
    build: Build | None = None
    phased: PhasedRelease | None = None
    copyright: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """What an app declares beside its texts; "" for what is not there, None where not told.

    `category` is the id of the primary category of the app info that is prepared,
    `content_rights` Apple's `contentRightsDeclaration`.
    """

    category: str | None
    content_rights: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where an app stands on a platform, without texts: read in one look.

    `releases` are its standing versions, newest first; `submissions` those that are open;
    `builds` the usable ones, newest first, empty where nobody asked for them.
    """

    app_id: str
    platform: str
    releases: tuple[Release, ...]
    submissions: tuple[Submission, ...] = ()
    builds: tuple[Build, ...] = ()
    read_at: datetime

    def release(self, version_id: str, number: str = "") -> Release | None:
        """Return the version with that id; one that had none yet is known by its number."""
        return next(
            (
                one
                for one in self.releases
                if one.version.id == version_id or (not version_id and one.version.number == number)
            ),
            None,
        )

    def submission(self, version_id: str) -> Submission | None:
        """Return the open submission that a version is in, or that stands in its way.

        Apple takes one with a version at a time; what holds other items alone and was
        handed in is in nobody's way (App Store Connect Help, "Overview of submitting").
        """
        found = [one for one in self.submissions if one.open]
        found = [one for one in found if one.state == DRAFT or one.version_ids]
        found.sort(key=lambda one: version_id not in one.version_ids)
        return found[0] if found else None


def newest_build(builds: Iterable[Build], train: str) -> Build | None:
    """Return the newest usable build that was uploaded for a version, None without one."""
    return next((one for one in builds if one.usable and one.train == train), None)
