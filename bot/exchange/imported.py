"""What came out of a file: texts by place, and everything that was not taken, with its reason."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from bot.domain.changes import Place
from bot.errors import Invalid
from bot.exchange import limits

# What stands for every locale without a text of its own, as fastlane names its folder.
DEFAULT = "default"


class Format(StrEnum):
    """The forms of a listing as a file."""

    CSV = "csv"
    TSV = "tsv"
    XLSX = "xlsx"
    JSON = "json"
    ZIP = "zip"
    FOLDER = "folder"


class Why(StrEnum):
    """Why something was not taken; the value is the code, in reports for machines too."""

    LOCALE = "unknown-locale"
    FIELD = "unknown-field"
    NO_LOCALE = "no-locale"
    NO_FIELD = "no-field"
    COLUMN = "unknown-column"
    DOUBTFUL = "doubtful-column"
    ABOVE = "above-the-header"
    SHIFTED = "too-many-cells"
    CUT = "cut-off"
    DUPLICATE = "duplicate"
    EMPTY = "empty"
    CLEAR = "unclear-mark"
    FORMULA = "formula"
    ERROR = "error-value"
    NUMBER = "number"
    DATE = "date"
    BOOLEAN = "true-or-false"
    TYPE = "not-a-text"
    MERGED = "merged"
    HIDDEN = "hidden"
    SHEET = "other-sheet"
    LOST = "lost-characters"
    LONG = "too-long"
    LIMIT = "over-the-limit"
    ENCODING = "encoding"
    FILE = "unknown-file"
    OTHER = "other-metadata"
    LINK = "link"


class Cleaning(StrEnum):
    """What was cleaned, or seen and let be."""

    BOM = "byte-order-mark"
    LINE_ENDS = "line-ends"
    CONTROL = "control-characters"
    BREAKS = "line-separators"
    APOSTROPHE = "apostrophe"
    FORMULA = "formula-as-text"
    NUMBER = "number"
    MACROS = "macros"
    QUOTES = "typographic-quotes"
    MOJIBAKE = "wrong-encoding-before"


SAID: Mapping[Cleaning, str] = {
    Cleaning.BOM: "a byte-order mark was taken off",
    Cleaning.LINE_ENDS: "line ends of Windows or old Macs became line feeds",
    Cleaning.CONTROL: "control characters, which nobody sees, were taken out",
    Cleaning.BREAKS: "vertical tabs, form feeds and separators became line breaks",
    Cleaning.APOSTROPHE: "the apostrophe that keeps a text from being a formula was taken off",
    Cleaning.FORMULA: "kept as text: a spreadsheet would compute it",
    Cleaning.NUMBER: "a whole number was taken as its digits",
    Cleaning.MACROS: "the file holds macros, which were not looked at",
    Cleaning.QUOTES: "typographic quotes are in the text and stay as they are",
    Cleaning.MOJIBAKE: "the text looks as if a program had opened it in a wrong encoding; it stays",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """One row, cell or file that was not taken.

    `place` is what it would have been, if known; without an attribute, all of a locale.
    """

    where: str
    why: Why
    reason: str
    suggestion: str = ""
    place: Place | None = None

    def __str__(self) -> str:
        return f"{self.where}: {self.reason} {self.suggestion}".strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleaned:
    """One kind of cleaning; `where` names the first places of the `count`."""

    what: Cleaning
    where: tuple[str, ...]
    count: int

    def __str__(self) -> str:
        rest = self.count - len(self.where)
        more = f" and {rest:,} more" if rest else ""
        return f"{', '.join(self.where)}{more}: {SAID[self.what]}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """The texts of a file, normalised; "" is a text emptied on purpose.

    `fallback` is for locales without a text of their own, by attribute: see `filled`.
    `where` tells for each text where in the file it stood, the fallback's under DEFAULT.
    `tried` are places that something was likely meant for and not taken, besides those of
    `left`; without an attribute, all of a locale.
    """

    format: Format
    texts: Mapping[Place, str] = field(repr=False)
    fallback: Mapping[str, str] = field(default_factory=dict, repr=False)
    where: Mapping[Place, str] = field(default_factory=dict, repr=False)
    left: tuple[LeftOut, ...] = ()
    tried: frozenset[Place] = frozenset()
    cleaned: tuple[Cleaned, ...] = ()

    def locales(self) -> tuple[str, ...]:
        """Return the locales that have a text, in order of their codes."""
        return tuple(sorted({locale for locale, _ in self.texts}))


def filled(imported: Imported, locales: Collection[str]) -> Imported:
    """Return `imported` with the fallback's texts in those of `locales` that have none.

    A locale whose own text was there and was not taken (empty, a duplicate, broken, misnamed)
    is not filled: what stands in its place is for a person to decide.
    """
    texts, where = dict(imported.texts), dict(imported.where)
    tried = imported.tried.union(left.place for left in imported.left if left.place)
    for attribute, text in imported.fallback.items():
        for locale in locales:
            place = (locale, attribute)
            if place not in texts and not tried & {place, (locale, "")}:
                texts[place] = text
                where[place] = imported.where.get((DEFAULT, attribute), DEFAULT)
    return replace(imported, texts=texts, where=where, fallback={})


@dataclass(slots=True)
class Gathering:
    """What a reader has found so far; the readers add to it, `done` makes the result."""

    _found: dict[Place, list[tuple[str, str]]] = field(default_factory=dict)
    _left: list[LeftOut] = field(default_factory=list)
    _tried: set[Place] = field(default_factory=set)
    _cleaned: dict[Cleaning, dict[str, None]] = field(default_factory=dict)
    _count: int = 0

    def take(self, place: Place, text: str, where: str) -> None:
        """Add a text, of a locale or of DEFAULT."""
        self._count += 1
        if self._count > limits.TEXTS:
            raise Invalid(
                f"The file holds more than {limits.TEXTS:,} texts.",
                remedy="A listing has fifty locales and nine fields: is this the right file?",
            )
        self._found.setdefault(place, []).append((where, text))

    def leave(
        self,
        where: str,
        why: Why,
        reason: str,
        suggestion: str = "",
        *,
        place: Place | None = None,
    ) -> None:
        """Add something that is not taken."""
        if len(self._left) >= limits.LEFT_OUT:
            raise Invalid(
                f"More than {limits.LEFT_OUT:,} rows or cells of the file cannot be taken.",
                remedy="Is this the right file?",
            )
        self._left.append(
            LeftOut(where=where, why=why, reason=reason, suggestion=suggestion, place=place)
        )

    def tried(self, place: Place) -> None:
        """Add what something that is not taken was likely meant for."""
        self._tried.add(place)

    def clean(self, what: Cleaning, where: str) -> None:
        """Add a place where something was cleaned."""
        self._cleaned.setdefault(what, {})[where] = None

    def done(self, form: Format) -> Imported:
        """Return what was gathered; of a place with several different texts none is taken."""
        texts = {place: found[0] for place, found in self._found.items() if self._agree(found)}
        for place, found in self._found.items():
            if place not in texts:
                self._leave_all(place, found)
        return Imported(
            format=form,
            texts={place: text for place, (_, text) in texts.items() if place[0] != DEFAULT},
            fallback={
                attribute: text
                for (locale, attribute), (_, text) in texts.items()
                if locale == DEFAULT
            },
            where={place: where for place, (where, _) in texts.items()},
            left=tuple(self._left),
            tried=frozenset(self._tried),
            cleaned=tuple(
                Cleaned(what=what, where=tuple(where)[:3], count=len(where))
                for what, where in self._cleaned.items()
            ),
        )

    def _agree(self, found: Iterable[tuple[str, str]]) -> bool:
        return len({text for _, text in found}) == 1

    def _leave_all(self, place: Place, found: list[tuple[str, str]]) -> None:
        locale, attribute = place
        for number, (where, _) in enumerate(found):
            others = [other for each, (other, _) in enumerate(found) if each != number]
            self.leave(
                where,
                Why.DUPLICATE,
                f"{locale} has another {attribute} at {listed(others)}; neither is taken.",
                "Keep one of them.",
                place=place,
            )


def listed(words: Iterable[str], most: int = 3) -> str:
    """Return the words with commas, the first `most` of them."""
    every = list(words)
    more = f" and {len(every) - most:,} more" if len(every) > most else ""
    return ", ".join(every[:most]) + more
