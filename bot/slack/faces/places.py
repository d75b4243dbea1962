"""That nothing can be posted in a channel, and what opens it again.

Knows Slack's names for why (chat.postMessage, "Errors"); refuses to know what waits there.
"""

from __future__ import annotations

from collections.abc import Mapping

from bot.slack.faces.blocks import context, header, line, rich, text
from bot.slack.faces.messages import Message

_REMEDIES: Mapping[str, str] = {
    "not_in_channel": "Somebody there has to type /invite @Marquee.",
    "channel_not_found": "It is gone, or private: somebody there has to type /invite @Marquee.",
    "is_archived": "Unarchive it, or name another channel in marquee.toml.",
    "restricted_action": "Whoever administers Slack has to let the app post there.",
}
_LATER = "What is to be said there waits for a week and is said as soon as it can be."


def unwritable_notice(channel: str, code: str) -> Message:
    """Return that nothing can be posted in a channel for the reason that Slack calls `code`."""
    remedy = _REMEDIES.get(code, "")
    words = line(
        text("Slack lets me post nothing in "),
        {"type": "channel", "channel_id": channel},
        text(f" ({code}). {remedy}"),
    )
    return Message(
        text=f"Slack lets me post nothing in <#{channel}> ({code}). {remedy}",
        blocks=[header("🔇 A channel cannot be written to"), rich(words), context(_LATER)],
    )
