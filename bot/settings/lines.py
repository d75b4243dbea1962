"""Where a key of a TOML file stands, found by reading its text once.

The parser of the standard library forgets lines. This scanner follows table headers and
keys, and steps over texts and lists that span lines; what it misses falls back to its table.
"""

from __future__ import annotations

import re
from collections import Counter

Place = tuple[str | int, ...]

_HEADER = re.compile(r"\s*(\[\[?)\s*([^\]]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"""\s*([A-Za-z0-9_.\-"' ]+?)\s*=(.*)$""")
_LONG = re.compile(r'"""|\'\'\'')
_STRINGS = re.compile(r'"(?:\\.|[^"\\])*"|\'[^\']*\'')


def find_lines(text: str) -> dict[Place, int]:
    """Return the line (from 1) of every table and key; array tables are numbered from 0."""
    lines: dict[Place, int] = {}
    arrays: Counter[Place] = Counter()
    table: Place = ()
    closing = ""
    depth = 0
    for number, line in enumerate(text.splitlines(), start=1):
        if closing:
            closing = "" if closing in line else closing
            continue
        if depth:
            depth += _depth(line)
            continue
        if header := _HEADER.fullmatch(line):
            table = _enter(header, arrays)
            lines.setdefault(table, number)
        elif key := _KEY.match(line):
            lines.setdefault((*table, *_names(key.group(1))), number)
            closing, depth = _opened(key.group(2))
    return lines


def line_of(place: Place, lines: dict[Place, int]) -> int:
    """Return the line of the nearest thing that has one; 1 when nothing does."""
    while place and place not in lines:
        place = place[:-1]
    return lines.get(place, 1)


def _enter(header: re.Match[str], arrays: Counter[Place]) -> Place:
    *parents, last = _names(header.group(2))
    table: Place = ()
    for name in parents:
        table = (*table, name)
        if arrays[table]:
            table = (*table, arrays[table] - 1)
    table = (*table, last)
    if header.group(1) == "[[":
        arrays[table] += 1
        return (*table, arrays[table] - 1)
    return table


def _names(dotted: str) -> list[str]:
    return [name.strip().strip("\"'") for name in dotted.split(".")]


def _opened(value: str) -> tuple[str, int]:
    long = _LONG.findall(value)
    if len(long) == 1:
        return long[0], 0
    return "", max(0, _depth(value))


def _depth(text: str) -> int:
    bare = _STRINGS.sub("", text).split("#", 1)[0]
    return bare.count("[") - bare.count("]")
