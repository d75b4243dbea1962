"""The doctor on the database: can it be opened, written and locked, and does its disk last."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import gettempdir

from bot.doctor.lines import Line, failed, ok, warning
from bot.errors import BotError
from bot.storage.glance import glance
from bot.storage.owner import DatabaseBusy

MOUNTS = Path("/proc/self/mounts")
_ELSEWHERE = "Put DATABASE_URL on a disk that is kept: a volume or a folder of the host."

# What each kind of file system means for a database that has to outlive a restart.
_REMOTE = "is reached over a network, where SQLite's locks are not to be trusted"
_DOUBTFUL: Mapping[str, str] = {
    "tmpfs": "is memory, and is empty after a restart",
    "ramfs": "is memory, and is empty after a restart",
    "overlay": "is a container's own layer, and goes with the container",
    "aufs": "is a container's own layer, and goes with the container",
    **dict.fromkeys(("nfs", "nfs4", "cifs", "smb3", "fuse.sshfs", "9p"), _REMOTE),
}

# Platforms whose own disk is thrown away at each restart, by the variable they set.
_PLATFORMS: Mapping[str, str] = {
    "DYNO": "Heroku",
    "K_SERVICE": "Cloud Run",
    "AWS_EXECUTION_ENV": "AWS",
    "WEBSITE_INSTANCE_ID": "Azure App Service",
    "VCAP_APPLICATION": "Cloud Foundry",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Mount:
    """A file system: where it begins and of what kind it is."""

    point: Path
    kind: str


async def examine(path: Path, environ: Mapping[str, str]) -> list[Line]:
    """Return the lines on the database file at `path`."""
    return [await _file(path), _here(path, environ)]


def mount_of(path: Path, table: str) -> Mount | None:
    """Return the file system that holds `path`; `table` is written as in /proc/mounts."""
    found: Mount | None = None
    for line in table.splitlines():
        fields = line.split(" ")
        if len(fields) < 3:
            continue
        mount = Mount(point=Path(_unescaped(fields[1])), kind=fields[2])
        if path.is_relative_to(mount.point) and (
            found is None or len(mount.point.parts) >= len(found.point.parts)
        ):
            found = mount
    return found


async def _file(path: Path) -> Line:
    try:
        found = await glance(path)
    except DatabaseBusy:
        return ok(f"The database {path} is in use by a bot that is running.")
    except BotError as error:
        return failed("Database", error)
    if not found:
        return ok(f"The database {path} is made at the first start: its folder can be written.")
    return ok(f"The database {path} can be opened, written and locked.")


def judge(path: Path, table: str, environ: Mapping[str, str]) -> Line:
    """Return whether the disk at `path` lasts, as far as mounts and platform tell."""
    mount = mount_of(path, table)
    platform = next((name for key, name in _PLATFORMS.items() if environ.get(key)), None)
    if path.is_relative_to(Path(gettempdir()).resolve()):
        return warning(f"{gettempdir()} may be emptied by a restart.", _ELSEWHERE)
    if mount and mount.kind in _DOUBTFUL:
        return warning(f"{mount.point} {_DOUBTFUL[mount.kind]}.", _ELSEWHERE)
    if platform and (mount is None or mount.point == Path("/")):
        return warning(f"{platform} throws its own disk away at each restart.", _ELSEWHERE)
    if mount is None:
        return warning(
            "It cannot be told here whether the disk outlives a restart.",
            "Make sure that the folder is kept.",
        )
    return ok(f"The disk at {mount.point} ({mount.kind}) outlives a restart.")


def _here(path: Path, environ: Mapping[str, str]) -> Line:
    table = MOUNTS.read_text(errors="replace") if MOUNTS.exists() else ""
    return judge(path.resolve(), table, environ)


def _unescaped(point: str) -> str:
    return point.replace("\\040", " ").replace("\\011", "\t").replace("\\134", "\\")
