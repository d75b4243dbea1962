"""Requests to release a version that was approved and waits for its developer."""

from __future__ import annotations

from typing import Any

from bot.sandbox.appstore.bodies import (
    identity,
    target,
    unknown_attributes,
    unknown_relationships,
)
from bot.sandbox.appstore.records import Record, Records
from bot.sandbox.appstore.refusals import RefusalError, refusal
from bot.sandbox.appstore.review import Studio
from bot.sandbox.appstore.schema import VERSIONS

Json = dict[str, Any]


class ReleaseDesk:
    """Where an approved version is let go."""

    def __init__(self, records: Records, studio: Studio) -> None:
        self._records = records
        self._studio = studio

    def create(self, kind: str, data: Json, now: float) -> Record:
        """Release a version that is PENDING_DEVELOPER_RELEASE; raises RefusalError."""
        found = [
            *identity(data, kind, None),
            *unknown_relationships(data, allowed=("appStoreVersion",)),
            *unknown_attributes(data),
        ]
        if found:
            raise RefusalError(found)
        version = target(self._records, data, "appStoreVersion", VERSIONS)
        state = version.attributes["appVersionState"]
        if state != "PENDING_DEVELOPER_RELEASE":
            detail = f"The appStoreVersion cannot be released in the state {state}."
            pointer = "/data/relationships/appStoreVersion"
            raise refusal("STATE_ERROR.ENTITY_STATE_INVALID", detail, pointer=pointer)
        self._studio.move(version.id, "PROCESSING_FOR_DISTRIBUTION", now)
        return Record(type=kind, id=self._records.new_id(kind), attributes={}, created=now)
