"""What is in blocks and views: their texts and options, and how much they weigh."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from bot.sandbox.slack import limits

Json = dict[str, Any]


def view_bytes(view: Json) -> int:
    """Return how many bytes a view has on the wire."""
    return len(json.dumps(view, ensure_ascii=False).encode())


def weight(blocks: list[Json]) -> int:
    """Return what blocks cost of the budget of one message, in characters."""
    return sum(map(len, texts_in(blocks))) + limits.BLOCK_COST * len(blocks)


def texts_in(value: object) -> Iterator[str]:
    """Yield every string under a key `text`, at any depth."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if key == "text" and isinstance(inner, str):
                yield inner
            else:
                yield from texts_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts_in(inner)


def options_of(element: Json) -> list[Json]:
    """Return an element's options, those in groups too."""
    plain = element.get("options") or []
    grouped = [
        option
        for group in element.get("option_groups") or []
        if isinstance(group, dict)
        for option in group.get("options") or []
    ]
    return [option for option in [*plain, *grouped] if isinstance(option, dict)]


def initial_options(element: Json) -> list[Any]:
    """Return the options an element begins with, one or several."""
    one = element.get("initial_option")
    return [*([one] if one is not None else []), *(element.get("initial_options") or [])]
