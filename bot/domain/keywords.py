"""What App Store Connect's one string of keywords says, and where it wastes room.

Apple takes one string, terms divided by commas. The words of name and subtitle are
searched as well, so that repeating them buys nothing (App Store Connect Help, "Platform
version information"; Apple's guidance on App Store search).
"""

from __future__ import annotations

import re

from bot.domain.fields import BY_ATTRIBUTE
from bot.domain.text import length, normalise, unspaced

_HANGUL = re.compile("[\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3]")
_OTHER_COMMAS = re.compile("[،、，;；]")
_WORD = re.compile(r"[^\s,.;:!?&/|()\[\]–—、。，・：]+")


def parse(text: str) -> tuple[str, ...]:
    """Return the terms without the blanks round them; empty ones are left out."""
    return tuple(term for part in text.split(",") if (term := part.strip()))


def used(text: str) -> int:
    """Return how many characters the string takes, in UTF-16 units."""
    return length(normalise(text))


def duplicates(text: str) -> tuple[str, ...]:
    """Return the terms that occur more than once, whatever their case."""
    spelled: dict[str, list[str]] = {}
    for term in parse(text):
        spelled.setdefault(term.casefold(), []).append(term)
    return tuple(terms[0] for terms in spelled.values() if len(terms) > 1)


def repeated(text: str, *titles: str) -> tuple[str, ...]:
    """Return the words of the terms that a title, the name or the subtitle, has already.

    In scripts without spaces a term is looked for anywhere in the title.
    """
    known = {word.casefold() for title in titles for word in _WORD.findall(title)}
    whole = "\n".join(titles).casefold()
    words = [word for term in parse(text) for word in _WORD.findall(term)]
    found = [
        word
        for word in words
        if word.casefold() in known or (unspaced(word) and word.casefold() in whole)
    ]
    return tuple({word.casefold(): word for word in reversed(found)}.values())[::-1]


def summary(text: str, *, name: str, subtitle: str) -> str:
    """Return how well the room is used: "used 87 of 100, 2 words already in the name"."""
    parts = [f"used {used(text)} of {BY_ATTRIBUTE['keywords'].limit}"]
    in_name = repeated(text, name)
    in_subtitle = [word for word in repeated(text, subtitle) if word not in in_name]
    if in_name:
        parts.append(f"{_count(len(in_name), 'word')} already in the name")
    if in_subtitle:
        parts.append(f"{_count(len(in_subtitle), 'word')} already in the subtitle")
    return ", ".join(parts)


def advice(text: str, *, name: str, subtitle: str) -> tuple[tuple[str, str], ...]:
    """Return what could be better, each as a message and a remedy; nothing for good ones."""
    found: list[tuple[str, str]] = []
    if twice := duplicates(text):
        found.append((f"More than once: {', '.join(twice)}.", "Keep each term once."))
    found.extend(overlap(text, name=name, subtitle=subtitle))
    return (*found, *_layout(text), *_short(text))


def overlap(text: str, *, name: str, subtitle: str) -> list[tuple[str, str]]:
    """Return the advice about words that the name or the subtitle has already."""
    words = repeated(text, name, subtitle)
    if not words:
        return []
    said = f"{summary(text, name=name, subtitle=subtitle)}: {', '.join(words)}."
    return [(said[:1].upper() + said[1:], "Those words are found without keywords.")]


def _layout(text: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    if wasted := sum(len(part) - len(part.strip()) for part in text.split(",")):
        said = f"{_count(wasted, 'character')} lost to blanks beside commas."
        found.append((said, "Write the terms with commas alone between them."))
    if any(not part.strip() for part in text.split(",")) and text:
        found.append(("A comma has no term beside it.", "Take the extra comma out."))
    if other := _OTHER_COMMAS.search(text):
        found.append(
            (f"Terms are divided by “,”, not by “{other[0]}”.", "Write a plain comma instead.")
        )
    return found


def _short(text: str) -> list[tuple[str, str]]:
    """Find terms of one or two letters; in Han, kana, Thai and Hangul those are words."""
    short = [t for t in parse(text) if length(t) < 3 and not unspaced(t) and not _HANGUL.search(t)]
    if not short:
        return []
    said = f"Very short: {', '.join(dict.fromkeys(short))}."
    return [(said, "Apple asks for keywords of more than two characters.")]


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
