"""The one thread that owns the database connection, and the lock that keeps others out.

Knows how SQLite wants to be used from asyncio; knows no table. A shared connection
corrupts transactions and a deferred one fails under contention, so every write is
`BEGIN IMMEDIATE` on the owner's thread (SQLite, "Transactions").
"""

from __future__ import annotations

import asyncio
import fcntl
import logging
import sqlite3
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO, TypeVar

from bot.clock import Clock, WallClock
from bot.errors import BotError, Unwritable
from bot.storage.opening import BUSY_SECONDS, lock_path, open_to_read
from bot.storage.rows import moment
from bot.storage.upgrade import bring_up_to_date, refuse_unreadable

log = logging.getLogger(__name__)

T = TypeVar("T")

_CHECK = "Check DATABASE_URL and the rights of its folder."
# What passes once somebody does something about it, by SQLite's primary result codes.
_REMEDIES: Mapping[int, str] = {
    sqlite3.SQLITE_BUSY: "Another program has it locked: end that, or wait for it.",
    sqlite3.SQLITE_FULL: "Make room on its disk.",
    sqlite3.SQLITE_IOERR: "See whether its disk is full or failing.",
    sqlite3.SQLITE_READONLY: "See that this user may write it and its folder.",
    sqlite3.SQLITE_CANTOPEN: "See that its folder is there and this user may write it.",
}


class DatabaseBusy(BotError):
    """Another process serves from this file."""


class Owner:
    """Runs functions on the connection, one at a time, each in a transaction of its own.

    `clock` is what `present()` tells within SQL. Where it is only for `reading`, the file is
    neither made nor brought up to date, and nothing can be written.
    """

    def __init__(
        self,
        path: Path,
        *,
        exclusive: bool,
        clock: Clock | None = None,
        reading: bool = False,
    ) -> None:
        self.path = path
        self._exclusive = exclusive
        self._clock = clock or WallClock()
        self._reading = reading
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="store")
        self._connection: sqlite3.Connection | None = None
        self._lock: IO[str] | None = None

    def __repr__(self) -> str:
        return f"<Owner {self.path} {'open' if self._connection else 'closed'}>"

    async def open(self) -> None:
        """Open the file, bring its tables up to date, hold the lock.

        Raises DatabaseBusy when another process holds the lock, DatabaseNewer when a newer
        program wrote the file, BotError when it cannot be opened, or is only to be read and of
        one that kept no record.
        """
        await asyncio.get_running_loop().run_in_executor(self._thread, self._open)

    async def read(self, ask: Callable[[sqlite3.Connection], T]) -> T:
        """Return `ask(connection)`; the function only reads. Raises Unwritable."""
        return await asyncio.get_running_loop().run_in_executor(
            self._thread, lambda: self._tried(lambda: ask(self._open_connection()))
        )

    async def write(self, change: Callable[[sqlite3.Connection], T]) -> T:
        """Return `change(connection)`, done wholly or not at all; raises Unwritable."""
        return await asyncio.get_running_loop().run_in_executor(
            self._thread, lambda: self._tried(lambda: self._write(change))
        )

    async def close(self) -> None:
        """Finish what was asked for, close the file, give up the lock."""
        await asyncio.get_running_loop().run_in_executor(self._thread, self._close)
        self._thread.shutdown(wait=True)

    def _open(self) -> None:
        try:
            if self._exclusive:
                self._lock = _lock(self.path)
            self._connect()
        except (OSError, sqlite3.Error) as error:
            self._close()
            raise BotError(
                f"The database {self.path} cannot be opened: {error}.",
                remedy=_remedy(error) or _CHECK,
            ) from error
        except BaseException:
            self._close()
            raise

    def _connect(self) -> None:
        connection = self._connection = self._connected()
        connection.row_factory = sqlite3.Row
        connection.create_function("present", 0, lambda: moment(self._clock.now()))
        if self._reading:
            refuse_unreadable(connection)
            return
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"pragma {pragma}")
        self._write(bring_up_to_date)

    def _connected(self) -> sqlite3.Connection:
        if self._reading:
            return open_to_read(self.path)
        return sqlite3.connect(self.path, isolation_level=None, timeout=BUSY_SECONDS)

    def _open_connection(self) -> sqlite3.Connection:
        if self._connection is None:
            raise RuntimeError("the store is closed")
        return self._connection

    def _tried(self, deed: Callable[[], T]) -> T:
        """Return what `deed` returns; what keeps the file from being used is said as such."""
        try:
            return deed()
        except sqlite3.OperationalError as error:
            remedy = _remedy(error)
            if not remedy:
                raise
            log.warning("store.not_written error=%s", error)
            raise Unwritable(
                f"The database {self.path.name} cannot be used now: {error}.",
                remedy=f"{remedy} What waits goes on by itself.",
            ) from error

    def _write(self, change: Callable[[sqlite3.Connection], T]) -> T:
        connection = self._open_connection()
        connection.execute("begin immediate")
        try:
            result = change(connection)
        except BaseException:
            _roll_back(connection)
            raise
        try:
            connection.execute("commit")
        except sqlite3.Error:
            _roll_back(connection)
            raise
        return result

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        if self._lock is not None:
            self._lock.close()
            self._lock = None


def _roll_back(connection: sqlite3.Connection) -> None:
    # SQLite ends a transaction by itself when its disk is full.
    if connection.in_transaction:
        connection.execute("rollback")


def _remedy(error: Exception) -> str:
    code = getattr(error, "sqlite_errorcode", 0)
    return _REMEDIES.get(code & 0xFF, "")


def _lock(path: Path) -> IO[str]:
    lock = lock_path(path).open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        lock.close()
        raise DatabaseBusy(
            f"Another bot already serves from {path}.",
            remedy="Stop it first, or give this one a DATABASE_URL of its own.",
        ) from error
    return lock
