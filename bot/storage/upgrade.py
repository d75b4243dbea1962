"""Whether a file's tables are ones that this program knows, and bringing them up to date.

A program that is older than the file would write rows that the newer one cannot trust, so it
is refused before it touches anything.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from functools import cache
from importlib.metadata import version

from bot.errors import BotError
from bot.storage.schema import migrations
from bot.storage.sqlite import Database

PROGRAM = "marquee-bot"
# The step that began the record.
RECORD = "the_record"
_NOBODY = "a newer version"


class DatabaseNewer(BotError):
    """A newer version of the program wrote this file."""


def bring_up_to_date(connection: sqlite3.Connection) -> None:
    """Make the tables that are missing, inside the caller's transaction.

    Raises DatabaseNewer, and then changed nothing.
    """
    refuse_newer(connection)
    migrations.apply(Database(connection))
    connection.execute(
        "insert into program (id, version) values (1, ?) on conflict (id)"
        " do update set version = excluded.version where version != excluded.version",
        (version(PROGRAM),),
    )


def refuse_newer(connection: sqlite3.Connection) -> None:
    """Raise DatabaseNewer where the file has had steps that this program does not know."""
    unknown = [
        one.name for one in migrations.applied(Database(connection)) if one.name not in _known()
    ]
    if unknown:
        raise DatabaseNewer(
            f"Marquee {_written_by(connection)} wrote this database, and this is the older "
            f"{version(PROGRAM)}, which does not know {', '.join(unknown)}.",
            remedy="Install that version again, or go back to a backup made before it: "
            "docs/install.md.",
        )


def refuse_unreadable(connection: sqlite3.Connection) -> None:
    """Raise where the record of a file that is only to be read cannot be.

    Tables of an older program are left as they are and read; DatabaseNewer as `refuse_newer`
    does, BotError for a file of before there was a record, or none of ours.
    """
    try:
        done = {one.name for one in migrations.applied(Database(connection))}
    except sqlite3.OperationalError:
        raise
    except sqlite3.DatabaseError as error:
        raise BotError(
            f"The database cannot be read: {error}.",
            remedy="Check that DATABASE_URL names the bot's file, and compare with a backup.",
        ) from error
    refuse_newer(connection)
    if RECORD not in done:
        raise BotError(
            f"The database is of an older Marquee than this {version(PROGRAM)}, which kept no "
            "record yet.",
            remedy="`marquee serve` brings it up to date and begins one.",
        )


@cache
def _known() -> frozenset[str]:
    with closing(sqlite3.connect(":memory:")) as empty:
        return frozenset(one.name for one in migrations.pending(Database(empty)))


def _written_by(connection: sqlite3.Connection) -> str:
    try:
        row = connection.execute("select version from program").fetchone()
    except sqlite3.Error:
        return _NOBODY
    return str(row[0]) if row else _NOBODY
