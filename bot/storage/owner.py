"""The one thread that owns the database connection, and the lock that keeps others out.

Knows how SQLite wants to be used from asyncio; knows no table. A shared connection
corrupts transactions and a deferred one fails under contention, so every write is
`BEGIN IMMEDIATE` on the owner's thread (SQLite, "Transactions").
"""

from __future__ import annotations

import asyncio
import fcntl
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO, TypeVar

from sqlite_utils import Database

from bot.errors import BotError
from bot.storage.schema import migrations

T = TypeVar("T")

BUSY_SECONDS = 10


class DatabaseBusy(BotError):
    """Another process serves from this file."""


class Owner:
    """Runs functions on the connection, one at a time, each in a transaction of its own."""

    def __init__(self, path: Path, *, exclusive: bool) -> None:
        self.path = path
        self._exclusive = exclusive
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="store")
        self._connection: sqlite3.Connection | None = None
        self._lock: IO[str] | None = None

    def __repr__(self) -> str:
        return f"<Owner {self.path} {'open' if self._connection else 'closed'}>"

    async def open(self) -> None:
        """Open the file, bring its tables up to date, hold the lock.

        Raises DatabaseBusy when another process holds the lock, BotError when the file
        cannot be opened.
        """
        await asyncio.get_running_loop().run_in_executor(self._thread, self._open)

    async def read(self, ask: Callable[[sqlite3.Connection], T]) -> T:
        """Return `ask(connection)`; the function only reads."""
        return await asyncio.get_running_loop().run_in_executor(
            self._thread, lambda: ask(self._open_connection())
        )

    async def write(self, change: Callable[[sqlite3.Connection], T]) -> T:
        """Return `change(connection)`, done wholly or not at all."""
        return await asyncio.get_running_loop().run_in_executor(
            self._thread, lambda: self._write(change)
        )

    async def close(self) -> None:
        """Finish what was asked for, close the file, give up the lock."""
        await asyncio.get_running_loop().run_in_executor(self._thread, self._close)
        self._thread.shutdown(wait=True)

    def _open(self) -> None:
        try:
            if self._exclusive:
                self._lock = _lock(self.path)
            connection = sqlite3.connect(self.path, isolation_level=None, timeout=BUSY_SECONDS)
        except (OSError, sqlite3.Error) as error:
            raise BotError(
                f"The database {self.path} cannot be opened: {error}.",
                remedy="Check DATABASE_URL and the rights of its folder.",
            ) from error
        connection.row_factory = sqlite3.Row
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"pragma {pragma}")
        connection.execute("begin immediate")
        try:
            migrations.apply(Database(connection))
        except BaseException:
            connection.execute("rollback")
            connection.close()
            raise
        connection.execute("commit")
        self._connection = connection

    def _open_connection(self) -> sqlite3.Connection:
        if self._connection is None:
            raise RuntimeError("the store is closed")
        return self._connection

    def _write(self, change: Callable[[sqlite3.Connection], T]) -> T:
        connection = self._open_connection()
        connection.execute("begin immediate")
        try:
            result = change(connection)
        except BaseException:
            connection.execute("rollback")
            raise
        connection.execute("commit")
        return result

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        if self._lock is not None:
            self._lock.close()
            self._lock = None


def _lock(path: Path) -> IO[str]:
    lock = path.with_name(path.name + ".lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        lock.close()
        raise DatabaseBusy(
            f"Another bot already serves from {path}.",
            remedy="Stop it first, or give this one a DATABASE_URL of its own.",
        ) from error
    return lock
