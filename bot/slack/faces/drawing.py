"""Changes as people read them: what goes is struck, what comes is bold, the count beside it.

Knows how before and after become rich text and how much of a long text to show; refuses
to know in which message it ends up.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import groupby

from bot.domain.differences import Span, difference
from bot.domain.fields import BY_ATTRIBUTE, Kind
from bot.domain.items import ABSENT, NAMES, PRESENT, Item, ItemKind, ItemState
from bot.domain.validation import hint
from bot.slack.faces.blocks import (
    Element,
    clip,
    has_right_to_left,
    isolate,
    line,
    link,
    quote,
    split_text,
    text,
)
from bot.slack.faces.wording import item_label

# A difference up to this many characters is shown whole in the channel.
SHORT = 700
# More pieces than these say less than the two texts one after the other.
_MOST_SPANS = 80
_KEPT_ROUND_A_CHANGE = 60
# What an excerpt shows of each passage that goes or comes.
_PASSAGE = 200
# Below this share of what stays, two texts are read one after the other.
_MOSTLY_REWRITTEN = 0.4
_PIECE = 2900
_LINES = re.compile(r"[^\n]*\n|[^\n]+")

_STATES = {
    ItemState.STALE: "stale",
    ItemState.FAILED: "failed",
    ItemState.PARKED: "parked",
    ItemState.LEFT: "not pushed",
}
_LOCALES = {
    PRESENT: "comes to the app",
    ABSENT: "leaves the app",
    NAMES: "leaves the version; what all platforms share stays",
}
_STYLES = {"same": (), "removed": ("strike",), "added": ("bold",)}


@lru_cache(maxsize=512)
def spans(item: Item) -> tuple[Span, ...]:
    """Return an item's difference, or both texts whole where little of the old one stays.

    Kept for a while, since a push draws the same message every few seconds.
    """
    if item.kind is ItemKind.LOCALE:
        return ()
    field = BY_ATTRIBUTE.get(item.field)
    kind = field.kind if field else Kind.TEXT
    found = difference(item.before, item.after, item.locale, kind=kind)
    in_pieces = kind is not Kind.KEYWORDS and _is_rewritten(found, item)
    return _pair(item.before, item.after) if in_pieces or len(found) > _MOST_SPANS else found


def _is_rewritten(found: Sequence[Span], item: Item) -> bool:
    """Whether most of a text is another one; what is only longer or shorter is not."""
    if len({span.kind for span in found} & {"removed", "added"}) < 2:
        return False
    stays = sum(len(span.text) for span in found if span.kind == "same")
    return stays < _MOSTLY_REWRITTEN * max(len(item.before), len(item.after))


def _pair(before: str, after: str) -> tuple[Span, ...]:
    both = Span(kind="removed", text=before), Span(kind="added", text=after)
    return tuple(span for span in both if span.text)


def is_short(item: Item) -> bool:
    """Return whether the channel can show the whole difference."""
    return _size(spans(item)) <= SHORT


def entire_locales(items: Iterable[Item]) -> frozenset[str]:
    """Return the locales that items bring to the app, or take away, as a whole."""
    return frozenset(item.locale for item in items if item.kind is ItemKind.LOCALE)


def heading(item: Item, *, live: bool, entire: bool = False, bold: bool = True) -> Element:
    """Return the line above a change: field, count and what is special about it.

    An `entire` locale comes or goes: that every field was empty, or is then, goes without saying.
    `bold` is off where the locale above it is bold already.
    """
    field = BY_ATTRIBUTE.get(item.field)
    goes = entire and not item.after
    count = hint(field, item.after) if field and item.kind is ItemKind.TEXT and not goes else ""
    notes = (count, _how(item, entire=entire), "public at once" if live else "", _state(item))
    told = " · ".join(note for note in notes if note)
    label = text(item_label(item), *(("bold",) if bold else ()))
    return line(label, text(f" · {told}" if told else ""))


def _how(item: Item, *, entire: bool) -> str:
    if item.kind is ItemKind.LOCALE:
        return _LOCALES[item.after]
    if not item.after:
        return "goes with it" if entire else "emptied"
    return "" if item.before or entire else "was empty"


def _state(item: Item) -> str:
    return _STATES.get(item.state, "")


def whole(item: Item) -> list[Element]:
    """Return the full difference as quotations, each short enough for a block of its own."""
    found = spans(item)
    return [_quotation(part) for part in _pieces(found)] + _blank_note(found)


def excerpt(item: Item) -> list[Element]:
    """Return the first passages that change, with long unchanged stretches left out."""
    return passages(spans(item))


def passages(
    found: Sequence[Span], *, room: int = SHORT, each: int = _PASSAGE, most: int = _MOST_SPANS
) -> list[Element]:
    """Return the first passages that change, in `room` characters, each cut to so many.

    No more than the first `most` spans are shown.
    """
    cut = found[:most]
    if len(found) > most:
        cut = (*cut[:-1], Span(kind="same", text=" …"))
    shown = tuple(_begun(_condensed(cut), room, each))
    return [_quotation(shown), *_blank_note(found)] if shown else []


def long_note(permalink: str) -> Element:
    """Return the line for a text whose whole difference stands elsewhere."""
    if not permalink:
        return line(text("The whole text is in the thread.", "italic"))
    return line(text("The whole text is ", "italic"), link(permalink, "in the thread"))


def _blank_note(found: Sequence[Span]) -> list[Element]:
    changed = [span for span in found if span.kind != "same"]
    if not changed or any(span.text.strip() for span in changed):
        return []
    return [line(text("Only blanks or line breaks differ.", "italic"))]


def _quotation(found: Sequence[Span]) -> Element:
    # Across the pieces of one line, so that a right-to-left sentence keeps its order.
    turned = any(has_right_to_left(span.text) for span in found)
    # A blank between struck and bold words, or a line where one text replaces the other.
    gap = "\u2009" if any(span.kind == "same" for span in found) else "\n"
    drawn: list[Element] = []
    for before, span in zip((None, *found), found, strict=False):
        if before and (before.kind, span.kind) == ("removed", "added"):
            drawn.append(text(gap))
        drawn.append(text(span.text, *_STYLES[span.kind]))
    return quote(text("\u2068" if turned else ""), *drawn, text("\u2069" if turned else ""))


def _pieces(found: Iterable[Span]) -> Iterator[tuple[Span, ...]]:
    """Yield the difference in pieces that each end with a line, where lines are short enough."""
    piece: list[Span] = []
    for row in _rows(found):
        if piece and _size([*piece, *row]) > _PIECE:
            yield _merged(piece)
            piece = []
        piece += row
    if piece:
        yield _merged(piece)


def _rows(found: Iterable[Span]) -> Iterator[list[Span]]:
    row: list[Span] = []
    for span in found:
        for words in _LINES.findall(span.text):
            for part in split_text(words, _PIECE):
                if row and _size(row) + len(part) > _PIECE:
                    yield row
                    row = []
                row.append(Span(kind=span.kind, text=part))
            if words.endswith("\n"):
                yield row
                row = []
    if row:
        yield row


def _merged(found: Iterable[Span]) -> tuple[Span, ...]:
    return tuple(
        Span(kind=kind, text="".join(span.text for span in run))
        for kind, run in groupby(found, key=lambda span: span.kind)
    )


def _size(found: Iterable[Span]) -> int:
    return sum(len(span.text) for span in found)


def _begun(found: Iterable[Span], room: int, each: int) -> Iterator[Span]:
    """Yield what there is room for, each passage cut to its beginning."""
    for span in found:
        words = span.text if span.kind == "same" else clip(span.text, each)
        if len(words) > room:
            yield Span(kind="same", text=" …")
            return
        room -= len(words)
        yield Span(kind=span.kind, text=words)


def _condensed(found: Sequence[Span]) -> Iterator[Span]:
    for index, span in enumerate(found):
        if span.kind != "same":
            yield span
            continue
        first, last = index == 0, index == len(found) - 1
        yield Span(kind="same", text=_shortened(span.text, head=not first, tail=not last))


def _shortened(words: str, *, head: bool, tail: bool) -> str:
    """Return an unchanged stretch with only the ends that touch a change."""
    if len(words) <= 2 * _KEPT_ROUND_A_CHANGE + 10:
        return words
    start = clip(words, _KEPT_ROUND_A_CHANGE).removesuffix("…") if head else ""
    end = _last_words(words) if tail else ""
    return f"{start} … {end}" if head and tail else f"{start}…{end}"


def _last_words(words: str) -> str:
    end = words[-_KEPT_ROUND_A_CHANGE:]
    space = end.find(" ")
    return end[space + 1 :] if 0 <= space < len(end) // 2 else end


def in_a_line(words: str, most: int = 160) -> str:
    """Return people's words short and safe for the middle of a line."""
    return isolate(clip(" ".join(words.split()), most))
