"""What a version lacks before it can be submitted, each with what to do about it.

Required fields and screenshots: App Store Connect Help, "Required, localizable, and
editable properties" and "Upload app previews and screenshots". Errors stop a submission,
warnings stand beside it. What is a matter of the listing alone is a `Point`, which names all
its locales: `bot.domain.listing_checks` has more of those.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from bot.domain.editing import Phase, phase, state_words
from bot.domain.fields import BY_ATTRIBUTE, FIELDS, Kind, Resource
from bot.domain.items import ABSENT, Item, ItemKind, leaving
from bot.domain.listing import Listing, Localization, Version
from bot.domain.releases import DRAFT, Build, Declared, Release, Standing
from bot.domain.validation import Finding, Severity

MOST_NAMED = 8
WRITE = "Write it with /aso edit."


class Check(StrEnum):
    """What a point is about; the value is its name in JSON."""

    COMPLETE = "completeness"
    RULES = "rules"
    SAME = "same_as_primary"
    NEWS = "whats_new"
    LINKS = "links"
    SCREENSHOTS = "screenshots"
    KEYWORDS = "keywords"
    LIMITS = "limits"


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """Something found in one or more locales, all of them named once.

    `field` is Apple's attribute, "" for none. Without `locales` it is about the listing as a
    whole. `notes` is empty, or has a word for each locale. The sentence stands round the
    locales: see `message`.
    """

    check: Check
    severity: Severity
    head: str
    tail: str = "."
    locales: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    field: str = ""
    remedy: str = ""

    def message(self, most: int = MOST_NAMED) -> str:
        """Return what was found, with at most so many locales named and the others counted."""
        named = list(self.locales)
        if self.notes:
            pairs = zip(self.locales, self.notes, strict=True)
            named = [f"{code} ({note})" for code, note in pairs]
        return f"{self.head}{_named(named, most)}{self.tail}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What was looked up beside the texts.

    `screenshots` counts a version's sets by locale and `declared` is what the app declares,
    None where nobody could look; `links` gives for each address what is wrong with it, None
    where it answers.
    """

    screenshots: Mapping[str, int] | None = None
    declared: Declared | None = None
    links: Mapping[str, str | None] = field(default_factory=dict)


def checklist(listing: Listing, standing: Standing, facts: Facts) -> tuple[Finding, ...]:
    """Return what stands in the way of submitting `listing.version`, errors first."""
    release = standing.release(listing.version.id)
    found = [
        *_state(listing.version),
        *map(_finding, missing(listing)),
        *_declared(release, facts.declared),
        *_build(release.build if release else None),
        *map(_finding, screenshots(listing, facts.screenshots)),
        *_submission(standing, listing.version.id),
        *map(_finding, broken_links(listing, facts.links)),
    ]
    return tuple(sorted(found, key=lambda one: one.severity is not Severity.ERROR))


def links_of(listing: Listing) -> tuple[str, ...]:
    """Return the addresses that a listing shows to people, each once."""
    fields = [one for one in FIELDS if one.kind is Kind.URL]
    texts = [listing.text(code, one.attribute) for code in listing.locales() for one in fields]
    return tuple(dict.fromkeys(filter(None, texts)))


def with_texts(listing: Listing, items: Iterable[Item]) -> Listing:
    """Return a listing as it is once these items' texts are there."""
    changes = tuple(items)
    gone = leaving(changes)
    there = {
        (resource, code): texts
        for (resource, code), texts in listing.localizations.items()
        if not (resource is Resource.VERSION and code in gone) and gone.get(code) != ABSENT
    }
    for item in changes:
        if item.kind is ItemKind.TEXT and item.locale not in gone:
            place = (BY_ATTRIBUTE[item.field].resource, item.locale)
            known = there.get(place) or _empty(*place)
            there[place] = replace(known, texts={**known.texts, item.field: item.after})
    return replace(listing, localizations=there)


def missing(listing: Listing) -> Iterator[Point]:
    """Return the texts that no version is submitted without, where there are none."""
    for one in FIELDS:
        if not one.is_required(first_version=listing.first_version):
            continue
        lacking = [code for code in listing.locales() if not listing.text(code, one.attribute)]
        if lacking:
            yield Point(
                check=Check.COMPLETE,
                severity=Severity.ERROR,
                head="Missing in ",
                locales=tuple(lacking),
                field=one.attribute,
                remedy=WRITE,
            )


