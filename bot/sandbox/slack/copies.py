"""Copies of JSON values: whoever is handed one may change it and changes nothing of ours."""

from __future__ import annotations

from typing import Any


def copied(value: Any) -> Any:
    """Return a copy of a JSON value, all the way down; faster than for objects of any kind."""
    if isinstance(value, dict):
        return {key: copied(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [copied(inner) for inner in value]
    return value
