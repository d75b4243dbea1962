"""How a change is shown: what stays, what goes, what comes.

By word where words have spaces between them, by grapheme in scripts without, by term in
keywords. Bounded: two long texts that share little are shown as one replaced by the other.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from bot.domain.fields import Kind
from bot.domain.locales import locale
from bot.domain.text import graphemes, unspaced

SpanKind = Literal["same", "removed", "added"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A run of text; those `same` and `removed` make the old text, `same` and `added` the new."""

    kind: SpanKind
    text: str


# Pairs of equal tokens that the matcher may have to look at: some tens of milliseconds.
_MOST_PAIRS = 60_000

# Characters that one passage is looked at word by word for.
_MOST_BY_WORD = 2_000

_PUNCTUATION = r".,;:!?…()\[\]{}\"«»„“”/•·。、，！？：；「」『』（）"
_WORDS = re.compile(rf"\n|[^\S\n]+|[{_PUNCTUATION}]|[^\s{_PUNCTUATION}]+")
_SENTENCES = re.compile(r"[^\n.!?。！？]*(?:\n+|[.!?。！？]+[^\S\n]*|$)")

_Pairs = Iterator[tuple[SpanKind, str]]
_Cutter = Callable[[str], list[str]]


def difference(
    before: str, after: str, locale_code: str = "", *, kind: Kind = Kind.TEXT
) -> tuple[Span, ...]:
    """Return the spans that lead from `before` to `after`.

    Neighbouring spans differ in kind; in a replaced place the removed text stands first.
    `kind` is the field's: keywords are compared term by term.
    """
    if kind is Kind.KEYWORDS:
        return _joined(_compared_terms(before, after))
    cut = _word_cutter(locale_code)
    return _joined(_compared(before, after, cut, _SENTENCES.findall))


def _word_cutter(locale_code: str) -> _Cutter:
    spaced = not locale_code or locale(locale_code).spaced

    def cut(text: str) -> list[str]:
        tokens: list[str] = []
        for word in _WORDS.findall(text):
            whole = not unspaced(word) and (spaced or word.isascii())
            tokens.extend([word] if whole else graphemes(word))
        return tokens

    return cut


def passage(before: str, after: str, locale_code: str = "") -> tuple[Span, ...]:
    """Return the one passage from the first place that differs to the last, with what is round it.

    As `difference`, but takes no longer for two long texts than it takes to read them.
    """
    head, gone, come, tail = _trimmed(before, after, _SENTENCES.findall)
    if len(gone) + len(come) <= _MOST_BY_WORD:
        start, gone, come, end = _trimmed(gone, come, _word_cutter(locale_code))
        head, tail = head + start, end + tail
    return _joined([("same", head), ("removed", gone), ("added", come), ("same", tail)])


def replacements(before: str, find: str, by: str) -> tuple[Span, ...]:
    """Return the spans of a text in which every `find` (not empty) gives way to `by`."""
    first, *rest = before.split(find)
    pairs: list[tuple[SpanKind, str]] = [("same", first)]
    for part in rest:
        pairs += [("removed", find), ("added", by), ("same", part)]
    return _joined(pairs)


def _compared(before: str, after: str, fine: _Cutter, coarse: _Cutter | None) -> _Pairs:
    """Compare by `fine` tokens; where that is too much, by `coarse` ones and inside those."""
    old, new = fine(before), fine(after)
    start, end = _edges(old, new)
    head, tail = "".join(old[:start]), "".join(old[len(old) - end :])
    old, new = old[start : len(old) - end], new[start : len(new) - end]
    yield "same", head
    if _affordable(old, new):
        yield from _replaced(_opcodes(old, new), fine=None)
    elif coarse is not None:
        yield from _compared_coarsely("".join(old), "".join(new), fine, coarse)
    else:
        yield from (("removed", "".join(old)), ("added", "".join(new)))
    yield "same", tail


def _trimmed(before: str, after: str, cut: _Cutter) -> tuple[str, str, str, str]:
    """Return what both begin with, what is left of each, and what both end with."""
    old, new = cut(before), cut(after)
    start, end = _edges(old, new)
    gone, come = old[start : len(old) - end], new[start : len(new) - end]
    return (
        "".join(old[:start]),
        "".join(gone),
        "".join(come),
        "".join(old[len(old) - end :]),
    )


