"""What an emulated store starts with: apps, versions and texts as plain values.

It knows the shape of a beginning and no text of its own. Texts are keyed by
Apple's attribute names; a text that is absent was never written.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

Texts = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class SeedVersion:
    """One version of an app on one platform; `texts` maps locale to attribute to text.

    `build` is the number of the build that is chosen, None for none; `screenshots`
    how many pictures each locale has.
    """

    platform: str
    version: str
    state: str
    texts: Mapping[str, Texts]
    release_type: str = "AFTER_APPROVAL"
    release_date: str | None = None
    copyright: str = "2026 The Example Studio"
    created: str = "2026-09-01T09:00:00-07:00"
    build: str | None = "1"
    screenshots: int = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class SeedBuild:
    """One more build, which no version has chosen; `train` is the version it was made for."""

    platform: str
    train: str
    number: str
    state: str = "VALID"
    uploaded: str = "2026-11-20T09:00:00-08:00"


@dataclass(frozen=True, slots=True, kw_only=True)
class SeedInfo:
    """One app info (name, subtitle, privacy addresses); `texts` as in `SeedVersion`.

    `category` is the primary one by Apple's id, "" for none.
    """

    state: str
    texts: Mapping[str, Texts]
    category: str = "PRODUCTIVITY"


@dataclass(frozen=True, slots=True, kw_only=True)
class SeedApp:
    """One app with its infos and versions, oldest first."""

    id: str
    bundle_id: str
    name: str
    sku: str
    primary_locale: str
    infos: tuple[SeedInfo, ...]
    versions: tuple[SeedVersion, ...]
    builds: tuple[SeedBuild, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Seed:
    """A whole store; `taken` names app names that strangers hold, by locale."""

    apps: tuple[SeedApp, ...]
    taken: Mapping[str, frozenset[str]] = field(default_factory=dict)
