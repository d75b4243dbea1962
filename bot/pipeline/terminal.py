"""Where a command writes: a person's terminal, with colours, or a log, in plain lines."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TextIO

from bot.domain.text import graphemes

RED, GREEN, YELLOW, CYAN = "31", "32", "33", "36"
BOLD, DIM, STRUCK = "1", "2", "9"

# They shape letters and emoji, and do nothing to a terminal.
_SHAPING = frozenset("\u200c\u200d\ufe0f")
_START_OF_LINE, _REST_OF_LINE = "\r", "\x1b[K"


@dataclass(slots=True)
class Terminal:
    """A stream to write lines to; `lively` where somebody watches it, as on a terminal."""

    stream: TextIO
    lively: bool = False
    coloured: bool = False
    _drawn: bool = False

    def say(self, line: str = "") -> None:
        """Write a line, below what is there."""
        self._leave_status()
        self.stream.write(f"{line}\n")
        self.stream.flush()

    def status(self, line: str) -> None:
        """Write a line in the place of the status before it; not for a log."""
        # A line that wraps cannot be redrawn.
        shown = "".join(graphemes(line)[: shutil.get_terminal_size().columns - 1])
        self.stream.write(f"{_START_OF_LINE}{shown}{_REST_OF_LINE}")
        self.stream.flush()
        self._drawn = True

    def painted(self, text: str, *styles: str) -> str:
        """Return the text in colours, or as it is where there are none."""
        if not (self.coloured and text and styles):
            return text
        return f"\x1b[{';'.join(styles)}m{text}\x1b[0m"

    def _leave_status(self) -> None:
        if self._drawn:
            self.stream.write(_START_OF_LINE + _REST_OF_LINE)
            self._drawn = False


def of(stream: TextIO, environ: Mapping[str, str]) -> Terminal:
    """Return what a stream is; NO_COLOR and TERM=dumb are heeded."""
    lively = stream.isatty() and environ.get("TERM", "") != "dumb" and not environ.get("CI")
    return Terminal(stream=stream, lively=lively, coloured=lively and not environ.get("NO_COLOR"))


def plain(text: str) -> str:
    """Return a text on one line that does nothing to a terminal: what is unseen is spelled."""
    return "".join(map(_plain, text))


def counted(number: int, noun: str) -> str:
    """Return a number with its noun: "1 text", "2,000 texts"."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def _plain(character: str) -> str:
    if character.isprintable() or character in _SHAPING:
        return character
    if character == "\n":
        return "↵"
    return f"\\u{ord(character):04x}"
