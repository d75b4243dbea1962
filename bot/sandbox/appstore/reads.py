"""The reads of the emulated store as a table of paths, and how each is answered.

It knows which path shows which records and leaves checking of parameters and
drawing of documents to others.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.sandbox.appstore.bodies import moment
from bot.sandbox.appstore.query import MOMENT, Query, Reading
from bot.sandbox.appstore.records import Record, Records
from bot.sandbox.appstore.schema import (
    APPS,
    BUILDS,
    DELIVERIES,
    DISPLAYS,
    INFO_TEXTS,
    INFOS,
    PHASES,
    PLATFORMS,
    SHAPES,
    SHOT_SETS,
    SHOTS,
    SUBMISSION_ITEMS,
    SUBMISSIONS,
    VERSION_TEXTS,
    VERSIONS,
    WEBHOOKS,
)
from bot.sandbox.appstore.states import ALL_SUBMISSION_STATES, VERSION_STATES

PHASE = "appStoreVersionPhasedRelease"
SINCE = "createdDateGreaterThanOrEqualTo"
BEFORE = "createdDateLessThan"

_STATES = frozenset(VERSION_STATES)
_OLD_STATES = frozenset(old for _, old in VERSION_STATES.values())
_BUILD_STATES = frozenset({"PROCESSING", "FAILED", "INVALID", "VALID"})
_DELIVERY_STATES = frozenset({"SUCCEEDED", "FAILED", "PENDING"})
_DISPLAYS = frozenset(display for display, _ in DISPLAYS.values())

READS: Mapping[str, Reading] = {
    "/v1/apps": Reading(
        type=APPS,
        listed=True,
        filters={
            "bundleId": None,
            "id": None,
            "name": None,
            "sku": None,
            f"{VERSIONS}.appStoreState": _OLD_STATES,
            f"{VERSIONS}.appVersionState": _STATES,
            f"{VERSIONS}.platform": PLATFORMS,
        },
        include=(VERSIONS, INFOS, SUBMISSIONS),
        sort=("name", "bundleId", "sku"),
    ),
    "/v1/apps/{id}": Reading(type=APPS, listed=False, include=(VERSIONS, INFOS, SUBMISSIONS)),
    "/v1/apps/{id}/appStoreVersions": Reading(
        type=VERSIONS,
        listed=True,
        parent=APPS,
        relationship=VERSIONS,
        filters={
            "platform": PLATFORMS,
            "versionString": None,
            "appStoreState": _OLD_STATES,
            "appVersionState": _STATES,
            "id": None,
        },
        include=("app", VERSION_TEXTS, "build", PHASE),
    ),
    "/v1/apps/{id}/appInfos": Reading(
        type=INFOS,
        listed=True,
        parent=APPS,
        relationship=INFOS,
        include=("app", INFO_TEXTS, "primaryCategory"),
    ),
    "/v1/apps/{id}/reviewSubmissions": Reading(
        type=SUBMISSIONS,
        listed=True,
        parent=APPS,
        relationship=SUBMISSIONS,
        filters={"platform": PLATFORMS, "state": ALL_SUBMISSION_STATES},
        include=("app", "items", "appStoreVersionForReview"),
    ),
    "/v1/appStoreVersions/{id}": Reading(
        type=VERSIONS, listed=False, include=("app", VERSION_TEXTS, "build", PHASE)
    ),
    "/v1/appStoreVersions/{id}/build": Reading(
        type=BUILDS, listed=False, parent=VERSIONS, relationship="build"
    ),
    f"/v1/appStoreVersions/{{id}}/{PHASE}": Reading(
        type=PHASES, listed=False, parent=VERSIONS, relationship=PHASE
    ),
    "/v1/appStoreVersions/{id}/appStoreVersionLocalizations": Reading(
        type=VERSION_TEXTS,
        listed=True,
        parent=VERSIONS,
        relationship=VERSION_TEXTS,
        filters={"locale": None},
        include=("appStoreVersion", SHOT_SETS),
    ),
    "/v1/appInfos/{id}": Reading(
        type=INFOS, listed=False, include=("app", INFO_TEXTS, "primaryCategory")
    ),
    "/v1/appInfos/{id}/appInfoLocalizations": Reading(
        type=INFO_TEXTS,
        listed=True,
        parent=INFOS,
        relationship=INFO_TEXTS,
        filters={"locale": None},
        include=("appInfo",),
    ),
    "/v1/appStoreVersionLocalizations/{id}": Reading(
        type=VERSION_TEXTS, listed=False, include=("appStoreVersion", SHOT_SETS)
    ),
    "/v1/appStoreVersionLocalizations/{id}/appScreenshotSets": Reading(
        type=SHOT_SETS,
        listed=True,
        parent=VERSION_TEXTS,
        relationship=SHOT_SETS,
        filters={"screenshotDisplayType": _DISPLAYS},
        include=("appStoreVersionLocalization", SHOTS),
    ),
    "/v1/appInfoLocalizations/{id}": Reading(type=INFO_TEXTS, listed=False, include=("appInfo",)),
    "/v1/reviewSubmissions/{id}": Reading(
        type=SUBMISSIONS, listed=False, include=("app", "items", "appStoreVersionForReview")
    ),
    "/v1/reviewSubmissions/{id}/items": Reading(
        type=SUBMISSION_ITEMS,
        listed=True,
        parent=SUBMISSIONS,
        relationship="items",
        include=("appStoreVersion",),
    ),
    "/v1/builds": Reading(
        type=BUILDS,
        listed=True,
        filters={
            "app": None,
            "id": None,
            "version": None,
            "processingState": _BUILD_STATES,
            "expired": frozenset({"true", "false"}),
            "preReleaseVersion": None,
            "preReleaseVersion.version": None,
            "preReleaseVersion.platform": PLATFORMS,
            "appStoreVersion": None,
        },
        include=("app", "preReleaseVersion", "appStoreVersion"),
        sort=("version", "uploadedDate"),
    ),
    "/v1/builds/{id}": Reading(
        type=BUILDS, listed=False, include=("app", "preReleaseVersion", "appStoreVersion")
    ),
    "/v1/apps/{id}/webhooks": Reading(
        type=WEBHOOKS, listed=True, parent=APPS, relationship=WEBHOOKS, include=("app",)
    ),
    "/v1/webhooks/{id}": Reading(type=WEBHOOKS, listed=False, include=("app",)),
    "/v1/webhooks/{id}/deliveries": Reading(
        type=DELIVERIES,
        listed=True,
        parent=WEBHOOKS,
        relationship="deliveries",
        filters={"deliveryState": _DELIVERY_STATES, SINCE: MOMENT, BEFORE: MOMENT},
        include=("event",),
    ),
}

# How Apple shows each collection: newest versions first, the rest as it was made.
_ORDER: Mapping[str, Callable[[list[Record]], list[Record]]] = {
    VERSIONS: lambda records: records[::-1],
    DELIVERIES: lambda records: records[::-1],
}


def listed(records: Records, reading: Reading, parent: Record | None, query: Query) -> list[Record]:
    """Return the records that a collection read shows, filtered and in Apple's order."""
    if parent is None or reading.relationship is None:
        found = list(records.every(reading.type))
    else:
        found = records.children(parent, reading.relationship, reading.type)
    found = [record for record in found if _passes(records, record, query)]
    found = _ORDER.get(reading.type, list)(found)
    if query.sort:
        name = query.sort.removeprefix("-")
        found.sort(key=lambda record: _sortable(record.attributes[name]))
        return found[::-1] if query.sort.startswith("-") else found
    return found


