"""Copies of JSON values: whoever is handed one may change it and changes nothing of ours."""

from __future__ import annotations

from typing import Any

# What most values are, and cannot be changed: no call is spent on them.
_AS_THEY_ARE = frozenset((str, int, bool, float, type(None)))


def copied(value: Any) -> Any:
    """Return a copy of a JSON value, all the way down; faster than for objects of any kind."""
    if isinstance(value, dict):
        return {
            key: inner if type(inner) in _AS_THEY_ARE else copied(inner)
            for key, inner in value.items()
        }
    if isinstance(value, list | tuple):
        return [inner if type(inner) in _AS_THEY_ARE else copied(inner) for inner in value]
    return value
