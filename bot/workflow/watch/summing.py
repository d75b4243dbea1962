"""Sums up what failed for good, once a day, where anything did."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from bot.storage.outbox import NewNotice
from bot.workflow.desk import Desk
from bot.workflow.watch.audience import audience
from bot.workflow.watch.failing import failures

# A summary after a long downtime tells of these days at most.
LONGEST_SUMMARY = timedelta(days=7)


async def sum_up_failures(desk: Desk) -> None:
    """Post the summary of what failed up to the last time of the day, once; nothing else.

    The time of the day is that of the rules, 18:00 unless they say otherwise. A summary
    begins where the one before ended, so a day that was slept through is told of too.
    """
    now = desk.clock.now()
    until = _last_summary_time(desk, now)
    day = until.date().isoformat()
    last = await desk.store.watchlog.last_run("failures")
    if last is not None and last >= day:
        return
    since = _summary_begins(desk, until, last)
    found = await failures(desk, day=day, since=since, until=until)
    said = _notices(desk, day, since, until) if found.entries else []
    if await desk.store.watchlog.first_run("failures", day, now=now, notices=said):
        desk.notifier.notices_waiting()


def _notices(desk: Desk, day: str, since: datetime, until: datetime) -> list[NewNotice]:
    body = {"day": day, "since": since.isoformat(), "until": until.isoformat()}
    return [
        NewNotice(key=f"failures:{day}:{channel}", kind="failures", channel=channel, body=body)
        for channel in audience(desk, "daily")
    ]


def _summary_begins(desk: Desk, until: datetime, last: str | None) -> datetime:
    if last is None:
        return _at(desk, until.date() - timedelta(days=1))
    return max(_at(desk, date.fromisoformat(last)), until - LONGEST_SUMMARY)


def _last_summary_time(desk: Desk, now: datetime) -> datetime:
    local = now.astimezone(desk.rules.timezone)
    today = _at(desk, local.date())
    return today if today <= local else _at(desk, local.date() - timedelta(days=1))


def _at(desk: Desk, day: date) -> datetime:
    return datetime.combine(day, desk.rules.summary_at, tzinfo=desk.rules.timezone)
