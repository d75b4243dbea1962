"""Version numbers as Apple compares them: up to three whole numbers between points."""

from __future__ import annotations

import re

_NUMBER = re.compile(r"\d{1,9}(\.\d{1,9}){0,2}")


def parts(text: object) -> tuple[int, ...] | None:
    """Return the parts of a version number without trailing zeros, None when it is none."""
    if not isinstance(text, str) or not _NUMBER.fullmatch(text):
        return None
    told = [int(part) for part in text.split(".")]
    while len(told) > 1 and not told[-1]:
        told.pop()
    return tuple(told)
