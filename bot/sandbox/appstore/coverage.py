"""What of App Store Connect is emulated and what is not, as data.

It knows the routes by method and path and says of each what it leaves out. A
path that is not here answers 404 or 403 in Apple's words.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Emulated:
    """One route: what it does here, and what Apple's does besides."""

    method: str
    path: str
    does: str
    lacks: str = ""


_READ = "fields, include and limit of the emulated types; paging"
_ONE = "fields, include and limit of the emulated types"
_OTHER_TYPES = "include and fields of other resource types are refused"
_DELETED = "reads that lag show a deleted locale as gone at once"

ROUTES: tuple[Emulated, ...] = (
    Emulated(
        method="GET",
        path="/v1/apps",
        does=f"{_READ}; filter by bundleId, id, name, sku; sort",
        lacks=f"filters by version or submission; {_OTHER_TYPES}",
    ),
    Emulated(method="GET", path="/v1/apps/{id}", does=_ONE, lacks=_OTHER_TYPES),
    Emulated(
        method="GET",
        path="/v1/apps/{id}/appStoreVersions",
        does=f"{_READ}; filter by platform, version, state, id; newest first",
        lacks=_OTHER_TYPES,
    ),
    Emulated(method="GET", path="/v1/apps/{id}/appInfos", does=_READ, lacks=_OTHER_TYPES),
    Emulated(
        method="GET",
        path="/v1/apps/{id}/reviewSubmissions",
        does=f"{_READ}; filter by platform and state",
        lacks="actors; the states CANCELING and COMPLETING",
    ),
    Emulated(method="GET", path="/v1/appStoreVersions/{id}", does=_ONE, lacks=_OTHER_TYPES),
    Emulated(
        method="GET",
        path="/v1/appStoreVersions/{id}/appStoreVersionLocalizations",
        does=f"{_READ}; filter by locale",
        lacks=f"screenshots, previews, search keywords; {_DELETED}",
    ),
    Emulated(method="GET", path="/v1/appInfos/{id}", does=_ONE, lacks="age ratings, categories"),
    Emulated(
        method="GET",
        path="/v1/appInfos/{id}/appInfoLocalizations",
        does=f"{_READ}; filter by locale",
        lacks=_DELETED,
    ),
    Emulated(method="GET", path="/v1/appStoreVersionLocalizations/{id}", does=_ONE),
    Emulated(
        method="POST",
        path="/v1/appStoreVersionLocalizations",
        does="adds a locale to an editable version, with every rule of its texts",
    ),
    Emulated(
        method="PATCH",
        path="/v1/appStoreVersionLocalizations/{id}",
        does="sets and clears texts by state; all errors at once",
    ),
    Emulated(
        method="DELETE",
        path="/v1/appStoreVersionLocalizations/{id}",
        does="removes a locale that is not the primary one, where texts may be edited",
    ),
    Emulated(method="GET", path="/v1/appInfoLocalizations/{id}", does=_ONE),
    Emulated(
        method="POST",
        path="/v1/appInfoLocalizations",
        does="adds a locale and, when so switched, the same locale to editable versions",
    ),
    Emulated(
        method="PATCH",
        path="/v1/appInfoLocalizations/{id}",
        does="sets and clears texts by state; a name that is taken is refused",
    ),
    Emulated(
        method="DELETE",
        path="/v1/appInfoLocalizations/{id}",
        does="removes a locale that is not the primary one, where texts may be edited",
        lacks="the locale of the version stays",
    ),
    Emulated(method="GET", path="/v1/reviewSubmissions/{id}", does=_ONE, lacks="actors"),
    Emulated(
        method="POST",
        path="/v1/reviewSubmissions",
        does="starts the one draft of an app and platform",
    ),
    Emulated(
        method="PATCH",
        path="/v1/reviewSubmissions/{id}",
        does="submits or cancels; what is lacking comes as associated errors",
        lacks="screenshots, builds and review details are never asked for",
    ),
    Emulated(
        method="POST",
        path="/v1/reviewSubmissionItems",
        does="puts a version into a draft",
        lacks="items other than versions",
    ),
)

NOT_EMULATED: tuple[str, ...] = (
    "tokens with a scope claim",
    "screenshots, previews and the asset library",
    "builds, TestFlight, pricing, availability, in-app purchases, events",
    "custom product pages, experiments, phased releases, release requests",
    "customer reviews, analytics and sales reports",
    "webhooks",
    "changes of apps, app infos and versions themselves",
)
