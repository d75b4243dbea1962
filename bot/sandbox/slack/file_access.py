"""Who may see a file: its owner, whoever is where it was shared, and the app it was given to."""

from __future__ import annotations

from bot.sandbox.slack.files import StoredFile
from bot.sandbox.slack.workspace import Workspace


def visible_to(workspace: Workspace, who: str, found: StoredFile) -> bool:
    """Whether it is a person's own, or shared or shown in a block where that person is."""
    if who and found.owner == who:
        return True
    joined = [channel for channel in workspace.channels.values() if who in channel.members]
    return any(channel.id in found.places for channel in joined) or any(
        found.id in str(message.blocks)
        for channel in joined
        for message in list(channel.messages.values())
    )


def readable_by_app(workspace: Workspace, found: StoredFile) -> bool:
    """Whether the bot token opens it: the app's own, chosen in its form, or shared where it is."""
    own = not found.owner or found.in_form
    return own or visible_to(workspace, workspace.bot_user, found)
