"""The form of Confirm, once it is sent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.errors import Refused
from bot.slack import ids
from bot.workflow import confirming
from bot.workflow.desk import Desk


async def confirm(desk: Desk, view: Mapping[str, Any], user: str) -> None:
    """Confirm what a view showed; raises BotError with what to do when that cannot be."""
    shown = ids.parse_confirm_value(str(view.get("private_metadata") or ""))
    if shown is None:
        raise Refused("This form is of another time.", remedy="Press Confirm again.")
    number, digest = shown
    await confirming.confirm(desk, number, digest=digest, user=user)
