"""One deed done to many texts of a listing: spread, replaced, copied, locales added and removed."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from bot.domain.changes import Place, removal
from bot.domain.differences import Span, passage, replacements
from bot.domain.editing import Phase, is_live, listing, live_version, phase
from bot.domain.fields import FIELDS, Kind
from bot.domain.items import ABSENT, NAMES, Item
from bot.domain.listing import Listing, Reading


class Deed(StrEnum):
    """What is done to all the texts."""

    SPREAD = "spread"
    REPLACE = "replace"
    COPY = "copy"
    ADD = "add"
    REMOVE = "remove"


class FromVersion(StrEnum):
    """The version that texts are copied from: the one that is changed, or another of the app."""

    SAME = ""
    PUBLIC = "public"
    COMING = "coming"


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkEdit:
    """What is done, to which fields of which locales.

    SPREAD puts `text` there, REPLACE puts it in the place of `find`: exactly that, upper and
    lower case apart. COPY puts there what `from_locale` of `from_version` says, "" being each
    locale itself. No locales means all that the listing has, no attributes all fields; of those
    REPLACE leaves addresses alone, since a word in one is seldom meant.
    ADD gives the one locale of `locales` what is in `texts`, and of every other field what
    `from_locale` says. REMOVE takes `locales` away, with `keep_names` all but what all platforms
    of the app share.
    """

    deed: Deed = Deed.SPREAD
    attributes: tuple[str, ...] = ()
    locales: tuple[str, ...] = ()
    text: str = ""
    find: str = ""
    from_locale: str = ""
    from_version: FromVersion = FromVersion.SAME
    texts: tuple[tuple[str, str], ...] = ()
    keep_names: bool = False


def bulk_edit_of(held: Mapping[str, Any]) -> BulkEdit:
    """Return the edit whose fields were kept as JSON, also before there were as many deeds.

    Raises KeyError, TypeError and ValueError for what is none.
    """
    earlier = Deed.REPLACE if held["find"] else Deed.SPREAD
    return BulkEdit(
        deed=Deed(held.get("deed", earlier)),
        attributes=tuple(held["attributes"]),
        locales=tuple(held["locales"]),
        text=held["text"],
        find=held["find"],
        from_locale=held.get("from_locale", ""),
        from_version=FromVersion(held.get("from_version", "")),
        texts=tuple((name, text) for name, text in held.get("texts", ())),
        keep_names=held.get("keep_names", False),
    )


def edited(live: Listing, edit: BulkEdit, source: Listing | None = None) -> dict[Place, str]:
    """Return the texts that an edit makes; where nothing is found or to be copied there is none.

    `source` is what is copied from, the listing itself where there is none.
    """
    places = _places(live, edit)
    if edit.deed is Deed.REMOVE:
        left = NAMES if edit.keep_names else ABSENT
        return {(code, ""): left for code in edit.locales if removal(live, code, left)}
    if edit.deed is Deed.ADD:
        return _added(live, edit)
    if edit.deed is Deed.SPREAD:
        return dict.fromkeys(places, edit.text)
    if edit.deed is Deed.COPY:
        copied = {place: _origin(place, edit, source or live) for place in places}
        return {place: text for place, text in copied.items() if text}
    find, by = _composed(edit.find), _composed(edit.text)
    held = {place: _composed(live.text(*place)) for place in places}
    return {place: text.replace(find, by) for place, text in held.items() if find in text}


def spans_of(edit: BulkEdit, item: Item) -> tuple[Span, ...]:
    """Return what an edit does to a text: each place of what was found, else one passage."""
    if edit.deed is Deed.REPLACE:
        found = replacements(_composed(item.before), _composed(edit.find), _composed(edit.text))
        # Blanks at the ends go besides, and a whole passage says so.
        if "".join(span.text for span in found if span.kind != "removed") == item.after:
            return found
    return passage(item.before, item.after, item.locale)


def nothing_to_copy(
    live: Listing, edit: BulkEdit, source: Listing | None = None
) -> dict[str, tuple[str, ...]]:
    """Return the attributes by locale that a copy leaves alone, since there is no text to copy."""
    found: dict[str, tuple[str, ...]] = {}
    if edit.deed is Deed.COPY:
        for code, attribute in _places(live, edit):
            if not _origin((code, attribute), edit, source or live):
                found[code] = (*found.get(code, ()), attribute)
    return found


def source_of(reading: Reading, version_id: str, origin: FromVersion) -> Listing | None:
    """Return the texts of the version that is copied from, None when the app has none such."""
    if origin is FromVersion.SAME:
        return listing(reading, version_id)
    coming = [
        one
        for one in reading.versions
        if one.platform == reading.platform and not is_live(one) and phase(one) is not Phase.GONE
    ]
    version = live_version(reading) if origin is FromVersion.PUBLIC else next(iter(coming), None)
    return listing(reading, version.id) if version else None


def _places(live: Listing, edit: BulkEdit) -> list[Place]:
    itself = edit.from_locale if edit.from_version is FromVersion.SAME else ""
    locales = edit.locales or tuple(code for code in live.locales() if code != itself)
    attributes = edit.attributes or tuple(
        field.attribute
        for field in FIELDS
        if field.kind is not Kind.URL or edit.deed is not Deed.REPLACE
    )
    return [(code, attribute) for code in locales for attribute in attributes]


def _added(live: Listing, edit: BulkEdit) -> dict[Place, str]:
    typed = dict(edit.texts)
    found = {
        (code, field.attribute): typed.get(field.attribute)
        or (live.text(edit.from_locale, field.attribute) if edit.from_locale else "")
        for code in edit.locales[:1]
        for field in FIELDS
    }
    return {place: text for place, text in found.items() if text}


def _origin(place: Place, edit: BulkEdit, source: Listing) -> str:
    code, attribute = place
    return source.text(edit.from_locale or code, attribute)


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)
