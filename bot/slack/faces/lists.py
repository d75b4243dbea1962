"""Lists that fit into a message, and the way to App Store Connect.

Knows how much room a message has; refuses to know what is listed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.slack.faces.blocks import (
    MESSAGE_BUDGET,
    Block,
    Element,
    bullets,
    context,
    line,
    link,
    rich,
    text,
    weight,
)
from bot.slack.faces.wording import plural

ROOM = MESSAGE_BUDGET - 1500
_MOST_LINES = 30
# Of a list that shares its message with others.
_MOST_FITTING = 16


def capped(lines: Iterable[Element], *, room: int = ROOM, counted: bool = True) -> list[Element]:
    """Return as many lines as fit into `room`; with `counted` a last one tells the rest."""
    every = list(lines)
    kept: list[Element] = []
    for entry in every[:_MOST_LINES]:
        if weight([rich(bullets([*kept, entry]))]) > room:
            break
        kept.append(entry)
    left = len(every) - len(kept)
    return [*kept, line(text(f"and {left} more"))] if left and counted else kept


def fitting(
    lines: Sequence[Element], budget: int, what: str, *, marked: bool = False
) -> list[Block]:
    """Return the lines as a list, as many as `budget` holds, and how many are left.

    `marked` lines begin with a sign of their own and get no bullet.
    """
    kept: list[Element] = []
    for entry in lines[:_MOST_FITTING]:
        if kept and weight([rich(bullets([*kept, entry]))]) > budget:
            break
        kept.append(entry)
    left = len(lines) - len(kept)
    more = [context(f"And {plural(left, f'more {what}')}: see Details.")] if left else []
    if not kept:
        return []
    return [rich(*kept) if marked else rich(bullets(kept)), *more]


def store_link(url: str) -> list[Block]:
    """Return the line that leads to App Store Connect, nothing without an address."""
    return [rich(line(link(url, "Open in App Store Connect")))] if url else []


def record_head(head: str) -> list[Block]:
    """Return the line with the beginning of the record's newest hash, nothing without one."""
    return [context(head_words(head))] if head else []


def head_words(head: str) -> str:
    """Return what the beginning of the record's newest hash is good for."""
    return (
        f"Record {head}: marquee audit verify --head {head} shows later whether anything up to "
        "now was changed or cut off."
    )
