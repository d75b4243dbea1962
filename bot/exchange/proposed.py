"""What a proposal changes, as files to read elsewhere: a difference, and a table.

The table has a row for each text. Its columns are those of a file that `read` takes back:
what is proposed is there as it would be written into one, with what it replaces beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from difflib import unified_diff

from bot.domain.fields import BY_ATTRIBUTE
from bot.domain.items import PRESENT, Item, ItemKind
from bot.exchange import delimited
from bot.exchange.imported import Format
from bot.exchange.words import marked

HEADER = ("locale", "field", "before", "text")
_NO_NEWLINE = "\\ No newline at end of file"


def difference(items: Iterable[Item], title: str = "") -> bytes:
    """Return the changes as a unified difference, a file each text, named as fastlane does.

    `title` is the first line, which programs that read it pass over. A text is as long as it
    is: no line is broken or cut.
    """
    lines = [title] if title else []
    for item in items:
        lines += _difference(item)
    return ("\n".join(lines) + "\n").encode("utf-8", "replace")


def changes_table(items: Iterable[Item]) -> bytes:
    """Return the changes as CSV that no spreadsheet takes for formulas; see `HEADER`.

    "" is empty before, and the mark that empties a field as the text.
    """
    rows = [
        (item.locale, item.field, item.before, marked(item.after))
        for item in items
        if item.kind is ItemKind.TEXT
    ]
    return delimited.write([HEADER, *rows], Format.CSV)


def _difference(item: Item) -> Iterator[str]:
    if item.kind is ItemKind.LOCALE:
        yield f"{'New' if item.after == PRESENT else 'Removed'} locale: {item.locale}"
    if item.kind is not ItemKind.TEXT:
        return
    field = BY_ATTRIBUTE.get(item.field)
    name = f"{item.locale}/{field.file if field else item.field}"
    # What is not there before or after has no name on that side.
    old = f"a/{name}" if item.before else "/dev/null"
    new = f"b/{name}" if item.after else "/dev/null"
    drawn = unified_diff(_lines(item.before), _lines(item.after), old, new, lineterm="")
    yield from (line.replace("\n", f"\n{_NO_NEWLINE}") for line in drawn)


def _lines(text: str) -> list[str]:
    """Return the lines of a text, the last with a sign that no line break follows.

    Only a line feed ends a line: what else Python takes for an end is part of a text.
    """
    if not text:
        return []
    *lines, last = text.split("\n")
    return [*lines, f"{last}\n"]
