"""Who may see a file: its owner, whoever is where it was shared, and the app it was given to."""

from __future__ import annotations

from bot.sandbox.slack.files import StoredFile
from bot.sandbox.slack.views import Views
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


def in_view_of(views: Views, who: str, found: StoredFile) -> bool:
    """Whether a block of a person's modals or Home shows it; Slack says nothing of who sees it."""
    home = views.homes.get(who)
    shown = [*views.stacks.get(who, ()), *([home] if home else [])]
    return any(found.id in str(view.given["blocks"]) for view in shown)


def readable_by_app(workspace: Workspace, found: StoredFile) -> bool:
    """Whether the bot token opens it: the app's own, chosen in its form, or shared where it is."""
    own = not found.owner or found.in_form
    return own or visible_to(workspace, workspace.bot_user, found)
