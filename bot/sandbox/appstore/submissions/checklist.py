"""What a version lacks before it can be submitted, by the path of what is lacking.

It knows which texts, pictures and builds Apple asks for and words each as Apple does.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bot.sandbox.appstore.bodies import required
from bot.sandbox.appstore.conditions import Conditions
from bot.sandbox.appstore.records import Record, Records
from bot.sandbox.appstore.refusals import Problem
from bot.sandbox.appstore.schema import (
    APPS,
    BUILDS,
    DISPLAYS,
    INFO_TEXTS,
    INFOS,
    SHOT_SETS,
    SHOTS,
    VERSION_TEXTS,
    VERSIONS,
)
from bot.sandbox.appstore.states import CLOSED

Json = dict[str, Any]
Lacking = Iterator[tuple[str, list[Json]]]

REQUIRED = {
    VERSION_TEXTS: ("description", "keywords", "supportUrl", "whatsNew"),
    INFO_TEXTS: ("name", "privacyPolicyUrl"),
}


class Checklist:
    """The look at a version that comes before a review."""

    def __init__(self, records: Records, conditions: Conditions) -> None:
        self._records = records
        self._conditions = conditions

    def lacking(self, version: Record) -> dict[str, list[Json]]:
        """Return error objects by path; empty when the version may be submitted."""
        app = self._records.need(APPS, version.one["app"])
        found: dict[str, list[Json]] = {}
        for path, problems in (
            *self._build(version),
            *self._texts(app, version),
            *self._declared(app, version),
            *self._screenshots(app, version),
        ):
            found.setdefault(path, []).extend(problems)
        return found

    def _declared(self, app: Record, version: Record) -> Lacking:
        if not version.attributes["copyright"]:
            yield f"/v1/appStoreVersions/{version.id}", [required("copyright").document()]
        if not app.attributes["contentRightsDeclaration"]:
            yield f"/v1/apps/{app.id}", [required("contentRightsDeclaration").document()]
        for info in self._records.children(app, INFOS, INFOS):
            if info.attributes["state"] not in CLOSED and not info.one.get("primaryCategory"):
                detail = "You must provide a value for the relationship 'primaryCategory'"
                problem = Problem(
                    code="ENTITY_ERROR.RELATIONSHIP.REQUIRED",
                    detail=f"{detail} with this request",
                    pointer="/data/relationships/primaryCategory",
                )
                yield f"/v1/appInfos/{info.id}", [problem.document()]

    def _build(self, version: Record) -> Lacking:
        build = self._records.get(BUILDS, version.one.get("build", ""))
        if build is None:
            detail = "You must provide a value for the relationship 'build' with this request"
            problem = Problem(
                code="ENTITY_ERROR.RELATIONSHIP.REQUIRED",
                detail=detail,
                pointer="/data/relationships/build",
            )
            yield f"/v1/appStoreVersions/{version.id}", [problem.document()]
        elif build.attributes["processingState"] != "VALID" or build.attributes["expired"]:
            detail = "The build is not in a valid processing state for this operation"
            yield (
                f"/v1/builds/{build.id}",
                [Problem(code="STATE_ERROR.ENTITY_STATE_INVALID", detail=detail).document()],
            )

    def _texts(self, app: Record, version: Record) -> Lacking:
        infos = self._records.children(app, INFOS, INFOS)
        coming = [info for info in infos if info.attributes["state"] not in CLOSED]
        for parent, kind in ((version, VERSION_TEXTS), *((info, INFO_TEXTS) for info in coming)):
            for text in self._records.children(parent, kind, kind):
                names = [name for name in REQUIRED[kind] if not text.attributes.get(name)]
                if names and not self._is_excused(app, version, names):
                    yield f"/v1/{kind}/{text.id}", [required(name).document() for name in names]

    def _is_excused(self, app: Record, version: Record, names: list[str]) -> bool:
        """Return whether only release notes are missing and the version is the first."""
        versions = self._records.children(app, VERSIONS, VERSIONS)
        platform = version.attributes["platform"]
        first = sum(known.attributes["platform"] == platform for known in versions) == 1
        return first and names == ["whatsNew"]

    def _screenshots(self, app: Record, version: Record) -> Lacking:
        if not self._conditions.needs_screenshots:
            return
        display, word = DISPLAYS[version.attributes["platform"]]
        for text in self._records.children(version, VERSION_TEXTS, VERSION_TEXTS):
            # Other locales show the primary one's pictures where they have none.
            if text.attributes["locale"] == app.attributes["primaryLocale"] and not any(
                self._records.children(one, SHOTS, SHOTS)
                for one in self._records.children(text, SHOT_SETS, SHOT_SETS)
            ):
                code = f"STATE_ERROR.SCREENSHOT_REQUIRED.{display}"
                detail = f"A screenshot with type {word} is required but was not provided"
                problem = Problem(code=code, detail=detail)
                yield f"/v1/appStoreVersionLocalizations/{text.id}", [problem.document()]
