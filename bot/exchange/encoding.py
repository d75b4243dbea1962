"""Bytes to text: UTF-8, or UTF-16 that says so; anything else is named and refused."""

from __future__ import annotations

import codecs
import io
import re
from dataclasses import dataclass

from bot.errors import Invalid

_CHUNK = 256 * 1024
_SAMPLE = 64 * 1024

# How much of what is not ASCII reads as the language that such files are in, per encoding;
# the first that reaches the share is named. Windows-1252 reads anything, so it comes last.
_GUESSES = (
    ("shift_jis", "Shift JIS (Japanese)", re.compile("[\u3040-\u30ff]"), 0.3),
    ("euc_kr", "EUC-KR (Korean)", re.compile("[\uac00-\ud7a3]"), 0.7),
    ("gb18030", "GB 18030 (Chinese)", re.compile("[\u4e00-\u9fff\u3001\u3002\uff00-\uffef]"), 0.9),
    ("cp1251", "Windows-1251 (Cyrillic)", re.compile("[\u0410-\u044f\u0451]"), 0.9),
    ("cp1252", "Windows-1252 (Western European)", re.compile(""), 0.0),
)
# Accented letters stand between plain ones; those of another script stand together.
_FOREIGN = re.compile(rb"[\x80-\xff]")
_ALONE = re.compile(rb"(?<![\x80-\xff])[\x80-\xff](?![\x80-\xff])")
_TOGETHER = frozenset({"euc_kr", "gb18030", "cp1251"})
_REMEDY = (
    "Save it as UTF-8: in Excel “CSV UTF-8 (comma delimited)”, in Numbers and LibreOffice the "
    "encoding Unicode (UTF-8), in an editor Save with Encoding."
)


@dataclass(frozen=True, slots=True)
class Decoding:
    """How bytes are to be read; `skipped` is the length of the byte-order mark."""

    codec: str
    skipped: int


def decoding(data: bytes) -> Decoding:
    """Return how `data` is encoded, having read all of it. Raises Invalid."""
    found = _marked(data)
    decoder = codecs.getincrementaldecoder(found.codec)()
    view = memoryview(data)
    try:
        for start in range(found.skipped, len(data), _CHUNK):
            decoder.decode(view[start : start + _CHUNK])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as wrong:
        raise _refusal(data, found) from wrong
    if found.codec == "utf-8" and _is_unmarked_utf16(data):
        raise Invalid("The file looks like UTF-16 without a byte-order mark.", remedy=_REMEDY)
    return found


def decoded(data: bytes) -> tuple[str, bool]:
    """Return the text, its line ends as they are, and whether a mark was taken off."""
    how = decoding(data)
    return str(memoryview(data)[how.skipped :], how.codec), bool(how.skipped)


def lines_of(data: bytes, how: Decoding) -> io.TextIOWrapper:
    """Return a stream of lines that end in line feeds; `newlines` tells what they ended in."""
    stream = io.BytesIO(data)
    stream.seek(how.skipped)
    return io.TextIOWrapper(stream, encoding=how.codec)


def _marked(data: bytes) -> Decoding:
    if data.startswith(codecs.BOM_UTF8):
        return Decoding("utf-8", len(codecs.BOM_UTF8))
    if data.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        raise Invalid("The file is UTF-32, which no program needs.", remedy=_REMEDY)
    if data.startswith(codecs.BOM_UTF16_LE):
        return Decoding("utf-16-le", 2)
    if data.startswith(codecs.BOM_UTF16_BE):
        return Decoding("utf-16-be", 2)
    return Decoding("utf-8", 0)


def _is_unmarked_utf16(data: bytes) -> bool:
    sample = data[:_SAMPLE]
    return sample.count(0) * 5 > len(sample)


def _refusal(data: bytes, how: Decoding) -> Invalid:
    if how.skipped:
        return Invalid(
            f"The file says that it is {how.codec.upper()}, and is not, or breaks off.",
            remedy=_REMEDY,
        )
    if _is_unmarked_utf16(data):
        return Invalid("The file looks like UTF-16 without a byte-order mark.", remedy=_REMEDY)
    return Invalid(f"The file is not UTF-8; it looks like {guess(data)}.", remedy=_REMEDY)


def guess(data: bytes) -> str:
    """Return what encoding bytes that are not UTF-8 look like, in words; only for messages."""
    sample = data[:_SAMPLE]
    alone = len(_ALONE.findall(sample)) * 2 > len(_FOREIGN.findall(sample))
    for codec, name, letters, share in _GUESSES:
        if alone and codec in _TOGETHER:
            continue
        foreign = [c for c in sample.decode(codec, "replace") if c > "\x7f"]
        fitting = sum(1 for character in foreign if letters.match(character))
        if foreign and "\ufffd" not in foreign[:-2] and fitting >= share * len(foreign):
            return name
    return "no encoding that is known here"
