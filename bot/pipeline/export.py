"""`marquee export`: an app's texts as a running bot reads them, as a file or a folder."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO

from bot import exchange
from bot.domain.changes import Place
from bot.errors import file_not_written
from bot.exchange import Format
from bot.pipeline.terminal import counted

# By the word of --format; fastlane's is a folder, or a zip where the path ends so.
FORMATS = ("fastlane", "csv", "tsv", "xlsx", "json")
# What a terminal or a pipe cannot take.
NEEDS_A_PATH = frozenset({"fastlane", "xlsx"})


def write(texts: Mapping[Place, str], form: str, path: Path | None, stdout: BinaryIO) -> str:
    """Write the texts and return what was done, in a line. Raises a BotError."""
    locales = len({locale for locale, _ in texts})
    if form == "fastlane" and path is not None and path.suffix.lower() != ".zip":
        exchange.write_folder(path, texts)
    else:
        data = exchange.write(texts, Format.ZIP if form == "fastlane" else Format(form))
        if path is None:
            stdout.write(data)
            stdout.flush()
        else:
            _write_file(path, data)
    told = f"{counted(len(texts), 'text')} in {counted(locales, 'locale')}"
    return f"Written to {path or 'the output'}: {told}."


def _write_file(path: Path, data: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    except OSError as wrong:
        raise file_not_written(path, wrong) from wrong
