"""How summaries are said."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime

from bot.slack.faces.summaries import failure_summary
from bot.slack.voice.mailroom import Delivered, Mailroom
from bot.workflow.saying import Notice
from bot.workflow.showing import failures


async def _failures(room: Mailroom, notice: Notice) -> Delivered:
    body = notice.body
    summary = await failures(
        room.desk,
        day=body["day"],
        since=datetime.fromisoformat(body["since"]),
        until=datetime.fromisoformat(body["until"]),
    )
    message = failure_summary(summary)
    return Delivered(ts=await room.post(notice, message) if message else None)


SUMMARY_NOTICES: Mapping[str, Callable[[Mailroom, Notice], Awaitable[Delivered]]] = {
    "failures": _failures,
}
