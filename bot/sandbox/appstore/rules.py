"""What Apple accepts as a text: one row for each attribute, one check for each rule.

It knows limits in UTF-16 units, forbidden characters and addresses, in the words
of Apple's answers. It keeps its own copy of the limits on purpose.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from bot.sandbox.appstore.refusals import Problem
from bot.sandbox.appstore.schema import INFO_TEXTS, VERSION_TEXTS


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One attribute: `label` in Apple's words, `limit` and `minimum` in UTF-16 units."""

    label: str
    limit: int | None = None
    minimum: int = 0
    required: bool = False
    url: bool = False
    lines: bool = False
    refused: Callable[[str], str] | None = None


def _emoji(text: str) -> str:
    return "".join(_EMOJI.findall(text))


def _symbols(text: str) -> str:
    return "".join(
        char
        for char in text
        if unicodedata.category(char) == "So"
        and (0x2300 <= ord(char) < 0x2C00 or ord(char) > 0xFFFF)
    )


# Characters that are drawn as emoji by themselves (Unicode's Emoji_Presentation).
_EMOJI = re.compile(
    "[\U0001f000-\U0001faff\u231a\u231b\u23e9-\u23ec\u23f0\u23f3\u25fd\u25fe\u2614\u2615"
    "\u2648-\u2653\u267f\u2693\u26a1\u26aa\u26ab\u26bd\u26be\u26c4\u26c5\u26ce\u26d4\u26ea"
    "\u26f2\u26f3\u26f5\u26fa\u26fd\u2705\u270a\u270b\u2728\u274c\u274e\u2753-\u2755\u2757"
    "\u2795-\u2797\u27b0\u27bf\u2b1b\u2b1c\u2b50\u2b55]"
)
# Variation selectors, invisible spaces, the byte order mark and private use.
_NEVER = re.compile("[\ufe0e\ufe0f\u200b\u2060\ufeff\ue000-\uf8ff]")
_MARKUP = re.compile(r"<[^<>\n]*>")

RULES: Mapping[str, Mapping[str, Rule]] = {
    INFO_TEXTS: {
        "name": Rule(label="App Name", limit=30, minimum=2, required=True, refused=_symbols),
        "subtitle": Rule(label="Subtitle", limit=30),
        "privacyPolicyUrl": Rule(label="Privacy Policy URL", url=True),
        "privacyChoicesUrl": Rule(label="User Privacy Choices URL", url=True),
        "privacyPolicyText": Rule(label="Privacy Policy Text", lines=True),
    },
    VERSION_TEXTS: {
        "description": Rule(label="Description", limit=4000, lines=True),
        "keywords": Rule(label="Keywords", limit=100),
        "promotionalText": Rule(label="Promotional Text", limit=170, lines=True),
        "whatsNew": Rule(
            label="What's New in This Version", limit=4000, lines=True, refused=_emoji
        ),
        "supportUrl": Rule(label="Support URL", url=True),
        "marketingUrl": Rule(label="Marketing URL", url=True),
    },
}


def units(text: str) -> int:
    """Return the length of `text` in UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def problems(kind: str, attribute: str, value: Any) -> Iterator[Problem]:
    """Yield what is wrong with `value` for `attribute` of a localization of type `kind`."""
    rule = RULES[kind][attribute]
    pointer = f"/data/attributes/{attribute}"
    if value is not None and not isinstance(value, str):
        detail = f"The attribute '{attribute}' must be a string"
        yield Problem(code="ENTITY_ERROR.ATTRIBUTE.TYPE", detail=detail, pointer=pointer)
    elif not value:
        if rule.required:
            detail = f"You must provide a value for the attribute '{attribute}' with this request"
            yield Problem(code="ENTITY_ERROR.ATTRIBUTE.REQUIRED", detail=detail, pointer=pointer)
    elif rule.url:
        yield from _address(rule, pointer, value)
    else:
        yield from _length(rule, pointer, value)
        yield from _characters(rule, pointer, value)


def _length(rule: Rule, pointer: str, text: str) -> Iterator[Problem]:
    if rule.limit is not None and units(text) > rule.limit:
        yield Problem(
            code="ENTITY_ERROR.ATTRIBUTE.INVALID.TOO_LONG",
            detail=f"{rule.label} cannot be longer than {rule.limit} characters.",
            pointer=pointer,
        )
    if units(text) < rule.minimum:
        yield Problem(
            code="ENTITY_ERROR.ATTRIBUTE.INVALID.TOO_SHORT",
            detail=f"{rule.label} cannot be shorter than {rule.minimum} characters.",
            pointer=pointer,
        )


def _characters(rule: Rule, pointer: str, text: str) -> Iterator[Problem]:
    found = "".join(_NEVER.findall(text)) + _controls(rule, text)
    if rule.refused is not None:
        found += rule.refused(text)
    found += " ".join(_MARKUP.findall(text))
    if found:
        yield Problem(
            code="ENTITY_ERROR.ATTRIBUTE.INVALID.INVALID_CHARACTERS",
            detail=f"{rule.label} can't contain the following character(s): {found}.",
            pointer=pointer,
        )


def _controls(rule: Rule, text: str) -> str:
    allowed = "\n\r\t" if rule.lines else ""
    return "".join(
        char for char in text if unicodedata.category(char) == "Cc" and char not in allowed
    )


def _address(rule: Rule, pointer: str, text: str) -> Iterator[Problem]:
    if not _is_web_address(text):
        yield Problem(
            code="ENTITY_ERROR.ATTRIBUTE.INVALID",
            detail=f"{rule.label} is not valid: '{text}' is not a web address.",
            pointer=pointer,
        )


def _is_web_address(text: str) -> bool:
    if any(char.isspace() for char in text):
        return False
    try:
        parts = urlsplit(text)
        host = parts.hostname or ""
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and "." in host.strip(".")
