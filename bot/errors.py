"""What can go wrong in a way that a person can act on.

The families say what the caller does next, not where the error came from:
Refused: tell the person why. Invalid: show the findings. Conflict: read again.
Unavailable: try later. Everything else is a defect and is logged as one.
"""

from __future__ import annotations


class BotError(Exception):
    """A problem with a sentence for people and, where there is one, a remedy."""

    def __init__(self, message: str, *, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.message} {self.remedy}".strip()


class Refused(BotError):
    """The answer is no; the person is told why."""


class Vetoed(Refused):
    """The answer is no while these people (user ids) reject it."""

    def __init__(self, message: str, *, by: tuple[str, ...], remedy: str = "") -> None:
        super().__init__(message, remedy=remedy)
        self.by = by

    def __str__(self) -> str:
        return f"{self.message} Rejected by {', '.join(self.by)}. {self.remedy}".strip()


class Invalid(BotError):
    """What was given breaks a rule of the field."""


class Conflict(BotError):
    """The world changed since it was read; read it again."""


class Unavailable(BotError):
    """The other side cannot answer now; `retry_after` is in seconds where it is known."""

    def __init__(self, message: str, *, remedy: str = "", retry_after: float | None = None) -> None:
        super().__init__(message, remedy=remedy)
        self.retry_after = retry_after


class Limited(Unavailable):
    """The other side answers no more than so many questions, and those are used up."""


class Unwritable(Unavailable):
    """The store can keep nothing now: what was done just before may not be written down."""


def file_not_written(path: object, wrong: OSError) -> Unavailable:
    """Return what to raise where the disk does not take a file that a person asked for."""
    return Unavailable(
        f"{path} cannot be written: {wrong.strerror}.",
        remedy="Look at its permissions, and at the room on the disk.",
    )
