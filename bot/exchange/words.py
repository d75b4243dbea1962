"""A text as it stands in a file: cleaned, told about, and the mark that empties a field."""

from __future__ import annotations

import re

from bot.domain.changes import Place
from bot.domain.fields import BY_ATTRIBUTE
from bot.domain.text import length, normalise
from bot.errors import Invalid
from bot.exchange import limits
from bot.exchange.imported import DEFAULT, Cleaning, Gathering, Why

CLEAR = "[clear]"

# The mark, what is easily taken for it, and both with backslashes before them.
_MARK = re.compile(r"(?P<escape>\\*)[\[［]\s*clear\s*[\]］]", re.IGNORECASE)
_BREAKS = re.compile("[\x0b\x0c]")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f]")
_QUOTES = re.compile("[\u2018-\u201f\u2039\u203a«»]")
# UTF-8 of accented letters and of quotes, read as Windows-1252.
_MOJIBAKE = re.compile("[ÃÂ][\u00a1-\u00bf]|\u00e2\u20ac[\u0153\u2122\u02dc\u201c\u00a6]")


def give(gathering: Gathering, place: Place, raw: str, where: str) -> bool:
    """Take the text of a place, emptied where it is the mark, or leave it with the reason.

    Returns False for a text of blanks alone, of which nothing is kept: what that means is
    for the form to say.
    """
    text = _cleaned(gathering, raw, where)
    if problem := _problem(text):
        gathering.leave(where, *problem, place=place)
        return True
    text = normalise(text)
    if not text:
        return False
    _take(gathering, place, text, where)
    return True


def marked(text: str) -> str:
    """Return a text as it is written into a file; "" becomes the mark."""
    if not text:
        return CLEAR
    return "\\" + text if _MARK.fullmatch(text) else text


def written(place: Place, text: str) -> str:
    """Return a text as it goes into every form: normalised, without control characters.

    Raises Invalid for a text that no form can hold.
    """
    whole = normalise(_CONTROL.sub("", _BREAKS.sub("\n", text)))
    if problem := _problem(whole):
        _, reason, remedy = problem
        raise Invalid(f"{named(place)}: {reason}", remedy=remedy)
    return whole


def named(place: Place) -> str:
    """Return a place in words: "German: Keywords"."""
    locale, attribute = place
    who = "every locale without its own" if locale == DEFAULT else locale
    return f"{BY_ATTRIBUTE[attribute].label} of {who}"


def _cleaned(gathering: Gathering, raw: str, where: str) -> str:
    text = raw
    if "\r" in text:
        gathering.clean(Cleaning.LINE_ENDS, where)
    if _BREAKS.search(text):
        gathering.clean(Cleaning.BREAKS, where)
        text = _BREAKS.sub("\n", text)
    if _CONTROL.search(text):
        gathering.clean(Cleaning.CONTROL, where)
        text = _CONTROL.sub("", text)
    return text


def _problem(text: str) -> tuple[Why, str, str] | None:
    if length(text) > limits.TEXT_CHARACTERS:
        return (
            Why.LONG,
            f"The text has {length(text):,} characters, and no field holds more than 4,000.",
            "Look whether a quotation mark is missing, so that much of the file became one text.",
        )
    if "\ufffd" in text:
        return (
            Why.LOST,
            "The text holds \ufffd, which a program wrote where it lost a character.",
            "Take the text from where it was whole.",
        )
    if any("\ud800" <= character <= "\udfff" for character in text):
        return Why.LOST, "The text holds half a character.", "Write the character in full."
    return None


def _take(gathering: Gathering, place: Place, text: str, where: str) -> None:
    mark = _MARK.fullmatch(text)
    if mark and mark["escape"]:
        text = text[1:]
    elif text == CLEAR:
        text = ""
    elif mark:
        gathering.leave(
            where,
            Why.CLEAR,
            f"“{text}” is nearly the mark that empties a field.",
            f"Write exactly {CLEAR} to empty it, or \\{text} for these characters as a text.",
            place=place,
        )
        return
    if _QUOTES.search(text):
        gathering.clean(Cleaning.QUOTES, where)
    if _MOJIBAKE.search(text):
        gathering.clean(Cleaning.MOJIBAKE, where)
    gathering.take(place, text, where)
