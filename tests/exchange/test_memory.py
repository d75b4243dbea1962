"""A hostile file of ten megabytes is refused, or read, at the price of a harmless one."""

from __future__ import annotations

import struct
import tracemalloc
import zipfile
from collections.abc import Callable

import pytest

from bot.errors import Invalid
from bot.exchange import read
from bot.exchange.limits import FILE_BYTES, MEGABYTE
from tests.exchange.files import zipped

HEADER = b"locale,name\n"
FULL = FILE_BYTES - 100


def a_list_of_files(count: int) -> bytes:
    """A zip that lists one file over and over."""
    whole = zipped({"a": "x"}, method=zipfile.ZIP_STORED)
    start, end = whole.index(b"PK\x01\x02"), whole.index(b"PK\x05\x06")
    entries = whole[start:end] * count
    tail = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0xFFFE, 0xFFFE, len(entries), start, 0)
    return whole[:start] + entries + tail


HOSTILE: dict[str, Callable[[], bytes]] = {
    "one line in wide characters": lambda: HEADER + "😀".encode() + b"x" * (FULL - 20),
    "one row of separators": lambda: HEADER + b"," * (FULL - 20),
    "blank lines": lambda: HEADER + b"\n" * (FULL - 20),
    "lists": lambda: b"[" + b"[]," * (FULL // 3 - 2) + b"[]]",
    "numbers": lambda: b"[" + b"1," * (FULL // 2 - 2) + b"1]",
    "one text in wide characters": lambda: (
        b'{"de": {"name": "\xf0\x9f\x98\x80' + b"x" * (FULL - 30) + b'"}}'
    ),
    "heads of entries": lambda: b"PK\x03\x04" + b"PK\x01\x02" * (FULL // 4 - 2),
}


def cost(data: bytes) -> int:
    """The most memory that reading takes, in bytes; nothing may come out of it."""
    tracemalloc.start()
    try:
        texts = read(data).texts
    except Invalid:
        texts = {}
    finally:
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert texts == {}
    return peak


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_costs_less_than_a_hundred_megabytes(name: str) -> None:
    assert cost(HOSTILE[name]()) < 100 * MEGABYTE


def test_the_files_of_a_zip_are_counted_before_their_list_is_read() -> None:
    assert cost(a_list_of_files(150_000)) < 10 * MEGABYTE
