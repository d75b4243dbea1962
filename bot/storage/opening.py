"""Where the files beside a database lie, and how one is opened that nobody is to change.

Knows how SQLite reads beside a writer and what it leaves in the folder (SQLite, "URI filenames"
and "Write-Ahead Logging"); knows no table.
"""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

BUSY_SECONDS = 10
_WRITE_AND_ENTER = os.W_OK | os.X_OK


def lock_path(path: Path) -> Path:
    """Return the file whose lock says that somebody serves from a database.

    One file has one lock, by whatever links it is reached.
    """
    return _beside(path, ".lock")


def has_log(path: Path) -> bool:
    """Return whether a log lies beside a database, as long as anybody has it open."""
    return _beside(path, "-wal").exists()


def open_to_read(path: Path) -> sqlite3.Connection:
    """Open a database that may be in use, or lie where nothing can be written.

    What is in its folder afterwards was there before, unless somebody began to use it.
    """
    mode = "mode=ro"
    if not has_log(path):
        # Nobody has it open. To read it safely nevertheless SQLite makes a log, and only who
        # could write it takes that away again.
        mode = "mode=rw" if _may_write(path) else "mode=ro&immutable=1"
    address = f"{path.resolve().as_uri()}?{mode}"
    connection = sqlite3.connect(address, uri=True, isolation_level=None, timeout=BUSY_SECONDS)
    connection.execute("pragma query_only = on")
    return connection


def _beside(path: Path, ending: str) -> Path:
    real = path.resolve()
    return real.with_name(real.name + ending)


def _may_write(path: Path) -> bool:
    real = path.resolve()
    return os.access(real, os.W_OK) and os.access(real.parent, _WRITE_AND_ENTER)
