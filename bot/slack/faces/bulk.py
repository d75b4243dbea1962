"""A proposal of many texts, told by field instead of text by text.

Knows when there are too many to show in the message; refuses to show any of them. Who reads
them finds them by locale in Details, and as files in the thread.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.items import PRESENT, Item, ItemKind
from bot.domain.matrix import OfField, by_field
from bot.domain.proposals import Proposal
from bot.slack.faces.actions import texts_of
from bot.slack.faces.blocks import Block, Element, bullets, context, line, rich, text
from bot.slack.faces.wording import field_label, locale_label, locales_of, plural, series

# With more than this a message would be a list that nobody reads to its end.
_MOST_TEXTS, _MOST_LOCALES = 40, 20
# So few locales are named.
_NAMED = 4
_NAMED_NEW = 8

_WHERE = "Every text, before and after: by locale in Details, as a .diff and a .csv in the thread."


def is_big(proposal: Proposal) -> bool:
    """Return whether a proposal is told by field; that depends on its changes alone."""
    texts = texts_of(proposal.own)
    return len(texts) > _MOST_TEXTS or len(locales_of(texts)) > _MOST_LOCALES


def changes_by_field(proposal: Proposal) -> list[Block]:
    """Return what changes in how many locales, a line each field, and where the texts are."""
    texts = texts_of(proposal.own)
    everything = len(locales_of(texts))
    lines = [
        *_locale_lines(texts),
        *(_field_line(one, everything, live=proposal.live) for one in by_field(texts)),
    ]
    return [rich(bullets(lines)), context(_WHERE)]


def _field_line(one: OfField, everything: int, *, live: bool) -> Element:
    notes = [
        f"emptied in {_where(one.cleared)}" if one.cleared else "",
        f"near the limit in {_where(one.near)}" if one.near else "",
        "public at once" if live else "",
    ]
    told = "".join(f" · {note}" for note in notes if note)
    count = len(one.locales)
    among = f"all {count} locales" if count == everything else _where(one.locales)
    return line(text(field_label(one.attribute), "bold"), text(f" in {among}{told}"))


def _where(codes: Sequence[str]) -> str:
    if len(codes) <= _NAMED:
        return series([locale_label(code) for code in codes])
    return plural(len(codes), "locale")


def _locale_lines(texts: Sequence[Item]) -> list[Element]:
    """Return which locales come to the app, and which leave it."""
    found = [item for item in texts if item.kind is ItemKind.LOCALE]
    sides = (
        ("New", [item.locale for item in found if item.after == PRESENT]),
        ("Leaving", [item.locale for item in found if item.after != PRESENT]),
    )
    return [
        line(
            text(f"{verb} {'locale' if len(codes) == 1 else 'locales'}", "bold"),
            text(f": {series([locale_label(code) for code in codes], most=_NAMED_NEW)}"),
        )
        for verb, codes in sides
        if codes
    ]
