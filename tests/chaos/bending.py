"""The record after a run: `marquee audit verify` on the file, and on copies that somebody bent."""

from __future__ import annotations

import contextlib
import random
import sqlite3
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from pathlib import Path

from bot.domain.record import HEAD_SHOWN, Entry, verify
from bot.sandbox import setup

COLUMNS = tuple(one.name for one in fields(Entry))
STORED = tuple("proposal_id" if name == "proposal" else name for name in COLUMNS)
CUT_OFF = 3


@dataclass(frozen=True, kw_only=True)
class Bent:
    """What was tried on the record: its entries, bytes changed, and what went unnoticed."""

    entries: int
    bytes: int
    problems: tuple[str, ...]


def try_to_bend(
    database: Path, environment: Mapping[str, str], folder: Path, *, changes: int, seed: int
) -> Bent:
    """Verify the record, then change one byte after the other in copies, then cut its end off."""
    entries = _entries(database)
    problems = []
    status, said = _audit(database, environment)
    if status != 0:
        problems.append(f"the record does not verify: {said}")
    problems += _missed_bytes(entries, random.Random(f"bytes {seed}"), changes)
    problems += _in_a_copy(database, environment, folder, random.Random(f"copy {seed}"))
    return Bent(entries=len(entries), bytes=changes + 1, problems=tuple(problems))


def _missed_bytes(entries: list[Entry], chance: random.Random, changes: int) -> Iterator[str]:
    """Yield the places where a changed character is not found; every column has its turn."""
    for turn in range(changes):
        place, column = chance.randrange(len(entries)), COLUMNS[turn % len(COLUMNS)]
        bent = list(entries)
        bent[place] = _bent(entries[place], column, chance)
        if not verify(bent).broken:
            yield f"a byte of {column} of entry {place + 1} was changed, and nobody noticed"


def _bent(entry: Entry, column: str, chance: random.Random) -> Entry:
    value = getattr(entry, column)
    other: object
    if value is None or isinstance(value, int):
        other = (value or 0) ^ (1 << chance.randrange(4))
    else:
        text = value or " "
        at = chance.randrange(len(text))
        other = text[:at] + chr(ord(text[at]) ^ 1) + text[at + 1 :]
    told = {name: getattr(entry, name) for name in COLUMNS} | {column: other}
    return Entry(**told)


def _in_a_copy(
    database: Path, environment: Mapping[str, str], folder: Path, chance: random.Random
) -> Iterator[str]:
    copy = folder / "bent.db"
    entries = _copied(database, copy)
    number = chance.randrange(1, entries + 1)
    with contextlib.closing(_unguarded(copy)) as db, db:
        body = db.execute("select body from record where number = ?", (number,)).fetchone()[0]
        at = chance.randrange(len(body))
        other = body[:at] + chr(ord(body[at]) ^ 1) + body[at + 1 :]
        db.execute("update record set body = ? where number = ?", (other, number))
    status, said = _audit(copy, environment)
    if status != 1 or f"Entry {number} " not in said:
        yield f"marquee audit verify did not name entry {number}, which was changed: {said}"
    _copied(database, copy)
    with contextlib.closing(_unguarded(copy)) as db, db:
        head = db.execute("select hash from record order by number desc limit 1").fetchone()[0]
        db.execute("delete from record where number > ?", (entries - CUT_OFF,))
    if _audit(copy, environment)[0] != 1:
        yield "a record whose end was cut off was not found by what is kept of its end"
    with contextlib.closing(_unguarded(copy)) as db, db:
        db.execute(
            "update record_end set (number, hash) ="
            " (select number, hash from record order by number desc limit 1)"
        )
    if _audit(copy, environment, "--head", head[:HEAD_SHOWN])[0] != 1:
        yield "a record whose end was cut off was not found with its head"


def _copied(database: Path, copy: Path) -> int:
    """Copy the file, whatever still stands beside it, and return how many entries it has."""
    with (
        contextlib.closing(sqlite3.connect(database)) as source,
        contextlib.closing(sqlite3.connect(copy)) as target,
    ):
        source.backup(target)
        return int(target.execute("select count(*) from record").fetchone()[0])


def _unguarded(copy: Path) -> sqlite3.Connection:
    db = sqlite3.connect(copy)
    for name in ("record_is_not_changed", "record_is_not_shortened", "record_end_goes_on"):
        db.execute(f"drop trigger if exists {name}")
    return db


def _entries(database: Path) -> list[Entry]:
    with contextlib.closing(sqlite3.connect(database)) as db:
        rows = db.execute(f"select {', '.join(STORED)} from record order by number").fetchall()
    return [Entry(**dict(zip(COLUMNS, row, strict=True))) for row in rows]


def _audit(database: Path, environment: Mapping[str, str], *more: str) -> tuple[int, str]:
    """Run `marquee audit verify` as anybody would; return its exit status and what it said."""
    serve = [word for word in setup.SERVE if word != "serve"]
    done = subprocess.run(
        [*serve, "audit", "verify", *more],
        env={**environment, "DATABASE_URL": f"sqlite:///{database}"},
        cwd=setup.FOLDER,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr
