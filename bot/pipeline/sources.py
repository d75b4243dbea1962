"""A file or a folder that was named on the command line, read, with where its texts stand."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bot import exchange
from bot.errors import BotError, Invalid, Unavailable
from bot.exchange import Format, Imported, limits

# "line 7", "line 7 (column 4)", "row 7", "D7".
_LINE = re.compile(r"(?:line|row) (\d+)\b.*|[A-Z]{1,3}(\d+)")
_BELOW = (Path(), Path("metadata"), Path("fastlane", "metadata"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A path, and what came out of it: texts, or the reason why nothing did."""

    path: Path
    imported: Imported | None = None
    problem: BotError | None = None

    def file(self, where: str) -> str:
        """Return the file in which a place of the imported texts is, "/" between folders."""
        if self.imported is None or self.imported.format is not Format.FOLDER or not where:
            return self.path.as_posix()
        found = [self.path / below / where for below in _BELOW]
        return next((file for file in found if file.exists()), found[0]).as_posix()

    def line(self, where: str) -> int:
        """Return the line of a text file, or the row of a sheet; 0 where that says nothing."""
        if self.imported is None:
            return 0
        if self.imported.format is Format.FOLDER:
            return 0 if where.endswith("/") else 1
        found = _LINE.fullmatch(where)
        return int(found[1] or found[2]) if found else 0


def read(path: Path, *, empty_clears: bool, also: Sequence[str] = ()) -> Source:
    """Return what is in a file or a folder; one that cannot be read is a source, too."""
    try:
        imported = _imported(path, empty_clears=empty_clears, also=also)
    except BotError as problem:
        return Source(path=path, problem=problem)
    return Source(path=path, imported=imported)


def _imported(path: Path, *, empty_clears: bool, also: Sequence[str]) -> Imported:
    if path.is_dir():
        return exchange.read_folder(path, empty_clears=empty_clears, also=also)
    # What a shell puts in a file's place, and /dev/stdin, are pipes or devices: read once as well.
    if not (path.is_file() or path.is_fifo() or path.is_char_device()):
        raise Invalid(f"{path} is neither a file nor a folder.", remedy="Name one that is.")
    try:
        with path.open("rb") as file:
            # One byte more than is allowed tells that there is more.
            data = file.read(limits.FILE_BYTES + 1)
    except OSError as wrong:
        raise Unavailable(
            f"{path} cannot be read: {wrong.strerror}.", remedy="Look at its permissions."
        ) from wrong
    return exchange.read(data, empty_clears=empty_clears, also=also)
