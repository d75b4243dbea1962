"""A hostile file of ten megabytes is refused, or read, at the price of a harmless one."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable

import pytest

from bot.errors import Invalid
from bot.exchange import read
from bot.exchange.limits import FILE_BYTES, MEGABYTE

HEADER = b"locale,name\n"
FULL = FILE_BYTES - 100
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


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_costs_less_than_a_hundred_megabytes(name: str) -> None:
    data = HOSTILE[name]()
    tracemalloc.start()
    try:
        texts = read(data).texts
    except Invalid:
        texts = {}
    finally:
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert texts == {}
    assert peak < 100 * MEGABYTE
