"""Apple's resources as one table: attributes, relationships and the names it accepts.

It knows the shapes of App Store Connect API 4.4.1 for the resources emulated
here. `known` holds names that Apple accepts in fields[...] and that this store
leaves out of its answers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

APPS = "apps"
VERSIONS = "appStoreVersions"
VERSION_TEXTS = "appStoreVersionLocalizations"
INFOS = "appInfos"
INFO_TEXTS = "appInfoLocalizations"
CATEGORIES = "appCategories"
SUBMISSIONS = "reviewSubmissions"
SUBMISSION_ITEMS = "reviewSubmissionItems"
BUILDS = "builds"
TRAINS = "preReleaseVersions"
PHASES = "appStoreVersionPhasedReleases"
RELEASES = "appStoreVersionReleaseRequests"
SHOT_SETS = "appScreenshotSets"
SHOTS = "appScreenshots"
WEBHOOKS = "webhooks"
PINGS = "webhookPings"
DELIVERIES = "webhookDeliveries"
EVENTS = "webhookEvents"


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """One resource type; relationships map their name to the type behind it."""

    attributes: tuple[str, ...]
    one: Mapping[str, str] = field(default_factory=dict)
    many: Mapping[str, str] = field(default_factory=dict)
    known: frozenset[str] = frozenset()

    @property
    def fields(self) -> frozenset[str]:
        """Every name that fields[...] of this type may hold."""
        return self.known.union(self.attributes, self.one, self.many)


SHAPES: Mapping[str, Shape] = {
    APPS: Shape(
        attributes=("name", "bundleId", "sku", "primaryLocale", "contentRightsDeclaration"),
        many={VERSIONS: VERSIONS, INFOS: INFOS, SUBMISSIONS: SUBMISSIONS},
        known=_names(
            "accessibilityUrl isOrEverWasMadeForKids subscriptionStatusUrl "
            "subscriptionStatusUrlVersion streamlinedPurchasingEnabled appStoreIcon betaGroups "
            "betaTesters builds preReleaseVersions appCustomProductPages appEvents "
            "customerReviews inAppPurchasesV2 subscriptionGroups webhooks appTags "
            "searchKeywords"
        ),
    ),
    VERSIONS: Shape(
        attributes=(
            "platform",
            "versionString",
            "appStoreState",
            "appVersionState",
            "copyright",
            "reviewType",
            "releaseType",
            "earliestReleaseDate",
            "downloadable",
            "createdDate",
        ),
        one={"app": APPS, "build": BUILDS, "appStoreVersionPhasedRelease": PHASES},
        many={VERSION_TEXTS: VERSION_TEXTS},
        known=_names(
            "usesIdfa gameCenterAppVersion "
            "routingAppCoverage appStoreReviewDetail appStoreVersionSubmission "
            "appClipDefaultExperience appStoreVersionExperiments appStoreVersionExperimentsV2 "
            "customerReviews alternativeDistributionPackage"
        ),
    ),
    VERSION_TEXTS: Shape(
        attributes=(
            "description",
            "locale",
            "keywords",
            "marketingUrl",
            "promotionalText",
            "supportUrl",
            "whatsNew",
        ),
        one={"appStoreVersion": VERSIONS},
        many={SHOT_SETS: SHOT_SETS},
        known=frozenset({"appPreviewSets", "searchKeywords"}),
    ),
    INFOS: Shape(
        attributes=("appStoreState", "state"),
        one={"app": APPS, "primaryCategory": CATEGORIES},
        many={INFO_TEXTS: INFO_TEXTS},
        known=_names(
            "appStoreAgeRating australiaAgeRating brazilAgeRating brazilAgeRatingV2 "
            "franceAgeRating koreaAgeRating ageRatingDeclaration "
            "primarySubcategoryOne primarySubcategoryTwo secondaryCategory "
            "secondarySubcategoryOne secondarySubcategoryTwo territoryAgeRatings"
        ),
    ),
    CATEGORIES: Shape(attributes=("platforms",), known=frozenset({"subcategories", "parent"})),
    INFO_TEXTS: Shape(
        attributes=(
            "locale",
            "name",
            "subtitle",
            "privacyPolicyUrl",
            "privacyChoicesUrl",
            "privacyPolicyText",
        ),
        one={"appInfo": INFOS},
    ),
    SUBMISSIONS: Shape(
        attributes=("platform", "submittedDate", "state"),
        one={"app": APPS, "appStoreVersionForReview": VERSIONS},
        many={"items": SUBMISSION_ITEMS},
        known=frozenset({"submittedByActor", "lastUpdatedByActor"}),
    ),
    SUBMISSION_ITEMS: Shape(
        attributes=("state",),
        one={"appStoreVersion": VERSIONS},
    ),
    BUILDS: Shape(
        attributes=(
            "version",
            "uploadedDate",
            "expirationDate",
            "expired",
            "minOsVersion",
            "processingState",
            "buildAudienceType",
            "usesNonExemptEncryption",
        ),
        one={"app": APPS, "preReleaseVersion": TRAINS, "appStoreVersion": VERSIONS},
        known=_names(
            "lsMinimumSystemVersion computedMinMacOsVersion computedMinVisionOsVersion "
            "iconAssetToken individualTesters betaGroups betaBuildLocalizations "
            "appEncryptionDeclaration betaAppReviewSubmission buildBetaDetail icons "
            "buildBundles buildUpload"
        ),
    ),
    TRAINS: Shape(
        attributes=("version", "platform"), one={"app": APPS}, known=frozenset({"builds"})
    ),
    PHASES: Shape(
        attributes=("phasedReleaseState", "startDate", "totalPauseDuration", "currentDayNumber")
    ),
    RELEASES: Shape(attributes=()),
    SHOT_SETS: Shape(
        attributes=("screenshotDisplayType",),
        one={"appStoreVersionLocalization": VERSION_TEXTS},
        many={SHOTS: SHOTS},
        known=_names(
            "appCustomProductPageLocalization appStoreVersionExperimentTreatmentLocalization"
        ),
    ),
    SHOTS: Shape(
        attributes=("fileSize", "fileName", "sourceFileChecksum", "assetDeliveryState"),
        one={"appScreenshotSet": SHOT_SETS},
        known=_names("imageAsset assetToken assetType uploadOperations"),
    ),
    WEBHOOKS: Shape(
        attributes=("enabled", "eventTypes", "name", "url"),
        one={"app": APPS},
        known=frozenset({"deliveries"}),
    ),
    PINGS: Shape(attributes=()),
    DELIVERIES: Shape(
        attributes=(
            "createdDate",
            "deliveryState",
            "errorMessage",
            "redelivery",
            "sentDate",
            "request",
            "response",
        ),
        one={"event": EVENTS},
    ),
    EVENTS: Shape(attributes=("eventType", "payload", "ping", "createdDate")),
}

# The screenshots that each platform is asked for first, in Apple's words and its own.
DISPLAYS: Mapping[str, tuple[str, str]] = {
    "IOS": ("APP_IPHONE_67", "iphone67"),
    "MAC_OS": ("APP_DESKTOP", "desktop"),
    "TV_OS": ("APP_APPLE_TV", "appleTV"),
    "VISION_OS": ("APP_APPLE_VISION_PRO", "appleVisionPro"),
}
PLATFORMS = frozenset(DISPLAYS)

# What a webhook can be told of; only the state of versions happens here, and pings.
STATE_EVENT = "APP_STORE_VERSION_APP_VERSION_STATE_UPDATED"
EVENT_TYPES = _names(
    "ALTERNATIVE_DISTRIBUTION_PACKAGE_AVAILABLE_UPDATED "
    "ALTERNATIVE_DISTRIBUTION_PACKAGE_VERSION_CREATED "
    "ALTERNATIVE_DISTRIBUTION_TERRITORY_AVAILABILITY_UPDATED "
    f"{STATE_EVENT} "
    "BACKGROUND_ASSET_VERSION_APP_STORE_RELEASE_STATE_UPDATED "
    "BACKGROUND_ASSET_VERSION_EXTERNAL_BETA_RELEASE_STATE_UPDATED "
    "BACKGROUND_ASSET_VERSION_INTERNAL_BETA_RELEASE_CREATED "
    "BACKGROUND_ASSET_VERSION_STATE_UPDATED BETA_FEEDBACK_CRASH_SUBMISSION_CREATED "
    "BETA_FEEDBACK_SCREENSHOT_SUBMISSION_CREATED "
    "BUILD_BETA_DETAIL_EXTERNAL_BUILD_STATE_UPDATED BUILD_UPLOAD_STATE_UPDATED"
)

# The 50 locales of the App Store, as App Store Connect writes them.
LOCALES = _names(
    "ar-SA bn-BD ca cs da de-DE el en-AU en-CA en-GB en-US es-ES es-MX fi fr-CA fr-FR gu-IN he "
    "hi hr hu id it ja kn-IN ko ml-IN mr-IN ms nl-NL no or-IN pa-IN pl pt-BR pt-PT ro ru sk "
    "sl-SI sv ta-IN te-IN th tr uk ur-PK vi zh-Hans zh-Hant"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """Where one localization type lives: its parent's type and the two relationships."""

    type: str
    parent: str
    back: str
    state: str


HOMES: Mapping[str, Home] = {
    VERSION_TEXTS: Home(
        type=VERSION_TEXTS, parent=VERSIONS, back="appStoreVersion", state="appVersionState"
    ),
    INFO_TEXTS: Home(type=INFO_TEXTS, parent=INFOS, back="appInfo", state="state"),
}
