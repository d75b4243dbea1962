"""Fills the card of a reminder from what its notice carries and from what is known now."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.domain.listing import App, Version
from bot.workflow import saying
from bot.workflow.desk import Desk, app_link
from bot.workflow.watch.cards import WaitCard


async def wait_card(desk: Desk, body: Mapping[str, Any]) -> WaitCard:
    """Return all that a reminder says, and who ended it."""
    app = await saying.app(desk, body["app"]) if body["app"] else None
    return WaitCard(
        what=body["what"],
        subject=body["subject"],
        since=datetime.fromisoformat(body["since"]),
        key=body["key"],
        app=app,
        version=_version(app, body) if app else None,
        facts=body["facts"],
        mention=tuple(body["mention"]),
        done_by=await desk.store.dones.by(body["key"]) or "",
        link=app_link(app.id) if app else "",
    )


def _version(app: App, body: Mapping[str, Any]) -> Version:
    return Version(
        id=body["subject"],
        app_id=app.id,
        platform=body["platform"],
        number=body["number"],
        state=body["what"],
    )
