"""Writes of review submissions: a draft, its items, the submitting and the way back.

It knows which step is open in which state. Cancelling takes a while: the submission is
CANCELING until its moment has come, and the version is not withdrawn before.
"""

from __future__ import annotations

from typing import Any

from bot.sandbox.appstore.bodies import (
    identity,
    target,
    unknown_attributes,
    unknown_relationships,
)
from bot.sandbox.appstore.conditions import Conditions
from bot.sandbox.appstore.records import Record, Records
from bot.sandbox.appstore.refusals import Problem, RefusalError, refusal
from bot.sandbox.appstore.review import Studio
from bot.sandbox.appstore.schema import APPS, PLATFORMS, SUBMISSION_ITEMS, SUBMISSIONS, VERSIONS
from bot.sandbox.appstore.states import EDITABLE
from bot.sandbox.appstore.submissions.checklist import Checklist
from bot.sandbox.appstore.submissions.folder import DRAFT, Folder

Json = dict[str, Any]

INVALID = "STATE_ERROR.ENTITY_STATE_INVALID"
CANCELLABLE = frozenset({"WAITING_FOR_REVIEW", "IN_REVIEW", "UNRESOLVED_ISSUES"})
SUBMITTABLE = frozenset({DRAFT, "UNRESOLVED_ISSUES"})


