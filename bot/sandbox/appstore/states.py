"""States of versions and app infos as tables: what follows what, what may be edited.

Values: App Store Connect API 4.4.1. What may be edited in a state follows Apple's
"App and submission statuses"; where that is vague, this store says no.
"""

from __future__ import annotations

from collections.abc import Mapping

from bot.sandbox.appstore.schema import VERSION_TEXTS

PREPARING = "PREPARE_FOR_SUBMISSION"
LIVE = "READY_FOR_DISTRIBUTION"
REPLACED = "REPLACED_WITH_NEW_VERSION"
REPLACED_INFO = "REPLACED_WITH_NEW_INFO"

# version state -> (state of the app info that goes with it, the deprecated appStoreState)
VERSION_STATES: Mapping[str, tuple[str, str]] = {
    "ACCEPTED": ("ACCEPTED", "ACCEPTED"),
    "DEVELOPER_REJECTED": ("DEVELOPER_REJECTED", "DEVELOPER_REJECTED"),
    "IN_REVIEW": ("IN_REVIEW", "IN_REVIEW"),
    "INVALID_BINARY": ("REJECTED", "INVALID_BINARY"),
    "METADATA_REJECTED": ("REJECTED", "METADATA_REJECTED"),
    "PENDING_APPLE_RELEASE": ("PENDING_RELEASE", "PENDING_APPLE_RELEASE"),
    "PENDING_DEVELOPER_RELEASE": ("PENDING_RELEASE", "PENDING_DEVELOPER_RELEASE"),
    PREPARING: (PREPARING, PREPARING),
    "PROCESSING_FOR_DISTRIBUTION": ("PENDING_RELEASE", "PROCESSING_FOR_APP_STORE"),
    LIVE: (LIVE, "READY_FOR_SALE"),
    "READY_FOR_REVIEW": ("READY_FOR_REVIEW", "READY_FOR_REVIEW"),
    "REJECTED": ("REJECTED", "REJECTED"),
    REPLACED: (REPLACED_INFO, REPLACED),
    "WAITING_FOR_EXPORT_COMPLIANCE": ("WAITING_FOR_REVIEW", "WAITING_FOR_EXPORT_COMPLIANCE"),
    "WAITING_FOR_REVIEW": ("WAITING_FOR_REVIEW", "WAITING_FOR_REVIEW"),
}

INFO_STATES = frozenset(info for info, _ in VERSION_STATES.values())

EDITABLE = frozenset(
    {PREPARING, "DEVELOPER_REJECTED", "REJECTED", "METADATA_REJECTED", "INVALID_BINARY"}
)
CLOSED = frozenset({LIVE, REPLACED, REPLACED_INFO})

# version state -> the texts that may still be changed when not all of them may
STILL_EDITABLE: Mapping[str, frozenset[str]] = {
    "WAITING_FOR_REVIEW": frozenset({"promotionalText", "whatsNew"}),
    "PENDING_DEVELOPER_RELEASE": frozenset({"promotionalText"}),
    "PENDING_APPLE_RELEASE": frozenset({"promotionalText"}),
    "PROCESSING_FOR_DISTRIBUTION": frozenset({"promotionalText"}),
    LIVE: frozenset({"promotionalText"}),
}

# version state -> state of the review submission that carries it; absent means none
SUBMISSION_STATES: Mapping[str, str] = {
    "READY_FOR_REVIEW": "READY_FOR_REVIEW",
    "WAITING_FOR_REVIEW": "WAITING_FOR_REVIEW",
    "IN_REVIEW": "IN_REVIEW",
    "REJECTED": "UNRESOLVED_ISSUES",
    "METADATA_REJECTED": "UNRESOLVED_ISSUES",
    "INVALID_BINARY": "UNRESOLVED_ISSUES",
    "DEVELOPER_REJECTED": "COMPLETE",
    "PENDING_DEVELOPER_RELEASE": "COMPLETE",
    "PENDING_APPLE_RELEASE": "COMPLETE",
    "PROCESSING_FOR_DISTRIBUTION": "COMPLETE",
    LIVE: "COMPLETE",
}

# The road of a version through review, for whoever offers the next step.
NEXT: Mapping[str, tuple[str, ...]] = {
    PREPARING: ("READY_FOR_REVIEW",),
    "READY_FOR_REVIEW": ("WAITING_FOR_REVIEW", PREPARING),
    "WAITING_FOR_REVIEW": ("IN_REVIEW", "DEVELOPER_REJECTED"),
    "IN_REVIEW": ("PENDING_DEVELOPER_RELEASE", "REJECTED", "METADATA_REJECTED"),
    "PENDING_DEVELOPER_RELEASE": ("PROCESSING_FOR_DISTRIBUTION", LIVE, "DEVELOPER_REJECTED"),
    "PROCESSING_FOR_DISTRIBUTION": (LIVE,),
    "PENDING_APPLE_RELEASE": ("PROCESSING_FOR_DISTRIBUTION", LIVE),
    "REJECTED": ("READY_FOR_REVIEW",),
    "METADATA_REJECTED": ("READY_FOR_REVIEW",),
    "DEVELOPER_REJECTED": ("READY_FOR_REVIEW",),
    "INVALID_BINARY": ("READY_FOR_REVIEW",),
    LIVE: (),
}

# Every state of a review submission; CANCELING and COMPLETING pass by themselves.
OVER = "COMPLETE"
ALL_SUBMISSION_STATES = frozenset(SUBMISSION_STATES.values()) | {"CANCELING", "COMPLETING"}

# version state -> state of its item in the submission
ITEM_STATES: Mapping[str, str] = {
    "REJECTED": "REJECTED",
    "METADATA_REJECTED": "REJECTED",
    "INVALID_BINARY": "REJECTED",
    "ACCEPTED": "ACCEPTED",
    "PENDING_DEVELOPER_RELEASE": "APPROVED",
    "PENDING_APPLE_RELEASE": "APPROVED",
    "PROCESSING_FOR_DISTRIBUTION": "APPROVED",
    LIVE: "APPROVED",
}

# release type -> where an approved version goes
AFTER_APPROVAL: Mapping[str, str] = {
    "MANUAL": "PENDING_DEVELOPER_RELEASE",
    "SCHEDULED": "PENDING_APPLE_RELEASE",
    "AFTER_APPROVAL": "PROCESSING_FOR_DISTRIBUTION",
}
APPROVED = frozenset({"PENDING_DEVELOPER_RELEASE", "PENDING_APPLE_RELEASE"})
RELEASED = CLOSED | {"PROCESSING_FOR_DISTRIBUTION"}


def may_edit(kind: str, state: str, attribute: str) -> bool:
    """Return whether `attribute` of a localization of type `kind` may change in `state`."""
    if state in EDITABLE:
        return True
    return kind == VERSION_TEXTS and attribute in STILL_EDITABLE.get(state, frozenset())
