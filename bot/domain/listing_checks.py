"""What could be better about a listing, whether or not it is about to be submitted.

One table of checks. Rules are those of proposals, of files and of submissions; here are only
those that need a listing as a whole, with the version that it will replace.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from bot.domain import keywords, offline
from bot.domain.checklist import (
    WRITE,
    Check,
    Facts,
    Point,
    broken_links,
    missing,
    screenshots,
    with_texts,
)
from bot.domain.editing import Phase, listing, live_version, phase, why_not
from bot.domain.fields import BY_ATTRIBUTE, FIELDS, Field, Kind
from bot.domain.items import Item
from bot.domain.listing import Listing, Reading
from bot.domain.matrix import is_near
from bot.domain.text import length, normalise
from bot.domain.validation import Severity, check_text

# With fewer characters of keywords than this there is room for two or three terms more.
WELL_USED = 75

_KEYWORDS = BY_ATTRIBUTE["keywords"]
_NEWS = "whatsNew"
# Keywords ought to be full, and nobody words an address anew.
_ROOMY = tuple(one for one in FIELDS if one.kind not in (Kind.KEYWORDS, Kind.URL))
_LATER = "It cannot be changed now: keep it for the next version."

What = TypeVar("What")


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A listing as it will be, with all that it is held against.

    `at_apple` is what Apple holds now, and `before` the listing on sale that it will replace,
    None where nothing is on sale or it is that one itself. Of `facts`, what is declared plays
    no part.
    """

    listing: Listing
    at_apple: Listing
    before: Listing | None
    facts: Facts


def subject(
    reading: Reading, version_id: str, items: Iterable[Item] = (), facts: Facts | None = None
) -> Subject:
    """Return a version's listing once `items` are there; raises KeyError for an unknown id."""
    now = listing(reading, version_id)
    live = live_version(reading)
    earlier = live is not None and live.id != version_id
    return Subject(
        listing=with_texts(now, items),
        at_apple=now,
        before=listing(reading, live.id) if live and earlier else None,
        facts=facts or Facts(),
    )


def points(of: Subject) -> tuple[Point, ...]:
    """Return what every check finds: problems first, then in the order of the checks."""
    found = [_later(of.listing, point) for check in CHECKS.values() for point in check(of)]
    order = list(CHECKS)
    found.sort(key=lambda one: (one.severity is not Severity.ERROR, order.index(one.check)))
    return tuple(found)


def of_locale(found: Iterable[Point], code: str) -> tuple[Point, ...]:
    """Return what is about one locale, or about the listing as a whole."""
    return tuple(_alone(one, code) for one in found if not one.locales or code in one.locales)


def count(found: Iterable[Point], severity: Severity) -> int:
    """Return how many points are of a severity: errors are problems, warnings remarks."""
    return sum(one.severity is severity for one in found)


def _alone(point: Point, code: str) -> Point:
    if not point.locales:
        return point
    place = point.locales.index(code)
    return replace(point, locales=(code,), notes=point.notes[place : place + 1])


def _later(one: Listing, point: Point) -> Point:
    if not point.field or point.check is Check.LINKS or why_not(one, point.field) is None:
        return point
    return replace(point, remedy=_LATER)


def _complete(of: Subject) -> Iterator[Point]:
    prepared = phase(of.listing.version) is Phase.PREPARING
    for point in missing(of.listing):
        # An app's first version has none, and once it is on sale nobody sees that it is the first.
        if prepared or point.field != _NEWS:
            yield point


def _rules(of: Subject) -> Iterator[Point]:
    found = [
        ((severity, field.attribute, message, remedy), code)
        for field in FIELDS
        for code in of.listing.locales()
        if (text := of.listing.text(code, field.attribute))
        for severity, message, remedy in check_text(
            field,
            text,
            first_version=of.listing.first_version,
            before=of.at_apple.text(code, field.attribute),
        )
    ]
    for (severity, attribute, message, remedy), codes in _alike(found):
        yield _said(Check.RULES, severity, codes, attribute, message, remedy)


def _near(of: Subject) -> Iterator[Point]:
    for field in _ROOMY:
        sizes = {code: length(text) for code, text in _texts(of, field) if is_near(field, text)}
        head = f"Close to the {field.limit} characters that are allowed: "
        yield from _sized(Check.LIMITS, field, sizes, head, "It fits; another word may not.")


