"""Characters that the App Store refuses, or that do not mean what they look like.

Observed refusals (409 ENTITY_ERROR.ATTRIBUTE.INVALID.INVALID_CHARACTERS): variation
selectors, zero-width and control characters and private use anywhere; emoji and `<...>` in
What's new; symbols in the name. Emoji elsewhere are taken for some and refused for others.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from bot.domain.text import graphemes

# Emoji of the basic plane, as ranges; the signs that are ordinary print (copyright,
# trade mark, arrows, geometric bullets) are left out on purpose.
_EMOJI = re.compile(
    "[\u231a\u231b\u2328\u23cf\u23e9-\u23f3\u23f8-\u23fa\u24c2\u2600-\u2604\u260e\u2611\u2614\u2615"
    "\u2618\u261d\u2620\u2622\u2623\u2626\u262a\u262e\u262f\u2638-\u263a\u2640\u2642\u2648-\u2653"
    "\u265f\u2660\u2663\u2665\u2666\u2668\u267b\u267e\u267f\u2692-\u2697\u2699\u269b\u269c\u26a0"
    "\u26a1\u26a7\u26aa\u26ab\u26b0\u26b1\u26bd\u26be\u26c4\u26c5\u26c8\u26ce\u26cf\u26d1\u26d3"
    "\u26d4\u26e9\u26ea\u26f0-\u26f5\u26f7-\u26fa\u26fd\u2702\u2705\u2708-\u270d\u270f\u2712\u2714"
    "\u2716\u271d\u2721\u2728\u2733\u2734\u2744\u2747\u274c\u274e\u2753-\u2755\u2757\u2763\u2764"
    "\u2795-\u2797\u27b0\u27bf\u2b1b\u2b1c\u2b50\u2b55\u3030\u303d\u3297\u3299\u20e3"
    "\U0001f000-\U0001faff]"
)
_TECHNICAL = re.compile("[\u2300-\u23ff\u2600-\u27bf]")
_MARKUP = re.compile(r"<[^<>\n]+>")
_SHORT_NAME = re.compile(r"(?<![0-9:]):(?:[+-]1|[0-9_'-]*[a-z][a-z0-9_+'-]*):(?![0-9])")

# Where these scripts are written, joiners shape the letter beside them and direction marks
# order the line.
_SHAPED = re.compile("[\u0600-\u08ff\u0900-\u0dff\u1800-\u18af\ufb50-\ufdff\ufe70-\ufefc]")
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_JOINERS = frozenset("\u200c\u200d")
_DIRECTION_MARKS = frozenset("\u200e\u200f\u061c")

# Arabic and Syriac signs that Unicode files under format characters but that are seen.
_SEEN = frozenset("\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2")

# Letters by category, blank to the eye.
_FILLERS = frozenset("\u115f\u1160\u3164\uffa0")

# Nor are these seen, whatever their category: a joiner, inherent vowels, a dot pattern of none.
_UNSEEN = frozenset("\u034f\u17b4\u17b5\u2800")

# Names for characters that Unicode names none.
_NAMES = {"\t": "TAB", "\n": "LINE BREAK", "\r": "CARRIAGE RETURN", "\x00": "NULL"}


def described(character: str) -> str:
    """Return a character as people can look it up: "U+200B ZERO WIDTH SPACE"."""
    unnamed = {"Cc": "CONTROL CHARACTER", "Co": "PRIVATE USE", "Cs": "HALF A CHARACTER"}
    fallback = unnamed.get(unicodedata.category(character), "UNNAMED CHARACTER")
    name = unicodedata.name(character, _NAMES.get(character, fallback))
    return f"U+{ord(character):04X} {name}"


def visible(text: str) -> int:
    """Return how many characters of a text people see, blanks between words as one each."""
    seen = "".join(c for c in text if c.isspace() or not (_is_forbidden(c) or c in _UNSEEN))
    return len(graphemes(" ".join(seen.split())))


def forbidden(text: str) -> dict[str, list[int]]:
    """Return the characters refused in any field, each with its places.

    Places count graphemes from 1. A line break is no such character.
    """
    # Most texts hold nothing of the kind; cutting each into graphemes takes far longer than this.
    if not any(map(_is_forbidden, set(text))):
        return {}
    wanted = shaping(text)
    return _places(
        text,
        lambda near: [c for c in near[1] if c not in wanted and _is_forbidden(c)],
    )


def shaping(text: str) -> dict[str, list[int]]:
    """Return the joiners and direction marks of texts that need them, with places.

    Apple may refuse them, yet Persian, Urdu and the Indic scripts are misspelt without.
    """
    if not (_JOINERS | _DIRECTION_MARKS).intersection(text):
        return {}
    mixed = _RIGHT_TO_LEFT.search(text) is not None
    return _places(
        text,
        lambda near: [
            c
            for c in near[1]
            if (c in _JOINERS and _SHAPED.search("".join(near)))
            or (c in _DIRECTION_MARKS and mixed)
        ],
    )


def emoji(text: str) -> dict[str, list[int]]:
    """Return the emoji, whole sequences as one, with places."""
    if not _EMOJI.search(text):
        return {}
    return _places(text, lambda near: [near[1]] if _EMOJI.search(near[1]) else [])


def symbols(text: str) -> dict[str, list[int]]:
    """Return the technical and ornamental symbols that the name refuses, with places."""
    if not _TECHNICAL.search(text):
        return {}
    return _places(text, lambda near: _TECHNICAL.findall(near[1]))


def markup(text: str) -> list[str]:
    """Return what reads as HTML: everything between angle brackets on one line."""
    return _MARKUP.findall(text)


def short_names(text: str) -> list[str]:
    """Return Slack's names of emoji, such as `:tada:`, that nobody meant to publish."""
    return list(dict.fromkeys(_SHORT_NAME.findall(text)))


_Near = tuple[str, str, str]  # a grapheme between its neighbours


def _places(text: str, found: Callable[[_Near], list[str]]) -> dict[str, list[int]]:
    clusters = ["", *graphemes(text), ""]
    places: dict[str, list[int]] = {}
    for place in range(1, len(clusters) - 1):
        near = (clusters[place - 1], clusters[place], clusters[place + 1])
        for each in dict.fromkeys(found(near)):
            places.setdefault(each, []).append(place)
    return places


def _is_forbidden(character: str) -> bool:
    if character == "\n" or character in _SEEN:
        return False
    if "\ufe00" <= character <= "\ufe0f" or character in _FILLERS:
        return True
    category = unicodedata.category(character)
    if category == "Cn":  # only those that will never be characters
        return ord(character) & 0xFFFE == 0xFFFE or "\ufdd0" <= character <= "\ufdef"
    return category in {"Cc", "Cf", "Co", "Cs", "Zl", "Zp"}
