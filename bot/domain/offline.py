"""What can be said about a listing's texts without asking Apple.

Nobody knows here what the App Store holds, which locales are new, or what stays as it is:
only what the texts say themselves, and what they say beside each other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from bot.domain import keywords
from bot.domain.changes import Place
from bot.domain.fields import BY_ATTRIBUTE, FIELDS, Kind
from bot.domain.locales import language
from bot.domain.text import normalise
from bot.domain.validation import Finding, Severity, check_text, keyword_findings

# The locale that texts are mostly written in first.
USUAL_BASE = "en-US"

# A listing as a whole has these, a change to some fields has not all of them.
_WHOLE = frozenset({"name", "keywords", "description"})
_TRANSLATED = tuple(
    field.attribute for field in FIELDS if field.kind is not Kind.URL and field.attribute != "name"
)


def texts(
    own: Mapping[Place, str], fallback: Mapping[str, str], *, first_version: bool
) -> tuple[Finding, ...]:
    """Return what is wrong with the texts one by one.

    `fallback` is for locales without a text of their own, by attribute; its findings have
    the locale "". With `first_version` a text for What's new is an error, and none is missed.
    """
    every = {("", attribute): text for attribute, text in fallback.items()} | dict(own)
    found = [
        Finding(severity=severity, locale=place[0], field=place[1], message=said, remedy=remedy)
        for place, text in every.items()
        for severity, said, remedy in check_text(
            BY_ATTRIBUTE[place[1]], text, first_version=first_version
        )
    ]
    return (*found, *_keywords(every))


def untranslated(
    own: Mapping[Place, str], fallback: Mapping[str, str], base: str
) -> tuple[Finding, ...]:
    """Return the texts that another language has word for word from the locale `base`.

    Where that one has none of its own, the fallback's counts. Names and addresses may well be
    the same everywhere.
    """
    origin = {
        attribute: own.get((base, attribute), fallback.get(attribute, ""))
        for attribute in _TRANSLATED
    }
    return tuple(
        Finding(
            severity=Severity.WARNING,
            locale=locale,
            field=attribute,
            message=f"{BY_ATTRIBUTE[attribute].label} is word for word that of {base}.",
            remedy="Translate it, or leave it out where it shall stay as it is.",
        )
        for (locale, attribute), text in own.items()
        if attribute in origin
        and language(locale) != language(base)
        and normalise(text)
        and normalise(text) == normalise(origin[attribute])
    )


def incomplete(
    own: Mapping[Place, str], fallback: Mapping[str, str], *, first_version: bool
) -> tuple[Finding, ...]:
    """Return the locales that lack required texts which the fullest locale has.

    Only where that one is a listing as a whole: a file with some fields of each locale says
    nothing about the others.
    """
    there = _attributes(own, fallback)
    fullest = max(sorted(there), key=lambda locale: len(there[locale]), default="")
    if not there.get(fullest, set()) >= _WHOLE:
        return ()
    required = [
        field
        for field in FIELDS
        if field.attribute in there[fullest] and field.is_required(first_version=first_version)
    ]
    return tuple(
        Finding(
            severity=Severity.WARNING,
            locale=locale,
            message=f"{fullest} has texts that {locale} lacks: {', '.join(lacking)}.",
            remedy="A locale that is new cannot be submitted without.",
        )
        for locale, written in sorted(there.items())
        if (lacking := [field.label for field in required if field.attribute not in written])
    )


def _attributes(own: Mapping[Place, str], fallback: Mapping[str, str]) -> dict[str, set[str]]:
    """Return which attributes each locale has a text for, the fallback's included."""
    there: dict[str, set[str]] = defaultdict(set)
    for (locale, attribute), text in own.items():
        there[locale].update({attribute} if text else ())
    for locale, attributes in there.items():
        attributes.update(
            attribute
            for attribute, text in fallback.items()
            if text and (locale, attribute) not in own
        )
    return there


def _keywords(every: Mapping[Place, str]) -> Iterator[Finding]:
    for (locale, attribute), terms in every.items():
        if attribute != "keywords" or not terms:
            continue
        name, subtitle = (
            every.get((locale, title), every.get(("", title), "")) for title in ("name", "subtitle")
        )
        said = keywords.advice(normalise(terms), name=name, subtitle=subtitle)
        yield from keyword_findings(locale, said)