def screenshots(listing: Listing, counts: Mapping[str, int] | None) -> Iterator[Point]:
    """Return where pictures are missing by `counts`, nothing where nobody could look."""
    if counts is None:
        return
    primary = listing.app.primary_locale
    lacking = tuple(code for code in listing.locales() if not counts.get(code))
    if not any(counts.values()):
        # Those of the app's asset library are not told here, and Apple takes them, too.
        yield Point(
            check=Check.SCREENSHOTS,
            severity=Severity.WARNING,
            head="No screenshots were found",
            remedy="Unless they are in the asset library, Apple refuses: add them in App Store"
            " Connect.",
        )
    elif primary in lacking:
        yield Point(
            check=Check.SCREENSHOTS,
            severity=Severity.ERROR,
            head="There are no screenshots in ",
            tail=", the primary locale.",
            locales=(primary,),
            remedy="Add them in App Store Connect.",
        )
    elif lacking:
        yield Point(
            check=Check.SCREENSHOTS,
            severity=Severity.WARNING,
            head="",
            tail=f" will show the screenshots of {primary}.",
            locales=lacking,
            remedy="Add some in App Store Connect where they should differ.",
        )


def broken_links(listing: Listing, links: Mapping[str, str | None]) -> Iterator[Point]:
    """Return the addresses that `links` says something about, with where they stand."""
    fields = [one for one in FIELDS if one.kind is Kind.URL]
    for link, problem in links.items():
        if problem is None:
            continue
        places = [
            (code, one)
            for code in listing.locales()
            for one in fields
            if listing.text(code, one.attribute) == link
        ]
        yield Point(
            check=Check.LINKS,
            severity=Severity.WARNING,
            head=f"{link} (",
            tail=f"): {problem}",
            locales=tuple(dict.fromkeys(code for code, _ in places)),
            field=places[0][1].attribute if places else "",
            remedy="Mend the page, or the address.",
        )


def _empty(resource: Resource, locale: str) -> Localization:
    return Localization(id="", resource=resource, locale=locale, texts={})


def _state(version: Version) -> Iterator[Finding]:
    if phase(version) is not Phase.PREPARING and version.state != DRAFT:
        words = state_words(version.state)
        yield _error(
            f"Version {version.number} is in the state {words} and cannot be submitted now."
        )


def _declared(release: Release | None, declared: Declared | None) -> Iterator[Finding]:
    """Return what Apple requires beside the texts and Marquee does not write."""
    if release is not None and release.copyright == "":
        yield _error(
            "The copyright is missing.", "Write it in App Store Connect, on the version's page."
        )
    if declared is None:
        return
    if declared.category == "":
        yield _error(
            "No primary category is chosen.",
            "Choose it in App Store Connect, under App Information.",
        )
    if declared.content_rights == "":
        yield _error(
            "It is not declared whether the app shows content of others.",
            "Answer Content Rights in App Store Connect, under App Information.",
        )


def _build(build: Build | None) -> Iterator[Finding]:
    if build is None:
        yield _error("No build is chosen.", "Choose one with /aso build.")
    elif not build.usable:
        why = "has expired" if build.expired else f"is in the state {build.state}"
        yield _error(f"Build {build.label} {why}.", "Choose another one with /aso build.")


def _submission(standing: Standing, version_id: str) -> Iterator[Finding]:
    found = standing.submission(version_id)
    if found is None or version_id in found.version_ids:
        return
    if found.state == "CANCELING":
        yield _warning("An earlier submission is being cancelled; this one waits for it.")
    elif found.state != DRAFT:
        yield _error(
            "Another submission of this platform is open; Apple takes one at a time.",
            "Wait until it is decided, or take it back with /aso cancel.",
        )
    elif found.version_ids or found.others:
        yield _error(
            "A draft submission with other items waits in App Store Connect.",
            "Submit it or empty it there first.",
        )


def _named(locales: list[str], most: int) -> str:
    if len(locales) <= most:
        return ", ".join(locales)
    return f"{', '.join(locales[:most])} and {len(locales) - most} more"


def _finding(point: Point) -> Finding:
    return Finding(
        severity=point.severity,
        locale="",
        field=point.field,
        message=point.message(),
        remedy=point.remedy,
    )


def _error(message: str, remedy: str = "") -> Finding:
    return Finding(severity=Severity.ERROR, locale="", message=message, remedy=remedy)


def _warning(message: str, remedy: str = "") -> Finding:
    return Finding(severity=Severity.WARNING, locale="", message=message, remedy=remedy)
