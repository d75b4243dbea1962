"""fastlane's folder: `<locale>/<field>.txt`, on a disk or in a zip."""

from __future__ import annotations

import io
import re
import zipfile
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from bot.domain.changes import Place
from bot.domain.fields import BY_ATTRIBUTE, FIELDS
from bot.errors import Invalid, Unavailable, file_not_written
from bot.exchange import limits
from bot.exchange.archive import Archive
from bot.exchange.encoding import decoded
from bot.exchange.headers import field_of, fields_near, locale_of, locales_meant, meant
from bot.exchange.imported import Cleaning, Format, Gathering, Imported, Why, listed
from bot.exchange.tree import Files, Reader, deeper, is_below, is_junk, opening, two_levels
from bot.exchange.words import CLEAR, give, marked, named

# Where the folder usually is, seen from the one that people name or zip.
_USUAL = tuple(map(PurePosixPath, (".", "metadata", "fastlane/metadata")))
_BY_FILE = {field.file: field.attribute for field in FIELDS}
# Of a file's name, as much as is looked at for what it may have meant.
_NAME = 60
_FOLDER = re.compile("[A-Za-z0-9_-]+")
_STAMP = (1980, 1, 1, 0, 0, 0)

# deliver's other files, which say nothing in a locale's listing, by file or by folder.
OTHERS = frozenset(
    {
        "copyright.txt",
        "primary_category.txt",
        "primary_first_sub_category.txt",
        "primary_second_sub_category.txt",
        "secondary_category.txt",
        "secondary_first_sub_category.txt",
        "secondary_second_sub_category.txt",
        "apple_tv_privacy_policy.txt",
        "review_information",
        "trade_representative_contact_information",
        "app_clip_subtitle.txt",
    }
)
# What stands in a folder of texts and surely is none.
_NO_TEXT = re.compile(
    r"\.(gif|heic|ico|jpe?g|m4v|mov|mp4|pdf|png|psd|sketch|svg|tiff?|webp|zip)", re.IGNORECASE
)
# The names of the folders that hold a file of a text, by the folder they are in.
Places = Mapping[PurePosixPath, Collection[str]]


def read_zip(archive: Archive, also: Collection[str], *, empty_clears: bool) -> Imported:
    """Return the texts of a zipped folder. Raises Invalid."""
    paths = [PurePosixPath(name) for name in archive.names]
    kept = [path for path in paths if not is_junk(path)]
    gathering = Gathering()
    root, others = _root(_places(kept), gathering, also, "the zip")
    kept = [path for path in kept if not is_below(path, others)]
    outside = [path for path in kept if not path.is_relative_to(root)]
    if outside:
        gathering.leave(
            listed(map(str, outside)),
            Why.FILE,
            f"They are not in the folder “{root}” of the texts.",
        )
    files = {
        path.relative_to(root): _unpacking(archive, path)
        for path in kept
        if path.is_relative_to(root)
    }
    _Reading(gathering, also, empty_clears=empty_clears).read(files)
    return gathering.done(Format.ZIP)


def read_folder(folder: Path, also: Collection[str], *, empty_clears: bool) -> Imported:
    """Return the texts of a folder, or of `fastlane/metadata` in it. Raises a BotError."""
    gathering = Gathering()
    try:
        found = {below: two_levels(folder.joinpath(below)) for below in _USUAL}
        places = {below: _places(paths).get(_USUAL[0], ()) for below, paths in found.items()}
        held = {below: names for below, names in places.items() if names}
        root, others = _root(held, gathering, also, str(folder))
        elsewhere = [place.relative_to(root) for place in others if place.is_relative_to(root)]
        inside = folder.joinpath(root)
        paths = [*found[root], *deeper(inside, found[root], elsewhere, gathering)]
        files = _files(inside, paths, gathering, also)
        _Reading(gathering, also, empty_clears=empty_clears).read(files)
        return gathering.done(Format.FOLDER)
    except OSError as wrong:
        raise Unavailable(
            f"{wrong.filename or folder} cannot be read: {wrong.strerror}.",
            remedy="Look at its name and its permissions.",
        ) from wrong


