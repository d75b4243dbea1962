"""The text fields of a listing as one table, and nothing about how they are sent.

Limits and requirements: App Store Connect Help, "App information" and "Platform
version information"; where fields live: App Store Connect API, AppInfoLocalization
and AppStoreVersionLocalization.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Resource(StrEnum):
    """Apple's resource that holds a field, one object for each locale."""

    APP_INFO = "appInfoLocalizations"
    VERSION = "appStoreVersionLocalizations"


class Kind(StrEnum):
    """What sort of text a field holds."""

    LINE = "line"
    TEXT = "text"
    KEYWORDS = "keywords"
    URL = "url"


class Required(StrEnum):
    """When a version cannot be submitted without the field."""

    NEVER = "never"
    ALWAYS = "always"
    UPDATES = "updates"


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One text of a listing; `limit` and `minimum` in characters (UTF-16 units)."""

    attribute: str
    label: str
    resource: Resource
    kind: Kind
    limit: int
    minimum: int = 0
    required: Required = Required.NEVER
    editable_when_live: bool = False
    file: str

    @property
    def multiline(self) -> bool:
        """Whether line breaks belong in the text."""
        return self.kind is Kind.TEXT

    def is_required(self, *, first_version: bool) -> bool:
        """Return whether a version of an app, its first or an update, is not submitted without."""
        if self.required is Required.UPDATES:
            return not first_version
        return self.required is Required.ALWAYS


# Apple publishes no length for URLs; 255 is this project's own cautious rule.
URL_LIMIT = 255

FIELDS: tuple[Field, ...] = (
    Field(
        attribute="name",
        label="Name",
        resource=Resource.APP_INFO,
        kind=Kind.LINE,
        limit=30,
        minimum=2,
        required=Required.ALWAYS,
        file="name.txt",
    ),
    Field(
        attribute="subtitle",
        label="Subtitle",
        resource=Resource.APP_INFO,
        kind=Kind.LINE,
        limit=30,
        file="subtitle.txt",
    ),
    Field(
        attribute="keywords",
        label="Keywords",
        resource=Resource.VERSION,
        kind=Kind.KEYWORDS,
        limit=100,
        required=Required.ALWAYS,
        file="keywords.txt",
    ),
    Field(
        attribute="promotionalText",
        label="Promotional text",
        resource=Resource.VERSION,
        kind=Kind.TEXT,
        limit=170,
        editable_when_live=True,
        file="promotional_text.txt",
    ),
    Field(
        attribute="description",
        label="Description",
        resource=Resource.VERSION,
        kind=Kind.TEXT,
        limit=4000,
        required=Required.ALWAYS,
        file="description.txt",
    ),
    Field(
        attribute="whatsNew",
        label="What's new",
        resource=Resource.VERSION,
        kind=Kind.TEXT,
        limit=4000,
        minimum=4,
        required=Required.UPDATES,
        file="release_notes.txt",
    ),
    Field(
        attribute="supportUrl",
        label="Support URL",
        resource=Resource.VERSION,
        kind=Kind.URL,
        limit=URL_LIMIT,
        required=Required.ALWAYS,
        file="support_url.txt",
    ),
    Field(
        attribute="marketingUrl",
        label="Marketing URL",
        resource=Resource.VERSION,
        kind=Kind.URL,
        limit=URL_LIMIT,
        file="marketing_url.txt",
    ),
    Field(
        attribute="privacyPolicyUrl",
        label="Privacy policy URL",
        resource=Resource.APP_INFO,
        kind=Kind.URL,
        limit=URL_LIMIT,
        required=Required.ALWAYS,
        file="privacy_url.txt",
    ),
)

BY_ATTRIBUTE: dict[str, Field] = {field.attribute: field for field in FIELDS}
# What belongs to the app info and so to all platforms of an app, by attribute.
SHARED = frozenset(field.attribute for field in FIELDS if field.resource is Resource.APP_INFO)


def attributes(resource: Resource) -> tuple[str, ...]:
    """Return the attributes that live on `resource`, in the table's order."""
    return tuple(field.attribute for field in FIELDS if field.resource is resource)