def _edges(old: list[str], new: list[str]) -> tuple[int, int]:
    """Return how many tokens both begin with, and with how many of the rest both end."""
    start = _shared(old, new)
    return start, _shared(old[start:][::-1], new[start:][::-1])


def _compared_coarsely(before: str, after: str, fine: _Cutter, coarse: _Cutter) -> _Pairs:
    old, new = coarse(before), coarse(after)
    if _affordable(old, new):
        yield from _replaced(_opcodes(old, new), fine=fine)
    else:
        yield from (("removed", before), ("added", after))


def _replaced(chunks: Iterable[tuple[str, str, str]], fine: _Cutter | None) -> _Pairs:
    for tag, gone, come in chunks:
        if tag == "equal":
            yield "same", gone
        elif fine is not None:
            yield from _compared(gone, come, fine, None)
        else:
            yield from (("removed", gone), ("added", come))


def _compared_terms(before: str, after: str) -> _Pairs:
    """Compare what stands between commas; a comma goes and comes with the term after it."""
    old, new = before.split(","), after.split(",")
    if not _affordable(old, new):
        yield from (("removed", before), ("added", after))
        return
    old_marks, new_marks = ["", *"," * len(old)], ["", *"," * len(new)]
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag != "equal":
            yield "removed", "".join(old_marks[i] + old[i] for i in range(i1, i2))
            yield "added", "".join(new_marks[j] + new[j] for j in range(j1, j2))
            continue
        if old_marks[i1] == new_marks[j1]:
            yield "same", old_marks[i1]
        else:
            yield from (("removed", old_marks[i1]), ("added", new_marks[j1]))
        yield "same", ",".join(old[i1:i2])


def _affordable(old: list[str], new: list[str]) -> bool:
    counts = Counter(old)
    return sum(counts[token] for token in new) <= _MOST_PAIRS


def _opcodes(old: list[str], new: list[str]) -> Iterator[tuple[str, str, str]]:
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        yield tag, "".join(old[i1:i2]), "".join(new[j1:j2])


def _shared(old: list[str], new: list[str]) -> int:
    """Return how many tokens both begin with."""
    return next(
        (place for place, (a, b) in enumerate(zip(old, new, strict=False)) if a != b),
        min(len(old), len(new)),
    )


@dataclass(slots=True)
class _Run:
    """What stays, and what goes and comes after it."""

    stays: str = ""
    goes: str = ""
    comes: str = ""

    @property
    def changed(self) -> int:
        return max(len(self.goes), len(self.comes))


def _joined(pairs: Iterable[tuple[SpanKind, str]]) -> tuple[Span, ...]:
    runs = [_Run()]
    for kind, text in pairs:
        if kind == "removed":
            runs[-1].goes += text
        elif kind == "added":
            runs[-1].comes += text
        elif runs[-1].changed and text:
            runs.append(_Run(stays=text))
        else:
            runs[-1].stays += text
    return tuple(_spans(_without_crumbs(runs)))


def _without_crumbs(runs: list[_Run]) -> list[_Run]:
    """Let a blank or a letter or two that two changes share by chance change with them."""
    kept = runs[:1]
    for run in runs[1:]:
        last = kept[-1]
        if _is_crumb(run.stays, between=(last.changed, run.changed)):
            last.goes += run.stays + run.goes
            last.comes += run.stays + run.comes
        else:
            kept.append(run)
    return kept


def _is_crumb(text: str, *, between: tuple[int, int]) -> bool:
    smaller = min(between)
    return smaller > 0 and (text == " " or len(text) < min(smaller, 4))


def _spans(runs: list[_Run]) -> Iterator[Span]:
    for run in runs:
        kinds: tuple[tuple[SpanKind, str], ...] = (
            ("same", run.stays),
            ("removed", run.goes),
            ("added", run.comes),
        )
        for kind, text in kinds:
            if text:
                yield Span(kind=kind, text=text)
