"""The whole store as plain values, for a page and for tests to look at.

It knows how records hang together and shows them as they are now.
"""

from __future__ import annotations

from typing import Any

from bot.sandbox.appstore.records import Record, Records
from bot.sandbox.appstore.schema import APPS, INFO_TEXTS, INFOS, VERSION_TEXTS, VERSIONS
from bot.sandbox.appstore.states import EDITABLE, NEXT

Json = dict[str, Any]


def overview(records: Records) -> list[Json]:
    """Return every app with its infos and versions; texts by locale and attribute."""
    return [_app(records, app) for app in records.every(APPS)]


def _app(records: Records, app: Record) -> Json:
    return {
        "id": app.id,
        "name": app.attributes["name"],
        "bundle_id": app.attributes["bundleId"],
        "primary_locale": app.attributes["primaryLocale"],
        "infos": [
            {
                "id": info.id,
                "state": info.attributes["state"],
                "editable": info.attributes["state"] in EDITABLE,
                "localizations": _texts(records, info, INFO_TEXTS),
            }
            for info in records.children(app, INFOS, INFOS)
        ],
        "versions": [
            _version(records, version) for version in records.children(app, VERSIONS, VERSIONS)
        ],
    }


def _version(records: Records, version: Record) -> Json:
    state = version.attributes["appVersionState"]
    return {
        "id": version.id,
        "platform": version.attributes["platform"],
        "version": version.attributes["versionString"],
        "state": state,
        "next": list(NEXT.get(state, ())),
        "editable": state in EDITABLE,
        "release_type": version.attributes["releaseType"],
        "created": version.attributes["createdDate"],
        "localizations": _texts(records, version, VERSION_TEXTS),
    }


def _texts(records: Records, parent: Record, kind: str) -> dict[str, Json]:
    return {
        str(text.attributes["locale"]): {
            "id": text.id,
            **{name: value for name, value in text.attributes.items() if name != "locale"},
        }
        for text in records.children(parent, kind, kind)
    }
