"""Every one of Apple's errors as a value: its code, field, path and Apple's own words.

Knows codes and pointers; knows nothing of requests or statuses. Sources: App Store Connect
API, ErrorResponse and "Interpreting and Handling Errors"; associated errors sit under
`meta.associatedErrors`, by path.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import zip_longest

from bot.domain.fields import BY_ATTRIBUTE

MOST_PROBLEMS = 100
THE_CHANGE = "the change"
LOCKED = "cannot be changed in this state"

# What Apple's codes mean to a person; the longest beginning that fits speaks.
MEANINGS: Mapping[str, str] = {
    "ENTITY_ERROR.ATTRIBUTE.INVALID.TOO_LONG": "too long",
    "ENTITY_ERROR.ATTRIBUTE.INVALID.INVALID_CHARACTERS": "characters Apple does not allow",
    "ENTITY_ERROR.ATTRIBUTE.INVALID.DUPLICATE": "already taken",
    "ENTITY_ERROR.ATTRIBUTE.INVALID.UNMODIFIABLE": LOCKED,
    "ENTITY_ERROR.ATTRIBUTE.INVALID.INVALID_STATE": LOCKED,
    "ENTITY_ERROR.ATTRIBUTE.INVALID": "not accepted",
    "ENTITY_ERROR.ATTRIBUTE.REQUIRED": "must not be empty",
    "ENTITY_ERROR.ATTRIBUTE.TYPE": "in the wrong form",
    "ENTITY_ERROR.ATTRIBUTE.UNKNOWN": "not known to Apple",
    "ENTITY_ERROR.RELATIONSHIP": "does not go with what it belongs to",
    "ENTITY_ERROR": "not accepted",
    "STATE_ERROR.ITEM_PART_OF_ANOTHER_SUBMISSION": "part of another submission",
    "STATE_ERROR.SCREENSHOT_REQUIRED": "a screenshot is missing",
    "STATE_ERROR": LOCKED,
    "PARAMETER_ERROR": "asked for in a way Apple does not know",
}
# Attributes that are no texts, by the name people know them by.
LABELS: Mapping[str, str] = {
    "versionString": "Version number",
    "releaseType": "Release type",
    "earliestReleaseDate": "Release date",
    "phasedReleaseState": "Phased release",
    "copyright": "Copyright",
    "url": "Address",
    "secret": "Secret",
    "eventTypes": "Events",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One of Apple's errors; `attribute` is the field it names, None where it names none.

    `path` is what an associated error is about, as Apple writes it:
    "/v1/appStoreVersionLocalizations/<id>"; "" for an error of the request itself.
    """

    code: str
    title: str
    detail: str
    attribute: str | None
    status: int
    path: str = ""

    @property
    def sentence(self) -> str:
        """What is wrong in plain words, followed by Apple's own."""
        return self.about(THE_CHANGE)

    def about(self, thing: str) -> str:
        """Return the sentence, which is about `thing` where Apple names no attribute."""
        name = self.attribute or ""
        field = BY_ATTRIBUTE.get(name)
        subject = field.label if field else LABELS.get(name, name) or thing[:1].upper() + thing[1:]
        refused = f" ({self.characters})" if self.characters else ""
        words = self.detail or self.title or self.code
        return f"{subject}: {self._meant(thing)}{refused}. Apple says: {words}"

    def _meant(self, thing: str) -> str:
        meant = meaning(self.code)
        # A request is not changed, a text is.
        act = self.attribute is None and thing != THE_CHANGE
        return "not possible in this state" if act and meant == LOCKED else meant

    @property
    def characters(self) -> str:
        """The characters Apple names as refused, each with its code point, "" if none."""
        named = re.search(r"following character\(s\):\s*(.+?)\.?\s*$", self.detail, re.DOTALL)
        found = (letter for letter in (named.group(1) if named else "") if letter not in ", ")
        return ", ".join(_drawn(letter) for letter in dict.fromkeys(found))


def _drawn(letter: str) -> str:
    point = f"U+{ord(letter):04X}"
    hidden = unicodedata.category(letter)[0] in "CMZ"
    return point if hidden else f"{letter} {point}"


def meaning(code: str) -> str:
    """Return what `code` means to a person; Apple refines its codes with further parts."""
    parts = code.split(".")
    for end in range(len(parts), 0, -1):
        if said := MEANINGS.get(".".join(parts[:end])):
            return said
    return "not accepted"


def problems_of(document: object, status: int) -> tuple[Problem, ...]:
    """Return every error of an ErrorResponse, associated ones after the one that has them."""
    found = []
    for path, error in _errors(document):
        found.append(_problem(error, status, path))
        if len(found) == MOST_PROBLEMS:
            break
    return tuple(found)


def _errors(document: object, path: str = "") -> Iterator[tuple[str, Mapping[str, object]]]:
    listed = document.get("errors") if isinstance(document, Mapping) else None
    for error in listed if isinstance(listed, list) else ():
        if not isinstance(error, Mapping):
            continue
        yield path, error
        meta = error.get("meta")
        associated = meta.get("associatedErrors") if isinstance(meta, Mapping) else None
        for where, more in associated.items() if isinstance(associated, Mapping) else ():
            yield from _errors({"errors": more}, str(where))


def _problem(error: Mapping[str, object], status: int, path: str) -> Problem:
    said = str(error.get("status") or "")
    detail = str(error.get("detail") or "")
    return Problem(
        code=str(error.get("code") or ""),
        title=str(error.get("title") or ""),
        detail=detail,
        attribute=_attribute(error.get("source"), detail),
        status=int(said) if said.isdecimal() else status,
        path=path,
    )


def _attribute(source: object, detail: str) -> str | None:
    pointer = source.get("pointer") if isinstance(source, Mapping) else None
    if isinstance(pointer, str) and "/attributes/" in pointer:
        return pointer.rpartition("/attributes/")[2].partition("/")[0]
    # State errors name the attribute in the sentence only.
    quoted = re.findall(r"'(\w+)'", detail)
    return next((name for name in quoted if name in BY_ATTRIBUTE), None)


def told(problems: tuple[Problem, ...], thing: str) -> str:
    """Return the sentences of all, the same ones once; "see associated errors" tells nothing."""
    counts = Counter(
        one.about(thing)
        for one, after in zip_longest(problems, problems[1:])
        if one.path or after is None or not after.path
    )
    return " ".join(
        f"{_ended(said)}{f' ({count} times)' if count > 1 else ''}"
        for said, count in counts.items()
    )


def _ended(sentence: str) -> str:
    return sentence if sentence[-1:] in ".!?)" else f"{sentence}."
