"""One line of the doctor's answer: how it is, what it is about, what to do next."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.errors import BotError


class Level(StrEnum):
    """How a thing is; only a failure stops the bot from doing its work."""

    OK = "ok"
    WARNING = "warning"
    FAILURE = "failure"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One finding; `remedy` is what to do next, "" when there is nothing to do."""

    level: Level
    what: str
    remedy: str = ""

    def __str__(self) -> str:
        return f"{self.level:<8} {self.what} {self.remedy}".rstrip()


def ok(what: str, remedy: str = "") -> Line:
    """Return a line about something that is well."""
    return Line(level=Level.OK, what=what, remedy=remedy)


def warning(what: str, remedy: str) -> Line:
    """Return a line about something that works but may not last."""
    return Line(level=Level.WARNING, what=what, remedy=remedy)


def failure(what: str, remedy: str) -> Line:
    """Return a line about something that has to be mended."""
    return Line(level=Level.FAILURE, what=what, remedy=remedy)


def failed(what: str, error: BotError, remedy: str = "") -> Line:
    """Return a line about a question that was answered with an error."""
    return failure(f"{what}: {error.message}", error.remedy or remedy)
