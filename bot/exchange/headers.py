"""How people name fields and columns: one table, and what they may have meant."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Collection
from enum import StrEnum

from bot.domain import locales
from bot.domain.fields import FIELDS
from bot.exchange.imported import DEFAULT

# Looking for what was meant costs time; a file of strange words gets no more help than this.
HELPED = 200


class Role(StrEnum):
    """What a column holds when it is not the texts of one field or locale."""

    LOCALE = "locale"
    FIELD = "field"
    TEXT = "text"


ROLES: dict[Role, tuple[str, ...]] = {
    Role.LOCALE: (
        "locale",
        "language",
        "lang",
        "locale code",
        "language code",
        "locale name",
        "language name",
        "localization",
    ),
    Role.FIELD: ("field", "key", "attribute", "property", "metadata field"),
    Role.TEXT: ("text", "value", "translation", "content", "new text", "new value"),
}

# Besides Apple's attribute, the label and the stem of fastlane's file, which are understood
# for every field. Case, blanks and punctuation do not matter.
VARIANTS: dict[str, tuple[str, ...]] = {
    "name": ("app name", "title", "app title"),
    "subtitle": ("app subtitle",),
    "keywords": ("keyword", "keyword list", "search keywords"),
    "promotionalText": ("promo text", "promo", "promotion text"),
    "description": ("long description", "full description", "app description"),
    "whatsNew": (
        "what's new in this version",
        "what's new text",
        "release note",
        "version notes",
        "changelog",
    ),
    "supportUrl": ("support", "support link", "support address"),
    "marketingUrl": ("marketing", "marketing link", "marketing address"),
    "privacyPolicyUrl": ("privacy policy", "privacy policy link", "privacy link"),
}


# What people add to remind each other of a limit: "Subtitle (max 30 characters)".
_LIMIT = re.compile(
    r"[(\[]\s*(max\.?|up to|≤|<=)?\s*\d[\d.,]*\s*(chars?\.?|characters?|max\.?)?\s*[)\]]\s*$",
    re.IGNORECASE,
)
# What else is written behind a field: looked away from for what may have been meant, no further.
_BEHIND = re.compile(
    r"[\W_]*([(\[].*|\b(max|up to|limit)\b.*|[\W_]\d.*)$", re.IGNORECASE | re.DOTALL
)


def _key(text: str) -> str:
    letters = unicodedata.normalize("NFKC", _LIMIT.sub("", text)).casefold()
    return "".join(filter(str.isalnum, letters))


_FIELD_BY_KEY = {
    _key(said): field.attribute
    for field in FIELDS
    for said in (
        field.attribute,
        field.label,
        field.file.removesuffix(".txt"),
        *VARIANTS[field.attribute],
    )
}
_ROLE_BY_KEY = {_key(said): role for role, every in ROLES.items() for said in every}


def field_of(text: str) -> str | None:
    """Return the attribute that a person means, or None."""
    return _FIELD_BY_KEY.get(_key(text))


def role_of(text: str) -> Role | None:
    """Return what a column of this name holds, or None."""
    return _ROLE_BY_KEY.get(_key(text))


def locale_of(text: str, also: Collection[str]) -> str | None:
    """Return the code that a person means; `also` are codes taken besides the table's.

    DEFAULT stands for the fallback.
    """
    said = text.strip()
    if said in also:
        return said
    if said.casefold() == DEFAULT:
        return DEFAULT
    found = locales.find(said)
    return found.code if found else None


def fields_near(text: str) -> tuple[str, ...]:
    """Return up to three attributes that a person may have meant, the likeliest first."""
    if plain := field_of(_BEHIND.sub("", text)):
        return (plain,)
    near = difflib.get_close_matches(_key(text), _FIELD_BY_KEY, n=3, cutoff=0.8)
    return tuple(dict.fromkeys(_FIELD_BY_KEY[key] for key in near))


def meant(names: Collection[str]) -> str:
    """Return a sentence of what may have been meant, "" for nothing."""
    return f"Did you mean {' or '.join(names)}?" if names else ""


def fields_meant(text: str) -> str:
    """Return a sentence of what field a person may have meant, "" where nothing is alike."""
    return meant(fields_near(text))


def locales_meant(text: str) -> str:
    """Return a sentence of what locale a person may have meant, "" where nothing is alike."""
    return meant(locales.suggestions(text[:60]))
