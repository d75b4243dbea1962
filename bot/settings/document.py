"""marquee.toml as tables that remember their lines and what nobody asked for.

Each table is read key by key; what goes wrong becomes a Problem with file and line,
and reading goes on. A key that was never known is one more problem.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from bot.settings.lines import Place, find_lines, line_of
from bot.settings.names import TABLES
from bot.settings.problems import Problem, SettingsInvalid, Wrong, nearest, shown

T = TypeVar("T")

_PLACE = re.compile(r"\s*\(at line (\d+), column \d+\)")


@dataclass(slots=True)
class Document:
    """One file's text, the place of everything in it, and what is wrong with it so far."""

    name: str
    lines: dict[Place, int]
    problems: list[Problem] = field(default_factory=list)

    def report(self, place: Place, message: str, remedy: str = "") -> None:
        """Note a problem at the line of `place`."""
        where = f"{self.name}:{line_of(place, self.lines)}"
        self.problems.append(Problem(where=where, message=message, remedy=remedy))


@dataclass(slots=True)
class Table:
    """One table of the document; `kind` is its name in the list of known tables."""

    document: Document
    kind: str
    place: Place
    values: dict[str, object]

    def __post_init__(self) -> None:
        known = TABLES[self.kind]
        for name in self.values:
            if name not in known:
                inside = f" in [{self.kind}]" if self.kind else ""
                remedy = nearest(name, known) or f"Known here are {', '.join(known)}."
                self.report(name, f"{shown(name)} is unknown{inside}.", remedy)

    def __contains__(self, name: str) -> bool:
        return name in self.values

    def report(self, name: str, message: str, remedy: str = "") -> None:
        """Note a problem with the key `name`, or with the table where `name` is ""."""
        self.document.report((*self.place, name) if name else self.place, message, remedy)

    def read(self, name: str, reader: Callable[[object], T], default: T) -> T:
        """Return the value of `name`, or `default` where it is left out or wrong."""
        if name not in self.values:
            return default
        try:
            return reader(self.values[name])
        except Wrong as wrong:
            self.report(name, f"{name}: {wrong.message}", wrong.remedy)
            return default

    def need(self, name: str, reader: Callable[[object], T], stand_in: T, remedy: str) -> T:
        """Return the value of `name`; it is a problem when it is left out."""
        if name not in self.values:
            self.report("", f"{name} is missing.", remedy)
        return self.read(name, reader, stand_in)

    def table(self, name: str) -> Table | None:
        """Return the table `name` inside this one, None where it is left out."""
        found = self.values.get(name, {})
        if isinstance(found, dict):
            return Table(self.document, self._kind(name), (*self.place, name), found)
        self.report(name, f"{name} is not a table.", f"Write it as [{self._kind(name)}].")
        return None

    def tables(self, name: str) -> tuple[Table, ...]:
        """Return the tables of the list `name`, in their order."""
        found = self.values.get(name, [])
        kind = self._kind(name)
        if not isinstance(found, list) or not all(isinstance(entry, dict) for entry in found):
            self.report(name, f"{name} is not a list of tables.", f"Write it as [[{kind}]].")
            return ()
        return tuple(
            Table(self.document, kind, (*self.place, name, number), entry)
            for number, entry in enumerate(found)
        )

    def _kind(self, name: str) -> str:
        return f"{self.kind}.{name}" if self.kind else name


def parse(text: str, name: str) -> Table:
    """Return the document's outermost table; raises SettingsInvalid when it is not TOML."""
    try:
        values: dict[str, object] = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        said = str(error)
        found = _PLACE.search(said)
        raise SettingsInvalid(
            [
                Problem(
                    where=f"{name}:{found.group(1) if found else text.count(chr(10)) + 1}",
                    message=f"This is not TOML: {_PLACE.sub('', said)}.",
                    remedy="Mend this line.",
                )
            ]
        ) from None
    return Table(Document(name=name, lines=find_lines(text)), "", (), values)
