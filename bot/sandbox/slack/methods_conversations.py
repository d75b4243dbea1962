"""The conversation methods: what channels there are, who is in them, what was said."""

from __future__ import annotations

from typing import Any

from bot.sandbox.slack import shapes
from bot.sandbox.slack.calls import Call, Method
from bot.sandbox.slack.channels import Message
from bot.sandbox.slack.workspace import SlackError, direct_id

Json = dict[str, Any]


def info(call: Call) -> Json:
    """Describe a conversation."""
    return {"channel": shapes.channel(call.workspace, call.channel())}


def list_all(call: Call) -> Json:
    """List the channels that the app can know of, by `types`."""
    types = (call.text("types") or "public_channel").split(",")
    bot = call.workspace.bot_user
    known = [
        channel
        for channel in call.workspace.channels.values()
        if not channel.partner
        and ("private_channel" if channel.is_private else "public_channel") in types
        and (bot in channel.members or not channel.is_private)
    ]
    shown, metadata = call.page(known, 100)
    channels = [shapes.channel(call.workspace, channel) for channel in shown]
    return {"channels": channels, "response_metadata": metadata}


def members(call: Call) -> Json:
    """List the members of a conversation."""
    shown, metadata = call.page(call.channel().members, 100)
    return {"members": shown, "response_metadata": metadata}


def join(call: Call) -> Json:
    """Let the app join a public channel."""
    channel = call.channel()
    if channel.is_archived:
        raise SlackError("is_archived")
    if channel.is_private:
        raise SlackError("method_not_supported_for_channel_type")
    if call.workspace.bot_user not in channel.members:
        channel.members.append(call.workspace.bot_user)
        call.workspace.records.changed()
    return {"channel": shapes.channel(call.workspace, channel)}


def open_direct(call: Call) -> Json:
    """Open the direct messages with one person."""
    users = call.needed("users", "users_not_found").split(",")
    if len(users) != 1:
        raise SlackError("method_not_supported_for_channel_type")
    person = call.workspace.person(users[0])
    if person.deleted:
        raise SlackError("user_disabled")
    if person.is_bot:
        raise SlackError("cannot_dm_bot")
    known = direct_id(person.id) in call.workspace.channels
    channel = call.workspace.direct(person.id)
    full = shapes.channel(call.workspace, channel)
    shown = full if call.flag("return_im") else {"id": channel.id}
    return {"channel": shown, **({"no_op": True, "already_open": True} if known else {})}


def history(call: Call) -> Json:
    """List a channel's messages, newest first, without replies."""
    channel = call.workspace.joined_channel(call.needed("channel", "channel_not_found"))
    top = [
        message
        for message in channel.messages.values()
        if message.seen_by is None and not message.gone and message.on_top
    ]
    found = sorted(_within(call, top), key=lambda message: message.ts, reverse=True)
    return _listed(call, found)


def replies(call: Call) -> Json:
    """List a thread, its first message first."""
    channel = call.workspace.joined_channel(call.needed("channel", "channel_not_found"))
    ts = call.needed("ts", "thread_not_found")
    if ts not in channel.messages:
        raise SlackError("thread_not_found")
    first = channel.messages[ts]
    return _listed(call, [first, *_within(call, call.workspace.replies(channel, ts))])


def _within(call: Call, messages: list[Message]) -> list[Message]:
    low, high = _stamp(call, "oldest", 0.0), _stamp(call, "latest", float("inf"))
    if call.flag("inclusive"):
        return [m for m in messages if low <= float(m.ts) <= high]
    return [m for m in messages if low < float(m.ts) < high]


def _stamp(call: Call, name: str, default: float) -> float:
    try:
        return float(call.text(name) or default)
    except ValueError:
        raise SlackError(f"invalid_ts_{name}") from None


def _listed(call: Call, messages: list[Message]) -> Json:
    shown, metadata = call.page(messages, 100)
    with_metadata = call.flag("include_all_metadata")
    return {
        "messages": [shapes.message(call.workspace, m, metadata=with_metadata) for m in shown],
        "has_more": bool(metadata["next_cursor"]),
        "pin_count": 0,
        "response_metadata": metadata,
    }


METHODS: dict[str, Method] = {
    "conversations.info": info,
    "conversations.list": list_all,
    "conversations.members": members,
    "conversations.join": join,
    "conversations.open": open_direct,
    "conversations.history": history,
    "conversations.replies": replies,
}
