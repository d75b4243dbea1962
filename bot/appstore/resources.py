"""Apple's documents as our values, and the queries that fetch them; pure.

Knows JSON:API and where App Store Connect keeps each text; knows nothing of sending.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.domain.fields import Resource, attributes
from bot.domain.listing import App, AppInfo, Localization, Version
from bot.domain.releases import Submission

Json = Mapping[str, Any]
Query = Mapping[str, str]

PAGE = "200"
# The most that Apple includes, and today exactly the number of its locales.
INCLUDED = "50"

# A replaced version implies a live one, so it tells nothing that the others do not, and
# an app of some years has dozens, each with all its texts.
STANDING_STATES = (
    "ACCEPTED",
    "DEVELOPER_REJECTED",
    "IN_REVIEW",
    "INVALID_BINARY",
    "METADATA_REJECTED",
    "PENDING_APPLE_RELEASE",
    "PENDING_DEVELOPER_RELEASE",
    "PREPARE_FOR_SUBMISSION",
    "PROCESSING_FOR_DISTRIBUTION",
    "READY_FOR_DISTRIBUTION",
    "READY_FOR_REVIEW",
    "REJECTED",
    "WAITING_FOR_EXPORT_COMPLIANCE",
    "WAITING_FOR_REVIEW",
)
# What Apple moves a version on from, or a release does: it stays in none of these for long.
MOVING_STATES = (
    "ACCEPTED",
    "IN_REVIEW",
    "PENDING_APPLE_RELEASE",
    "PENDING_DEVELOPER_RELEASE",
    "PROCESSING_FOR_DISTRIBUTION",
    "READY_FOR_REVIEW",
    "WAITING_FOR_EXPORT_COMPLIANCE",
    "WAITING_FOR_REVIEW",
)
REPLACED_INFO = "REPLACED_WITH_NEW_INFO"

APP_FIELDS = "bundleId,name,primaryLocale"
VERSION_FIELDS = (
    "platform,versionString,appVersionState,createdDate,releaseType,earliestReleaseDate"
)
SUBMISSION_FIELDS = "platform,submittedDate,state"


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """Where the localizations of a resource hang: their parent's path and relationship."""

    collection: str
    relationship: str


