"""A folder on a disk, as paths of files: no link leads out of it, and no tree is too large."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from itertools import islice
from pathlib import Path, PurePosixPath

from bot.exchange import limits
from bot.exchange.imported import Gathering, Why

_JUNK = frozenset({"__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini"})

Reader = Callable[[], bytes]
Files = Mapping[PurePosixPath, Reader]


def is_junk(path: PurePosixPath) -> bool:
    """Return whether a system put it there and no person."""
    return any(part in _JUNK or part.startswith("._") for part in path.parts)


def is_below(path: PurePosixPath, folders: Collection[PurePosixPath]) -> bool:
    """Return whether a path is in one of the folders."""
    return any(path.is_relative_to(folder) for folder in folders)


def two_levels(folder: Path) -> list[PurePosixPath]:
    """Return the paths from `folder` of what is in it and in its folders, no link followed out."""
    if not folder.is_dir():
        return []
    found: list[Path] = []
    for entry in sorted(folder.iterdir()):
        if entry.is_dir() and entry.resolve().is_relative_to(folder.resolve()):
            found.extend(sorted(entry.iterdir()))
        else:
            found.append(entry)
    return [PurePosixPath(path.relative_to(folder).as_posix()) for path in found]


def deeper(
    folder: Path,
    paths: Sequence[PurePosixPath],
    others: Collection[PurePosixPath],
    gathering: Gathering,
) -> list[PurePosixPath]:
    """Return the paths of what lies deeper than `paths`, to be told; no link is followed.

    Of a tree without an end no more is looked at than a folder may hold.
    """
    found: list[PurePosixPath] = []
    looked_at = len(paths)
    waiting = [path for path in reversed(paths) if _is_walked(folder, path, others)]
    while waiting:
        here = waiting.pop()
        try:
            entries = folder.joinpath(here).iterdir()
            names = sorted(entry.name for entry in islice(entries, limits.ENTRIES))
        except OSError as wrong:
            gathering.leave(f"{here}/", Why.FILE, f"It cannot be looked into: {wrong.strerror}.")
            continue
        looked_at += len(names)
        if looked_at > limits.ENTRIES:
            reason = f"No more than {limits.ENTRIES:,} files are looked at, and these lie too deep."
            gathering.leave(f"{here}/ and after", Why.LIMIT, reason)
            break
        below = [here / name for name in names]
        waiting.extend(path for path in reversed(below) if _is_walked(folder, path, others))
        found.extend(below)
    return found


def _is_walked(folder: Path, path: PurePosixPath, others: Collection[PurePosixPath]) -> bool:
    hidden = any(part.startswith(".") for part in path.parts)
    if hidden or len(path.parts) < 2 or is_junk(path) or is_below(path, others):
        return False
    place = folder.joinpath(path)
    return place.is_dir() and not place.is_symlink()


def opening(path: Path) -> Reader:
    """Return what reads a file as far as it may be large, and one byte more that tells of more."""

    def read() -> bytes:
        with path.open("rb") as file:
            return file.read(limits.MEGABYTE + 1)

    return read
