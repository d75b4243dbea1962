"""Who a message rings: mentions in text and mrkdwn, and in rich text.

Slack parses `<!channel>`, `<@U...>` and `<!subteam^S...>` wherever mrkdwn is read, so that text
that was not escaped can ring a whole channel.
"""

from __future__ import annotations

import re
from typing import Any

from bot.sandbox.slack.limits import MESSAGE_TEXT

Json = dict[str, Any]

_ANGLED = re.compile(r"<(@[UW][A-Z0-9]+|!(?:channel|here|everyone)|!subteam\^S[A-Z0-9]+)[^>]*>")
_BARE = re.compile(r"(?<![\w<])@(channel|here|everyone)\b")
_RICH = {
    "user": ("user_id", "@"),
    "usergroup": ("usergroup_id", "!subteam^"),
    "broadcast": ("range", "!"),
}


def mentions(text: str, blocks: list[Json], *, link_names: bool) -> list[str]:
    """Return each mention once, as Slack writes it between angle brackets (`!channel`, `@U1`)."""
    found = _in_mrkdwn(text, link_names=link_names)
    for block in blocks:
        found += _in_block(block)
    return list(dict.fromkeys(found))


def stored_text(text: str) -> str:
    """Return text as Slack keeps it: cut at its limit, a bare `&` written as `&amp;`."""
    return re.sub(r"&(?!amp;|lt;|gt;)", "&amp;", text[:MESSAGE_TEXT])


def _in_mrkdwn(text: str, *, link_names: bool = False) -> list[str]:
    found = _ANGLED.findall(text)
    if link_names:
        found += [f"!{name}" for name in _BARE.findall(text)]
    return found


def _in_block(value: object) -> list[str]:
    if isinstance(value, list):
        return [found for inner in value for found in _in_block(inner)]
    if not isinstance(value, dict):
        return []
    kind = value.get("type")
    if kind in ("mrkdwn", "markdown"):
        return _in_mrkdwn(str(value.get("text", "")))
    if kind in _RICH:
        key, mark = _RICH[kind]
        return [f"{mark}{value[key]}"] if key in value else []
    return [found for inner in value.values() for found in _in_block(inner)]