HOMES: Mapping[Resource, Home] = {
    Resource.APP_INFO: Home(collection="appInfos", relationship="appInfo"),
    Resource.VERSION: Home(collection="appStoreVersions", relationship="appStoreVersion"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AppState:
    """An app with its versions (newest first, replaced ones too) and app infos, without texts.

    `submissions` holds at least those that are open, without what they carry. All this is
    so unless not `complete`: Apple had more than it sent and was not asked for it, so that
    a standing version or an open submission may be missing. `more` is how many requests it
    takes to ask for that.
    """

    app: App
    versions: tuple[Version, ...]
    app_infos: tuple[AppInfo, ...]
    submissions: tuple[Submission, ...] = ()
    complete: bool = True
    more: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """All pages of an answer: its data, and what came with it by (type, id)."""

    data: tuple[Json, ...]
    included: Mapping[tuple[str, str], Json]


def localization_fields(resource: Resource) -> Query:
    """Return the query that asks for all our texts of `resource` and nothing else."""
    return {f"fields[{resource}]": ",".join(("locale", *attributes(resource)))}


APPS: Query = {"fields[apps]": APP_FIELDS, "limit": PAGE}
OVERVIEW: Query = {
    "include": "appStoreVersions,appInfos,reviewSubmissions",
    "fields[apps]": f"{APP_FIELDS},appStoreVersions,appInfos,reviewSubmissions",
    "fields[appStoreVersions]": VERSION_FIELDS,
    "fields[appInfos]": "state",
    "fields[reviewSubmissions]": SUBMISSION_FIELDS,
    "limit[appStoreVersions]": INCLUDED,
    "limit[appInfos]": INCLUDED,
    "limit[reviewSubmissions]": INCLUDED,
    "limit": PAGE,
}
MOVING: Query = {
    "filter[appStoreVersions.appVersionState]": ",".join(MOVING_STATES),
    "fields[apps]": "bundleId",
    "limit": PAGE,
}
STANDING_VERSIONS: Query = {
    "filter[appVersionState]": ",".join(STANDING_STATES),
    "fields[appStoreVersions]": VERSION_FIELDS,
    "limit": PAGE,
}
APP_INFOS: Query = {
    "include": "app,appInfoLocalizations",
    "fields[apps]": APP_FIELDS,
    "fields[appInfos]": "state,app,appInfoLocalizations",
    **localization_fields(Resource.APP_INFO),
    "limit[appInfoLocalizations]": INCLUDED,
    "limit": PAGE,
}


def versions_query(platform: str) -> Query:
    """Return the query for one platform's standing versions with their texts."""
    return {
        **STANDING_VERSIONS,
        "filter[platform]": platform,
        "include": "appStoreVersionLocalizations",
        "fields[appStoreVersions]": f"{VERSION_FIELDS},appStoreVersionLocalizations",
        **localization_fields(Resource.VERSION),
        "limit[appStoreVersionLocalizations]": INCLUDED,
    }


def document(pages: Iterable[Json]) -> Document:
    """Return the pages as one; data that is a single object counts as a list of one."""
    data: list[Json] = []
    included: dict[tuple[str, str], Json] = {}
    for page in pages:
        found = page["data"]
        data.extend(found if isinstance(found, list) else [found])
        included.update({(item["type"], item["id"]): item for item in page.get("included", ())})
    return Document(data=tuple(data), included=included)


def app(item: Json) -> App:
    """Return an `apps` object as ours."""
    said = item["attributes"]
    return App(
        id=item["id"],
        bundle_id=said.get("bundleId") or "",
        name=said.get("name") or "",
        primary_locale=said.get("primaryLocale") or "en-US",
    )


def version(item: Json, app_id: str) -> Version:
    """Return an `appStoreVersions` object as ours."""
    said = item["attributes"]
    return Version(
        id=item["id"],
        app_id=app_id,
        platform=said.get("platform") or "",
        number=said.get("versionString") or "",
        state=said.get("appVersionState") or "",
        created_at=moment(said.get("createdDate")),
        release_type=said.get("releaseType") or "",
        earliest_release=moment(said.get("earliestReleaseDate")),
    )


def versions(items: Iterable[Json], app_id: str) -> tuple[Version, ...]:
    """Return `appStoreVersions` objects as ours, newest first."""
    return newest_first(version(item, app_id) for item in items)


def app_info(item: Json, app_id: str) -> AppInfo:
    """Return an `appInfos` object as ours."""
    return AppInfo(id=item["id"], app_id=app_id, state=item["attributes"].get("state") or "")


def localization(item: Json) -> Localization:
    """Return a localization as ours; what Apple leaves out or calls null is ""."""
    resource = Resource(item["type"])
    said = item["attributes"]
    texts = {attribute: said.get(attribute) or "" for attribute in attributes(resource)}
    return Localization(id=item["id"], resource=resource, locale=said["locale"], texts=texts)


def moment(text: str | None) -> datetime | None:
    """Return Apple's date and time as aware UTC, None where it gives none that can be read."""
    try:
        return datetime.fromisoformat(text).astimezone(UTC) if text else None
    except ValueError:
        return None


def newest_first(versions: Iterable[Version]) -> tuple[Version, ...]:
    """Return versions by creation, newest first, Apple's order where it gives no dates."""
    least = datetime.min.replace(tzinfo=UTC)
    return tuple(sorted(versions, key=lambda item: item.created_at or least, reverse=True))


def related(item: Json, name: str, included: Mapping[tuple[str, str], Json]) -> tuple[Json, ...]:
    """Return the objects that `item` names in relationship `name` and that came with it."""
    named = _relationship(item, name).get("data") or ()
    keys = ((one["type"], one["id"]) for one in named)
    return tuple(included[key] for key in keys if key in included)


def linked(item: Json, name: str) -> str:
    """Return the id that `item` names in the to-one relationship `name`, "" for none."""
    named = _relationship(item, name).get("data")
    return str(named["id"]) if isinstance(named, Mapping) else ""


def has_more(item: Json, name: str, received: int) -> bool:
    """Return whether Apple has more in relationship `name` than the `received` it sent."""
    paging = (_relationship(item, name).get("meta") or {}).get("paging") or {}
    total = paging.get("total")
    return received >= int(INCLUDED) if total is None else received < total


def _relationship(item: Json, name: str) -> Json:
    found: Json = (item.get("relationships") or {}).get(name) or {}
    return found


def update_body(resource: Resource, id_: str, texts: Mapping[str, str]) -> Json:
    """Return the body of a PATCH; an emptied text is null, as Apple clears a field."""
    changed = {attribute: text or None for attribute, text in texts.items()}
    return {"data": {"type": resource.value, "id": id_, "attributes": changed}}


def create_body(resource: Resource, parent_id: str, locale: str, texts: Mapping[str, str]) -> Json:
    """Return the body of a POST; empty texts are left out."""
    home = HOMES[resource]
    parent = {"data": {"type": home.collection, "id": parent_id}}
    given = {attribute: text for attribute, text in texts.items() if text}
    return {
        "data": {
            "type": resource.value,
            "attributes": {"locale": locale, **given},
            "relationships": {home.relationship: parent},
        }
    }
