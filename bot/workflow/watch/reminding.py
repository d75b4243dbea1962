"""Reminds of versions that wait: first after its time, then once a period."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.storage.outbox import NewNotice
from bot.storage.watchlog import SeenVersion
from bot.workflow.catalogue import apps
from bot.workflow.desk import Desk, Reminder


async def remind(desk: Desk) -> None:
    """Say what a reminder asks for: first after its time, then once a period, never twice."""
    now = desk.clock.now()
    served = {app.id: app for app in await apps(desk)}
    for seen in await desk.store.watchlog.versions():
        app = served.get(seen.version.app_id)
        if app is None:
            continue
        for reminder in desk.rules.reminders:
            turn = _turn(reminder, seen, now)
            if turn is not None:
                notice = _reminder(reminder, seen, turn, desk.rules.channel_of(app.bundle_id))
                await desk.store.watchlog.first_run("remind", notice.key, now=now, notices=[notice])
    desk.notifier.notices_waiting()


def _turn(reminder: Reminder, seen: SeenVersion, now: datetime) -> int | None:
    """Return the number of the reminder that is due, None before the first."""
    waited = now - seen.since - reminder.after
    if seen.version.state != reminder.state or waited < timedelta(0):
        return None
    return int(waited / reminder.every)


def _reminder(reminder: Reminder, seen: SeenVersion, turn: int, channel: str) -> NewNotice:
    version = seen.version
    since = seen.since.isoformat()
    rhythm = f"{reminder.after.total_seconds():.0f}:{reminder.every.total_seconds():.0f}"
    return NewNotice(
        key=f"reminder:{version.id}:{version.state}:{since}:{rhythm}:{turn}",
        kind="reminder",
        channel=channel,
        body={
            "app": version.app_id,
            "version": version.id,
            "platform": version.platform,
            "number": version.number,
            "state": version.state,
            "since": since,
        },
    )
