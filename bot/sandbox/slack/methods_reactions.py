"""The reaction methods. Adding and removing also tells everybody who listens, the app included."""

from __future__ import annotations

from typing import Any

from bot.sandbox.slack import shapes
from bot.sandbox.slack.calls import Call, Method
from bot.sandbox.slack.channels import Channel, Message
from bot.sandbox.slack.payloads import reaction_event
from bot.sandbox.slack.workspace import SlackError

Json = dict[str, Any]

# How many users a reaction lists when `full` is not asked for.
SHORT_LIST = 1


def _item(call: Call) -> tuple[Channel, Message]:
    if not call.text("channel") or not call.text("timestamp"):
        raise SlackError("no_item_specified")
    channel = call.workspace.joined_channel(call.text("channel"))
    return channel, call.workspace.message(channel, call.text("timestamp"))


def add(call: Call) -> Json:
    """Add the app's emoji to a message."""
    _, message = _item(call)
    name = call.workspace.emoji(call.needed("name", "invalid_name"))
    call.workspace.react(call.workspace.bot_user, message, name)
    _tell(call, "reaction_added", message, name)
    return {}


def remove(call: Call) -> Json:
    """Take the app's emoji away."""
    _, message = _item(call)
    name = call.workspace.emoji(call.needed("name", "invalid_name"))
    call.workspace.unreact(call.workspace.bot_user, message, name)
    _tell(call, "reaction_removed", message, name)
    return {}


def get(call: Call) -> Json:
    """Return a message with its reactions; without `full` the lists of users may be short."""
    channel, message = _item(call)
    shown = shapes.message(call.workspace, message)
    most = SHORT_LIST if call.workspace.short_reaction_lists and not call.flag("full") else None
    if message.reactions:
        shown["reactions"] = [shapes.reaction(r, most=most) for r in message.reactions]
    return {"type": "message", "channel": channel.id, "message": shown}


def list_all(call: Call) -> Json:
    """List the messages a person reacted to, those the app can see."""
    who = call.text("user") or call.workspace.bot_user
    bot = call.workspace.bot_user
    found = [
        {"type": "message", "channel": c.id, "message": shapes.message(call.workspace, m)}
        for c in call.workspace.channels.values()
        if bot in c.members
        for m in c.messages.values()
        if any(who in reaction.users for reaction in m.reactions)
    ]
    shown, metadata = call.page(found, 100)
    return {"items": shown, "response_metadata": metadata}


def _tell(call: Call, kind: str, message: Message, name: str) -> None:
    call.workspace.emit(
        reaction_event(call.workspace, kind, call.workspace.bot_user, message, name)
    )


METHODS: dict[str, Method] = {
    "reactions.add": add,
    "reactions.remove": remove,
    "reactions.get": get,
    "reactions.list": list_all,
}
