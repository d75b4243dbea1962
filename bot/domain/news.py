"""Which news of a version people act on or celebrate, and which only belong to its story.

Tables of Apple's states (App Store Connect API, AppVersionState, ReviewSubmission and
AppStoreVersionPhasedRelease); a state that no table knows is told, but not aloud.
"""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.listing import Version
from bot.domain.releases import PhasedRelease

# Somebody has to mend something before it goes on.
ALARMS = frozenset({"REJECTED", "METADATA_REJECTED", "INVALID_BINARY"})
# Told to the whole channel, not in the version's thread alone.
LOUD = ALARMS | {
    "WAITING_FOR_REVIEW",
    "IN_REVIEW",
    "PENDING_DEVELOPER_RELEASE",
    "READY_FOR_DISTRIBUTION",
    "DEVELOPER_REJECTED",
}
LOUD_PHASED = frozenset({"PAUSED", "COMPLETE"})
# A version in one of these can be what an open submission carries.
_SUBMITTED = ALARMS | {
    "READY_FOR_REVIEW",
    "WAITING_FOR_REVIEW",
    "IN_REVIEW",
    "ACCEPTED",
    "WAITING_FOR_EXPORT_COMPLIANCE",
    "DEVELOPER_REJECTED",
}
# An app info's states, in Apple's words for the versions that it goes along with.
_SAME_WAY: Mapping[str, frozenset[str]] = {
    "PENDING_RELEASE": frozenset(
        {"PENDING_DEVELOPER_RELEASE", "PENDING_APPLE_RELEASE", "PROCESSING_FOR_DISTRIBUTION"}
    ),
    "READY_FOR_DISTRIBUTION": frozenset({"PROCESSING_FOR_DISTRIBUTION"}),
    "REJECTED": ALARMS,
}
# What people bring about by making or changing a version says nothing that they do not know.
_INFO_IN_SILENCE = frozenset({"PREPARE_FOR_SUBMISSION", "REPLACED_WITH_NEW_INFO"})


def carried(versions: tuple[Version, ...], platform: str) -> Version | None:
    """Return the version that a platform's open submission is likely to carry: a guess.

    For one that was there before anybody looked; `versions` are newest first.
    """
    return next(
        (one for one in versions if one.platform == platform and one.state in _SUBMITTED), None
    )


def info_tells(state: str, versions: tuple[Version, ...]) -> bool:
    """Return whether an app info's new state says what no version's own does."""
    told = {state} | _SAME_WAY.get(state, frozenset())
    return state not in _INFO_IN_SILENCE and not any(one.state in told for one in versions)


def submission_tells(state: str, version: Version | None, *, others: int) -> bool:
    """Return whether a submission's new state says what its version's own does not.

    `version` is what it carries, None for none, `others` how many items that are no versions.
    """
    if state == "UNRESOLVED_ISSUES":
        return version is None or version.state not in ALARMS
    if state == "COMPLETE":
        return version is None and others > 0
    return state == "CANCELING"


def phased_tells(state: str, day: int, now: PhasedRelease) -> bool:
    """Return whether a phased release that was in `state` on `day` is news as it is now."""
    if state != now.state:
        return now.state != "INACTIVE"
    return now.state == "ACTIVE" and day != now.day
