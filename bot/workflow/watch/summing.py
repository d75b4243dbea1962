"""Sums up what failed for good, once a day, where anything did."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from bot.storage.outbox import NewNotice
from bot.workflow.desk import Desk
from bot.workflow.showing import failures

SUMMARY_AT = time(18, 0)
# A summary after a long downtime tells of these days at most.
LONGEST_SUMMARY = timedelta(days=7)


async def sum_up_failures(desk: Desk) -> None:
    """Post the summary of what failed up to the last 18:00, once; nothing when nothing failed.

    It begins where the one before ended, so a day that was slept through is told of too.
    """
    now = desk.clock.now()
    until = _last_summary_time(desk, now)
    day = until.date().isoformat()
    last = await desk.store.watchlog.last_run("failures")
    if last is not None and last >= day:
        return
    since = _summary_begins(desk, until, last)
    found = await failures(desk, day=day, since=since, until=until)
    notice = NewNotice(
        key=f"failures:{day}",
        kind="failures",
        channel=desk.rules.channel,
        body={"day": day, "since": since.isoformat(), "until": until.isoformat()},
    )
    said = [notice] if found.entries else []
    if await desk.store.watchlog.first_run("failures", day, now=now, notices=said):
        desk.notifier.notices_waiting()


def _summary_begins(desk: Desk, until: datetime, last: str | None) -> datetime:
    if last is None:
        return _day_before(desk, until)
    ended = datetime.combine(date.fromisoformat(last), SUMMARY_AT, tzinfo=desk.rules.timezone)
    return max(ended, until - LONGEST_SUMMARY)


def _last_summary_time(desk: Desk, now: datetime) -> datetime:
    local = now.astimezone(desk.rules.timezone)
    today = datetime.combine(local.date(), SUMMARY_AT, tzinfo=desk.rules.timezone)
    return today if today <= local else _day_before(desk, today)


def _day_before(desk: Desk, moment: datetime) -> datetime:
    day = moment.astimezone(desk.rules.timezone).date() - timedelta(days=1)
    return datetime.combine(day, SUMMARY_AT, tzinfo=desk.rules.timezone)
