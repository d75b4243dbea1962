"""A modal's life, whatever is in it: opened within three seconds, updated while it is there.

That a person closed one meanwhile, or that somebody else updated it, is ordinary.
"""

from __future__ import annotations

from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import Clock
from bot.errors import Unavailable
from bot.slack.checks import SlackRefused, ask
from bot.slack.patience import draw

# Slack's names for "the person closed it" and "it changed since".
CLOSED = {"not_found", "view_not_found", "expired_trigger_id", "exchanged_trigger_id"}
MOVED_ON = {"hash_conflict"}


async def open_modal(client: AsyncWebClient, trigger_id: str, view: dict[str, Any]) -> str:
    """Open a modal and return its id; raises Unavailable when that came too late."""
    try:
        opened = await ask(client.views_open(trigger_id=trigger_id, view=view))
    except SlackRefused as error:
        if error.code in CLOSED:
            raise Unavailable(
                "Slack could not open the form in time.", remedy="Type the command again."
            ) from None
        raise
    return str(opened["view"]["id"])


async def redraw(
    client: AsyncWebClient,
    clock: Clock,
    view_id: str,
    view: dict[str, Any],
    *,
    hash_: str | None = None,
) -> str | None:
    """Show another view in an open modal; return its hash, None where it was closed or moved on."""
    try:
        return await draw(client, clock, view_id=view_id, view=view, hash_=hash_)
    except SlackRefused as error:
        if error.code not in CLOSED | MOVED_ON:
            raise
        return None
