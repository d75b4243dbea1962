"""A small listing in fastlane's folder, whole in two locales, to be broken by tests."""

from __future__ import annotations

from pathlib import Path

ENGLISH = {
    "name.txt": "Example Notes",
    "subtitle.txt": "Write it down",
    "keywords.txt": "memo,todo,journal",
    "description.txt": "All that you want to keep.",
    "release_notes.txt": "Faster search.",
    "support_url.txt": "https://example.com/help",
    "privacy_url.txt": "https://example.com/privacy",
}
GERMAN = {
    **ENGLISH,
    "name.txt": "Beispielnotizen",
    "subtitle.txt": "Schreib es auf",
    "keywords.txt": "memo,aufgaben,tagebuch",
    "description.txt": "Alles, was du behalten willst.",
    "release_notes.txt": "Schnellere Suche.",
}


def write(folder: Path, locale: str, **files: str) -> None:
    """Write files of a locale, "release_notes" for release_notes.txt."""
    for name, text in files.items():
        path = folder / locale / f"{name}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def listing(folder: Path) -> Path:
    """Make the whole one and return its folder."""
    for locale, files in (("en-US", ENGLISH), ("de-DE", GERMAN)):
        write(folder, locale, **{name.removesuffix(".txt"): text for name, text in files.items()})
    return folder
