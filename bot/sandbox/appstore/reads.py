"""The reads of the emulated store as a table of paths, and how each is answered.

It knows which path shows which records and leaves checking of parameters and
drawing of documents to others.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.sandbox.appstore.query import Query, Reading
from bot.sandbox.appstore.records import Record, Records
from bot.sandbox.appstore.schema import (
    APPS,
    INFO_TEXTS,
    INFOS,
    SUBMISSIONS,
    VERSION_TEXTS,
    VERSIONS,
)
from bot.sandbox.appstore.states import SUBMISSION_STATES, VERSION_STATES

_PLATFORMS = frozenset({"IOS", "MAC_OS", "TV_OS", "VISION_OS"})
_STATES = frozenset(VERSION_STATES)
_OLD_STATES = frozenset(old for _, old in VERSION_STATES.values())
_SUBMISSION_STATES = frozenset(SUBMISSION_STATES.values())

READS: Mapping[str, Reading] = {
    "/v1/apps": Reading(
        type=APPS,
        listed=True,
        filters={"bundleId": None, "id": None, "name": None, "sku": None},
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
            "platform": _PLATFORMS,
            "versionString": None,
            "appStoreState": _OLD_STATES,
            "appVersionState": _STATES,
            "id": None,
        },
        include=("app", VERSION_TEXTS),
    ),
    "/v1/apps/{id}/appInfos": Reading(
        type=INFOS,
        listed=True,
        parent=APPS,
        relationship=INFOS,
        include=("app", INFO_TEXTS),
    ),
    "/v1/apps/{id}/reviewSubmissions": Reading(
        type=SUBMISSIONS,
        listed=True,
        parent=APPS,
        relationship=SUBMISSIONS,
        filters={"platform": _PLATFORMS, "state": _SUBMISSION_STATES},
        include=("app", "items", "appStoreVersionForReview"),
    ),
    "/v1/appStoreVersions/{id}": Reading(
        type=VERSIONS, listed=False, include=("app", VERSION_TEXTS)
    ),
    "/v1/appStoreVersions/{id}/appStoreVersionLocalizations": Reading(
        type=VERSION_TEXTS,
        listed=True,
        parent=VERSIONS,
        relationship=VERSION_TEXTS,
        filters={"locale": None},
        include=("appStoreVersion",),
    ),
    "/v1/appInfos/{id}": Reading(type=INFOS, listed=False, include=("app", INFO_TEXTS)),
    "/v1/appInfos/{id}/appInfoLocalizations": Reading(
        type=INFO_TEXTS,
        listed=True,
        parent=INFOS,
        relationship=INFO_TEXTS,
        filters={"locale": None},
        include=("appInfo",),
    ),
    "/v1/appStoreVersionLocalizations/{id}": Reading(
        type=VERSION_TEXTS, listed=False, include=("appStoreVersion",)
    ),
    "/v1/appInfoLocalizations/{id}": Reading(type=INFO_TEXTS, listed=False, include=("appInfo",)),
    "/v1/reviewSubmissions/{id}": Reading(
        type=SUBMISSIONS, listed=False, include=("app", "items", "appStoreVersionForReview")
    ),
}

# How Apple shows each collection: newest versions first, the rest as it was made.
_ORDER: Mapping[str, Callable[[list[Record]], list[Record]]] = {
    VERSIONS: lambda records: records[::-1],
}


def listed(records: Records, reading: Reading, parent: Record | None, query: Query) -> list[Record]:
    """Return the records that a collection read shows, filtered and in Apple's order."""
    if parent is None or reading.relationship is None:
        found = list(records.every(reading.type))
    else:
        found = records.children(parent, reading.relationship, reading.type)
    found = [record for record in found if _passes(record, query)]
    found = _ORDER.get(reading.type, list)(found)
    if query.sort:
        name = query.sort.removeprefix("-")
        found.sort(key=lambda record: str(record.attributes[name]))
        return found[::-1] if query.sort.startswith("-") else found
    return found


def _passes(record: Record, query: Query) -> bool:
    return all(
        (record.id if name == "id" else record.attributes.get(name)) in wanted
        for name, wanted in query.filters.items()
    )
