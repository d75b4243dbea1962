"""What the store is filled with: apps, infos, versions, texts, builds and pictures.

It knows which records belong to one another and what a fresh one looks like.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.sandbox.appstore.bodies import moment, written
from bot.sandbox.appstore.records import Record, Records
from bot.sandbox.appstore.schema import (
    APPS,
    BUILDS,
    CATEGORIES,
    DISPLAYS,
    INFO_TEXTS,
    INFOS,
    SHOT_SETS,
    SHOTS,
    TRAINS,
    VERSION_TEXTS,
    VERSIONS,
)
from bot.sandbox.appstore.seeding import Seed, SeedApp, SeedInfo, SeedVersion
from bot.sandbox.appstore.states import PREPARING, VERSION_STATES
from bot.sandbox.appstore.submissions.folder import Folder

Json = dict[str, Any]

UNTOUCHED = frozenset({PREPARING, "READY_FOR_REVIEW"})
BUILD_STATES = ("PROCESSING", "FAILED", "INVALID", "VALID")
# TestFlight keeps a build for ninety days.
BUILD_LIFE = 90 * 86_400.0


class Planter:
    """Fills the records of a store."""

    def __init__(self, records: Records, folder: Folder) -> None:
        self._records = records
        self._folder = folder

    def sow(self, seed: Seed) -> None:
        """Fill the store with what it starts with."""
        apps = [(self._app(seeded), seeded) for seeded in seed.apps]
        # After everything else, so that what has texts keeps its ids whatever is added here.
        for app, seeded in apps:
            for version in self._records.children(app, VERSIONS, VERSIONS):
                self._furnish(app, version, version.notes.pop("seeded"))
            for build in seeded.builds:
                self.build(
                    app,
                    (build.platform, build.train, build.number),
                    state=build.state,
                    uploaded=_seconds(build.uploaded),
                )

    def build(
        self,
        app: Record,
        name: tuple[str, str, str],
        *,
        state: str,
        uploaded: float,
        created: float = 0.0,
    ) -> Record:
        """Add a build called by platform, train and number; moments in seconds since 1970.

        Raises ValueError for an unknown platform or state and for a number that is used.
        """
        platform, train, number = name
        if state not in BUILD_STATES or platform not in DISPLAYS:
            raise ValueError(f"No build is {state} on {platform}.")
        before = self._train(app, platform, train, created)
        if any(
            build.attributes["version"] == number and build.one["preReleaseVersion"] == before.id
            for build in self._records.children(app, BUILDS, BUILDS)
        ):
            raise ValueError(f"There is a build {number} of {train} on {platform} already.")
        record = Record(
            type=BUILDS,
            id=self._records.new_id(BUILDS),
            attributes={
                "version": number,
                "uploadedDate": written(uploaded),
                "expirationDate": written(uploaded + BUILD_LIFE),
                "expired": False,
                "minOsVersion": "17.0",
                "processingState": state,
                "buildAudienceType": "APP_STORE_ELIGIBLE",
                "usesNonExemptEncryption": False,
            },
            one={"preReleaseVersion": before.id},
            created=created,
        )
        return self._records.add_child(app, BUILDS, back="app", record=record)

    def screenshots(self, platform: str, text: Record, count: int, now: float) -> None:
        """Give the localization `text` of a version a set of `count` pictures."""
        if not count:
            return
        display, word = DISPLAYS[platform]
        shelf = Record(
            type=SHOT_SETS,
            id=self._records.new_id(SHOT_SETS),
            attributes={"screenshotDisplayType": display},
            created=now,
        )
        back = "appStoreVersionLocalization"
        self._records.add_child(text, SHOT_SETS, back=back, record=shelf)
        for number in range(1, count + 1):
            picture = Record(
                type=SHOTS,
                id=self._records.new_id(SHOTS),
                attributes={
                    "fileSize": 400_000 + number,
                    "fileName": f"{word}-{number}.png",
                    "assetDeliveryState": {"errors": [], "warnings": [], "state": "COMPLETE"},
                },
                created=now,
            )
            self._records.add_child(shelf, SHOTS, back="appScreenshotSet", record=picture)

    def strip(self, text: Record) -> int:
        """Take every picture of the localization `text` away and return how many there were."""
        gone = 0
        for shelf in self._records.children(text, SHOT_SETS, SHOT_SETS):
            for picture in self._records.children(shelf, SHOTS, SHOTS):
                self._records.forget(picture)
                gone += 1
            self._records.remove(shelf, text, SHOT_SETS)
        return gone

    def _furnish(self, app: Record, version: Record, seeded: SeedVersion) -> None:
        for text in self._records.children(version, VERSION_TEXTS, VERSION_TEXTS):
            self.screenshots(seeded.platform, text, seeded.screenshots, 0.0)
        if seeded.build is not None:
            name = (seeded.platform, seeded.version, seeded.build)
            build = self.build(app, name, state="VALID", uploaded=_seconds(seeded.created))
            version.one["build"] = build.id
            build.one["appStoreVersion"] = version.id

    def _train(self, app: Record, platform: str, train: str, now: float) -> Record:
        for known in self._records.children(app, TRAINS, TRAINS):
            if (known.attributes["platform"], known.attributes["version"]) == (platform, train):
                return known
        record = Record(
            type=TRAINS,
            id=self._records.new_id(TRAINS),
            attributes={"platform": platform, "version": train},
            created=now,
        )
        return self._records.add_child(app, TRAINS, back="app", record=record)

    def _app(self, seeded: SeedApp) -> Record:
        app = self._records.add(
            Record(
                type=APPS,
                id=seeded.id,
                attributes={
                    "name": seeded.name,
                    "bundleId": seeded.bundle_id,
                    "sku": seeded.sku,
                    "primaryLocale": seeded.primary_locale,
                    "contentRightsDeclaration": "DOES_NOT_USE_THIRD_PARTY_CONTENT",
                },
            )
        )
        for info in seeded.infos:
            self.info(app, info, 0.0)
        for version in seeded.versions:
            record = self.version(app, version, 0.0)
            record.notes["seeded"] = version
            record.notes["submitted"] = version.state not in UNTOUCHED
            self._folder.follow(app, record, version.state, 0.0)
        return app

    def info(self, app: Record, seeded: SeedInfo, now: float) -> Record:
        """Add an app info with its texts."""
        record = Record(
            type=INFOS,
            id=self._records.new_id(INFOS),
            attributes=info_state(seeded.state),
            created=now,
        )
        self._records.add_child(app, INFOS, back="app", record=record)
        if seeded.category:
            record.one["primaryCategory"] = self.category(seeded.category).id
        self._sow_texts(record, INFO_TEXTS, "appInfo", seeded.texts, now)
        return record

    def category(self, category: str) -> Record:
        """Return an app category by Apple's id."""
        attributes = {"platforms": ["IOS", "MAC_OS", "TV_OS"]}
        known = self._records.get(CATEGORIES, category)
        return known or self._records.add(
            Record(type=CATEGORIES, id=category, attributes=attributes)
        )

    def version(self, app: Record, seeded: SeedVersion, now: float) -> Record:
        """Add a version with its texts; builds and pictures are added apart."""
        record = Record(
            type=VERSIONS,
            id=self._records.new_id(VERSIONS),
            attributes={
                "platform": seeded.platform,
                "versionString": seeded.version,
                "copyright": seeded.copyright or None,
                "reviewType": "APP_STORE",
                "releaseType": seeded.release_type,
                "earliestReleaseDate": seeded.release_date,
                "downloadable": True,
                "createdDate": seeded.created,
                **version_state(seeded.state),
            },
            created=now,
        )
        self._records.add_child(app, VERSIONS, back="app", record=record)
        self._sow_texts(record, VERSION_TEXTS, "appStoreVersion", seeded.texts, now)
        return record

    def _sow_texts(
        self,
        parent: Record,
        kind: str,
        back: str,
        texts: Mapping[str, Mapping[str, Any]],
        now: float,
    ) -> None:
        for locale, fields in texts.items():
            record = Record(
                type=kind,
                id=self._records.new_id(kind),
                attributes={"locale": locale, **fields},
                created=now,
            )
            self._records.add_child(parent, kind, back=back, record=record)


def version_state(state: str) -> Json:
    """Return the attributes of a version that is in `state`."""
    return {"appVersionState": state, "appStoreState": VERSION_STATES[state][1]}


def info_state(state: str) -> Json:
    """Return the attributes of an app info that is in `state`."""
    old = next((old for info, old in VERSION_STATES.values() if info == state), state)
    return {"state": state, "appStoreState": old}


def _seconds(text: str) -> float:
    told = moment(text)
    if told is None:
        raise ValueError(f"{text!r} is no date with an offset.")
    return told.timestamp()
