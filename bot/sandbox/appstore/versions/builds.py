"""The build of a version: chosen, changed, cleared, or refused.

It knows which build may go with which version: valid, not expired, and made for the same
app, platform and number.
"""

from __future__ import annotations

from bot.sandbox.appstore.records import Record, Records
from bot.sandbox.appstore.refusals import RefusalError, refusal
from bot.sandbox.appstore.schema import BUILDS, TRAINS
from bot.sandbox.appstore.states import EDITABLE

POINTER = "/data/relationships/build"
NOT_ADDED = "The specified pre-release build could not be added."
NOT_PROCESSED = "The build is not in a valid processing state for this operation"


class BuildDesk:
    """Where a version is given its build."""

    def __init__(self, records: Records) -> None:
        self._records = records

    def choose(self, version: Record, build_id: str | None) -> None:
        """Tie `version` to a build, with None to no build; raises RefusalError."""
        self.must_be_open(version)
        build = None
        if build_id is not None:
            build = self.checked(build_id, version.one["app"], self._made_for(version))
        self.clear(version)
        if build is not None:
            version.one["build"] = build.id
            build.one["appStoreVersion"] = version.id

    def must_be_open(self, version: Record) -> None:
        """Raise RefusalError when the build of `version` cannot change any more."""
        if version.attributes["appVersionState"] not in EDITABLE:
            raise _unacceptable()

    def checked(self, build_id: str, app_id: str, made_for: tuple[str, str]) -> Record:
        """Return the build, if it is valid and made for the app and `made_for`.

        `made_for` is a platform and a version number. Raises RefusalError.
        """
        build = self._records.get(BUILDS, build_id)
        if build is None:
            detail = f"There is no resource of type '{BUILDS}' with id '{build_id}'"
            raise refusal("ENTITY_ERROR.RELATIONSHIP.INVALID", detail, pointer=POINTER)
        if build.attributes["processingState"] != "VALID" or build.attributes["expired"]:
            raise refusal("ENTITY_ERROR.RELATIONSHIP.INVALID", NOT_PROCESSED, pointer=POINTER)
        if build.one["app"] != app_id or self._train(build) != made_for:
            raise _unacceptable()
        return build

    def clear(self, version: Record) -> None:
        """Untie `version` from its build, if it has one."""
        build = self._records.get(BUILDS, version.one.pop("build", ""))
        if build is not None:
            build.one.pop("appStoreVersion", None)

    def follow_number(self, version: Record) -> None:
        """Untie a build that was made for another number than `version` has now."""
        build = self._records.get(BUILDS, version.one.get("build", ""))
        if build is not None and self._train(build) != self._made_for(version):
            self.clear(version)

    def _train(self, build: Record) -> tuple[str, str]:
        train = self._records.need(TRAINS, build.one["preReleaseVersion"]).attributes
        return str(train["platform"]), str(train["version"])

    def _made_for(self, version: Record) -> tuple[str, str]:
        return str(version.attributes["platform"]), str(version.attributes["versionString"])


def _unacceptable() -> RefusalError:
    code = "ENTITY_ERROR.RELATIONSHIP.INVALID.INVALID_STATE"
    return refusal(code, NOT_ADDED, pointer=POINTER)
