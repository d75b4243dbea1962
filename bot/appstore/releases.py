"""Versions with what their release hangs on: builds, submissions, phased releases.

Apple's documents as the values of `bot.domain.releases` and the requests that fetch them.
Sources: App Store Connect API, "List All App Store Versions for an App", "List Builds",
"List All Review Submissions for an App" and AppStoreVersionPhasedRelease.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from bot.appstore import resources
from bot.appstore.resources import (
    INCLUDED,
    PAGE,
    REPLACED_INFO,
    STANDING_VERSIONS,
    Document,
    Json,
    Query,
)
from bot.appstore.wire import Wire
from bot.domain.listing import Version
from bot.domain.releases import (
    OPEN_SUBMISSIONS,
    Build,
    Declared,
    PhasedRelease,
    Release,
    Submission,
)

MOST_BUILDS = "50"
# A hundred times what a team of fifty apps has standing.
MOST_TRAINS = 10_000
# An item that was taken out of its submission, but is still listed.
REMOVED = "REMOVED"

_BUILD_FIELDS = "version,uploadedDate,expired,processingState"
_PHASED_FIELDS = "phasedReleaseState,startDate,totalPauseDuration,currentDayNumber"
_RELEASES: Query = {
    **STANDING_VERSIONS,
    "include": "build,appStoreVersionPhasedRelease",
    "fields[appStoreVersions]": (
        f"{resources.VERSION_FIELDS},copyright,build,appStoreVersionPhasedRelease"
    ),
    "fields[builds]": _BUILD_FIELDS,
    "fields[appStoreVersionPhasedReleases]": _PHASED_FIELDS,
}
_BUILDS: Query = {
    "include": "preReleaseVersion",
    "fields[builds]": f"{_BUILD_FIELDS},preReleaseVersion",
    "fields[preReleaseVersions]": "version,platform",
}
_CARRIED: Query = {
    "include": "items,appStoreVersionForReview",
    "fields[reviewSubmissions]": f"{resources.SUBMISSION_FIELDS},items,appStoreVersionForReview",
    "fields[reviewSubmissionItems]": "state,appStoreVersion",
    "fields[appStoreVersions]": "versionString",
    "limit[items]": INCLUDED,
}
_OPEN: Query = {
    **_CARRIED,
    "filter[state]": ",".join(sorted(OPEN_SUBMISSIONS)),
    "limit": PAGE,
}
_SHOTS: Query = {
    "include": "appScreenshotSets",
    "fields[appStoreVersionLocalizations]": "locale,appScreenshotSets",
    "fields[appScreenshotSets]": "screenshotDisplayType",
    "limit[appScreenshotSets]": INCLUDED,
    "limit": PAGE,
}
_DECLARED: Query = {
    "include": "app,primaryCategory",
    "fields[apps]": "contentRightsDeclaration",
    "fields[appInfos]": "state,app,primaryCategory",
    "fields[appCategories]": "platforms",
    "limit": PAGE,
}
# An app info in another state is the one that goes with the version in preparation.
_CLOSED_INFOS = frozenset({"READY_FOR_DISTRIBUTION", REPLACED_INFO})


class Trains:
    """The versions that builds were uploaded for, remembered: a build's never changes.

    Apple tells them with builds only, not with versions. A version's build is named by its
    train wherever it is read, so one that is not known yet costs a request, once.
    """

    def __init__(self) -> None:
        self._known: dict[str, str] = {}

    def __repr__(self) -> str:
        return f"<Trains known={len(self._known)}>"

    def learn(self, builds: Iterable[Build]) -> None:
        """Remember the trains of `builds`, the latest ten thousand."""
        for build in builds:
            if build.train:
                self._known.pop(build.id, None)
                self._known[build.id] = build.train
        while len(self._known) > MOST_TRAINS:
            del self._known[next(iter(self._known))]

    async def named(self, wire: Wire, releases: tuple[Release, ...]) -> tuple[Release, ...]:
        """Return `releases` with the trains of their builds; one request if any is new."""
        chosen = sorted({one.build.id for one in releases if one.build} - self._known.keys())
        if chosen:
            query = {**_BUILDS, "filter[id]": ",".join(chosen), "limit": PAGE}
            self.learn(_builds(await wire.read("builds", query)))
        return tuple(self._named(one) for one in releases)

    def _named(self, release: Release) -> Release:
        if release.build is None:
            return release
        train = self._known.get(release.build.id, "")
        return replace(release, build=replace(release.build, train=train))


async def read_releases(wire: Wire, app_id: str, platform: str = "") -> tuple[Release, ...]:
    """Return the standing versions, newest first, of one platform or all; trains are missing."""
    query = {**_RELEASES, **({"filter[platform]": platform} if platform else {})}
    return _releases(await wire.read(f"apps/{app_id}/appStoreVersions", query), app_id)


async def read_open(wire: Wire, app_id: str, platform: str = "") -> tuple[Submission, ...]:
    """Return the open submissions with what they carry, of one platform or all."""
    query = {**_OPEN, **({"filter[platform]": platform} if platform else {})}
    found = await wire.read(f"apps/{app_id}/reviewSubmissions", query)
    return tuple(submission(item, app_id, found.included) for item in found.data)


async def read_submission(wire: Wire, app_id: str, id_: str) -> Submission:
    """Return one submission of an app, open or over, with what it carries."""
    found = await wire.read(f"reviewSubmissions/{id_}", _CARRIED)
    return submission(found.data[0], app_id, found.included)


async def read_builds(wire: Wire, app_id: str, platform: str) -> tuple[Build, ...]:
    """Return the newest fifty usable builds, newest first."""
    query = {
        **_BUILDS,
        "filter[app]": app_id,
        "filter[processingState]": "VALID",
        "filter[expired]": "false",
        "filter[preReleaseVersion.platform]": platform,
        "sort": "-uploadedDate",
        "limit": MOST_BUILDS,
    }
    return _builds(await wire.read_first("builds", query))


async def read_screenshot_counts(wire: Wire, version_id: str) -> Mapping[str, int]:
    """Return how many screenshot sets each locale of a version has."""
    path = f"appStoreVersions/{version_id}/appStoreVersionLocalizations"
    found = await wire.read(path, _SHOTS)
    return {
        item["attributes"]["locale"]: len(
            resources.related(item, "appScreenshotSets", found.included)
        )
        for item in found.data
    }


async def read_declared(wire: Wire, app_id: str) -> Declared:
    """Return what an app declares, of the app info that is prepared if there is one."""
    found = await wire.read(f"apps/{app_id}/appInfos", _DECLARED)
    prepared_first = sorted(found.data, key=lambda one: one["attributes"]["state"] in _CLOSED_INFOS)
    categories = (resources.linked(info, "primaryCategory") for info in prepared_first)
    app = found.included.get(("apps", app_id))
    rights = app["attributes"].get("contentRightsDeclaration") or "" if app else None
    return Declared(category=next(categories, None), content_rights=rights)


def submission(
    item: Json, app_id: str, included: Mapping[tuple[str, str], Json] | None = None
) -> Submission:
    """Return a `reviewSubmissions` object as ours; without `included`, without its items."""
    said = item["attributes"]
    versions, others = _carried(item, included or {})
    return Submission(
        id=item["id"],
        app_id=app_id,
        platform=said.get("platform") or "",
        state=said.get("state") or "",
        submitted_at=resources.moment(said.get("submittedDate")),
        version_ids=versions,
        others=others,
    )


def _carried(item: Json, included: Mapping[tuple[str, str], Json]) -> tuple[tuple[str, ...], int]:
    """Return the ids of the versions in a submission and how many of its items are none.

    Apple need not say what an included item holds, but names the version for review.
    """
    items = [
        one
        for one in resources.related(item, "items", included)
        if (one.get("attributes") or {}).get("state") != REMOVED
    ]
    named = [found for one in items if (found := resources.linked(one, "appStoreVersion"))]
    reviewed = resources.linked(item, "appStoreVersionForReview")
    if reviewed and items:
        named.append(reviewed)
    versions = tuple(dict.fromkeys(named))
    return versions, max(0, len(items) - len(versions))


def _releases(found: Document, app_id: str) -> tuple[Release, ...]:
    items = {item["id"]: item for item in found.data}
    versions = resources.versions(items.values(), app_id)
    return tuple(_release(items[one.id], one, found) for one in versions)


def _release(item: Json, version: Version, found: Document) -> Release:
    build = resources.linked(item, "build")
    phased = resources.linked(item, "appStoreVersionPhasedRelease")
    told = found.included.get(("builds", build))
    slow = found.included.get(("appStoreVersionPhasedReleases", phased))
    return Release(
        version=version,
        build=_build(told, version.platform, "") if told else None,
        phased=_phased(slow, version.id) if slow else None,
        copyright=item["attributes"].get("copyright") or "",
    )


def _builds(found: Document) -> tuple[Build, ...]:
    trains = {
        id_: item["attributes"]
        for (type_, id_), item in found.included.items()
        if type_ == "preReleaseVersions"
    }
    told = (
        (item, trains.get(resources.linked(item, "preReleaseVersion"), {})) for item in found.data
    )
    return tuple(
        _build(item, train.get("platform") or "", train.get("version") or "")
        for item, train in told
    )


def _build(item: Json, platform: str, train: str) -> Build:
    said = item["attributes"]
    return Build(
        id=item["id"],
        platform=platform,
        train=train,
        number=said.get("version") or "",
        state=said.get("processingState") or "",
        expired=bool(said.get("expired")),
        uploaded_at=resources.moment(said.get("uploadedDate")),
    )


def _phased(item: Json, version_id: str) -> PhasedRelease:
    said = item["attributes"]
    return PhasedRelease(
        id=item["id"],
        version_id=version_id,
        state=said.get("phasedReleaseState") or "",
        day=said.get("currentDayNumber") or 0,
        paused_days=said.get("totalPauseDuration") or 0,
        started_at=resources.moment(said.get("startDate")),
    )
