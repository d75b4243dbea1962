"""One deed done to many texts of a listing: the same text everywhere, or words replaced."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from bot.domain.changes import Place
from bot.domain.fields import FIELDS
from bot.domain.listing import Listing


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkEdit:
    """Put `text` into fields of locales, or in the place of `find` where that is given.

    No locales means all that the listing has, no attributes all fields. What is found is
    exactly that, upper and lower case apart.
    """

    attributes: tuple[str, ...] = ()
    locales: tuple[str, ...] = ()
    text: str = ""
    find: str = ""


def edited(live: Listing, edit: BulkEdit) -> dict[Place, str]:
    """Return the texts that an edit makes; where nothing is found there is none."""
    locales = edit.locales or live.locales()
    attributes = edit.attributes or tuple(field.attribute for field in FIELDS)
    places = [(code, attribute) for code in locales for attribute in attributes]
    if not edit.find:
        return dict.fromkeys(places, edit.text)
    find, by = _composed(edit.find), _composed(edit.text)
    held = {place: _composed(live.text(*place)) for place in places}
    return {place: text.replace(find, by) for place, text in held.items() if find in text}


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)
