"""Whether the disk under the database lasts, told from mounts and the platform."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.doctor import disk
from bot.doctor.lines import Level, Line
from bot.storage.store import Store

MOUNTS = """\
overlay / overlay rw,relatime 0 0
tmpfs /run tmpfs rw 0 0
/dev/sda1 /var/lib/my\\040bot ext4 rw 0 0
server:/export /mnt/net nfs4 rw 0 0
"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/srv/marquee.db", "overlay"),
        ("/run/marquee.db", "tmpfs"),
        ("/runner/marquee.db", "overlay"),
        ("/var/lib/my bot/data/marquee.db", "ext4"),
        ("/mnt/net/marquee.db", "nfs4"),
    ],
)
def test_the_file_system_of_a_path_is_the_one_mounted_nearest(path: str, kind: str) -> None:
    mount = disk.mount_of(Path(path), MOUNTS)
    assert mount is not None
    assert mount.kind == kind


@pytest.mark.parametrize(
    ("path", "variables", "level", "said"),
    [
        ("/srv/marquee.db", {}, Level.WARNING, "container's own layer"),
        ("/run/marquee.db", {}, Level.WARNING, "is memory"),
        ("/mnt/net/marquee.db", {}, Level.WARNING, "over a network"),
        ("/tmp/marquee.db", {}, Level.WARNING, "may be emptied"),
        ("/var/lib/my bot/marquee.db", {}, Level.OK, "outlives a restart"),
    ],
)
def test_a_disk_is_judged_by_whether_it_lasts(
    path: str, variables: dict[str, str], level: Level, said: str
) -> None:
    found = disk.judge(Path(path), MOUNTS, variables)
    assert found.level is level
    assert said in found.what


def test_a_platform_that_throws_its_disk_away_is_warned_about() -> None:
    table = "/dev/vda1 / ext4 rw 0 0\n/dev/vdb1 /data ext4 rw 0 0\n"
    dyno = {"DYNO": "web.1"}
    assert "Heroku" in disk.judge(Path("/app/marquee.db"), table, dyno).what
    assert disk.judge(Path("/data/marquee.db"), table, dyno).level is Level.OK
    assert disk.judge(Path("/app/marquee.db"), table, {}).level is Level.OK


def contents(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


async def first_line(path: Path) -> Line:
    return (await disk.examine(path, {}))[0]


async def test_a_database_that_is_not_there_yet_is_well_and_is_not_made(tmp_path: Path) -> None:
    found = await first_line(tmp_path / "marquee.db")
    assert found.level is Level.OK
    assert "is made at the first start" in found.what
    assert contents(tmp_path) == {}


async def test_a_folder_that_is_not_there_is_a_failure_and_is_not_made(tmp_path: Path) -> None:
    found = await first_line(tmp_path / "nowhere" / "marquee.db")
    assert found.level is Level.FAILURE
    assert "there is no such folder" in found.what
    assert contents(tmp_path) == {}


async def test_a_database_that_nobody_has_open_is_looked_at_and_left_as_it_is(
    tmp_path: Path,
) -> None:
    path = tmp_path / "marquee.db"
    async with Store(path):
        pass
    before = contents(tmp_path)
    assert (await first_line(path)).level is Level.OK
    assert contents(tmp_path) == before


async def test_a_database_of_an_older_bot_is_not_brought_up_to_date(tmp_path: Path) -> None:
    path = tmp_path / "marquee.db"
    with closing(sqlite3.connect(path)) as old:
        old.execute("create table proposals (id integer primary key)")
    before = contents(tmp_path)
    assert (await first_line(path)).level is Level.OK
    assert contents(tmp_path) == before


async def test_the_lock_is_not_kept(tmp_path: Path) -> None:
    path = tmp_path / "marquee.db"
    async with Store(path):
        assert "in use by a bot" in (await first_line(path)).what
    await first_line(path)
    async with Store(path):
        pass


async def test_a_file_that_is_no_database_is_a_failure(tmp_path: Path) -> None:
    path = tmp_path / "marquee.db"
    path.write_text("Dear diary, " * 100)
    found = await first_line(path)
    assert found.level is Level.FAILURE
    assert "cannot be opened: file is not a database" in found.what
    assert list(contents(tmp_path)) == ["marquee.db"]