def _sortable(value: object) -> tuple[float, str]:
    """Return what sorts dates by their moment, numbers by size and other texts as they are."""
    date = moment(value) if isinstance(value, str) and not value.isdigit() else None
    if date is not None:
        return date.timestamp(), ""
    text = str(value)
    return (float(text), "") if text.isascii() and text.isdigit() else (0.0, text)


def _passes(records: Records, record: Record, query: Query) -> bool:
    return all(_passes_one(records, record, name, query.filters[name]) for name in query.filters)


def _passes_one(records: Records, record: Record, name: str, wanted: frozenset[str]) -> bool:
    if name in {SINCE, BEFORE}:
        created = moment(record.attributes["createdDate"])
        bounds = [bound for bound in map(moment, wanted) if bound is not None]
        if created is None:
            return False
        late = all(created >= bound for bound in bounds)
        return late if name == SINCE else all(created < bound for bound in bounds)
    relation, _, rest = name.partition(".")
    if relation in SHAPES[record.type].many:
        related = records.children(record, relation, SHAPES[record.type].many[relation])
        return any(_value(records, one, rest) in wanted for one in related)
    return _value(records, record, name) in wanted


def _value(records: Records, record: Record, name: str) -> str | None:
    """Return what a filter compares: an id, an attribute, or one of a related record."""
    relation, point, rest = name.partition(".")
    if point:
        target = records.get(SHAPES[record.type].one[relation], record.one.get(relation, ""))
        return _value(records, target, rest) if target is not None else None
    if name == "id":
        return record.id
    if name in SHAPES[record.type].one:
        return record.one.get(name)
    value = record.attributes.get(name)
    return str(value).lower() if isinstance(value, bool) else value
