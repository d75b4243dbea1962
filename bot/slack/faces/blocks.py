"""Small constructors of Block Kit that keep within Slack's limits.

Knows lengths and kinds of text objects; refuses to know what is being said. Lengths are
counted as Slack counts them, in code points. People's words go into `plain_text` and
rich text only, where Slack parses nothing. Limits: docs.slack.dev, Block Kit reference.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any, TypeAlias

Block: TypeAlias = dict[str, Any]
Element: TypeAlias = dict[str, Any]

SECTION_TEXT = 3000
HEADER_TEXT = 150
BUTTON_TEXT = 75
OPTION_TEXT = 75
VIEW_TITLE = 24

# chat.postMessage answers `msg_blocks_too_long` somewhere above 12,000 characters over all
# blocks, blocks themselves counted in; this stays well below.
MESSAGE_BUDGET = 10_500
BLOCK_WEIGHT = 126

_ISOLATE, _POP = "\u2068", "\u2069"
_BIDI_CONTROLS = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])
_RIGHT_TO_LEFT = {"R", "AL", "AN"}
_JOINS_PREVIOUS = {"Mn", "Me", "Mc", "Cf", "Sk"}


def clip(text: str, limit: int) -> str:
    """Return `text` in at most `limit` code points, cut between words with an ellipsis."""
    if len(text) <= limit:
        return text
    cut = _grapheme_end(text, limit - 1)
    space = max(text.rfind(" ", 0, cut + 1), text.rfind("\n", 0, cut + 1))
    if space >= limit // 2:
        cut = space
    return text[:cut].rstrip() + "…"


def split_text(text: str, limit: int = 2900) -> tuple[str, ...]:
    """Return `text` in pieces of at most `limit` code points that join to it again.

    Cut at the end of a paragraph where there is one, else of a line, else of a word.
    """
    pieces = []
    while len(text) > limit:
        cut = _cut(text, limit)
        pieces.append(text[:cut])
        text = text[cut:]
    return (*pieces, text) if text else tuple(pieces)


def _cut(text: str, limit: int) -> int:
    for mark in ("\n\n", "\n", " "):
        end = text.rfind(mark, limit // 4, limit)
        if end != -1 and end + len(mark) <= limit:
            return end + len(mark)
    return _grapheme_end(text, limit)


def _grapheme_end(text: str, at: int) -> int:
    """Return the last place not after `at` that does not cut a cluster apart."""
    start = at
    while at > 0 and at < len(text) and _joined(text, at):
        at -= 1
    return at or start


def _joined(text: str, at: int) -> bool:
    after, before = text[at], text[at - 1]
    return (
        unicodedata.category(after) in _JOINS_PREVIOUS
        or before == "\u200d"
        or "\U0001f1e6" <= after <= "\U0001f1ff"
    )


def has_right_to_left(text: str) -> bool:
    """Return whether any character of `text` runs from right to left."""
    return any(unicodedata.bidirectional(char) in _RIGHT_TO_LEFT for char in text)


def isolate(text: str) -> str:
    """Return people's words ready to stand in a line of ours, whichever way they run.

    Direction controls inside are left out, since one could turn the rest of the line.
    """
    text = text.translate(_BIDI_CONTROLS)
    return f"{_ISOLATE}{text}{_POP}" if has_right_to_left(text) else text


def escape(text: str) -> str:
    """Return people's words for a message's top-level `text`, which Slack parses."""
    return isolate(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def plain(text: str, limit: int = SECTION_TEXT) -> Element:
    """Return a text object in which nothing is parsed, not even `:emoji:` names."""
    return {"type": "plain_text", "text": clip(text, limit) or " ", "emoji": False}


def header(text: str) -> Block:
    """Return a heading."""
    return {"type": "header", "text": plain(text, HEADER_TEXT)}


def section(text: str, *, accessory: Element | None = None) -> Block:
    """Return a paragraph, with a button beside it if one is given."""
    block: Block = {"type": "section", "text": plain(text)}
    return {**block, "accessory": accessory} if accessory else block


def context(*texts: str) -> Block:
    """Return small print, one piece for each text, at most ten."""
    return {"type": "context", "elements": [plain(text) for text in texts[:10]]}


def divider() -> Block:
    """Return a thin line."""
    return {"type": "divider"}


def actions(*elements: Element) -> Block:
    """Return a row of buttons."""
    return {"type": "actions", "elements": list(elements[:25])}


def button(
    text: str, action_id: str, value: str, *, style: str = "", confirm: Element | None = None
) -> Element:
    """Return a button; `style` is "", "primary" or "danger"."""
    element: Element = {
        "type": "button",
        "text": plain(text, BUTTON_TEXT),
        "action_id": action_id,
        "value": value,
    }
    if style:
        element["style"] = style
    if confirm:
        element["confirm"] = confirm
    return element


def link_button(words: str, action_id: str, url: str) -> Element:
    """Return a button that leads somewhere; the bot hears of the click and does nothing."""
    shown = plain(words, BUTTON_TEXT)
    return {"type": "button", "text": shown, "action_id": action_id, "url": url}


def confirm(*, title: str, text: str, yes: str, no: str) -> Element:
    """Return the question asked before a button does its work."""
    return {
        "title": plain(title, 100),
        "text": plain(text, 300),
        "confirm": plain(yes, 30),
        "deny": plain(no, 30),
    }


def option(text: str, value: str) -> Element:
    """Return one choice of a select."""
    return {"text": plain(text, OPTION_TEXT), "value": value}


def rich(*parts: Element) -> Block:
    """Return a rich text block of sections, quotes and lists, each on lines of its own."""
    drawn: list[Element] = []
    for part in parts:
        before = drawn[-1] if drawn else None
        if before and part["type"] == before["type"] == "rich_text_section":
            # One section with a line break: not every client breaks between two.
            drawn[-1] = line(*before["elements"], text("\n"), *part["elements"])
        elif part["elements"]:
            drawn.append(part)
    return {"type": "rich_text", "elements": drawn}


def line(*elements: Element) -> Element:
    """Return a rich text section; empty texts are left out, since Slack refuses them."""
    return {"type": "rich_text_section", "elements": _drawn(elements)}


def quote(*elements: Element) -> Element:
    """Return a rich text quotation."""
    return {"type": "rich_text_quote", "elements": _drawn(elements)}


def preformatted(words: str) -> Element:
    """Return rich text in letters of one width, with its lines as they are."""
    return {"type": "rich_text_preformatted", "elements": [text(words)]}


def bullets(lines: Iterable[Element]) -> Element:
    """Return a list of rich text sections with bullets."""
    return {"type": "rich_text_list", "style": "bullet", "elements": list(lines)}


def _drawn(elements: Sequence[Element]) -> list[Element]:
    return [element for element in elements if element.get("text") != ""]


def text(words: str, *styles: str) -> Element:
    """Return a piece of rich text; styles are "bold", "italic", "strike", "code"."""
    element: Element = {"type": "text", "text": words}
    return {**element, "style": dict.fromkeys(styles, True)} if styles else element


def link(url: str, words: str) -> Element:
    """Return a link in rich text."""
    return {"type": "link", "url": url, "text": words}


def local_moment(when: datetime) -> Element:
    """Return a moment in rich text, which each reader sees in their own time zone."""
    return {
        "type": "date",
        "timestamp": int(when.timestamp()),
        "format": "{date_short_pretty} at {time}",
        "fallback": utc_text(when),
    }


def local_seconds(when: datetime) -> Element:
    """Return a moment of today in rich text to the second, in each reader's own time zone."""
    return {
        "type": "date",
        "timestamp": int(when.timestamp()),
        "format": "{time_secs}",
        "fallback": f"{when.astimezone(UTC):%H:%M:%S} UTC",
    }


