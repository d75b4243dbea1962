"""How what happens to versions is said."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from bot.domain.listing import App, Version
from bot.errors import Refused
from bot.slack.faces.releases import release_notification
from bot.slack.voice.mailroom import Delivered, Mailroom
from bot.workflow import saying
from bot.workflow.cards import ReleaseCard
from bot.workflow.desk import Desk, app_link
from bot.workflow.saying import Notice
from bot.workflow.showing import history


async def _release(room: Mailroom, notice: Notice) -> Delivered:
    app, version = await _version(room.desk, notice.body, state=notice.body["new"])
    card = ReleaseCard(
        app=app,
        version=version,
        old_state=notice.body["old"],
        new_state=notice.body["new"],
        changes=await history(room.desk, app, version_id=version.id),
        link=app_link(app.id),
    )
    return Delivered(ts=await room.post(notice, release_notification(card)))


async def _version(desk: Desk, body: Mapping[str, Any], *, state: str) -> tuple[App, Version]:
    app = await saying.app(desk, body["app"])
    if app is None:
        raise Refused(f"The app {body['app']} is not known any more.")
    return app, Version(
        id=body["version"],
        app_id=app.id,
        platform=body["platform"],
        number=body["number"],
        state=state,
    )


VERSION_NOTICES: Mapping[str, Callable[[Mailroom, Notice], Awaitable[Delivered]]] = {
    "release": _release,
}
