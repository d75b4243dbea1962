"""A look at a database file that changes nothing: not the file, its lock, nor its folder.

Knows how SQLite opens a file that it may not touch (SQLite, "URI filenames" and
"Write-Ahead Logging"); refuses to know what the tables hold.
"""

from __future__ import annotations

import asyncio
import fcntl
import os
import sqlite3
from contextlib import closing
from pathlib import Path

from bot.errors import BotError
from bot.storage.opening import BUSY_SECONDS, has_log, lock_path
from bot.storage.owner import DatabaseBusy
from bot.storage.upgrade import refuse_newer

_WRITE_AND_ENTER = os.W_OK | os.X_OK


async def glance(path: Path) -> bool:
    """Return whether there is a database at `path`; either way the bot could serve from it.

    Raises DatabaseBusy when a process does so now, BotError when it could not.
    """
    return await asyncio.to_thread(_glance, path)


def _glance(path: Path) -> bool:
    _try_folder(path)
    if not path.exists():
        return False
    if not os.access(path, os.W_OK):
        raise _unusable(path, "this user may not write it")
    _try_lock(path)
    _try_read(path)
    return True


def _try_folder(path: Path) -> None:
    if not path.parent.is_dir():
        raise _unusable(path, "there is no such folder")
    if not os.access(path.parent, _WRITE_AND_ENTER):
        raise _unusable(path, "this user may not write its folder")


def _try_lock(path: Path) -> None:
    """Take the lock for a moment, beside others who only look."""
    lock = lock_path(path)
    if not lock.exists():
        return
    try:
        with lock.open() as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise DatabaseBusy(f"Another bot already serves from {path}.") from error
    except OSError as error:
        raise _unusable(path, str(error.strerror)) from error


def _try_read(path: Path) -> None:
    # Without a log beside it nobody has the file open, and SQLite would make one to read it.
    mode = "mode=ro" if has_log(path) else "mode=ro&immutable=1"
    address = f"{path.resolve().as_uri()}?{mode}"
    try:
        with closing(sqlite3.connect(address, uri=True, timeout=BUSY_SECONDS)) as connection:
            connection.execute("select count(*) from sqlite_schema").fetchone()
            refuse_newer(connection)
    except sqlite3.Error as error:
        raise _unusable(path, str(error)) from error


def _unusable(path: Path, why: str) -> BotError:
    return BotError(
        f"The database {path} cannot be opened: {why}.",
        remedy="Check DATABASE_URL and the rights of its folder.",
    )
