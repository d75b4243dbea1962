"""How a text is counted, normalised and cut into what people call characters.

Knows Unicode, nothing of fields or limits. App Store Connect counts neither bytes nor
graphemes (a Thai keywords string of 100 code points, 220 bytes and 90 graphemes was taken,
one of 100 graphemes refused), so `length` counts UTF-16 units: never laxer than Apple.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

ZERO_WIDTH_JOINER = "\u200d"

# Categories that attach to the character before them: marks and modifiers.
_MARKS = frozenset({"Mn", "Mc", "Me"})
# Marks in all but name: Thai and Lao sara am, half-width kana voicing, the non-joiner.
_ATTACHED = frozenset("\u0e33\u0eb3\uff9e\uff9f\u200c\u200d")
# What joins anything before it begins here; and after these two something else may.
_FIRST_MARK, _HOLDING = "\u0300", f"\r{ZERO_WIDTH_JOINER}"
# Viramas that tie the next consonant of the same script to the one before (UAX #29, GB9c).
_LINKERS = frozenset("\u094d\u09cd\u0acd\u0b4d\u0c4d\u0d4d")

# Scripts that are written without spaces between words, as ranges of code points.
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u0f00-\u0fff\u1000-\u109f\u1780-\u17ff\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029"
    "\u3031-\u3035\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f"
    "\U0001b000-\U0001b16f\U00020000-\U0003ffff]"
)


def length(text: str) -> int:
    """Return the number of UTF-16 units, the unit of every limit here."""
    return len(text) + sum(character > "\uffff" for character in text)


def utf8_bytes(text: str) -> int:
    """Return the number of UTF-8 bytes; a lone surrogate counts three."""
    return len(text.encode("utf-8", "surrogatepass"))


def normalise(text: str) -> str:
    """Return `text` as it is sent and compared: NFC, line feeds only, no outer blanks."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", lines).strip()


def unspaced(text: str) -> bool:
    """Return whether `text` holds a script that is written without spaces (Thai, kana, Han)."""
    return _UNSPACED.search(text) is not None


def is_pictograph(character: str) -> bool:
    """Return whether `character` can be a part of an emoji sequence.

    Planes newer than the interpreter's Unicode tables are unassigned there, so the blocks of
    emoji are told by range.
    """
    return "\U0001f000" <= character <= "\U0001faff" or unicodedata.category(character) in {
        "So",
        "Sm",
    }


def graphemes(text: str) -> list[str]:
    """Cut `text` into grapheme clusters; joined again they are `text`.

    Follows Unicode's UAX #29 with what the standard library knows: combining and spacing
    marks, Thai and Lao vowels, Hangul jamo, conjuncts of six Indic scripts, regional
    indicator pairs, skin tones, tag sequences, variation selectors, joined emoji, CR LF.
    It does not know prepended marks (a handful of Arabic and Brahmic signs), which stand alone.
    """
    return list(_clusters(text))


# One text is looked through by several rules, one after the other.
@lru_cache(maxsize=32)
def _clusters(text: str) -> tuple[str, ...]:
    clusters: list[str] = []
    for character in text:
        # Below the first mark nothing joins, but for what follows a return or a joiner.
        able = clusters and (character >= _FIRST_MARK or clusters[-1][-1] in _HOLDING)
        if able and _joins(clusters[-1], character):
            clusters[-1] += character
        else:
            clusters.append(character)
    return tuple(clusters)


def _joins(cluster: str, character: str) -> bool:
    last = cluster[-1]
    if unicodedata.category(last) == "Cc":
        return last == "\r" and character == "\n"
    if _extends(character):
        return True
    if last == ZERO_WIDTH_JOINER and is_pictograph(character):
        return is_pictograph(cluster[0])
    if _is_regional(character):
        return len(cluster) == 1 and _is_regional(last)
    return _joins_jamo(last, character) or _joins_conjunct(cluster, character)


def _extends(character: str) -> bool:
    return (
        character in _ATTACHED
        or "\U0001f3fb" <= character <= "\U0001f3ff"
        or "\U000e0020" <= character <= "\U000e007f"
        or unicodedata.category(character) in _MARKS
    )


def _is_regional(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"


def _joins_jamo(last: str, character: str) -> bool:
    before, after = _jamo(last), _jamo(character)
    allowed = {"L": "LVS", "V": "VT", "S": "VT", "T": "T"}
    # A syllable that already ends in a consonant takes only a further one.
    if before == "S" and (ord(last) - 0xAC00) % 28:
        return after == "T"
    return after != "" and after in allowed.get(before, "")


def _jamo(character: str) -> str:
    """Return L, V or T for a leading, vowel or trailing jamo, S for a syllable, else ""."""
    if "\u1100" <= character <= "\u115f" or "\ua960" <= character <= "\ua97c":
        return "L"
    if "\u1160" <= character <= "\u11a7" or "\ud7b0" <= character <= "\ud7c6":
        return "V"
    if "\u11a8" <= character <= "\u11ff" or "\ud7cb" <= character <= "\ud7fb":
        return "T"
    return "S" if "\uac00" <= character <= "\ud7a3" else ""


def _joins_conjunct(cluster: str, character: str) -> bool:
    linked = cluster.rstrip(ZERO_WIDTH_JOINER)[-1:]
    if linked not in _LINKERS or unicodedata.category(character) != "Lo":
        return False
    # A script's block is 128 code points long, so that the upper bits name the script.
    return ord(linked) >> 7 == ord(character) >> 7
