"""Which locales the default texts of a file fill, told before anything is proposed.

Whoever writes a text once for all locales does not see which those are: it depends on the app.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from bot.domain.changes import Place
from bot.domain.fields import FIELDS


def filled_places(own: Collection[Place], every: Iterable[Place]) -> tuple[Place, ...]:
    """Return those of `every` place with a text that are not a file's `own`."""
    return tuple(place for place in every if place not in own)


def filling_told(places: Collection[Place]) -> str:
    """Return a line of what was filled, with all locales and fields; "" for nothing.

    It is true of fastlane's folder and of a locale with that name in other files.
    """
    if not places:
        return ""
    codes = sorted({locale for locale, _ in places})
    filled = {attribute for _, attribute in places}
    labels = (field.label for field in FIELDS if field.attribute in filled)
    named = ", ".join(label[:1].lower() + label[1:] for label in labels)
    several = f"{len(codes)} locales that lack texts of their own"
    lacking = several if len(codes) > 1 else "1 locale that lacks texts of its own"
    return f"“default” fills {lacking}: {', '.join(codes)} ({named})"
