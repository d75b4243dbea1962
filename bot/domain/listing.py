"""An app's texts at a moment: what was read from Apple, as values.

Knows which version and which app info a person edits (App Store Connect API,
AppVersionState; App Store Connect Help, "App and submission statuses").
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.fields import BY_ATTRIBUTE, Resource
from bot.domain.items import ABSENT, PRESENT


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    """An app; `account` names the App Store Connect team it was seen in, "" for the default."""

    id: str
    bundle_id: str
    name: str
    primary_locale: str = "en-US"
    account: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """An App Store version; `state` is Apple's `appVersionState`, known or not.

    `release_type` is Apple's `releaseType`, "" where nobody asked; `earliest_release` goes
    with a scheduled one.
    """

    id: str
    app_id: str
    platform: str
    number: str
    state: str
    created_at: datetime | None = None
    release_type: str = ""
    earliest_release: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AppInfo:
    """The texts that all platforms share; `state` is Apple's `appInfos.state`."""

    id: str
    app_id: str
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Localization:
    """One localization resource; `texts` holds every attribute, absent ones as ""."""

    id: str
    resource: Resource
    locale: str
    texts: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """The texts of one version with the app info edited beside it.

    `localizations` is keyed by (resource, locale); a pair that is not there does not
    exist at Apple. `app_info` is None when Apple has none that belongs to the version.
    """

    app: App
    version: Version
    app_info: AppInfo | None
    first_version: bool
    localizations: Mapping[tuple[Resource, str], Localization] = field(repr=False)

    def locales(self) -> tuple[str, ...]:
        """Return every locale that has a localization, the primary one first."""
        found = sorted({locale for _, locale in self.localizations})
        primary = self.app.primary_locale
        return tuple(sorted(found, key=lambda locale: locale != primary))

    def has_locale(self, locale: str) -> bool:
        """Return whether any localization of `locale` exists."""
        return any(locale == known for _, known in self.localizations)

    def text(self, locale: str, attribute: str) -> str:
        """Return the text Apple holds, "" where it holds none.

        Attribute "" asks for the locale itself: `PRESENT` or `ABSENT`.
        """
        if not attribute:
            return PRESENT if self.has_locale(locale) else ABSENT
        localization = self.localizations.get((BY_ATTRIBUTE[attribute].resource, locale))
        return localization.texts.get(attribute, "") if localization else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """All that a full read of one app and platform brought, in two requests.

    `versions` without replaced ones, newest first as Apple gives them; `app_infos` likewise.
    """

    app: App
    platform: str
    versions: tuple[Version, ...]
    app_infos: tuple[AppInfo, ...]
    version_localizations: Mapping[str, Mapping[str, Localization]] = field(repr=False)
    info_localizations: Mapping[str, Mapping[str, Localization]] = field(repr=False)
    read_at: datetime
