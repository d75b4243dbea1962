"""What a file is to Slack: its media type, Slack's word for its type, and what is seen of a text.

A picture is known by its first bytes, everything else by the end of its name.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

# A text beyond this is kept as a file like any other, without a preview.
MOST_SNIPPET = 1_000_000
PREVIEW_LINES, PREVIEW_CHARACTERS = 6, 1_200


class Kind(NamedTuple):
    """A media type, Slack's `filetype`, and what people read."""

    mimetype: str
    filetype: str
    pretty: str


class Preview(NamedTuple):
    """The beginning of a text, how many lines it has, and how many the beginning leaves out."""

    text: str
    lines: int
    more: int


_PICTURES = (
    (b"\x89PNG\r\n\x1a\n", Kind("image/png", "png", "PNG")),
    (b"\xff\xd8\xff", Kind("image/jpeg", "jpg", "JPEG")),
    (b"GIF8", Kind("image/gif", "gif", "GIF")),
)
_SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# `snippet_type` is any of Slack's long list; these are the ones the emulation knows.
SNIPPETS: Mapping[str, Kind] = MappingProxyType(
    {
        "text": Kind("text/plain", "text", "Plain Text"),
        "diff": Kind("text/plain", "diff", "Diff"),
        "csv": Kind("text/csv", "csv", "CSV"),
        "json": Kind("text/plain", "json", "JSON"),
        "markdown": Kind("text/plain", "markdown", "Markdown"),
        "xml": Kind("text/xml", "xml", "XML"),
        "yaml": Kind("text/plain", "yaml", "YAML"),
        "python": Kind("text/plain", "python", "Python"),
    }
)
_BINARY = Kind("application/octet-stream", "binary", "Binary")
_BY_ENDING: Mapping[str, Kind] = MappingProxyType(
    {
        "txt": SNIPPETS["text"],
        "diff": SNIPPETS["diff"],
        "patch": SNIPPETS["diff"],
        "csv": SNIPPETS["csv"],
        "tsv": Kind("text/tab-separated-values", "tsv", "TSV"),
        "json": SNIPPETS["json"],
        "md": SNIPPETS["markdown"],
        "xml": SNIPPETS["xml"],
        "yaml": SNIPPETS["yaml"],
        "yml": SNIPPETS["yaml"],
        "py": SNIPPETS["python"],
        "xlsx": Kind(_SPREADSHEET, "xlsx", "Excel Spreadsheet"),
        "zip": Kind("application/zip", "zip", "Zip"),
        "pdf": Kind("application/pdf", "pdf", "PDF"),
    }
)
_TEXTS = frozenset({*SNIPPETS, "tsv"})


def ending(name: str) -> str:
    """Return the extension of a file's name in small letters and without its dot, or ""."""
    _, dot, last = name.rpartition(".")
    return last.lower() if dot else ""


def kind_of(name: str, content: bytes, snippet: str = "") -> Kind:
    """Return what a file is; `snippet` is the type its uploader gave it."""
    for start, kind in _PICTURES:
        if content.startswith(start):
            return kind
    if snippet in SNIPPETS:
        return SNIPPETS[snippet]
    return _BY_ENDING.get(ending(name), _BINARY)


def text_in(kind: Kind, content: bytes) -> str | None:
    """Return the text of a file that Slack shows as one, None for any other file."""
    if kind.filetype not in _TEXTS or len(content) > MOST_SNIPPET:
        return None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None


def preview_of(text: str) -> Preview:
    """Return what stands in a message of a text."""
    lines = text.splitlines()
    begun = "\n".join(lines[:PREVIEW_LINES])[:PREVIEW_CHARACTERS]
    shown = max(1, len(begun.splitlines())) if lines else 0
    return Preview(begun, len(lines), len(lines) - shown)
