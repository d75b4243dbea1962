"""What a report says about a place in a file, and what the readers' words become in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.fields import BY_ATTRIBUTE
from bot.exchange import Cleaned, Cleaning, Imported, LeftOut, Why
from bot.exchange.imported import SAID
from bot.pipeline.sources import Source


class Level(StrEnum):
    """How much a remark matters: an error fails, a warning may, a note never does."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """One thing said about a file; `line` 0, and texts "", where there is none to name.

    `where` is the place in the words of the file's form ("D7", "locales.de.name"), `field`
    Apple's attribute, `locale` DEFAULT for a text of all locales without their own.
    """

    level: Level
    code: str
    file: str
    line: int = 0
    where: str = ""
    locale: str = ""
    field: str = ""
    message: str
    remedy: str = ""


# What is not taken fails unless it is said here: nobody may think that it was.
_LEVELS = {
    Why.COLUMN: Level.WARNING,
    Why.ABOVE: Level.WARNING,
    Why.EMPTY: Level.WARNING,
    Why.MERGED: Level.WARNING,
    Why.HIDDEN: Level.WARNING,
    Why.SHEET: Level.WARNING,
    Why.FILE: Level.WARNING,
    Why.OTHER: Level.NOTE,
}
# With something that it may have meant, a slip of the pen that would lose texts.
_SLIPS = frozenset({Why.COLUMN, Why.FILE})


def of_reading(source: Source) -> Iterator[Remark]:
    """Yield what its reader said about a source: refused, left out, cleaned."""
    if source.problem is not None:
        yield Remark(
            level=Level.ERROR,
            code="unreadable",
            file=source.path.as_posix(),
            message=source.problem.message,
            remedy=source.problem.remedy,
        )
    if (imported := source.imported) is None:
        return
    for left in imported.left:
        yield _left(source, left)
    for cleaned in imported.cleaned:
        yield _cleaned(source, cleaned)
    if not imported.texts and not imported.fallback:
        yield Remark(
            level=Level.ERROR,
            code="no-texts",
            file=source.path.as_posix(),
            message="There is no text in it that could be taken.",
            remedy="Name a file or a folder with the texts of a listing.",
        )


def place_of(imported: Imported, locale: str, field: str) -> str:
    """Return where a text stood; without a field, where the locale's first one did."""
    if field:
        return imported.where.get((locale, field), "")
    places = (imported.where.get((locale, each), "") for each in BY_ATTRIBUTE)
    return next(filter(None, places), "")


def _left(source: Source, left: LeftOut) -> Remark:
    locale, field = left.place or ("", "")
    level = _LEVELS.get(left.why, Level.ERROR)
    if left.why in _SLIPS and left.suggestion:
        level = Level.ERROR
    return Remark(
        level=level,
        code=str(left.why),
        file=source.file(left.where),
        line=source.line(left.where),
        where=left.where,
        locale=locale,
        field=field,
        message=left.reason,
        remedy=left.suggestion,
    )


def _cleaned(source: Source, cleaned: Cleaned) -> Remark:
    first = cleaned.where[0]
    said = SAID[cleaned.what]
    more = f" (here and in {cleaned.count - 1:,} more)" if cleaned.count > 1 else ""
    return Remark(
        level=Level.WARNING if cleaned.what is Cleaning.MOJIBAKE else Level.NOTE,
        code=str(cleaned.what),
        file=source.file(first),
        line=source.line(first),
        where=first,
        message=f"{said[:1].upper()}{said[1:]}{more}.",
    )
