"""`/aso settings`: which notices a person wants as a direct message, in a modal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.slack import ids
from bot.slack.checks import SlackSide, ask
from bot.slack.faces.subscriptions import settings_view
from bot.workflow.desk import Desk
from bot.workflow.watch import subscribing


async def open_settings(desk: Desk, slack: SlackSide, trigger_id: str, user: str) -> None:
    """Open the modal with what the person chose before."""
    view = settings_view(await subscribing.chosen(desk, user))
    await ask(slack.client.views_open(trigger_id=trigger_id, view=view))


async def keep(desk: Desk, view: Mapping[str, Any], user: str) -> None:
    """Keep what was ticked."""
    ticked = view["state"]["values"][ids.WISHES][ids.WISHES].get("selected_options") or []
    await subscribing.choose(desk, user, [str(one["value"]) for one in ticked])
