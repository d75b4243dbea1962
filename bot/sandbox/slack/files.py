"""Files: what the app uploads (promised, sent as bytes, completed) and what people bring.

Knows nothing of HTTP. Bounded in number and bytes: the oldest file goes first.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from bot.sandbox.slack.file_kinds import Kind, kind_of, text_in

Json = dict[str, Any]

MOST_FILES = 200
MOST_KEPT_BYTES = 200_000_000
MOST_BYTES = 10_000_000
ALT_TEXT = 1_000


@dataclass(slots=True, kw_only=True)
class StoredFile:
    """One file. `content` is None until the bytes came, `completed` (seconds) until it is done.

    `owner` is the person who brought it, "" for the app; `places` are the conversations it was
    shared in. One that is `in_form` was chosen in a form of the app.
    """

    id: str
    ticket: str
    name: str
    length: int
    alt_text: str
    snippet: str
    owner: str = ""
    in_form: bool = False
    deleted: bool = False
    title: str = ""
    content: bytes | None = None
    completed: float | None = None
    places: tuple[str, ...] = ()

    @property
    def kind(self) -> Kind:
        """Its media type and Slack's word for its type."""
        return kind_of(self.name, self.content or b"", self.snippet)

    @property
    def text(self) -> str | None:
        """What it says, where Slack shows it as a text."""
        return text_in(self.kind, self.content or b"")

    @property
    def is_picture(self) -> bool:
        """Whether a client draws it."""
        return self.kind.mimetype.startswith("image/")


class Files:
    """The uploads. `processing_seconds` is how long a completed picture is unfit for blocks.

    Slack answers `invalid_blocks` with "invalid slack file" in that time, by several reports.
    With `withheld` every message tells of people's files no more than their ids, as Slack does
    where a conversation is shared with another workspace.
    """

    def __init__(self, now: Callable[[], float], new_id: Callable[[str], str]) -> None:
        self._now = now
        self._new_id = new_id
        self._files: dict[str, StoredFile] = {}
        self.processing_seconds = 0.0
        self.withheld = False

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
        return self._kept(made)

    def bring(
        self,
        owner: str,
        name: str,
        content: bytes,
        *,
        in_form: bool = False,
        places: tuple[str, ...] = (),
    ) -> StoredFile:
        """Keep a person's file, complete at once."""
        made = StoredFile(
            id=self._new_id("F"),
            ticket="",
            name=name,
            length=len(content),
            alt_text="",
            snippet="",
            owner=owner,
            in_form=in_form,
            content=content,
        )
        self.complete(made, name, places)
        return self._kept(made)

    def delete(self, file_id: str) -> None:
        """Delete a file, which leaves nothing but its id; KeyError for one that never was."""
        found = self._files[file_id]
        found.deleted, found.content = True, b""

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

    def _kept(self, made: StoredFile) -> StoredFile:
        self._files[made.id] = made
        while len(self._files) > MOST_FILES or self._bytes() > MOST_KEPT_BYTES:
            del self._files[next(iter(self._files))]
        return made

    def _bytes(self) -> int:
        return sum(len(found.content or b"") for found in self._files.values())

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