def _keywords(of: Subject) -> Iterator[Point]:
    texts = _texts(of, _KEYWORDS)
    idle = {code: size for code, text in texts if (size := keywords.used(text)) < WELL_USED}
    head = f"Much of the {_KEYWORDS.limit} characters is not used: "
    add = "Add terms that are in neither the name nor the subtitle."
    yield from _sized(Check.KEYWORDS, _KEYWORDS, idle, head, add)
    advised = [
        ((message, remedy), code)
        for code, text in texts
        for message, remedy in keywords.advice(
            text,
            name=of.listing.text(code, "name"),
            subtitle=of.listing.text(code, "subtitle"),
        )
    ]
    for (message, remedy), codes in _alike(advised):
        yield _said(Check.KEYWORDS, Severity.WARNING, codes, _KEYWORDS.attribute, message, remedy)


def _same(of: Subject) -> Iterator[Point]:
    """Return texts that another language has from the primary locale; en-GB from en-US may."""
    primary = of.listing.app.primary_locale
    own = {
        (code, field.attribute): of.listing.text(code, field.attribute)
        for field in FIELDS
        for code in of.listing.locales()
    }
    found = offline.untranslated(own, {}, primary)
    for attribute, codes in _alike([(one.field, one.locale) for one in found]):
        yield Point(
            check=Check.SAME,
            severity=Severity.WARNING,
            head=f"Word for word that of {primary}: ",
            locales=codes,
            field=attribute,
            remedy="Translate it with /aso edit.",
        )


def _news(of: Subject) -> Iterator[Point]:
    if of.before is None:
        return
    stale = tuple(
        code
        for code, text in _texts(of, BY_ATTRIBUTE[_NEWS])
        if text == normalise(of.before.text(code, _NEWS))
    )
    if stale:
        yield Point(
            check=Check.NEWS,
            severity=Severity.WARNING,
            head=f"Still what was new in {of.before.version.number}: ",
            locales=stale,
            field=_NEWS,
            remedy=WRITE,
        )


def _links(of: Subject) -> Iterator[Point]:
    return broken_links(of.listing, of.facts.links)


def _screenshots(of: Subject) -> Iterator[Point]:
    return screenshots(of.listing, of.facts.screenshots)


# Every check, in the order in which it is told.
CHECKS: dict[Check, Callable[[Subject], Iterator[Point]]] = {
    Check.COMPLETE: _complete,
    Check.RULES: _rules,
    Check.SCREENSHOTS: _screenshots,
    Check.LINKS: _links,
    Check.NEWS: _news,
    Check.SAME: _same,
    Check.KEYWORDS: _keywords,
    Check.LIMITS: _near,
}


def _texts(of: Subject, field: Field) -> list[tuple[str, str]]:
    """Return a field's texts that are not empty, by locale, the primary one first."""
    every = [(code, of.listing.text(code, field.attribute)) for code in of.listing.locales()]
    return [(code, normalise(text)) for code, text in every if normalise(text)]


def _alike(found: Sequence[tuple[What, str]]) -> list[tuple[What, tuple[str, ...]]]:
    """Return what was found in one locale or more, in order, with its locales."""
    gathered: dict[What, list[str]] = {}
    for what, code in found:
        gathered.setdefault(what, []).append(code)
    return [(what, tuple(dict.fromkeys(codes))) for what, codes in gathered.items()]


def _sized(
    check: Check, field: Field, sizes: Mapping[str, int], head: str, remedy: str
) -> Iterator[Point]:
    """Yield what is said of texts of these sizes (characters), by locale; nothing for none."""
    if sizes:
        yield Point(
            check=check,
            severity=Severity.WARNING,
            head=head,
            locales=tuple(sizes),
            notes=tuple(map(str, sizes.values())),
            field=field.attribute,
            remedy=remedy,
        )


def _said(
    check: Check,
    severity: Severity,
    codes: tuple[str, ...],
    attribute: str,
    message: str,
    remedy: str,
) -> Point:
    """Return a rule's own sentence after the locales in which it was broken."""
    return Point(
        check=check,
        severity=severity,
        head="",
        tail=f": {message}",
        locales=codes,
        field=attribute,
        remedy=remedy,
    )
