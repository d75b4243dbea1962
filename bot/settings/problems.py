"""What is wrong with the settings, collected until everything has been looked at."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time

from bot.errors import BotError

_TOKEN_SHAPED = re.compile(r"xox[a-z]|xapp-|PRIVATE KEY", re.IGNORECASE)
_SHOWN_CHARACTERS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing to mend: `where` is a variable or file:line, `remedy` what to do."""

    where: str
    message: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.where}: {self.message} {self.remedy}".rstrip()


class SettingsInvalid(BotError):
    """The settings cannot be used; `problems` names every reason."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        many = len(self.problems) != 1
        count = f"There are {len(self.problems)} problems" if many else "There is a problem"
        lines = "\n".join(f"  {problem}" for problem in self.problems)
        super().__init__(f"{count} with the settings:\n{lines}")


class Wrong(Exception):
    """A value that cannot be used; whoever knows its place turns it into a Problem."""

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy


def shown(value: object) -> str:
    """Return a value for a message: short, quoted, starred where it looks like a secret."""
    if isinstance(value, date | time):
        return value.isoformat()
    if not isinstance(value, str):
        return f"{value!r}"[:_SHOWN_CHARACTERS]
    if _TOKEN_SHAPED.search(value):
        return '"***"'
    short = value if len(value) <= _SHOWN_CHARACTERS else value[: _SHOWN_CHARACTERS - 1] + "…"
    return f'"{short}"'


def nearest(name: str, known: Iterable[str]) -> str:
    """Return the question that helps after a misspelling, "" when nothing is near."""
    found = difflib.get_close_matches(name, list(known), n=1, cutoff=0.7)
    return f"Did you mean {found[0]}?" if found else ""
