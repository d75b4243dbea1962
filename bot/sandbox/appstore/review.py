"""What happens to versions besides the API: seeded, added, moved through review, edited.

It knows how an app info and a review submission follow their version, and that a
version that goes live replaces the one before. It asks nobody for permission.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from bot.sandbox.appstore.records import Record, Records
from bot.sandbox.appstore.rules import RULES
from bot.sandbox.appstore.schema import (
    APPS,
    INFO_TEXTS,
    INFOS,
    SUBMISSION_ITEMS,
    SUBMISSIONS,
    VERSION_TEXTS,
    VERSIONS,
)
from bot.sandbox.appstore.seeding import Seed, SeedApp, SeedInfo, SeedVersion
from bot.sandbox.appstore.states import (
    CLOSED,
    EDITABLE,
    LIVE,
    PREPARING,
    REPLACED,
    REPLACED_INFO,
    SUBMISSION_STATES,
    VERSION_STATES,
)

Json = dict[str, Any]
OVER = "COMPLETE"


class Studio:
    """The part of App Store Connect that people and reviewers work in."""

    def __init__(self, records: Records) -> None:
        self._records = records

    def sow(self, seed: Seed) -> None:
        """Fill the store with what it starts with."""
        for app in seed.apps:
            self._sow_app(app)

    def edit(
        self,
        place: tuple[str, str],
        field: str,
        text: str | None,
        *,
        platform: str | None,
        live: bool,
        now: float,
    ) -> Record:
        """Change one text of `place` (app id, locale) as somebody in the web interface.

        Raises LookupError when there is no such app, locale, field or version.
        """
        app_id, locale = place
        app = self._records.need(APPS, app_id)
        kind = next((kind for kind, rules in RULES.items() if field in rules), None)
        if kind is None:
            raise LookupError(f"No text is called {field}.")
        parent = (
            self._info(app, live=live)
            if kind == INFO_TEXTS
            else self._version(app, platform, live=live)
        )
        record = self._text(parent, kind, locale)
        record.change({field: text}, now)
        return record

    def move(self, version_id: str, state: str, now: float) -> Record:
        """Put a version into `state`; its app info, submission and predecessor follow.

        Raises LookupError for an unknown version and ValueError for an unknown state.
        """
        version = self._records.need(VERSIONS, version_id)
        if state not in VERSION_STATES:
            raise ValueError(f"No version state is called {state}.")
        app = self._records.need(APPS, version.one["app"])
        version.change(_version_state(state), now)
        self._submission_follows(app, version, state, now)
        if state == LIVE:
            self._replace_others(app, version, now)
        self._info_follows(app, state, now)
        return version

    def add_version(
        self, app_id: str, *, version: str, platform: str, state: str = PREPARING, now: float
    ) -> Record:
        """Add a version with the texts of the one before, save its release notes."""
        app = self._records.need(APPS, app_id)
        before = [
            known
            for known in self._records.children(app, VERSIONS, VERSIONS)
            if known.attributes["platform"] == platform
        ]
        texts = self._texts_of(before[-1]) if before else self._bare_texts(app)
        created = datetime.fromtimestamp(now, UTC).isoformat(timespec="seconds")
        seeded = SeedVersion(
            platform=platform, version=version, state=state, texts=texts, created=created
        )
        record = self._sow_version(app, seeded, now)
        self._info_follows(app, state, now)
        return record

    def _sow_app(self, seeded: SeedApp) -> None:
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
            self._sow_info(app, info, 0.0)
        for version in seeded.versions:
            record = self._sow_version(app, version, 0.0)
            self._submission_follows(app, record, version.state, 0.0)

    def _sow_info(self, app: Record, seeded: SeedInfo, now: float) -> Record:
        record = Record(
            type=INFOS,
            id=self._records.new_id(INFOS),
            attributes=_info_state(seeded.state),
            created=now,
        )
        self._records.add_child(app, INFOS, back="app", record=record)
        self._sow_texts(record, INFO_TEXTS, "appInfo", seeded.texts, now)
        return record

    def _sow_version(self, app: Record, seeded: SeedVersion, now: float) -> Record:
        record = Record(
            type=VERSIONS,
            id=self._records.new_id(VERSIONS),
            attributes={
                "platform": seeded.platform,
                "versionString": seeded.version,
                "copyright": seeded.copyright or None,
                "reviewType": "APP_STORE",
                "releaseType": seeded.release_type,
                "earliestReleaseDate": None,
                "downloadable": True,
                "createdDate": seeded.created,
                **_version_state(seeded.state),
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

    def _texts_of(self, version: Record) -> dict[str, dict[str, Any]]:
        return {
            str(text.attributes["locale"]): {
                name: value
                for name, value in text.attributes.items()
                if name not in {"locale", "whatsNew"}
            }
            for text in self._records.children(version, VERSION_TEXTS, VERSION_TEXTS)
        }

    def _bare_texts(self, app: Record) -> dict[str, dict[str, Any]]:
        return {str(app.attributes["primaryLocale"]): {}}

    def _replace_others(self, app: Record, version: Record, now: float) -> None:
        platform = version.attributes["platform"]
        for other in self._records.children(app, VERSIONS, VERSIONS):
            same = other.attributes["platform"] == platform and other is not version
            if same and other.attributes["appVersionState"] == LIVE:
                other.change(_version_state(REPLACED), now)

    def _info_follows(self, app: Record, state: str, now: float) -> None:
        """Carry the app info along: one pair is shared by all platforms of the app."""
        infos = self._records.children(app, INFOS, INFOS)
        coming = next((info for info in infos if info.attributes["state"] not in CLOSED), None)
        if state in CLOSED and coming is None:
            return
        if coming is None:
            live = next(info for info in infos if info.attributes["state"] == LIVE)
            coming = self._copy_info(app, live, now)
        if state == LIVE:
            self._retire_info(infos, now)
        coming.change(_info_state(VERSION_STATES[state][0]), now)
        if state == LIVE:
            self._go_on_preparing(app, coming, now)

    def _retire_info(self, infos: list[Record], now: float) -> None:
        for info in infos:
            if info.attributes["state"] == LIVE:
                info.change(_info_state(REPLACED_INFO), now)

    def _go_on_preparing(self, app: Record, live: Record, now: float) -> None:
        primary = str(app.attributes["primaryLocale"])
        name = self._text(live, INFO_TEXTS, primary).attributes["name"]
        app.change({"name": name}, now)
        versions = self._records.children(app, VERSIONS, VERSIONS)
        if any(version.attributes["appVersionState"] in EDITABLE for version in versions):
            self._copy_info(app, live, now)

    def _copy_info(self, app: Record, live: Record, now: float) -> Record:
        texts = {
            str(text.attributes["locale"]): {
                name: value for name, value in text.attributes.items() if name != "locale"
            }
            for text in self._records.children(live, INFO_TEXTS, INFO_TEXTS)
        }
        return self._sow_info(app, SeedInfo(state=PREPARING, texts=texts), now)

    def _submission_follows(self, app: Record, version: Record, state: str, now: float) -> None:
        wanted = SUBMISSION_STATES.get(state)
        current = self.open_submission(app, str(version.attributes["platform"]))
        if wanted is None or (current is None and wanted == OVER):
            return
        if current is None:
            current = self.add_submission(app, str(version.attributes["platform"]), now)
        if "appStoreVersionForReview" not in current.one:
            self.add_item(current, version, now)
        submitted = None if wanted == "READY_FOR_REVIEW" else _moment(now)
        held = current.attributes["submittedDate"]
        current.change({"state": wanted, "submittedDate": held or submitted}, now)

    def open_submission(self, app: Record, platform: str) -> Record | None:
        """Return the submission of an app and platform that is not over, if there is one."""
        for submission in self._records.children(app, SUBMISSIONS, SUBMISSIONS):
            attributes = submission.attributes
            if attributes["platform"] == platform and attributes["state"] != OVER:
                return submission
        return None

    def add_submission(self, app: Record, platform: str, now: float) -> Record:
        """Start a draft submission."""
        record = Record(
            type=SUBMISSIONS,
            id=self._records.new_id(SUBMISSIONS),
            attributes={"platform": platform, "submittedDate": None, "state": "READY_FOR_REVIEW"},
            created=now,
        )
        return self._records.add_child(app, SUBMISSIONS, back="app", record=record)

    def add_item(self, submission: Record, version: Record, now: float) -> Record:
        """Put a version into a submission."""
        submission.one["appStoreVersionForReview"] = version.id
        record = Record(
            type=SUBMISSION_ITEMS,
            id=self._records.new_id(SUBMISSION_ITEMS),
            attributes={"state": "READY_FOR_REVIEW"},
            one={"appStoreVersion": version.id},
            created=now,
        )
        return self._records.add_child(submission, "items", back="reviewSubmission", record=record)

    def _info(self, app: Record, *, live: bool) -> Record:
        for info in self._records.children(app, INFOS, INFOS):
            state = info.attributes["state"]
            if (state == LIVE) if live else (state not in CLOSED):
                return info
        raise LookupError(f"{app.attributes['name']} has no such app info.")

    def _version(self, app: Record, platform: str | None, *, live: bool) -> Record:
        for version in self._records.children(app, VERSIONS, VERSIONS):
            state = version.attributes["appVersionState"]
            here = platform in {None, version.attributes["platform"]}
            if here and ((state == LIVE) if live else (state not in CLOSED)):
                return version
        raise LookupError(f"{app.attributes['name']} has no such version.")

    def _text(self, parent: Record, kind: str, locale: str) -> Record:
        for record in self._records.children(parent, kind, kind):
            if record.attributes["locale"] == locale:
                return record
        raise LookupError(f"There is no localization for {locale}.")


def _version_state(state: str) -> Json:
    return {"appVersionState": state, "appStoreState": VERSION_STATES[state][1]}


def _info_state(state: str) -> Json:
    old = next((old for info, old in VERSION_STATES.values() if info == state), state)
    return {"state": state, "appStoreState": old}


def _moment(now: float) -> str:
    return datetime.fromtimestamp(now, UTC).isoformat(timespec="seconds")