def write_zip(texts: Mapping[Place, str]) -> bytes:
    """Return the texts as a zipped folder; the same texts are the same bytes."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for path, content in _written(texts):
            entry = zipfile.ZipInfo(f"metadata/{path}", _STAMP)
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content, compress_type=zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def write_folder(folder: Path, texts: Mapping[Place, str]) -> None:
    """Write the texts below `folder`; a file that is there is replaced, no other is touched."""
    try:
        for path, content in _written(texts):
            file = folder.joinpath(path)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
    except OSError as wrong:
        raise file_not_written(wrong.filename or folder, wrong) from wrong


def _written(texts: Mapping[Place, str]) -> Iterator[tuple[str, bytes]]:
    for (locale, attribute), text in texts.items():
        if not _FOLDER.fullmatch(locale):
            raise Invalid(
                f"“{locale}” cannot be the name of a folder.", remedy="Leave that locale out."
            )
        # A mark that belongs to the text would be taken for the file's, so it gets one before it.
        mark = "\ufeff" if text.startswith("\ufeff") else ""
        content = f"{mark}{marked(text)}\n".encode()
        yield f"{locale}/{BY_ATTRIBUTE[attribute].file}", content


def _unpacking(archive: Archive, path: PurePosixPath) -> Reader:
    return lambda: archive.read(str(path))


def _places(paths: Iterable[PurePosixPath]) -> Places:
    places: dict[PurePosixPath, set[str]] = defaultdict(set)
    for path in paths:
        if len(path.parts) > 1 and path.name in _BY_FILE:
            places[path.parent.parent].add(path.parent.name)
    return places


def _root(
    places: Places, gathering: Gathering, also: Collection[str], where: str
) -> tuple[PurePosixPath, list[PurePosixPath]]:
    """Return the folder that the locales' folders are in, and others that are not read.

    That is the first of the usual places with a locale, else the only one anywhere; where none
    has a locale, the same of all, so that its strange names are told.
    """
    known = [root for root, names in places.items() if any(locale_of(name, also) for name in names)]
    among = known or list(places)
    if not among:
        raise _no_texts(where)
    root = next((usual for usual in _USUAL if usual in among), among[0])
    if root not in _USUAL and len(among) > 1:
        raise Invalid(
            f"The folders {listed((f'“{place}”' for place in sorted(among)), 5)} all hold texts of "
            "locales.",
            remedy="Zip the one that is meant.",
        )
    others = [place for place in known if place != root and not root.is_relative_to(place)]
    read = "the folder itself" if root == _USUAL[0] else f"“{root}”"
    for place in others:
        reason = f"The texts of {read} are read, so those of this folder are not."
        gathering.leave(f"{place}/", Why.FILE, reason, "Give that one alone, if it is meant.")
    return root, others


def _no_texts(where: str) -> Invalid:
    return Invalid(
        f"There is no text of a locale in {where}.",
        remedy="A folder of fastlane holds files such as de-DE/name.txt and "
        "de-DE/release_notes.txt.",
    )


def _files(
    folder: Path, paths: Collection[PurePosixPath], gathering: Gathering, also: Collection[str]
) -> Files:
    """Return the files at the paths from `folder`; links that lead out of it are left out."""
    if len(paths) > limits.ENTRIES:
        raise Invalid(
            f"{folder} holds more than {limits.ENTRIES:,} files.",
            remedy="Name the folder of the texts.",
        )
    inside = folder.resolve()
    found: dict[PurePosixPath, Reader] = {}
    for relative in paths:
        path = folder.joinpath(relative)
        if not path.resolve().is_relative_to(inside):
            reason = "It is a link that leads out of the folder."
            locale = locale_of(relative.parts[0], also)
            place = (locale, _BY_FILE.get(relative.name, "")) if locale else None
            gathering.leave(str(relative), Why.LINK, reason, place=place)
        elif path.is_file() and not is_junk(relative):
            found[relative] = opening(path)
    return found


@dataclass(slots=True)
class _Reading:
    """One pass over the files of a folder, by their paths from it."""

    gathering: Gathering
    also: Collection[str]
    empty_clears: bool
    bytes_read: int = 0

    def read(self, files: Files) -> None:
        strangers: dict[str, list[PurePosixPath]] = defaultdict(list)
        for path, reader in files.items():
            folder = path.parts[0] if len(path.parts) > 1 else ""
            if OTHERS.intersection(path.parts):
                self._leave_other(path)
            elif len(path.parts) != 2:
                self._leave_file(path)
            elif (locale := locale_of(folder, self.also)) is None:
                strangers[folder].append(path)
            elif (attribute := _BY_FILE.get(path.name)) is None:
                self._leave_file(path)
            else:
                self._take((locale, attribute), path, reader)
        for folder, paths in strangers.items():
            self._leave_folder(folder, paths)

    def _take(self, place: Place, path: PurePosixPath, reader: Reader) -> None:
        where = str(path)
        content = reader()
        self.bytes_read += len(content)
        if self.bytes_read > limits.UNPACKED_BYTES:
            raise Invalid(
                f"The files are more than {limits.UNPACKED_BYTES // limits.MEGABYTE} MB.",
                remedy="Is this the right folder?",
            )
        if len(content) > limits.MEGABYTE:
            reason = "The file is larger than 1 MB, and no field holds more than 4,000 characters."
            self.gathering.leave(where, Why.LONG, reason, place=place)
            return
        try:
            text, had_mark = decoded(content)
        except Invalid as wrong:
            self.gathering.leave(where, Why.ENCODING, wrong.message, wrong.remedy, place=place)
            return
        if had_mark:
            self.gathering.clean(Cleaning.BOM, where)
        if give(self.gathering, place, text, where):
            return
        if self.empty_clears:
            self.gathering.take(place, "", where)
        else:
            reason = f"The file is empty, so nothing is said about {named(place)}."
            remedy = f"Write {CLEAR} into it to empty the field."
            self.gathering.leave(where, Why.EMPTY, reason, remedy, place=place)

    def _leave_other(self, path: PurePosixPath) -> None:
        reason = "fastlane knows it, but it is no text of a listing, so it is not read."
        self.gathering.leave(str(path), Why.OTHER, reason)

    def _leave_file(self, path: PurePosixPath) -> None:
        said = field_of(path.stem)
        near = (said,) if said else fields_near(path.stem[:_NAME])
        remedy = meant([BY_ATTRIBUTE[each].file for each in near]) if len(path.parts) == 2 else ""
        reason = "It is no file of a listing's texts."
        place = self._meant_for(path, near)
        self.gathering.leave(str(path), Why.FILE, reason, remedy, place=place)

    def _meant_for(self, path: PurePosixPath, near: Sequence[str]) -> Place | None:
        """Return what a file that is not taken may be: one field, or anything of its locale."""
        if len(path.parts) < 2 or _NO_TEXT.fullmatch(path.suffix) or path.name.startswith("."):
            return None
        locale = locale_of(path.parts[0], self.also)
        return (locale, near[0] if len(near) == 1 else "") if locale else None

    def _leave_folder(self, folder: str, paths: Sequence[PurePosixPath]) -> None:
        files = listed(path.name for path in paths)
        reason = f"“{folder}” names no single locale of the App Store, so {files} is not read."
        self.gathering.leave(f"{folder}/", Why.LOCALE, reason, locales_meant(folder))
