"""That a channel could not be told something, for whoever can mend it."""

from __future__ import annotations

from collections.abc import Mapping

from bot.slack.faces.blocks import section
from bot.slack.faces.messages import Message

_DOCTOR = "Slack refuses the bot's token there. `marquee doctor` says what is wrong."
_REMEDIES: Mapping[str, str] = {
    "not_in_channel": "Type `/invite @Marquee` there.",
    "channel_not_found": "If it is private, type `/invite @Marquee` there; if it is gone, name"
    " another one in marquee.toml.",
    "is_archived": "It is archived. Unarchive it, or name another one in marquee.toml.",
    "restricted_action": "Its posting permissions leave the bot out. Let it post there.",
}


def silent_message(channel: str, code: str) -> Message:
    """Return that `channel` could not be told something, and what helps; `code` is Slack's."""
    words = f"<#{channel}> could not be told something ({code})."
    after = "What waits is said then, for a week."
    remedy = _REMEDIES.get(code, _DOCTOR)
    return Message(text=f"{words} {remedy}", blocks=[section(f"🔇 {words} {remedy} {after}")])
