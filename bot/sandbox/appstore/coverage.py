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
        does=f"{_READ}; filter by bundleId, id, name, sku, by versions' state and platform; sort",
        lacks=f"filters by a version's id or by submission; {_OTHER_TYPES}",
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
        lacks="actors",
    ),
    Emulated(method="GET", path="/v1/appStoreVersions/{id}", does=_ONE, lacks=_OTHER_TYPES),
    Emulated(
        method="POST",
        path="/v1/appStoreVersions",
        does="makes the one coming version of a platform, with the texts and pictures before",
        lacks="texts of its own in the same request",
    ),
    Emulated(
        method="PATCH",
        path="/v1/appStoreVersions/{id}",
        does="number, copyright, release type and date by state; build",
        lacks="usesIdfa; what a changed release type does to an approved version is assumed",
    ),
    Emulated(
        method="DELETE",
        path="/v1/appStoreVersions/{id}",
        does="removes a version that was never submitted and is not the first",
    ),
    Emulated(
        method="GET",
        path="/v1/appStoreVersions/{id}/build",
        does="the chosen build, or null",
    ),
    Emulated(
        method="PATCH",
        path="/v1/appStoreVersions/{id}/relationships/build",
        does="chooses a valid build of the same number and platform; null clears",
    ),
    Emulated(
        method="GET",
        path="/v1/appStoreVersions/{id}/appStoreVersionPhasedRelease",
        does="the phased release, or null",
    ),
    Emulated(
        method="POST",
        path="/v1/appStoreVersionPhasedReleases",
        does="asks for seven days instead of one; updates only",
    ),
    Emulated(
        method="PATCH",
        path="/v1/appStoreVersionPhasedReleases/{id}",
        does="pauses up to 30 days in all, resumes, completes",
    ),
    Emulated(
        method="DELETE",
        path="/v1/appStoreVersionPhasedReleases/{id}",
        does="takes back what has not begun",
    ),
    Emulated(
        method="POST",
        path="/v1/appStoreVersionReleaseRequests",
        does="releases a version that waits for its developer",
    ),
    Emulated(
        method="GET",
        path="/v1/builds",
        does=f"{_READ}; filter by app, version, state, expiry, train; sort",
        lacks=f"TestFlight; {_OTHER_TYPES}",
    ),
    Emulated(method="GET", path="/v1/builds/{id}", does=_ONE, lacks=_OTHER_TYPES),
    Emulated(
        method="GET",
        path="/v1/appStoreVersions/{id}/appStoreVersionLocalizations",
        does=f"{_READ}; filter by locale",
        lacks=f"previews, search keywords; {_DELETED}",
    ),
    Emulated(
        method="GET", path="/v1/appInfos/{id}", does=_ONE, lacks="age ratings, other categories"
    ),
    Emulated(
        method="GET",
        path="/v1/appInfos/{id}/appInfoLocalizations",
        does=f"{_READ}; filter by locale",
        lacks=_DELETED,
    ),
    Emulated(method="GET", path="/v1/appStoreVersionLocalizations/{id}", does=_ONE),
    Emulated(
        method="GET",
        path="/v1/appStoreVersionLocalizations/{id}/appScreenshotSets",
        does=f"{_READ}; filter by display type",
        lacks="uploads; the pictures themselves",
    ),
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
        does="submits, again after a rejection too, or cancels, which takes a while; what is "
        "lacking comes as associated errors",
        lacks="review details are never asked for; screenshots only when so switched",
    ),
    Emulated(
        method="POST",
        path="/v1/reviewSubmissionItems",
        does="puts a version into a draft",
        lacks="items other than versions",
    ),
    Emulated(method="GET", path="/v1/reviewSubmissions/{id}/items", does=_READ, lacks=_OTHER_TYPES),
    Emulated(
        method="PATCH",
        path="/v1/reviewSubmissionItems/{id}",
        does="marks an item as removed or resolved",
    ),
    Emulated(
        method="DELETE",
        path="/v1/reviewSubmissionItems/{id}",
        does="takes an item out of a draft",
    ),
    Emulated(method="GET", path="/v1/apps/{id}/webhooks", does=_READ),
    Emulated(method="GET", path="/v1/webhooks/{id}", does=_ONE),
    Emulated(
        method="POST",
        path="/v1/webhooks",
        does="sets one up; http is taken for this machine",
        lacks="events other than the state of versions and pings; any other machine",
    ),
    Emulated(
        method="PATCH",
        path="/v1/webhooks/{id}",
        does="changes what is given of name, address, secret, events, enabled",
    ),
    Emulated(method="DELETE", path="/v1/webhooks/{id}", does="removes it with its deliveries"),
    Emulated(
        method="GET",
        path="/v1/webhooks/{id}/deliveries",
        does=f"{_READ}; filter by state and date; newest first; the last 500",
    ),
    Emulated(
        method="POST",
        path="/v1/webhookPings",
        does="sends a signed ping",
    ),
    Emulated(
        method="POST",
        path="/v1/webhookDeliveries",
        does="sends a delivery again",
        lacks="retries that Apple makes by itself: none are documented",
    ),
)

NOT_EMULATED: tuple[str, ...] = (
    "tokens with a scope claim",
    "uploads of screenshots, previews and the asset library",
    "TestFlight, uploads of builds, pricing, availability, in-app purchases, events",
    "custom product pages, experiments",
    "customer reviews, analytics and sales reports",
    "changes of apps and app infos themselves",
)
