"""Rows to values and back: times, lists, readings."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from itertools import islice
from typing import Any, TypeVar

from bot.domain.fields import Resource
from bot.domain.listing import App, AppInfo, Localization, Reading, Version

T = TypeVar("T")


def moment(at: datetime) -> str:
    """Return `at` as the store keeps it: ISO 8601, UTC, sortable as text."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def at(text: str) -> datetime:
    """Return the aware moment that `moment` wrote."""
    return datetime.fromisoformat(text)


def moment_or_none(at: datetime | None) -> str | None:
    """Return `moment` of what may be missing."""
    return moment(at) if at is not None else None


def at_or_none(text: str | None) -> datetime | None:
    """Return `at` of what may be missing."""
    return at(text) if text is not None else None


def dump(value: object) -> str:
    """Return `value` as compact JSON, people's letters kept as they are."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def narrowed(given: Mapping[str, object]) -> tuple[str, tuple[object, ...]]:
    """Return the conditions that have a value as one clause, with the values.

    What is not asked for is left out, so that SQLite finds an index for the rest.
    """
    asked = {condition: value for condition, value in given.items() if value is not None}
    return " and ".join(asked), tuple(asked.values())


def batched(values: Iterable[T], size: int) -> Iterator[list[T]]:
    """Yield the values in lists of at most `size`."""
    rest = iter(values)
    while some := list(islice(rest, size)):
        yield some


def dump_reading(reading: Reading) -> str:
    """Return a reading as JSON; `load_reading` is its inverse."""
    return dump(
        {
            "app": _app(reading.app),
            "platform": reading.platform,
            "versions": [_version(version) for version in reading.versions],
            "app_infos": [
                {"id": info.id, "app_id": info.app_id, "state": info.state}
                for info in reading.app_infos
            ],
            "version_localizations": _localizations(reading.version_localizations),
            "info_localizations": _localizations(reading.info_localizations),
            "read_at": moment(reading.read_at),
        }
    )


def load_reading(text: str) -> Reading:
    """Return the reading that `dump_reading` wrote."""
    body = json.loads(text)
    return Reading(
        app=App(**body["app"]),
        platform=body["platform"],
        versions=tuple(
            Version(
                **{
                    **version,
                    "created_at": at(version["created_at"]) if version["created_at"] else None,
                }
            )
            for version in body["versions"]
        ),
        app_infos=tuple(AppInfo(**info) for info in body["app_infos"]),
        version_localizations=_load(body["version_localizations"]),
        info_localizations=_load(body["info_localizations"]),
        read_at=at(body["read_at"]),
    )


def _app(app: App) -> dict[str, str]:
    return {
        "id": app.id,
        "bundle_id": app.bundle_id,
        "name": app.name,
        "primary_locale": app.primary_locale,
    }


def _version(version: Version) -> dict[str, str | None]:
    return {
        "id": version.id,
        "app_id": version.app_id,
        "platform": version.platform,
        "number": version.number,
        "state": version.state,
        "created_at": moment(version.created_at) if version.created_at else None,
    }


def _localizations(parents: Any) -> dict[str, dict[str, Any]]:
    return {
        parent: {
            locale: {"id": one.id, "resource": one.resource, "texts": dict(one.texts)}
            for locale, one in by_locale.items()
        }
        for parent, by_locale in parents.items()
    }


def _load(parents: dict[str, dict[str, Any]]) -> dict[str, dict[str, Localization]]:
    return {
        parent: {
            locale: Localization(
                id=one["id"],
                resource=Resource(one["resource"]),
                locale=locale,
                texts=one["texts"],
            )
            for locale, one in by_locale.items()
        }
        for parent, by_locale in parents.items()
    }
