"""Files as people and programs make them, and as nobody should."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from openpyxl import Workbook

STAMP = (2026, 11, 20, 12, 0, 0)


def table(*rows: Sequence[str], delimiter: str = ",") -> bytes:
    """Rows as they are, with nothing quoted."""
    return "".join(delimiter.join(row) + "\n" for row in rows).encode()


def zipped(
    files: Mapping[str, str | bytes],
    *,
    method: int = zipfile.ZIP_DEFLATED,
    change: Callable[[zipfile.ZipInfo], None] = lambda entry: None,
) -> bytes:
    """A zip; `change` may do to each entry what a well-behaved program would not."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, STAMP)
            # The constructor tidies the path up.
            entry.filename = name
            entry.compress_type = method
            change(entry)
            archive.writestr(entry, content)
    return stream.getvalue()


def sheet(rows: Sequence[Sequence[Any]], **sheets: Sequence[Sequence[Any]]) -> bytes:
    """A workbook whose first sheet is called Listing, with others by name."""
    return workbook(rows, sheets=sheets)


def workbook(
    rows: Sequence[Sequence[Any]],
    change: Callable[[Workbook], None] = lambda book: None,
    *,
    sheets: Mapping[str, Sequence[Sequence[Any]]] | None = None,
) -> bytes:
    """A workbook; `change` is done to it before it is saved."""
    book = Workbook()
    assert book.active is not None
    book.active.title = "Listing"
    fill(book.active, rows)
    for name, others in (sheets or {}).items():
        fill(book.create_sheet(name), others)
    change(book)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def fill(page: Any, rows: Sequence[Sequence[Any]]) -> None:
    for row in rows:
        page.append(list(row))


def with_part(data: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """The same zip with one of its files changed, or added where it was not there."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w") as new:
        for each in old.namelist():
            content = old.read(each)
            new.writestr(each, change(content) if each == name else content, zipfile.ZIP_DEFLATED)
        if name not in old.namelist():
            new.writestr(name, change(b""), zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def declared(data: bytes, *, size: int) -> bytes:
    """A zip of one file that lies about how much the file unpacks to."""
    central = data.rindex(b"PK\x01\x02")
    changed = bytearray(data)
    changed[central + 24 : central + 28] = struct.pack("<I", size)
    changed[22:26] = struct.pack("<I", size)
    return bytes(changed)
