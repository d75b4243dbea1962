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
SUBMISSIONS = "reviewSubmissions"
SUBMISSION_ITEMS = "reviewSubmissionItems"


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
        one={"app": APPS},
        many={VERSION_TEXTS: VERSION_TEXTS},
        known=_names(
            "usesIdfa build appStoreVersionPhasedRelease gameCenterAppVersion "
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
        known=frozenset({"appScreenshotSets", "appPreviewSets", "searchKeywords"}),
    ),
    INFOS: Shape(
        attributes=("appStoreState", "state"),
        one={"app": APPS},
        many={INFO_TEXTS: INFO_TEXTS},
        known=_names(
            "appStoreAgeRating australiaAgeRating brazilAgeRating brazilAgeRatingV2 "
            "franceAgeRating koreaAgeRating ageRatingDeclaration primaryCategory "
            "primarySubcategoryOne primarySubcategoryTwo secondaryCategory "
            "secondarySubcategoryOne secondarySubcategoryTwo territoryAgeRatings"
        ),
    ),
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
}

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
