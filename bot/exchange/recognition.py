"""What a file is, told by its first bytes and never by its name."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.errors import Invalid
from bot.exchange.archive import Archive
from bot.exchange.imported import Format

_FORMS = "Give a CSV, TSV, XLSX or JSON file, or a zip of a fastlane folder."
_AS_XLSX = "Save it as an Excel workbook (.xlsx) or as CSV UTF-8."


@dataclass(frozen=True, slots=True)
class _Stranger:
    """A kind of file that is not read: how it begins, its name, and what to do."""

    head: re.Pattern[bytes]
    name: str
    remedy: str


_STRANGERS = (
    _Stranger(
        re.compile(rb"\xd0\xcf\x11\xe0"),
        "an old Excel file (.xls) or a workbook with a password",
        _AS_XLSX,
    ),
    _Stranger(re.compile(rb"%PDF"), "a PDF", _FORMS),
    _Stranger(re.compile(rb"\x89PNG|\xff\xd8\xff|GIF8"), "a picture", _FORMS),
    _Stranger(
        re.compile(rb"\x1f\x8b|BZh|\xfd7zXZ|7z\xbc\xaf|Rar!"), "an archive, but no zip", _FORMS
    ),
    _Stranger(re.compile(rb"\s*\{\\rtf"), "a rich text (RTF)", "Save it as plain text in UTF-8."),
    _Stranger(
        re.compile(rb"(\xef\xbb\xbf)?\s*<"), "a web page or XML, whatever its name says", _AS_XLSX
    ),
)

# Other programs' files that are zips as well, by a file that only they have.
_ZIPPED_STRANGERS = {
    "xl/workbook.bin": "an Excel binary workbook (.xlsb)",
    "content.xml": "an OpenDocument file (.ods)",
    "word/document.xml": "a Word document",
    "ppt/presentation.xml": "a presentation",
    "Index/Document.iwa": "a file of Numbers or Pages",
    "AndroidManifest.xml": "an app",
}


def is_zip(data: bytes) -> bool:
    """Return whether the bytes begin as those of a zip."""
    return data.startswith((b"PK\x03\x04", b"PK\x05\x06"))


def refuse_strangers(data: bytes) -> None:
    """Raise Invalid for a kind of file that holds no texts in any form that is read here."""
    if not data.strip(b"\x00\t\r\n \xef\xbb\xbf\xff\xfe"):
        raise Invalid("The file is empty.", remedy=_FORMS)
    for stranger in _STRANGERS:
        if stranger.head.match(data[:1024]):
            raise Invalid(f"The file is {stranger.name}.", remedy=stranger.remedy)


def of_archive(archive: Archive) -> Format:
    """Return whether a zip is a workbook or a folder. Raises Invalid for other programs' files."""
    names = set(archive.names)
    for name, what in _ZIPPED_STRANGERS.items():
        if name in names:
            raise Invalid(f"The file is {what}.", remedy=_AS_XLSX)
    return Format.XLSX if "[Content_Types].xml" in names else Format.ZIP


def of_text(data: bytes) -> Format:
    """Return whether a text is JSON or a table; which separator it has is for its reader."""
    head = data[:1024].lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n")
    return Format.JSON if head.startswith((b"{", b"[")) else Format.CSV
