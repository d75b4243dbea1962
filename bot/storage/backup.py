"""A copy of a database that may be in use: whole, checked, and as it was at one moment.

Knows how SQLite copies a file beside those who write it (SQLite, "Online Backup API") and
which files belong together; knows no table. It only reads what it copies, and takes no lock
of the bot's.
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from bot.errors import BotError
from bot.storage.opening import open_to_read

BESIDE = ("-wal", "-shm", "-journal")
_ROOM = "See whether the disk is full and its folder can be written. Nothing was left behind."


async def backup(path: Path, target: Path, *, force: bool = False) -> int:
    """Copy the database at `path` to the file `target` and return the copy's size in bytes.

    The copy appears under its name only once it is complete and was checked. A file that is
    there already is replaced with `force` alone. Raises BotError, and then changed nothing.
    """
    return await asyncio.to_thread(_backup, path, target, force=force)


def _backup(path: Path, target: Path, *, force: bool) -> int:
    if not path.is_file():
        raise BotError(
            f"There is no database {path}.",
            remedy="Name it in DATABASE_URL, as for the bot, or name the bot's MARQUEE_CONFIG.",
        )
    _refuse(path, target, force=force)
    with _unfinished(target) as copy:
        _copy(path, copy)
        _check(copy)
        copy.chmod(path.stat().st_mode & 0o777)
        copy.replace(target)
    _write_down(target.parent)
    return target.stat().st_size


def _refuse(path: Path, target: Path, *, force: bool) -> None:
    """Raise BotError for a place where no copy may be put."""
    if not target.parent.is_dir():
        raise BotError(f"There is no folder {target.parent}.", remedy="Make it first.")
    if target.is_dir():
        raise BotError(f"{target} is a folder.", remedy="Name a file.")
    if target.exists() and target.samefile(path):
        raise BotError(f"{target} is the database itself.", remedy="Name another file.")
    left = [one for one in _beside(target) if one.exists()]
    if left:
        # SQLite would play the log of another database into the copy.
        raise BotError(
            f"{left[0].name} lies beside {target}, so that is a database in use.",
            remedy="Name another file.",
        )
    if target.exists() and not force:
        raise BotError(
            f"{target} is there already.",
            remedy="Name another file, or replace it with --force.",
        )


@contextmanager
def _unfinished(target: Path) -> Iterator[Path]:
    """Give a file beside the target, gone afterwards unless it became the target."""
    try:
        handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
        os.close(handle)
    except OSError as error:
        raise _not_written(target, error.strerror or str(error)) from error
    copy = Path(name)
    try:
        yield copy
    except (OSError, sqlite3.Error) as error:
        raise _not_written(target, str(error)) from error
    finally:
        for one in (copy, *_beside(copy)):
            one.unlink(missing_ok=True)


def _copy(path: Path, copy: Path) -> None:
    with (
        closing(open_to_read(path)) as source,
        closing(sqlite3.connect(copy, isolation_level=None)) as into,
    ):
        try:
            source.execute("select count(*) from sqlite_schema").fetchone()
        except sqlite3.Error as error:
            raise BotError(
                f"The database {path} cannot be read: {error}.",
                remedy="Check DATABASE_URL and the rights of its folder.",
            ) from error
        # All pages in one step are of one moment; whoever writes meanwhile writes to the log.
        source.backup(into)


def _check(copy: Path) -> None:
    address = f"{copy.resolve().as_uri()}?mode=ro&immutable=1"
    with closing(sqlite3.connect(address, uri=True)) as connection:
        (found,) = connection.execute("pragma quick_check(1)").fetchone()
    if found != "ok":
        raise BotError(
            f"The copy is damaged: {found}.",
            remedy="The database itself may be; keep it, and the older copies.",
        )


def _write_down(folder: Path) -> None:
    """Have the new name on the disk before anybody relies on it."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _beside(path: Path) -> list[Path]:
    """Return the files that SQLite keeps beside a database while it is in use."""
    return [path.with_name(path.name + ending) for ending in BESIDE]


def _not_written(target: Path, why: str) -> BotError:
    return BotError(f"The copy {target} cannot be written: {why}.", remedy=_ROOM)
