"""Whether an address can be opened by a customer, as far as its letters tell."""

from __future__ import annotations

from contextlib import suppress
from urllib.parse import SplitResult, urlsplit

_SCHEMES = ("https", "http")


def problems(text: str) -> list[tuple[str, str]]:
    """Return what is wrong with an address, each as a message and a remedy."""
    if any(character.isspace() for character in text):
        return [("An address has no blanks or line breaks in it.", "Write %20 for a blank.")]
    if unprintable := [c for c in text if not c.isprintable()]:
        shown = f"U+{ord(unprintable[0]):04X}"
        return [(f"There is an invisible character in the address: {shown}.", "Type it again.")]
    parts = _split(text)
    if parts is None:
        return [("This is not an address.", "Write one such as https://example.com/help.")]
    return _of_parts(parts)


def _split(text: str) -> SplitResult | None:
    with suppress(ValueError):
        parts = urlsplit(text)
        # A port is parsed, and found wrong, when it is read.
        if parts.port != 0:
            return parts
    return None


def _of_parts(parts: SplitResult) -> list[tuple[str, str]]:
    if parts.scheme not in _SCHEMES:
        return [("An address begins with https:// or http://.", "Write it out in full.")]
    host = parts.hostname or ""
    if "." not in host.strip(".") or ".." in host:
        return [("The address names no site, such as example.com.", "Write it out in full.")]
    if parts.username is not None:
        return [("The address holds a user name.", "Take out all before the @.")]
    if any(character in parts.geturl() for character in '<>"{}|\\^`'):
        return [("The address has characters that must be encoded.", "Copy it from a browser.")]
    return []
