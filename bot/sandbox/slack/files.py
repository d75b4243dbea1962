"""Files that the app uploads: promised with a length, sent as bytes, completed, and then shown.

Knows nothing of HTTP. Bounded: the oldest file goes first.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]

MOST_FILES = 200
MOST_BYTES = 10_000_000
ALT_TEXT = 1_000
# How a picture begins; what begins otherwise is a file that nobody draws.
_PICTURES = (
    (b"\x89PNG\r\n\x1a\n", "image/png", "png"),
    (b"\xff\xd8\xff", "image/jpeg", "jpg"),
    (b"GIF8", "image/gif", "gif"),
)
# `snippet_type` is any of Slack's long list; these are the ones the emulation knows.
SNIPPETS = frozenset({"text", "diff", "csv", "json", "markdown", "xml", "yaml", "python"})


@dataclass(slots=True, kw_only=True)
class StoredFile:
    """One upload. `content` is None until the bytes came, `completed` (seconds) until it is done.

    `places` are the conversations it was shared in.
    """

    id: str
    ticket: str
    name: str
    length: int
    alt_text: str
    snippet: str
    title: str = ""
    content: bytes | None = None
    completed: float | None = None
    places: tuple[str, ...] = ()

    @property
    def kind(self) -> tuple[str, str]:
        """Its media type and Slack's word for its type, by its first bytes."""
        for start, mimetype, filetype in _PICTURES:
            if (self.content or b"").startswith(start):
                return mimetype, filetype
        return ("text/plain", self.snippet) if self.snippet else ("application/octet-stream", "")

    @property
    def is_picture(self) -> bool:
        """Whether a client draws it."""
        return self.kind[0].startswith("image/")


class Files:
    """The uploads. `processing_seconds` is how long a completed picture is unfit for blocks.

    Slack answers `invalid_blocks` with "invalid slack file" in that time, by several reports.
    """

    def __init__(self, now: Callable[[], float], new_id: Callable[[str], str]) -> None:
        self._now = now
        self._new_id = new_id
        self._files: dict[str, StoredFile] = {}
        self.processing_seconds = 0.0

    def promise(self, name: str, length: int, *, alt_text: str, snippet: str) -> StoredFile:
        """Keep a place for bytes to come."""
        made = StoredFile(
            id=self._new_id("F"),
            ticket=secrets.token_urlsafe(24),
            name=name,
            length=length,
            alt_text=alt_text,
            snippet=snippet,
        )
        self._files[made.id] = made
        if len(self._files) > MOST_FILES:
            del self._files[next(iter(self._files))]
        return made

    def awaited(self, ticket: str) -> StoredFile | None:
        """Return the file whose bytes belong to an upload address, None once they came."""
        return next((f for f in self._files.values() if self._waits(f, ticket)), None)

    def find(self, file_id: str) -> StoredFile | None:
        """Return a file whatever its state."""
        return self._files.get(file_id)

    def ready(self, file_id: str) -> bool:
        """Whether a file can be shown in a block by now."""
        found = self._files.get(file_id)
        if found is None or found.completed is None or not found.is_picture:
            return False
        return self._now() >= found.completed + self.processing_seconds

    def complete(self, found: StoredFile, title: str, places: tuple[str, ...]) -> None:
        """Make a file a file, under a title and in the conversations it is shared in."""
        found.title, found.places, found.completed = title or found.name, places, self._now()

    @staticmethod
    def _waits(found: StoredFile, ticket: str) -> bool:
        return found.content is None and secrets.compare_digest(
            found.ticket.encode(), ticket.encode()
        )

    def unfit(self, blocks: object, at: str = "/blocks") -> list[str]:
        """Return a complaint in Slack's words for each picture that cannot be shown in blocks."""
        return [
            f"invalid slack file [json-pointer:{pointer}]"
            for pointer, file in _pictures_in(blocks, at)
            if not self.ready(str(file.get("id", "")).strip() or _id_in(str(file.get("url", ""))))
        ]


def _id_in(url: str) -> str:
    """Return the file's id in its address, which ends in <team>-<file>/<name>."""
    parts = url.split("/")
    return parts[-2].partition("-")[2] if len(parts) > 1 else ""


def _pictures_in(value: object, at: str) -> Iterator[tuple[str, Json]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            if name == "slack_file" and isinstance(inner, dict):
                yield f"{at}/{name}", inner
            else:
                yield from _pictures_in(inner, f"{at}/{name}")
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _pictures_in(inner, f"{at}/{index}")
