"""What a person changed: items, their digest, their way back, and how they look.

Untouched, emptied and set are three things: a text that is not in the mapping, "" and
anything else. All comparing is done on normalised texts.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC
from typing import Literal

from bot.domain.fields import BY_ATTRIBUTE, FIELDS, Field, Resource
from bot.domain.items import ABSENT, NAMES, PRESENT, Item, ItemKind, ItemState
from bot.domain.listing import Listing
from bot.domain.proposals import AT_ONCE, Target, Timing
from bot.domain.text import normalise

# A text's place: (locale, Apple's attribute). Attribute "" is the locale itself, which is taken
# away where that is ABSENT or NAMES.
Place = tuple[str, str]

_ORDER = {field.attribute: place for place, field in enumerate(FIELDS)}


def items(
    listing: Listing, texts: Mapping[Place, str], baseline: Mapping[Place, str]
) -> tuple[Item, ...]:
    """Return what `texts`, the touched ones alone, changes of `baseline`.

    A place without a baseline is compared with what the listing holds. A locale that the
    listing lacks begins with an item of its own when any of its texts says something; one that
    is taken away is its `removal`, beside what is set in it all the same.
    Ordered by the listing's locales, new ones last, then by field. Raises KeyError for an
    unknown attribute.
    """
    found: list[Item] = []
    for locale in _locales(listing, texts):
        changed = _changed(listing, locale, texts, baseline)
        left = texts.get((locale, ""), PRESENT)
        if left != PRESENT:
            found.extend(_with(changed, removal(listing, locale, left)))
            continue
        if not listing.has_locale(locale) and any(item.after for item in changed):
            found.append(Item(kind=ItemKind.LOCALE, locale=locale, before=ABSENT, after=PRESENT))
        found.extend(changed)
    return tuple(found)


def removal(listing: Listing, locale: str, left: str = ABSENT) -> tuple[Item, ...]:
    """Return what takes a locale away: the locale's own item, and one for each text it has.

    So people see, and approve, every text that is lost. Nothing where it is gone. With NAMES
    `left` what all platforms share stays.
    """
    whole = Item(kind=ItemKind.LOCALE, locale=locale, before=PRESENT, after=left)
    if locale_stands(whole, listing):
        return ()
    going = (one.attribute for one in FIELDS if goes(one, left))
    texts = ((name, normalise(listing.text(locale, name))) for name in going)
    return (
        whole,
        *(Item(locale=locale, field=name, before=text, after="") for name, text in texts if text),
    )


def goes(field: Field, left: str | None) -> bool:
    """Return whether a field goes with its locale, of which `left` stays; None where it stays."""
    return left == ABSENT or (left == NAMES and field.resource is Resource.VERSION)


def leaves(item: Item, left: Mapping[str, str]) -> bool:
    """Return whether an item goes with its locale, `left` being as `proposals.leaving` has it."""
    if item.locale not in left:
        return False
    return item.kind is ItemKind.LOCALE or goes(BY_ATTRIBUTE[item.field], left[item.locale])


def locale_stands(item: Item, listing: Listing) -> bool:
    """Return whether a listing has, or lacks, a locale as its item wishes."""
    if item.after == NAMES:
        return (Resource.VERSION, item.locale) not in listing.localizations
    return listing.has_locale(item.locale) == (item.after == PRESENT)


def digest(
    target: Target, items: Iterable[Item], timing: Timing = AT_ONCE, *, in_parts: bool = False
) -> str:
    """Return the SHA-256 of what is decided, in hexadecimal digits.

    It covers the app, the platform, the version's id (of an awaited one its number), and each
    item's kind, locale, field, baseline and new value, and whether its localization was there, in
    no particular order, when it happens, and whether it may in parts; not how far an item has got.
    """
    rows = sorted(
        [str(item.kind), item.locale, item.field, item.before, item.after]
        + (["creates"] if item.creates else [])
        for item in items
    )
    moments = {
        name: moment.astimezone(UTC).isoformat()
        for name, moment in (("not_before", timing.not_before), ("ends_at", timing.ends_at))
        if moment is not None
    }
    subject = {
        "app": target.app_id,
        "platform": target.platform,
        **({"awaited": target.awaited} if target.awaited else {"version": target.version_id}),
        "items": rows,
        **moments,
        **({"in_parts": True} if in_parts else {}),
    }
    canonical = json.dumps(subject, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode("ascii")).hexdigest()


def inverted(items: Iterable[Item]) -> tuple[Item, ...]:
    """Return the changes turned round, as fresh items, of localizations that are there."""
    return tuple(
        replace(
            item,
            before=item.after,
            after=item.before,
            state=ItemState.WAITING,
            problem="",
            creates=False,
        )
        for item in items
    )


def lacks(listing: Listing, item: Item) -> bool:
    """Return whether Apple has no localization that could hold an item's text."""
    if item.kind is not ItemKind.TEXT:
        return False
    return (BY_ATTRIBUTE[item.field].resource, item.locale) not in listing.localizations


def compare(item: Item, live_text: str) -> Literal["send", "done", "stale"]:
    """Return what is to be done with an item, given what Apple holds now.

    For a locale item `live_text` is PRESENT or ABSENT.
    """
    live = normalise(live_text)
    if live == normalise(item.after):
        return "done"
    return "send" if live == normalise(item.before) else "stale"


def _with(changed: Iterable[Item], whole: Iterable[Item]) -> list[Item]:
    """Return a removal, with what is set of its texts in the place of what would go."""
    texts = {item.field: item for item in changed if item.after}
    known = [texts.pop(item.field, item) if item.field else item for item in whole]
    return [*known, *texts.values()]


def _locales(listing: Listing, texts: Mapping[Place, str]) -> list[str]:
    touched = {locale for locale, _ in texts}
    known = [locale for locale in listing.locales() if locale in touched]
    return known + sorted(touched.difference(known))


def _changed(
    listing: Listing, locale: str, texts: Mapping[Place, str], baseline: Mapping[Place, str]
) -> list[Item]:
    attributes = [attribute for where, attribute in texts if where == locale and attribute]
    found = []
    for attribute in sorted(attributes, key=_ORDER.__getitem__):
        place = (locale, BY_ATTRIBUTE[attribute].attribute)
        before = baseline[place] if place in baseline else listing.text(*place)
        item = Item(
            locale=locale,
            field=attribute,
            before=normalise(before),
            after=normalise(texts[place]),
        )
        if item.before != item.after:
            found.append(replace(item, creates=lacks(listing, item)))
    return found
