"""What is wrong with a change, all of it at once, each with a way to mend it.

Limits are counted in UTF-16 units. What Apple is known to refuse is an error, what it may
refuse or what is merely a pity is a warning. Rules that concern a single text are
`check_text`; those that need the rest of the listing are in `validate`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.domain import characters, keywords, urls
from bot.domain.editing import can_change_locale, why_not
from bot.domain.fields import BY_ATTRIBUTE, FIELDS, SHARED, Field, Kind, Required
from bot.domain.items import PRESENT, Item, ItemKind
from bot.domain.listing import Listing
from bot.domain.locales import is_known
from bot.domain.text import length, normalise, utf8_bytes


class Severity(StrEnum):
    """Whether a finding stops the proposal."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One result of a check; `field` is Apple's attribute, "" for the locale as a whole."""

    severity: Severity
    locale: str
    field: str = ""
    message: str
    remedy: str = ""


# A finding before it has a place: severity, message, remedy.
Verdict = tuple[Severity, str, str]

# One report counts long texts in bytes on the way to Apple, so more of them is worth a word.
_MOST_BYTES = 4000
_BYTE_COUNTED = frozenset({"description", "whatsNew"})
_NO_EMOJI = frozenset({"name", "whatsNew"})
_SHOWN = 5

_ORDER = {"": -1, **{field.attribute: place for place, field in enumerate(FIELDS)}}


def validate(
    items: tuple[Item, ...], listing: Listing, *, unwritten: Severity = Severity.WARNING
) -> tuple[Finding, ...]:
    """Return all findings of a proposal's items, errors first, then in the items' order.

    `unwritten` is how bad it is that a new locale lacks what no version is submitted without.
    """
    locales = list(dict.fromkeys(item.locale for item in items))
    found = [
        finding
        for locale in locales
        for finding in _of_locale(
            [i for i in items if i.locale == locale], locale, listing, unwritten
        )
    ]
    found.sort(
        key=lambda f: (f.severity is not Severity.ERROR, locales.index(f.locale), _ORDER[f.field])
    )
    return tuple(found)


def check_text(field: Field, text: str, *, first_version: bool, before: str = "") -> list[Verdict]:
    """Return what is wrong with a text that somebody set, "" being emptied.

    What Apple holds now is `before`; an emoji that stands there already was taken once.
    """
    text = normalise(text)
    if not text:
        return list(_emptied(field, first_version=first_version))
    if field.required is Required.UPDATES and first_version:
        said = f"{field.label} is refused on an app's first version."
        return [(Severity.ERROR, said, "Leave it empty; the next version has one.")]
    checks = [*_size(field, text), *_shape(field, text)]
    if field.kind is Kind.URL:
        return checks + [(Severity.ERROR, *problem) for problem in urls.problems(text)]
    return [*checks, *_characters(field, text, before), *_slips(field, text)]


def hint(field: Field, text: str) -> str:
    """Return the count against the limit: "12 of 30", "34 of 30: 4 too many"."""
    count = length(normalise(text))
    over = count - field.limit
    return f"{count} of {field.limit}" + (f": {over} too many" if over > 0 else "")


def _of_locale(
    items: list[Item], locale: str, listing: Listing, unwritten: Severity
) -> Iterator[Finding]:
    texts = {item.field: item.after for item in items if item.kind is ItemKind.TEXT}
    whole = next((item for item in items if item.kind is ItemKind.LOCALE), None)
    if whole and (reason := can_change_locale(listing, whole)):
        yield Finding(severity=Severity.ERROR, locale=locale, message=reason)
        return
    if whole and whole.after != PRESENT:
        yield from _removed(locale, texts, listing)
        return
    for attribute, text in texts.items():
        for severity, message, remedy in _of_text(locale, attribute, text, listing):
            yield Finding(
                severity=severity, locale=locale, field=attribute, message=message, remedy=remedy
            )
    if whole:
        yield from _added(locale, texts, listing, unwritten)
    yield from keyword_findings(locale, _keyword_advice(locale, texts, listing))


def _of_text(locale: str, attribute: str, text: str, listing: Listing) -> list[Verdict]:
    if reason := why_not(listing, attribute):
        return [(Severity.ERROR, reason, "Take this change out of the proposal.")]
    return check_text(
        BY_ATTRIBUTE[attribute],
        text,
        first_version=listing.first_version,
        before=listing.text(locale, attribute),
    )


def _removed(locale: str, texts: Mapping[str, str], listing: Listing) -> Iterator[Finding]:
    for attribute, text in texts.items():
        if text:
            yield Finding(
                severity=Severity.ERROR,
                locale=locale,
                field=attribute,
                message="This locale is removed in the same proposal.",
                remedy="Change the text or remove the locale, not both.",
            )
    if locale == listing.app.primary_locale:
        yield Finding(
            severity=Severity.ERROR,
            locale=locale,
            message="The app's primary locale cannot be removed.",
            remedy="Choose another primary locale in App Store Connect first.",
        )
        return
    shared = [BY_ATTRIBUTE[name].label for name in texts if name in SHARED]
    everywhere = f" {', '.join(shared)} go on every platform of the app." if shared else ""
    yield Finding(
        severity=Severity.WARNING,
        locale=locale,
        message=f"Its screenshots and previews go, too, for good.{everywhere}",
        remedy="Revert brings back the texts, not the pictures: keep copies of those.",
    )


