"""Files to texts of a listing and back: CSV, TSV, XLSX, JSON and fastlane's folder.

Knows how people write listings down. Nothing of a file is ever guessed, computed or left
out in silence: see docs/files.md. Everything here waits for nobody, yet may take a second
for the largest files; call it from a thread.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

from bot.domain.changes import Place
from bot.domain.fields import FIELDS
from bot.domain.listing import Listing
from bot.errors import Invalid
from bot.exchange import archive, delimited, fastlane, json_texts, limits, recognition
from bot.exchange.imported import (
    DEFAULT,
    Cleaned,
    Cleaning,
    Format,
    Imported,
    LeftOut,
    Why,
    filled,
)
from bot.exchange.words import CLEAR, marked, written

__all__ = [
    "CLEAR",
    "DEFAULT",
    "Cleaned",
    "Cleaning",
    "Format",
    "Imported",
    "LeftOut",
    "Why",
    "filled",
    "read",
    "read_folder",
    "texts_of",
    "write",
    "write_folder",
]

_ORDER = {field.attribute: number for number, field in enumerate(FIELDS)}
_NAME_CHARACTERS = 80


def read(
    data: bytes, name: str = "", *, empty_clears: bool = False, also: Collection[str] = ()
) -> Imported:
    """Return the texts of a file and all that was not taken; the form is told by its content.

    `name` is only for the messages. With `empty_clears` an empty file of a folder, or an empty
    text in JSON, empties its field. `also` are locales that are taken besides the table's,
    such as those a listing has. Raises Invalid for a file that cannot be read as a whole.
    """
    try:
        return _read(data, empty_clears=empty_clears, also=also)
    except Invalid as wrong:
        shown = "".join(filter(str.isprintable, name))[:_NAME_CHARACTERS]
        if not shown:
            raise
        raise Invalid(f"{shown}: {wrong.message}", remedy=wrong.remedy) from wrong


def read_folder(
    folder: Path, *, empty_clears: bool = False, also: Collection[str] = ()
) -> Imported:
    """Return the texts of fastlane's folder, or of `fastlane/metadata` below it; see `read`."""
    return fastlane.read_folder(folder, also, empty_clears=empty_clears)


def write(
    texts: Mapping[Place, str], form: Format, *, fallback: Mapping[str, str] | None = None
) -> bytes:
    """Return the texts as a file that `read` takes back as they are; "" as emptied.

    Texts are normalised, and the same texts are the same bytes. Raises Invalid for a text
    that no file can hold, ValueError for the form of a folder.
    """
    ordered = _ordered(texts, fallback or {})
    match form:
        case Format.JSON:
            return json_texts.write(ordered)
        case Format.ZIP:
            return fastlane.write_zip(ordered)
        case Format.CSV | Format.TSV:
            return delimited.write(_rows(ordered), form)
        case Format.XLSX:
            # Imported when it is needed: the library of spreadsheets is large.
            from bot.exchange import workbook

            return workbook.write(_rows(ordered))
        case Format.FOLDER:
            raise ValueError("a folder has no bytes; see write_folder")


def write_folder(
    folder: Path, texts: Mapping[Place, str], *, fallback: Mapping[str, str] | None = None
) -> None:
    """Write the texts as fastlane's folder; other files in it stay. Raises a BotError."""
    fastlane.write_folder(folder, _ordered(texts, fallback or {}))


def texts_of(listing: Listing) -> dict[Place, str]:
    """Return what a listing says, for `write`; what it leaves empty is not there."""
    places = [(locale, field.attribute) for locale in listing.locales() for field in FIELDS]
    return {place: text for place in places if (text := listing.text(*place))}


def _read(data: bytes, *, empty_clears: bool, also: Collection[str]) -> Imported:
    if len(data) > limits.FILE_BYTES:
        raise Invalid(
            f"The file is larger than {limits.FILE_BYTES // limits.MEGABYTE} MB.",
            remedy="Leave out everything but the texts.",
        )
    if recognition.is_zip(data):
        return _read_zip(data, empty_clears=empty_clears, also=also)
    recognition.refuse_strangers(data)
    if recognition.of_text(data) is Format.JSON:
        return json_texts.read(data, also, empty_clears=empty_clears)
    return delimited.read(data, also)


def _read_zip(data: bytes, *, empty_clears: bool, also: Collection[str]) -> Imported:
    opened = archive.opened(data)
    if recognition.of_archive(opened) is Format.ZIP:
        return fastlane.read_zip(opened, also, empty_clears=empty_clears)
    from bot.exchange import workbook

    return workbook.read(data, opened, also)


def _ordered(texts: Mapping[Place, str], fallback: Mapping[str, str]) -> dict[Place, str]:
    """Return all texts as they are written, the fallback's first, then by locale and field."""
    every = {(DEFAULT, attribute): text for attribute, text in fallback.items()} | dict(texts)
    places = sorted(every, key=lambda place: (place[0] != DEFAULT, place[0], _ORDER[place[1]]))
    return {place: written(place, every[place]) for place in places}


def _rows(ordered: Mapping[Place, str]) -> list[list[str]]:
    """Return a table with a row for each locale and a column for each field."""
    locales = dict.fromkeys(locale for locale, _ in ordered)
    rows = [["locale", *_ORDER]]
    for locale in locales:
        places = [(locale, attribute) for attribute in _ORDER]
        rows.append([locale, *(marked(ordered[p]) if p in ordered else "" for p in places)])
    return rows
