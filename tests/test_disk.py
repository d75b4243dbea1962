"""Whether the disk under the database lasts, told from mounts and the platform."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.doctor import disk
from bot.doctor.lines import Level

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