def _added(
    locale: str, texts: Mapping[str, str], listing: Listing, unwritten: Severity
) -> Iterator[Finding]:
    if not texts.get("name") and not listing.text(locale, "name"):
        yield Finding(
            severity=Severity.ERROR,
            locale=locale,
            field="name",
            message="A new locale begins with the app's name in it.",
            remedy="Write the name, even when it is the same as in another locale.",
        )
    if not is_known(locale):
        yield Finding(
            severity=Severity.WARNING,
            locale=locale,
            message=f"{locale} is not among the App Store's locales as they are known here.",
            remedy="Look the code up in App Store Connect.",
        )
    if missing := _missing(locale, texts, listing):
        yield Finding(
            severity=unwritten,
            locale=locale,
            message=f"Not written yet: {', '.join(missing)}.",
            remedy="The version cannot be submitted without.",
        )


def _missing(locale: str, texts: Mapping[str, str], listing: Listing) -> list[str]:
    return [
        field.label
        for field in FIELDS
        if field.attribute != "name"
        and not texts.get(field.attribute, listing.text(locale, field.attribute))
        and field.is_required(first_version=listing.first_version)
    ]


def keyword_findings(locale: str, said: Iterable[tuple[str, str]]) -> Iterator[Finding]:
    """Yield what `keywords` said of a locale, each a message and its remedy, as warnings."""
    for message, remedy in said:
        yield Finding(
            severity=Severity.WARNING,
            locale=locale,
            field="keywords",
            message=message,
            remedy=remedy,
        )


def _keyword_advice(
    locale: str, texts: Mapping[str, str], listing: Listing
) -> Iterable[tuple[str, str]]:
    """Judge keywords that were touched; of others only what a touched title makes idle."""
    if (terms := texts.get("keywords")) is not None:
        name, subtitle = (
            texts.get(attribute, listing.text(locale, attribute))
            for attribute in ("name", "subtitle")
        )
        return keywords.advice(normalise(terms), name=name, subtitle=subtitle)
    there = normalise(listing.text(locale, "keywords"))
    return keywords.overlap(there, name=texts.get("name", ""), subtitle=texts.get("subtitle", ""))


def _emptied(field: Field, *, first_version: bool) -> Iterator[Verdict]:
    if field.is_required(first_version=first_version):
        said = f"{field.label} cannot be empty: no version is submitted without it."
        yield Severity.ERROR, said, "Write a text, or leave the field as it was."


def _size(field: Field, text: str) -> Iterator[Verdict]:
    count = length(text)
    if count > field.limit:
        said = f"{field.label} has {count} characters, {field.limit} are allowed."
        yield Severity.ERROR, said, f"Take out {count - field.limit}."
    if count < field.minimum:
        said = f"{field.label} has {count} of at least {field.minimum} characters."
        yield Severity.ERROR, said, f"Write {field.minimum - count} more."
    if field.attribute in _BYTE_COUNTED and count <= field.limit and utf8_bytes(text) > _MOST_BYTES:
        said = f"{field.label} takes {utf8_bytes(text)} bytes; Apple may count bytes here."
        yield Severity.WARNING, said, f"Should Apple refuse it, cut it to {_MOST_BYTES} bytes."


def _shape(field: Field, text: str) -> Iterator[Verdict]:
    if not field.multiline and "\n" in text:
        said = f"{field.label} is one line, but there is a line break in it."
        yield Severity.ERROR, said, "Join the lines."


def _characters(field: Field, text: str, before: str) -> Iterator[Verdict]:
    if found := characters.forbidden(text):
        yield (
            Severity.ERROR,
            f"The App Store refuses {_listed(found)}.",
            "Delete what cannot be seen, or type the text again without it.",
        )
    if found := characters.shaping(text):
        yield (
            Severity.WARNING,
            f"The App Store may refuse {_listed(found)}.",
            "Keep it where the spelling needs it, and see whether Apple takes it.",
        )
    yield from _pictures(field, text, before)
    if tags := characters.markup(text):
        said = f"Apple reads {' '.join(tags[:_SHOWN])} as HTML and refuses it."
        yield Severity.ERROR, said, "Write plain text without < and >."


def _pictures(field: Field, text: str, before: str) -> Iterator[Verdict]:
    found = characters.emoji(text)
    if field.attribute == "name":
        found = {**found, **characters.symbols(text)}
    if found and field.attribute in _NO_EMOJI:
        said = f"{field.label} takes no emoji or symbols such as {_listed(found)}."
        yield Severity.ERROR, said, "Write it in words."
    elif new := [each for each in found if each not in characters.emoji(normalise(before))]:
        shown = " ".join(new[:_SHOWN]) + (f" and {len(new) - _SHOWN} more" * (len(new) > _SHOWN))
        said = f"Apple takes emoji for some apps and refuses them for others: {shown}."
        yield Severity.WARNING, said, "Should Apple refuse it, write it in words."


def _slips(field: Field, text: str) -> Iterator[Verdict]:
    if names := characters.short_names(text):
        said = f"{' '.join(names[:_SHOWN])} would be published as these letters."
        yield Severity.WARNING, said, "Slack's names of emoji mean nothing to the App Store."
    if "\ufffd" in text:
        said = f"{field.label} holds U+FFFD REPLACEMENT CHARACTER: a letter was lost on the way."
        yield Severity.WARNING, said, "Type the word again."


def _listed(found: Mapping[str, list[int]]) -> str:
    by_place = sorted(found.items(), key=lambda entry: entry[1][0])
    shown = [f"{_named(what)} {_where(places)}" for what, places in by_place[:_SHOWN]]
    more = len(found) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more else "")


def _named(what: str) -> str:
    """Name a single character; show a sequence, whose parts would say little."""
    return characters.described(what) if len(what) == 1 else f"“{what}”"


def _where(places: list[int]) -> str:
    said = ", ".join(map(str, places[:_SHOWN])) + (", …" if len(places) > _SHOWN else "")
    return f"(character {said})" if len(places) == 1 else f"(characters {said})"
