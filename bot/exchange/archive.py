"""A zip from a stranger: looked at in full before anything of it is unpacked."""

from __future__ import annotations

import io
import stat
import unicodedata
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from bot.errors import Invalid
from bot.exchange import limits

_CENTRAL = b"PK\x01\x02"
_ENCRYPTED = 0x1
_PATH_CHARACTERS = 400
_ARCHIVES = frozenset(
    {".zip", ".xlsx", ".xlsm", ".jar", ".gz", ".tgz", ".bz2", ".xz", ".7z", ".rar", ".tar"}
)
_AGAIN = "Make the zip again from the folder alone."


@dataclass(frozen=True, slots=True)
class Archive:
    """The files of a zip by their paths, folders and a "./" at the front left out.

    None unpacks to more than the zip says of it, and that is within the limits.
    """

    _zip: zipfile.ZipFile
    _entries: Mapping[str, zipfile.ZipInfo]

    @property
    def names(self) -> tuple[str, ...]:
        """The paths of the files."""
        return tuple(self._entries)

    def read(self, name: str) -> bytes:
        """Return a file's bytes. Raises Invalid when they are damaged."""
        try:
            return self._zip.read(self._entries[name])
        except (
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            OSError,
            ValueError,
            RuntimeError,
        ) as wrong:
            raise _damaged(f"“{name}” in the zip cannot be unpacked") from wrong


def opened(data: bytes) -> Archive:
    """Return the zip in `data`. Raises Invalid for one that is damaged or up to something."""
    # Each entry costs memory as soon as the list is read, so the list is counted before.
    if data.count(_CENTRAL) > limits.ENTRIES * 2:
        raise _too_many()
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError, UnicodeError) as wrong:
        raise _damaged("The zip has no list of what is in it") from wrong
    entries = archive.infolist()
    if not entries:
        raise Invalid("The zip is empty.", remedy=_AGAIN)
    if len(entries) > limits.ENTRIES:
        raise _too_many()
    for entry in entries:
        _check_path(entry)
        _check_entry(entry)
    _check_sizes(entries)
    _check_collisions(entries)
    return Archive(archive, {_path(e): e for e in entries if not e.is_dir()})


def _path(entry: zipfile.ZipInfo) -> str:
    """Return the path as it is told apart: some programs write "./" before each."""
    return str(PurePosixPath(entry.filename))


def _check_path(entry: zipfile.ZipInfo) -> None:
    path = entry.orig_filename
    parts = path.rstrip("/").split("/")
    tricks = {
        "leads out of its folder": ".." in parts,
        "begins at the root of a disk": path.startswith("/") or path[1:2] == ":",
        "has a backslash in it": "\\" in path,
        "has a control character in it": any(unicodedata.category(c) == "Cc" for c in path),
        "is longer than any real one": len(path) > _PATH_CHARACTERS,
        "has a part without a name": "" in parts or "." in parts[1:],
    }
    for trick, found in tricks.items():
        if found:
            shown = "".join(c if c.isprintable() else "?" for c in path[:80])
            raise Invalid(f"The path “{shown}” in the zip {trick}.", remedy=_AGAIN)


def _check_entry(entry: zipfile.ZipInfo) -> None:
    name = entry.filename
    if entry.flag_bits & _ENCRYPTED:
        raise Invalid(
            f"“{name}” in the zip is encrypted.", remedy="Make the zip without a password."
        )
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise Invalid(
            f"“{name}” in the zip is a link and no file.", remedy="Put the file itself into it."
        )
    if entry.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise Invalid(f"“{name}” in the zip is packed in a rare way.", remedy=_AGAIN)
    if PurePosixPath(name).suffix.lower() in _ARCHIVES:
        raise Invalid(
            f"“{name}” in the zip is packed itself.",
            remedy="Give what is in it, and no archive within an archive.",
        )


def _check_sizes(entries: list[zipfile.ZipInfo]) -> None:
    if sum(entry.file_size for entry in entries) > limits.UNPACKED_BYTES:
        raise _too_large()
    for entry in entries:
        swollen = entry.file_size > limits.RATIO * max(entry.compress_size, 1)
        if swollen and entry.file_size > limits.RATIO_FROM_BYTES:
            raise Invalid(
                f"“{entry.filename}” in the zip unpacks to more than {limits.RATIO} times its "
                "size, as only zip bombs do.",
                remedy=_AGAIN,
            )


def _check_collisions(entries: list[zipfile.ZipInfo]) -> None:
    seen: dict[str, str] = {}
    for entry in entries:
        key = unicodedata.normalize("NFC", _path(entry)).casefold()
        if other := seen.get(key):
            raise Invalid(
                f"“{entry.filename}” and “{other}” in the zip are one file on many disks.",
                remedy="Keep one of them.",
            )
        seen[key] = entry.filename


def _too_large() -> Invalid:
    return Invalid(
        f"The zip unpacks to more than {limits.UNPACKED_BYTES // limits.MEGABYTE} MB.",
        remedy="Leave out everything but the texts.",
    )


def _too_many() -> Invalid:
    return Invalid(
        f"The zip holds more than {limits.ENTRIES:,} files.",
        remedy="Leave out everything but the texts.",
    )


def _damaged(what: str) -> Invalid:
    return Invalid(f"{what}: it is damaged or was cut off.", remedy="Fetch or make it once more.")
