"""The pages of a preview: locales with what changes in each, then what is left out.

Nothing is left out in silence: what does not fit on a page is on the next one. Of what one deed
does to many texts the texts themselves are shown, clipped round what changes; of a file, which
people have before them, the fields.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from bot.domain.bulk import LocaleChange
from bot.domain.bulk_edits import spans_of
from bot.domain.items import ItemKind
from bot.domain.matrix import Matrix
from bot.domain.validation import Finding, Severity
from bot.slack.faces.blocks import (
    Block,
    Element,
    bullets,
    clip,
    divider,
    isolate,
    line,
    rich,
    text,
    weight,
)
from bot.slack.faces.drawing import heading, in_a_line, passages
from bot.slack.faces.lists import capped
from bot.slack.faces.matrix import matrix_table
from bot.slack.faces.wording import field_label, field_labels, locale_label, place_label, plural
from bot.workflow.upload_cards import UploadCard

_T = TypeVar("_T")
LOCALES_A_PAGE = 20
LINES_A_PAGE = 40
A_LINE = 300
_ROOM_OF_A_LOCALE = 2_000
_ROOM_OF_A_TEXT = 320
_ROOM_OF_A_PASSAGE = 100
# Slack allows a view of 250 kB, but large ones have been slow to open.
_ROOM_OF_A_PAGE = 12_000
_MOST_SPANS = 24
_MARKS = {Severity.ERROR: "❌", Severity.WARNING: "⚠️"}


def preview_pages(card: UploadCard) -> list[list[Block]]:
    """Return the pages: locales first, then what was left out by the person and the reader."""
    changes = {one.locale: one for one in _worst_first(card.comparison.locales)}
    rows = {row.locale: row for row in card.matrix.rows}
    told = {code: [*_locale(one), *_texts(card, one)] for code, one in changes.items()}
    codes = {code: told.get(code, []) for code in (*changes, *rows)}
    locales = [
        [*_table(card.matrix, some), *(block for code in some for block in codes[code])]
        for some in _pages(codes)
    ]
    dropped = [f"{place_label(code, name)}: {why}" for code, name, why in card.dropped]
    lists = [
        _sentences(title, some)
        for title, sentences in (("Left out by you", dropped), ("Not taken", card.left_out))
        for some in _batched(sentences, LINES_A_PAGE)
    ]
    if len(locales) < 2 and len(lists) < 3:
        # Who has three locales and two rows need not turn pages.
        return [[block for page in (*locales, *lists) for block in page]]
    return [*locales, *lists]


def _table(shown: Matrix, codes: Sequence[str]) -> list[Block]:
    """Return the locales of a page by fields, in signs."""
    order = {code: place for place, code in enumerate(codes)}
    rows = [row for row in shown.rows if row.locale in order]
    if not rows:
        return []
    part = replace(shown, rows=tuple(sorted(rows, key=lambda row: order[row.locale])))
    return [rich(line(text("By locale and field", "bold"))), *matrix_table(part)]


def _pages(codes: Mapping[str, Sequence[Block]]) -> Iterator[tuple[str, ...]]:
    """Yield the locales of each page, fewer where much is told of them."""
    page: list[str] = []
    taken = 0
    for code, blocks in codes.items():
        size = weight(blocks)
        if page and (len(page) == LOCALES_A_PAGE or taken + size > _ROOM_OF_A_PAGE):
            yield tuple(page)
            page, taken = [], 0
        page.append(code)
        taken += size
    if page:
        yield tuple(page)


def _texts(card: UploadCard, change: LocaleChange) -> Iterator[Block]:
    """Yield the texts that one deed changes in a locale, each clipped round what changes."""
    if card.edit is None or change.leaves:
        return
    drawn: list[Element] = []
    for item in card.comparison.items:
        if item.locale == change.locale and item.kind is ItemKind.TEXT:
            found = spans_of(card.edit, item)
            drawn += [
                heading(item, live=False, entire=change.new, bold=False),
                *passages(found, room=_ROOM_OF_A_TEXT, each=_ROOM_OF_A_PASSAGE, most=_MOST_SPANS),
            ]
    if drawn:
        yield rich(*drawn)


def _sentences(title: str, sentences: Sequence[str]) -> list[Block]:
    lines = [line(text(isolate(clip(one, A_LINE)))) for one in sentences]
    return [divider(), rich(line(text(title, "bold")), bullets(lines))]


def _worst_first(locales: Sequence[LocaleChange]) -> list[LocaleChange]:
    """Return locales with mistakes first, then what changes, what stays last."""
    return sorted(locales, key=lambda one: (not one.fails, not one.changed))


def _locale(one: LocaleChange) -> Iterator[Block]:
    mark = "❌ " if one.fails else "⚠️ " if one.findings else ""
    new = "new locale: " if one.new and one.changed else ""
    if one.leaves:
        yield from _leaving(one, mark)
        return
    set_ = [name for name in one.changed if name not in one.cleared]
    parts = (
        (set_, f"{new}{field_labels(set_)}"),
        (one.cleared, f"cleared: {field_labels(one.cleared)}"),
        (one.same, f"unchanged: {field_labels(one.same)}"),
    )
    said = "; ".join(words for names, words in parts if names)
    yield rich(line(text(f"{mark}{locale_label(one.locale)}", "bold"), text(f"  {said}")))
    if one.findings:
        yield rich(bullets(capped(map(_finding, one.findings), room=_ROOM_OF_A_LOCALE)))


def _leaving(one: LocaleChange, mark: str) -> Iterator[Block]:
    """Yield a locale that goes, with the texts that are lost."""
    texts = plural(len(one.lost), "text")
    said = f"  would be removed, with {texts}:" if one.lost else "  would be removed"
    yield rich(line(text(f"{mark}{locale_label(one.locale)}", "bold"), text(said)))
    lost = [
        line(text(f"{field_label(name)}: "), text(in_a_line(words, 80), "strike"))
        for name, words in one.lost
    ]
    yield rich(bullets(capped([*map(_finding, one.findings), *lost], room=_ROOM_OF_A_LOCALE)))


def _finding(finding: Finding) -> Element:
    mark = _MARKS[finding.severity]
    where = f"{field_label(finding.field)}: " if finding.field else ""
    said = clip(f"{finding.message} {finding.remedy}".strip(), A_LINE)
    return line(text(f"{mark} {where}"), text(isolate(said)))


def _batched(values: Sequence[_T], size: int) -> list[Sequence[_T]]:
    return [values[start : start + size] for start in range(0, len(values), size)]