def utc_text(when: datetime) -> str:
    """Return a moment in UTC, as "20 Nov 2026, 14:03 UTC"."""
    there = when.astimezone(UTC)
    return f"{there.day} {there:%b %Y}, {there:%H:%M} UTC"


def mention(person_or_group: str) -> Element:
    """Return a mention of a user (U..., W...) or of a user group (S...)."""
    if person_or_group.startswith("S"):
        return {"type": "usergroup", "usergroup_id": person_or_group}
    return {"type": "user", "user_id": person_or_group}


def listed(elements: Sequence[Element], word: str) -> list[Element]:
    """Return elements as people list them: "a, b or c", with `word` before the last."""
    result: list[Element] = []
    for index, element in enumerate(elements):
        if index:
            result.append(text(f" {word} " if index == len(elements) - 1 else ", "))
        result.append(element)
    return result


def weight(blocks: Iterable[Block]) -> int:
    """Return what blocks count against `MESSAGE_BUDGET`: their characters and themselves."""
    return sum(BLOCK_WEIGHT + _characters(block) for block in blocks)


def _characters(part: object) -> int:
    if isinstance(part, dict):
        own = sum(len(part[key]) for key in ("text", "url") if isinstance(part.get(key), str))
        return own + sum(_characters(value) for value in part.values())
    if isinstance(part, list):
        return sum(_characters(value) for value in part)
    return 0
