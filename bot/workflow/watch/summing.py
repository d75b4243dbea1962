"""Sums up what failed for good, once a day, where anything did.

On a day without failures the summary is one line with the record's newest hash, where the record
tells of something new.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from bot.domain.periods import daily
from bot.storage.outbox import NewNotice
from bot.storage.watchlog import Run
from bot.workflow import recording
from bot.workflow.desk import Desk
from bot.workflow.watch.audience import audience
from bot.workflow.watch.failing import failures

JOB = "failures"
# A summary after a long downtime tells of these days at most.
LONGEST_SUMMARY = timedelta(days=7)


async def sum_up_failures(desk: Desk) -> None:
    """Post the summary of what failed up to the last time of the day, once.

    Where nothing failed, the general channel alone gets one line with the record's newest hash, if
    people did anything since the summary before; else nothing is posted.

    The time of the day is that of the rules, 18:00 unless they say otherwise. A summary
    begins where the one before ended, so a day that was slept through is told of too.
    """
    now = desk.clock.now()
    zone = desk.rules.timezone
    ended = daily(now, desk.rules.summary_at, zone)
    until = ended.until.astimezone(zone)
    period = period_of(until)
    # What lies further ahead was taken by a clock that went wrong, and silences nobody.
    ahead = period_of(until + LONGEST_SUMMARY)
    last = await desk.store.watchlog.last(JOB, up_to=ahead)
    if last is not None and last.period >= period:
        return
    since = ended.since.astimezone(zone)
    if last is not None:
        since = max(told_up_to(last), until - LONGEST_SUMMARY)
    found = await failures(desk, when="", since=since, until=until)
    said: list[NewNotice] = []
    if found.entries:
        said = await _notices(desk, since, until, await audience(desk, "daily"))
    elif last is not None and await desk.store.record.grew(since=last.at):
        said = await _notices(desk, since, until, [desk.rules.channel], quiet=True)
    if await desk.store.watchlog.first_run(JOB, period, now=now, notices=said):
        desk.notifier.notices_waiting()


def period_of(until: datetime) -> str:
    """Return a stretch of time by its end, so that later ones are greater as texts."""
    return until.astimezone(UTC).isoformat(timespec="minutes")


def told_up_to(last: Run) -> datetime:
    """Return up to when a summary told; one before its time knew of nothing after it was made."""
    return min(datetime.fromisoformat(last.period), last.at)


async def _notices(
    desk: Desk,
    since: datetime,
    until: datetime,
    channels: Iterable[str],
    *,
    quiet: bool = False,
) -> list[NewNotice]:
    head = await recording.head(desk.store.record)
    body = {"since": since.isoformat(), "until": until.isoformat(), "head": head, "quiet": quiet}
    return [
        NewNotice(
            key=f"failures:{period_of(until)}:{channel}", kind=JOB, channel=channel, body=body
        )
        for channel in channels
    ]
