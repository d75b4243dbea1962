"""Writes of review submissions: a draft, its items, and the submitting that may fail.

It knows what a version lacks before it can be submitted and says so as Apple does:
one error, and behind it `meta.associatedErrors` by the path of what is lacking.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bot.sandbox.appstore.records import Record, Records
from bot.sandbox.appstore.refusals import Problem, RefusalError, refusal
from bot.sandbox.appstore.review import Studio
from bot.sandbox.appstore.schema import (
    APPS,
    INFO_TEXTS,
    INFOS,
    SUBMISSION_ITEMS,
    SUBMISSIONS,
    VERSION_TEXTS,
    VERSIONS,
)
from bot.sandbox.appstore.states import CLOSED, EDITABLE

Json = dict[str, Any]

PLATFORMS = ("IOS", "MAC_OS", "TV_OS", "VISION_OS")
REQUIRED = {
    VERSION_TEXTS: ("description", "keywords", "supportUrl", "whatsNew"),
    INFO_TEXTS: ("name", "privacyPolicyUrl"),
}
CANCELLABLE = frozenset({"WAITING_FOR_REVIEW", "IN_REVIEW", "UNRESOLVED_ISSUES"})


class Desk:
    """Where versions are handed in for review."""

    def __init__(self, records: Records, studio: Studio) -> None:
        self._records = records
        self._studio = studio

    def create(self, kind: str, data: Json, now: float) -> Record:
        """Start a submission, or put a version into one; raises RefusalError."""
        if data.get("type") != kind:
            raise refusal("ENTITY_ERROR.TYPE", f"The resource type must be '{kind}'")
        if kind == SUBMISSION_ITEMS:
            return self._add_item(data, now)
        app = self._target(data, "app", APPS)
        platform = data.get("attributes", {}).get("platform")
        if platform not in PLATFORMS:
            detail = f"'{platform}' is not a valid platform"
            pointer = "/data/attributes/platform"
            raise refusal("ENTITY_ERROR.ATTRIBUTE.INVALID", detail, pointer=pointer)
        if self._studio.open_submission(app, platform) is not None:
            detail = "There is already another reviewSubmission in progress for this platform"
            raise refusal("STATE_ERROR", detail)
        return self._studio.add_submission(app, platform, now)

    def update(self, submission: Record, data: Json, now: float) -> Record:
        """Submit or cancel a submission; raises RefusalError."""
        if (data.get("type"), data.get("id")) != (SUBMISSIONS, submission.id):
            raise refusal("ENTITY_ERROR.ID", "The type or id does not match the path")
        attributes: Json = data.get("attributes", {})
        if attributes.get("submitted"):
            self._submit(submission, now)
        if attributes.get("canceled"):
            self._cancel(submission, now)
        return submission

    def _add_item(self, data: Json, now: float) -> Record:
        submission = self._target(data, "reviewSubmission", SUBMISSIONS)
        version = self._target(data, "appStoreVersion", VERSIONS)
        for other in self._records.every(SUBMISSION_ITEMS):
            home = self._records.need(SUBMISSIONS, other.one["reviewSubmission"])
            if (
                other.one["appStoreVersion"] == version.id
                and home.attributes["state"] != "COMPLETE"
            ):
                detail = (
                    f"appStoreVersions with id {version.id} was already added to another "
                    f"reviewSubmission with id {home.id}"
                )
                raise refusal("ENTITY_ERROR.RELATIONSHIP.INVALID", detail)
        if version.attributes["appVersionState"] not in EDITABLE:
            raise refusal("STATE_ERROR.ENTITY_STATE_INVALID", "The version cannot be submitted.")
        item = self._studio.add_item(submission, version, now)
        self._studio.move(version.id, "READY_FOR_REVIEW", now)
        return item

    def _submit(self, submission: Record, now: float) -> None:
        if submission.attributes["state"] != "READY_FOR_REVIEW":
            raise refusal("STATE_ERROR.ENTITY_STATE_INVALID", "Resource state is invalid")
        version_id = submission.one.get("appStoreVersionForReview")
        if version_id is None:
            raise refusal("STATE_ERROR", "The submission has no items.")
        version = self._records.need(VERSIONS, version_id)
        lacking = dict(self._lacking(version))
        if lacking:
            detail = "Some of the items of this submission are not ready. See associated errors."
            raise RefusalError(
                [Problem(code="STATE_ERROR", detail=detail, meta={"associatedErrors": lacking})]
            )
        self._studio.move(version_id, "WAITING_FOR_REVIEW", now)

    def _cancel(self, submission: Record, now: float) -> None:
        if submission.attributes["state"] not in CANCELLABLE:
            raise refusal("STATE_ERROR", "Resource is not in cancellable state")
        version_id = submission.one["appStoreVersionForReview"]
        self._studio.move(version_id, "DEVELOPER_REJECTED", now)

    def _lacking(self, version: Record) -> Iterator[tuple[str, list[Json]]]:
        app = self._records.need(APPS, version.one["app"])
        infos = self._records.children(app, INFOS, INFOS)
        coming = [info for info in infos if info.attributes["state"] not in CLOSED]
        for parent, kind in ((version, VERSION_TEXTS), *((info, INFO_TEXTS) for info in coming)):
            for text in self._records.children(parent, kind, kind):
                missing = [name for name in REQUIRED[kind] if not text.attributes.get(name)]
                if missing and not self._is_excused(app, version, missing):
                    yield f"/v1/{kind}/{text.id}", [_missing(name) for name in missing]

    def _is_excused(self, app: Record, version: Record, missing: list[str]) -> bool:
        """Return whether only release notes are missing and the version is the first."""
        versions = self._records.children(app, VERSIONS, VERSIONS)
        platform = version.attributes["platform"]
        first = sum(known.attributes["platform"] == platform for known in versions) == 1
        return first and missing == ["whatsNew"]

    def _target(self, data: Json, name: str, kind: str) -> Record:
        linkage = data.get("relationships", {}).get(name)
        target = linkage.get("data") if isinstance(linkage, dict) else None
        target_id = str(target.get("id")) if isinstance(target, dict) else ""
        record = self._records.get(kind, target_id)
        if record is None:
            raise refusal(
                "ENTITY_ERROR.RELATIONSHIP.INVALID",
                f"There is no resource of type '{kind}' with id '{target_id}'",
                pointer=f"/data/relationships/{name}",
            )
        return record


def _missing(name: str) -> Json:
    return Problem(
        code="ENTITY_ERROR.ATTRIBUTE.REQUIRED",
        detail=f"You must provide a value for the attribute '{name}' with this request",
        pointer=f"/data/attributes/{name}",
    ).document()
