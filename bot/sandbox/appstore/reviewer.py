"""What reviewers at Apple do with a version, step by step, each from the states it is open in.

It knows where a verdict leads: an approved version goes where its release type says.
"""

from __future__ import annotations

from collections.abc import Mapping

from bot.sandbox.appstore.records import Record, Records
from bot.sandbox.appstore.review import Studio
from bot.sandbox.appstore.schema import VERSIONS
from bot.sandbox.appstore.states import AFTER_APPROVAL, APPROVED, LIVE
from bot.sandbox.appstore.submissions.desk import Desk

_REVIEWED = frozenset({"WAITING_FOR_REVIEW", "IN_REVIEW", "ACCEPTED"})
PROCESSING = "PROCESSING_FOR_DISTRIBUTION"

# verdict -> states it is open in, state it leads to ("" means: as the release type says)
VERDICTS: Mapping[str, tuple[frozenset[str], str]] = {
    "start": (frozenset({"WAITING_FOR_REVIEW"}), "IN_REVIEW"),
    "approve": (_REVIEWED, ""),
    "reject": (_REVIEWED, "REJECTED"),
    "reject_metadata": (_REVIEWED, "METADATA_REJECTED"),
    "reject_binary": (_REVIEWED, "INVALID_BINARY"),
    "release": (APPROVED, PROCESSING),
    "distribute": (frozenset({PROCESSING}), LIVE),
}


class Reviewer:
    """Apple's side of a review."""

    def __init__(self, records: Records, studio: Studio, desk: Desk) -> None:
        self._records = records
        self._studio = studio
        self._desk = desk

    def decide(self, version_id: str, verdict: str, now: float) -> Record:
        """Do what `verdict` (a row of `VERDICTS`) says and return the version.

        Raises LookupError for an unknown version, ValueError for an unknown verdict and
        for one that is not open in the version's state.
        """
        if verdict not in VERDICTS:
            raise ValueError(f"No verdict is called {verdict}; there are {', '.join(VERDICTS)}.")
        version = self._records.need(VERSIONS, version_id)
        state = str(version.attributes["appVersionState"])
        states, wanted = VERDICTS[verdict]
        if state not in states:
            raise ValueError(f"A version that is {state} cannot be met with {verdict!r}.")
        self._studio.move(version_id, wanted or self.destination(version), now)
        if verdict == "approve":
            self._desk.complete(version, now)
        return version

    def destination(self, version: Record) -> str:
        """Return the state an approved version is in by its release type."""
        return AFTER_APPROVAL[str(version.attributes["releaseType"] or "AFTER_APPROVAL")]
