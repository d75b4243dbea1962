"""Texts from files and from a running bot, made comparable."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.domain.changes import Place
from bot.domain.fields import BY_ATTRIBUTE, FIELDS
from bot.domain.text import normalise
from bot.errors import Refused
from bot.exchange import Imported, filled

_ORDER = {field.attribute: number for number, field in enumerate(FIELDS)}


def texts_of(listing: Mapping[str, Any]) -> dict[Place, str]:
    """Return the texts of a bot's answer, those that are not empty. Raises Refused."""
    found: dict[Place, str] = {}
    for locale, texts in _locales(listing).items():
        for attribute, text in texts.items():
            if attribute not in BY_ATTRIBUTE:
                raise Refused(
                    f"The bot has a field that is not known here: {attribute}.",
                    remedy="Update marquee to the bot's version.",
                )
            if text:
                found[(locale, attribute)] = str(text)
    return found


def locales_of(listing: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the locales of a bot's answer."""
    return tuple(_locales(listing))


def wanted(imported: Imported, locales: tuple[str, ...]) -> dict[Place, str]:
    """Return what a file says, its fallback in every locale that has no text of its own.

    `locales` are those of the app; the file's own are filled as well. By locale and field.
    """
    every = filled(imported, sorted({*locales, *imported.locales()}))
    places = sorted(every.texts, key=lambda place: (place[0], _ORDER[place[1]]))
    return {place: every.texts[place] for place in places}


def changes(before: Mapping[Place, str], after: Mapping[Place, str]) -> dict[Place, str]:
    """Return those of the new texts that differ, compared as they are sent."""
    return {
        place: text
        for place, text in after.items()
        if normalise(text) != normalise(before.get(place, ""))
    }


def _locales(listing: Mapping[str, Any]) -> Mapping[str, Mapping[str, Any]]:
    locales = listing.get("locales")
    if not isinstance(locales, dict) or not all(isinstance(t, dict) for t in locales.values()):
        raise Refused(
            "The answer holds no listing.", remedy="Is MARQUEE_URL that of a bot of this version?"
        )
    return locales
