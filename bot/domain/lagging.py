"""Which locales of a version in preparation lag behind the primary one, and in what. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.domain.fields import FIELDS, Kind, Required
from bot.domain.listing import Listing

# (locale, Apple's attribute) -> when its text was last changed, aware UTC.
Changed = Mapping[tuple[str, str], datetime]

NEWS = "whatsNew"
# Texts that a translation follows; addresses do not, and what's new has a rule of its own.
FOLLOWING = tuple(
    one.attribute for one in FIELDS if one.kind is not Kind.URL and one.attribute != NEWS
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lag:
    """What a locale lacks: required texts, news of this version, what the primary changed.

    `missing` and `older` are Apple's attributes; `old_news` says that what's new is empty or
    still that of the live version.
    """

    locale: str
    missing: tuple[str, ...] = ()
    old_news: bool = False
    older: tuple[str, ...] = ()


def lagging(listing: Listing, live: Listing | None, changed: Changed) -> tuple[Lag, ...]:
    """Return the locales that lag, in the listing's order; those without a lag are left out.

    `listing` is of the version in preparation, `live` of the public one, None before there
    is one.
    """
    found = (_lag(listing, live, changed, locale) for locale in listing.locales())
    return tuple(lag for lag in found if lag.missing or lag.old_news or lag.older)


def _lag(listing: Listing, live: Listing | None, changed: Changed, locale: str) -> Lag:
    missing = _missing(listing, locale)
    old_news = _old_news(listing, live, locale)
    older = tuple(name for name in _older(listing, changed, locale) if name not in missing)
    return Lag(locale=locale, missing=missing, old_news=old_news, older=older)


def _missing(listing: Listing, locale: str) -> tuple[str, ...]:
    wanted = {Required.ALWAYS}
    # While the primary locale has no news yet, nobody else lags behind it in that.
    if locale == listing.app.primary_locale and not listing.first_version:
        wanted.add(Required.UPDATES)
    return tuple(
        field.attribute
        for field in FIELDS
        if field.required in wanted and not listing.text(locale, field.attribute)
    )


def _old_news(listing: Listing, live: Listing | None, locale: str) -> bool:
    primary = listing.app.primary_locale
    wanted = listing.text(primary, NEWS)
    if locale == primary or not wanted:
        return False
    if live is not None and live.text(primary, NEWS) == wanted:
        return False
    own = listing.text(locale, NEWS)
    return not own or (live is not None and own == live.text(locale, NEWS))


def _older(listing: Listing, changed: Changed, locale: str) -> tuple[str, ...]:
    primary = listing.app.primary_locale
    if locale == primary:
        return ()
    return tuple(
        name
        for name in FOLLOWING
        if (led := changed.get((primary, name)))
        and ((own := changed.get((locale, name))) is None or own < led)
    )
