"""Writes of versions: made, changed and deleted, or refused with every reason.

It knows one version at a time is prepared on a platform, and what may still change when.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bot.sandbox.appstore.bodies import (
    identity,
    invalid,
    missing,
    moment,
    target,
    target_id,
    unknown_attributes,
    unknown_relationships,
)
from bot.sandbox.appstore.records import Record, Records
from bot.sandbox.appstore.refusals import Problem, RefusalError, refusal
from bot.sandbox.appstore.review import Studio
from bot.sandbox.appstore.schema import APPS, PLATFORMS, VERSIONS
from bot.sandbox.appstore.states import (
    AFTER_APPROVAL,
    APPROVED,
    CLOSED,
    EDITABLE,
    LIVE,
    PREPARING,
    RELEASED,
)
from bot.sandbox.appstore.versions.builds import BuildDesk
from bot.sandbox.appstore.versions.numbers import parts

Json = dict[str, Any]

HOUR = 3600
RELEASE = ("releaseType", "earliestReleaseDate")
UPDATABLE = ("versionString", "copyright", "reviewType", "downloadable", *RELEASE)
CREATABLE = ("platform", "versionString", "copyright", "reviewType", *RELEASE)
KINDS = {"downloadable": bool}
IN_THE_WAY = "You cannot create a new version of the App in the current state."


class VersionDesk:
    """Where versions are made and changed."""

    def __init__(self, records: Records, studio: Studio, builds: BuildDesk) -> None:
        self._records = records
        self._studio = studio
        self._builds = builds

    def create(self, kind: str, data: Json, now: float) -> Record:
        """Make a version with the texts of the one before; raises RefusalError."""
        found = [
            *identity(data, kind, None),
            *unknown_relationships(data, allowed=("app", "build")),
            *unknown_attributes(data, allowed=CREATABLE),
            *missing(data, ("platform", "versionString")),
        ]
        if found:
            raise RefusalError(found)
        attributes: Json = data["attributes"]
        app = target(self._records, data, "app", APPS)
        found = [
            *_platform(attributes),
            *self._number(app, str(attributes["platform"]), attributes, None),
            *_types(attributes),
            *_release(attributes, None, now),
        ]
        if found:
            raise RefusalError(found)
        self._slot_is_free(app, str(attributes["platform"]))
        if target_id(data, "build"):
            name = str(attributes["platform"]), str(attributes["versionString"])
            self._builds.checked(target_id(data, "build"), app.id, name)
        return self._made(app, attributes, target_id(data, "build"), now)

    def update(self, version: Record, data: Json, now: float) -> Record:
        """Change attributes of a version and choose its build; raises RefusalError."""
        attributes: Json = data.get("attributes", {})
        app = self._records.need(APPS, version.one["app"])
        platform = str(version.attributes["platform"])
        found = [
            *identity(data, VERSIONS, version.id),
            *unknown_relationships(data, allowed=("build",)),
            *unknown_attributes(data, allowed=UPDATABLE),
            *_locked(version, attributes),
            *self._number(app, platform, attributes, version),
            *_types(attributes),
            *_release(attributes, version, now),
        ]
        if found:
            raise RefusalError(found)
        told = _told(attributes)
        number = str(told.get("versionString", version.attributes["versionString"]))
        self._build_fits(version, data, number)
        version.change(told, now)
        self._builds.follow_number(version)
        if "build" in data.get("relationships", {}):
            self._builds.choose(version, target_id(data, "build") or None)
        self._redirect(version, attributes, now)
        return version

    def delete(self, version: Record, _now: float) -> None:
        """Remove a version that was never submitted; raises RefusalError."""
        state = str(version.attributes["appVersionState"])
        app = self._records.need(APPS, version.one["app"])
        alone = len(self._studio.versions_of(app, str(version.attributes["platform"]))) == 1
        if state not in EDITABLE or version.notes.get("submitted") or alone:
            detail = f"The appStoreVersion cannot be deleted in the state {state}."
            if alone or state == PREPARING:
                detail = "The appStoreVersion cannot be deleted."
            raise refusal("STATE_ERROR.ENTITY_STATE_INVALID", detail)
        self._studio.remove_version(version)

    def _made(self, app: Record, attributes: Json, build_id: str, now: float) -> Record:
        record = self._studio.add_version(
            app.id,
            version=str(attributes["versionString"]),
            platform=str(attributes["platform"]),
            now=now,
        )
        record.change(_told(attributes), now)
        if build_id:
            self._builds.choose(record, build_id)
        return record

    def _build_fits(self, version: Record, data: Json, number: str) -> None:
        if "build" in data.get("relationships", {}):
            self._builds.must_be_open(version)
            build_id, platform = target_id(data, "build"), str(version.attributes["platform"])
            if build_id:
                self._builds.checked(build_id, version.one["app"], (platform, number))

    def _slot_is_free(self, app: Record, platform: str) -> None:
        for version in self._studio.versions_of(app, platform):
            if version.attributes["appVersionState"] not in CLOSED:
                pointer = "/data/relationships/app"
                raise refusal("ENTITY_ERROR.RELATIONSHIP.INVALID", IN_THE_WAY, pointer=pointer)

    def _number(
        self, app: Record, platform: str, attributes: Json, own: Record | None
    ) -> Iterator[Problem]:
        if "versionString" not in attributes:
            return
        number = parts(attributes["versionString"])
        if number is None:
            yield invalid("versionString", "The version number is not valid: use 1, 1.2 or 1.2.3.")
            return
        for version in self._studio.versions_of(app, platform):
            if version is own:
                continue
            other = str(version.attributes["versionString"])
            if parts(other) == number:
                yield Problem(
                    code="ENTITY_ERROR.ATTRIBUTE.INVALID.DUPLICATE",
                    detail="The version number has been previously used.",
                    pointer="/data/attributes/versionString",
                )
            elif version.attributes["appVersionState"] == LIVE and number < (parts(other) or ()):
                detail = f"The version number must be higher than that of the live version {other}."
                yield invalid("versionString", detail)

    def _redirect(self, version: Record, attributes: Json, now: float) -> None:
        """Send an approved version that waits where its new release type leads."""
        wanted = AFTER_APPROVAL[str(version.attributes["releaseType"])]
        state = version.attributes["appVersionState"]
        if "releaseType" in attributes and state in APPROVED and state != wanted:
            self._studio.move(version.id, wanted, now)


def _told(attributes: Json) -> Json:
    """Return what is stored: a date goes with SCHEDULED alone."""
    told = {name: value for name, value in attributes.items() if name != "platform"}
    if told.get("releaseType", "SCHEDULED") is None:
        told["releaseType"] = "AFTER_APPROVAL"
    if told.get("releaseType", "SCHEDULED") != "SCHEDULED":
        told["earliestReleaseDate"] = None
    return told


def _platform(attributes: Json) -> Iterator[Problem]:
    if attributes["platform"] not in PLATFORMS:
        yield invalid("platform", f"'{attributes['platform']}' is not a valid platform")


def _types(attributes: Json) -> Iterator[Problem]:
    for name, value in attributes.items():
        kind = KINDS.get(name, str)
        if value is not None and not isinstance(value, kind):
            word = "boolean" if kind is bool else "string"
            yield Problem(
                code="ENTITY_ERROR.ATTRIBUTE.TYPE",
                detail=f"The attribute '{name}' must be a {word}",
                pointer=f"/data/attributes/{name}",
            )


def _locked(version: Record, attributes: Json) -> Iterator[Problem]:
    state = version.attributes["appVersionState"]
    for name in attributes:
        open_for_it = state not in RELEASED if name in RELEASE else state in EDITABLE
        if name in UPDATABLE and not open_for_it:
            yield Problem(
                code="ENTITY_ERROR.ATTRIBUTE.INVALID.INVALID_STATE",
                detail=f"The attribute '{name}' can not be modified.",
                pointer=f"/data/attributes/{name}",
            )


def _release(attributes: Json, version: Record | None, now: float) -> Iterator[Problem]:
    stored: Json = version.attributes if version is not None else {}
    kind = attributes.get("releaseType", stored.get("releaseType"))
    date = attributes.get("earliestReleaseDate")
    if "releaseType" in attributes and kind not in {None, *AFTER_APPROVAL}:
        yield invalid("releaseType", f"'{kind}' is not a valid release type")
    elif date is not None:
        if kind != "SCHEDULED":
            detail = "An earliest release date goes with the release type SCHEDULED only."
            yield invalid("earliestReleaseDate", detail)
        yield from _date(date, now)
    elif kind == "SCHEDULED" and not (
        stored.get("earliestReleaseDate") and "earliestReleaseDate" not in attributes
    ):
        detail = "You must provide a value for the attribute 'earliestReleaseDate'"
        code = "ENTITY_ERROR.ATTRIBUTE.REQUIRED"
        pointer = "/data/attributes/earliestReleaseDate"
        if set(attributes) & set(RELEASE):
            yield Problem(code=code, detail=f"{detail} with this request", pointer=pointer)


def _date(text: Any, now: float) -> Iterator[Problem]:
    told = moment(text)
    if told is None:
        yield invalid("earliestReleaseDate", f"'{text}' is not a date with an offset.")
    elif told.timestamp() % HOUR:
        yield invalid("earliestReleaseDate", "The earliest release date must be on the hour.")
    elif told.timestamp() <= now:
        yield invalid("earliestReleaseDate", "The earliest release date must be in the future.")