class Desk:
    """Where versions are handed in for review."""

    def __init__(
        self, records: Records, studio: Studio, folder: Folder, conditions: Conditions
    ) -> None:
        self._records = records
        self._studio = studio
        self._folder = folder
        self._conditions = conditions
        self._checklist = Checklist(records, conditions)

    def create(self, kind: str, data: Json, now: float) -> Record:
        """Start a submission, or put a version into one; raises RefusalError."""
        if data.get("type") != kind:
            raise refusal("ENTITY_ERROR.TYPE", f"The resource type must be '{kind}'")
        if kind == SUBMISSION_ITEMS:
            return self._add_item(data, now)
        app = target(self._records, data, "app", APPS)
        platform = data.get("attributes", {}).get("platform")
        if platform not in PLATFORMS:
            detail = f"'{platform}' is not a valid platform"
            pointer = "/data/attributes/platform"
            raise refusal("ENTITY_ERROR.ATTRIBUTE.INVALID", detail, pointer=pointer)
        if self._folder.open_submission(app, platform) is not None:
            detail = "There is already another reviewSubmission in progress for this platform"
            raise refusal("STATE_ERROR", detail)
        return self._folder.add_submission(app, platform, now)

    def update(self, record: Record, data: Json, now: float) -> Record:
        """Submit or cancel a submission, or change an item; raises RefusalError."""
        item = record.type == SUBMISSION_ITEMS
        names = ("removed", "resolved") if item else ("submitted", "canceled", "platform")
        found = [
            *identity(data, record.type, record.id),
            *unknown_relationships(data),
            *unknown_attributes(data, allowed=names),
        ]
        if found:
            raise RefusalError(found)
        attributes: Json = data.get("attributes", {})
        if item:
            self._update_item(record, attributes, now)
        elif attributes.get("submitted"):
            self._submit(record, now)
        elif attributes.get("canceled"):
            self._cancel(record, now)
        return record

    def delete(self, record: Record, now: float) -> None:
        """Take an item out of a draft; refused once it was submitted."""
        if self._folder.home_of(record).attributes["state"] != DRAFT:
            raise refusal(INVALID, "Resource state is invalid")
        self._put_back(record, now, forget=True)

    def settle(self, now: float) -> bool:
        """Finish what was CANCELING or COMPLETING long enough; True when something was."""
        due = [
            submission
            for submission in self._records.every(SUBMISSIONS)
            if submission.notes.get("over_at", now + 1) <= now
        ]
        for submission in due:
            del submission.notes["over_at"]
            if submission.attributes["state"] == "CANCELING":
                version = self._records.need(VERSIONS, submission.one["appStoreVersionForReview"])
                self._studio.move(version.id, "DEVELOPER_REJECTED", now)
                version.notes["settled_at"] = now + self._conditions.settling_seconds
            else:
                submission.change({"state": "COMPLETE"}, now)
        return bool(due)

    def complete(self, version: Record, now: float) -> None:
        """Let the submission of an approved version be COMPLETING for a while."""
        for submission in self._records.every(SUBMISSIONS):
            holds = submission.one.get("appStoreVersionForReview") == version.id
            if holds and submission.attributes["state"] == "COMPLETE":
                submission.change({"state": "COMPLETING"}, now)
                submission.notes["over_at"] = now + self._conditions.cancel_seconds

    def _add_item(self, data: Json, now: float) -> Record:
        submission = target(self._records, data, "reviewSubmission", SUBMISSIONS)
        version = target(self._records, data, "appStoreVersion", VERSIONS)
        home = self._folder.holding(version)
        if home is not None:
            raise _already_added(version, home)
        same = (submission.one["app"], submission.attributes["platform"]) == (
            version.one["app"],
            version.attributes["platform"],
        )
        if not same:
            detail = "The version belongs to another app or platform than the submission."
            pointer = "/data/relationships/appStoreVersion"
            raise refusal("ENTITY_ERROR.RELATIONSHIP.INVALID", detail, pointer=pointer)
        if submission.attributes["state"] not in SUBMITTABLE:
            raise refusal(INVALID, "Resource state is invalid")
        if version.attributes["appVersionState"] not in EDITABLE or self._folder.active(submission):
            raise refusal(INVALID, "The version cannot be submitted.")
        item = self._folder.add_item(submission, version, now)
        self._studio.move(version.id, "READY_FOR_REVIEW", now)
        return item

    def _update_item(self, item: Record, attributes: Json, now: float) -> None:
        if self._folder.home_of(item).attributes["state"] not in SUBMITTABLE:
            raise refusal(INVALID, "Resource state is invalid")
        if attributes.get("removed") and item.attributes["state"] != "REMOVED":
            self._put_back(item, now, forget=False)
        elif attributes.get("resolved") and item.attributes["state"] == "REJECTED":
            item.change({"state": "READY_FOR_REVIEW"}, now)

    def _put_back(self, item: Record, now: float, *, forget: bool) -> None:
        version = self._records.get(VERSIONS, item.one["appStoreVersion"])
        inside = item.attributes["state"] != "REMOVED"
        self._folder.take_out(item, now, forget=forget)
        if version is None or not inside:
            return
        if version.attributes["appVersionState"] == "READY_FOR_REVIEW":
            self._studio.put_back(version, item.notes.get("before"), now)

    def _submit(self, submission: Record, now: float) -> None:
        if submission.attributes["state"] not in SUBMITTABLE:
            raise refusal(INVALID, "Resource state is invalid")
        version_id = submission.one.get("appStoreVersionForReview")
        if version_id is None:
            raise refusal("STATE_ERROR", "The submission has no items.")
        version = self._records.need(VERSIONS, version_id)
        lacking = self._checklist.lacking(version)
        if lacking:
            raise _cannot_be_reviewed(lacking)
        self._studio.move(version_id, "WAITING_FOR_REVIEW", now)

    def _cancel(self, submission: Record, now: float) -> None:
        if submission.attributes["state"] not in CANCELLABLE:
            raise refusal("STATE_ERROR", "Resource is not in cancellable state")
        submission.change({"state": "CANCELING"}, now)
        submission.notes["over_at"] = now + self._conditions.cancel_seconds


def _already_added(version: Record, home: Record) -> RefusalError:
    detail = (
        f"appStoreVersions with id {version.id} was already added to another "
        f"reviewSubmission with id {home.id}"
    )
    # Seen both ways: said outright, and behind the path of the version.
    behind = Problem(code="STATE_ERROR.ITEM_PART_OF_ANOTHER_SUBMISSION", detail=detail)
    associated = {f"/v1/appStoreVersions/{version.id}": [behind.document()]}
    return refusal(
        "ENTITY_ERROR.RELATIONSHIP.INVALID", detail, meta={"associatedErrors": associated}
    )


def _cannot_be_reviewed(lacking: dict[str, list[Json]]) -> RefusalError:
    detail = "This resource cannot be reviewed, please check associated errors to see why."
    return refusal("STATE_ERROR", detail, meta={"associatedErrors": lacking})
