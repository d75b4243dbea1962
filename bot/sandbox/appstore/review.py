"""What happens to versions besides the API: added, moved through review, edited.

It knows how an app info and a review submission follow their version, and that a
version that goes live replaces the one before. It asks nobody for permission.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.sandbox.appstore.bodies import written
from bot.sandbox.appstore.planting import UNTOUCHED, Planter, info_state, version_state
from bot.sandbox.appstore.records import Record, Records
from bot.sandbox.appstore.rules import RULES
from bot.sandbox.appstore.schema import (
    APPS,
    BUILDS,
    INFO_TEXTS,
    INFOS,
    PHASES,
    SHOT_SETS,
    SHOTS,
    VERSION_TEXTS,
    VERSIONS,
)
from bot.sandbox.appstore.seeding import SeedInfo, SeedVersion
from bot.sandbox.appstore.states import (
    CLOSED,
    EDITABLE,
    INFO_STATES,
    LIVE,
    PREPARING,
    REPLACED,
    REPLACED_INFO,
    VERSION_STATES,
)
from bot.sandbox.appstore.submissions.folder import Folder

Json = dict[str, Any]
Watcher = Callable[[Record, str, str, float], None]


class Studio:
    """The part of App Store Connect that people and reviewers work in.

    `watchers` are told of each version whose state changed: old state, new state, moment.
    """

    def __init__(self, records: Records, planter: Planter, folder: Folder) -> None:
        self._records = records
        self._planter = planter
        self._folder = folder
        self.watchers: list[Watcher] = []

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
        record = self.text(parent, kind, locale)
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
        self._put(version, state, now)
        self._folder.follow(app, version, state, now)
        if state == LIVE:
            self._replace_others(app, version, now)
        self._info_follows(app, state, now)
        return version

    def move_info(self, app_id: str, state: str, now: float) -> Record:
        """Put the app info that is prepared into `state`, without its version.

        Raises LookupError for an app without one and ValueError for an unknown state.
        """
        if state not in INFO_STATES:
            raise ValueError(f"No app info's state is called {state}.")
        info = self._info(self._records.need(APPS, app_id), live=False)
        info.change(info_state(state), now)
        return info

    def put_back(self, version: Record, state: str | None, now: float) -> None:
        """Let a version that left a submission be what it was before."""
        before = state if state in EDITABLE else PREPARING
        self._put(version, before, now)
        self._info_follows(self._records.need(APPS, version.one["app"]), before, now)

    def add_version(
        self,
        app_id: str,
        *,
        version: str,
        platform: str,
        state: str = PREPARING,
        now: float,
    ) -> Record:
        """Add a version with the texts and pictures of the one before, save its release notes."""
        app = self._records.need(APPS, app_id)
        before = self.versions_of(app, platform)
        seeded = SeedVersion(
            platform=platform,
            version=version,
            state=state,
            texts=self._texts_of(before[-1]) if before else self._bare_texts(app),
            copyright=str(before[-1].attributes["copyright"] or "") if before else "",
            created=written(now),
        )
        record = self._planter.version(app, seeded, now)
        if before:
            self._copy_pictures(before[-1], record, now)
        self._info_follows(app, state, now)
        return record

    def remove_version(self, version: Record) -> None:
        """Forget a version with all it holds, and an app info that nothing needs any more."""
        app = self._records.need(APPS, version.one["app"])
        for text in self._records.children(version, VERSION_TEXTS, VERSION_TEXTS):
            self._planter.strip(text)
            self._records.remove(text, version, VERSION_TEXTS)
        build = self._records.get(BUILDS, version.one.get("build", ""))
        if build is not None:
            del build.one["appStoreVersion"]
        phase = self._records.get(PHASES, version.one.get("appStoreVersionPhasedRelease", ""))
        if phase is not None:
            self._records.forget(phase)
        self._records.remove(version, app, VERSIONS)
        states = [known.attributes["appVersionState"] for known in self.versions_of(app)]
        if set(states) <= CLOSED:
            self._drop_coming_info(app)

    def versions_of(self, app: Record, platform: str | None = None) -> list[Record]:
        """Return the versions of an app, oldest first, of one platform or of all."""
        return [
            version
            for version in self._records.children(app, VERSIONS, VERSIONS)
            if platform in {None, version.attributes["platform"]}
        ]

    def text(self, parent: Record, kind: str, locale: str) -> Record:
        """Return the localization of `parent` for `locale`; raises LookupError."""
        for record in self._records.children(parent, kind, kind):
            if record.attributes["locale"] == locale:
                return record
        raise LookupError(f"There is no localization for {locale}.")

    def _put(self, version: Record, state: str, now: float) -> None:
        old = str(version.attributes["appVersionState"])
        version.change(version_state(state), now)
        if state not in UNTOUCHED:
            version.notes["submitted"] = True
        if old != state:
            for watcher in self.watchers:
                watcher(version, old, state, now)

    def _copy_pictures(self, before: Record, version: Record, now: float) -> None:
        counts = {
            text.attributes["locale"]: sum(
                len(self._records.children(shelf, SHOTS, SHOTS))
                for shelf in self._records.children(text, SHOT_SETS, SHOT_SETS)
            )
            for text in self._records.children(before, VERSION_TEXTS, VERSION_TEXTS)
        }
        for text in self._records.children(version, VERSION_TEXTS, VERSION_TEXTS):
            count = counts.get(text.attributes["locale"], 0)
            self._planter.screenshots(str(version.attributes["platform"]), text, count, now)

    def _drop_coming_info(self, app: Record) -> None:
        infos = self._records.children(app, INFOS, INFOS)
        coming = [info for info in infos if info.attributes["state"] not in CLOSED]
        for info in coming if len(coming) < len(infos) else ():
            for text in self._records.children(info, INFO_TEXTS, INFO_TEXTS):
                self._records.remove(text, info, INFO_TEXTS)
            self._records.remove(info, app, INFOS)

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
                self._put(other, REPLACED, now)

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
        coming.change(info_state(VERSION_STATES[state][0]), now)
        if state == LIVE:
            self._go_on_preparing(app, coming, now)

    def _retire_info(self, infos: list[Record], now: float) -> None:
        for info in infos:
            if info.attributes["state"] == LIVE:
                info.change(info_state(REPLACED_INFO), now)

    def _go_on_preparing(self, app: Record, live: Record, now: float) -> None:
        primary = str(app.attributes["primaryLocale"])
        name = self.text(live, INFO_TEXTS, primary).attributes["name"]
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
        category = live.one.get("primaryCategory", "")
        seed = SeedInfo(state=PREPARING, texts=texts, category=category)
        return self._planter.info(app, seed, now)

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
