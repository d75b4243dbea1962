"""`marquee backup`: a copy made while the bot runs is whole, and a bot serves from it."""

from __future__ import annotations

import asyncio
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from bot.errors import BotError
from bot.sandbox.cast import BEN, MIA
from bot.storage.backup import backup
from bot.storage.store import Store
from tests.clock import START
from tests.workspace import Workspace, a_workspace

Done = subprocess.CompletedProcess[str]


def run(folder: Path, *words: str, wrap: tuple[str, ...] = (), database: str = "") -> Done:
    url = database or f"sqlite:///{folder / 'marquee.db'}"
    return subprocess.run(
        [*wrap, sys.executable, "-m", "bot", "backup", *words],
        cwd=folder,
        # No token and no key: what only copies a file asks for neither.
        env={name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ}
        | {"DATABASE_URL": url},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def write(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path)) as db, db:
        for statement in statements:
            db.execute(statement)


def rows(path: Path, statement: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)) as db:
        return db.execute(statement).fetchall()


def files(folder: Path) -> set[str]:
    return {file.name for file in folder.iterdir()}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path / "marquee.db", "pragma journal_mode=WAL", "create table t (n integer)")
    return tmp_path


async def test_a_copy_made_beside_a_running_bot_serves_once_it_is_put_back(tmp_path: Path) -> None:
    async with a_workspace(tmp_path) as team:
        kept = await team.propose(MIA, "edit tidewell de-DE", Subtitle="Stilles Notizbuch")
        done = await asyncio.to_thread(run, tmp_path, "copy.db")
        assert done.returncode == 0, done.stderr
        assert str(tmp_path / "copy.db") in done.stdout
        await _withdraw(team, kept)

        await team.stop()
        for name in files(tmp_path) - {"copy.db"}:
            (tmp_path / name).unlink()
        shutil.copy(tmp_path / "copy.db", tmp_path / "marquee.db")
        await team.restart()

        await team.react(BEN, kept)
        await team.until(lambda: team.live("de-DE", "subtitle") == "Stilles Notizbuch")
        await team.says(kept, "Pushed")


async def _withdraw(team: Workspace, message: Mapping[str, Any]) -> None:
    await team.press(MIA, message, "Withdraw")
    await team.says(message, "Withdrawn")


async def test_a_bot_that_writes_all_the_while_is_copied_as_of_one_moment(tmp_path: Path) -> None:
    path, copy = tmp_path / "marquee.db", tmp_path / "copy.db"
    async with Store(path) as store:
        written = asyncio.create_task(_write_on(store, 200))
        await asyncio.sleep(0)
        while not written.done():
            await backup(path, copy, force=True)
        await written

    # Whatever there is of it stands without a gap from the first one on.
    numbers = [int(str(text)) for (text,) in rows(copy, "select text from clips order by id")]
    assert numbers == list(range(len(numbers)))
    assert files(tmp_path) == {"marquee.db", "marquee.db.lock", "copy.db"}


async def _write_on(store: Store, times: int) -> None:
    for number in range(times):
        await store.clips.keep(f"U{number}", str(number), author="", now=START)


async def test_a_copy_is_whole_where_the_database_was_closed_long_ago(folder: Path) -> None:
    write(folder / "marquee.db", "insert into t values (7)")
    before = files(folder)

    await backup(folder / "marquee.db", folder / "copy.db")

    assert rows(folder / "copy.db", "select n from t") == [(7,)]
    assert files(folder) - before <= {"copy.db", "marquee.db-wal", "marquee.db-shm"}


async def test_a_copy_may_be_read_by_whoever_may_read_the_database(folder: Path) -> None:
    (folder / "marquee.db").chmod(0o640)
    await backup(folder / "marquee.db", folder / "copy.db")
    assert (folder / "copy.db").stat().st_mode & 0o777 == 0o640


def test_a_file_that_is_there_is_replaced_only_when_that_is_asked_for(folder: Path) -> None:
    (folder / "copy.db").write_text("older")

    refused = run(folder, "copy.db")
    assert (refused.returncode, (folder / "copy.db").read_text()) == (1, "older")
    assert "copy.db is there already" in refused.stderr
    assert "--force" in refused.stderr

    assert run(folder, "copy.db", "--force").returncode == 0
    assert rows(folder / "copy.db", "select count(*) from t") == [(0,)]


def test_without_a_file_it_says_how_it_is_called_and_ends_with_2(folder: Path) -> None:
    done = run(folder)
    assert done.returncode == 2
    assert "usage: marquee backup" in done.stderr


def test_an_address_that_names_no_file_ends_with_2(folder: Path) -> None:
    done = run(folder, "copy.db", database="postgres://elsewhere")
    assert done.returncode == 2
    assert "DATABASE_URL: Only SQLite" in done.stderr


def test_a_disk_that_is_full_is_said_and_leaves_nothing_behind(folder: Path) -> None:
    write(folder / "marquee.db", "insert into t select randomblob(100000)")
    before = files(folder)

    # A limit on the size of files stands for the end of the disk.
    done = run(folder, "copy.db", wrap=("sh", "-c", 'ulimit -f 160 && exec "$@"', "sh"))

    assert done.returncode == 1
    assert "copy.db cannot be written" in done.stderr
    assert "disk is full" in done.stderr
    assert "Traceback" not in done.stderr
    assert files(folder) - before <= {"marquee.db-wal", "marquee.db-shm"}


def _no_database(folder: Path) -> Path:
    (folder / "marquee.db").unlink()
    return folder / "copy.db"


def _no_folder(folder: Path) -> Path:
    return folder / "nowhere" / "copy.db"


def _itself(folder: Path) -> Path:
    (folder / "same.db").symlink_to(folder / "marquee.db")
    return folder / "same.db"


def _in_use(folder: Path) -> Path:
    write(folder / "other.db", "create table t (n integer)")
    (folder / "other.db-wal").touch()
    return folder / "other.db"


def _a_folder(folder: Path) -> Path:
    (folder / "copies").mkdir()
    return folder / "copies"


def _no_database_at_all(folder: Path) -> Path:
    (folder / "marquee.db").write_text("Dear diary, " * 100)
    return folder / "copy.db"


@pytest.mark.parametrize(
    ("target", "said"),
    [
        (_no_database, "There is no database"),
        (_no_folder, "There is no folder"),
        (_itself, "is the database itself"),
        (_in_use, "a database in use"),
        (_a_folder, "is a folder"),
        (_no_database_at_all, "cannot be read: file is not a database"),
    ],
)
async def test_what_cannot_be_copied_or_put_there_is_said(
    folder: Path, target: Callable[[Path], Path], said: str
) -> None:
    place = target(folder)
    before = {name: (folder / name).stat().st_size for name in files(folder)}
    with pytest.raises(BotError, match=said):
        await backup(folder / "marquee.db", place, force=True)
    assert {name: (folder / name).stat().st_size for name in files(folder)} == before
