"""Looks back on a week, once: what changed, what waits, what was rejected, what lags."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from bot.domain.editing import Phase, editable_version, listing, live_version, phase
from bot.domain.lagging import Lag, lagging
from bot.domain.listing import App, Reading
from bot.domain.periods import DAYS, weekly
from bot.domain.proposals import Proposal, Status
from bot.errors import BotError
from bot.storage.outbox import NewNotice
from bot.storage.watchlog import Run
from bot.workflow import recording
from bot.workflow.cards import VersionCard
from bot.workflow.catalogue import apps
from bot.workflow.desk import Desk
from bot.workflow.watch.audience import audience
from bot.workflow.watch.cards import AppLags, AppWeek, Rejection, WeekCard, WeekCount
from bot.workflow.watch.summing import period_of, told_up_to

log = logging.getLogger(__name__)

JOB = "weekly"
WEEK = timedelta(weeks=1)
# After a long downtime a summary looks back so far at most.
LONGEST_WEEKS = 4
CHART_WEEKS = 12
# States in which a version waits for somebody: Apple, or the team.
WAITING = frozenset(
    {
        "READY_FOR_REVIEW",
        "WAITING_FOR_REVIEW",
        "IN_REVIEW",
        "ACCEPTED",
        "WAITING_FOR_EXPORT_COMPLIANCE",
        "PENDING_DEVELOPER_RELEASE",
        "PENDING_APPLE_RELEASE",
        "REJECTED",
        "METADATA_REJECTED",
        "DEVELOPER_REJECTED",
        "INVALID_BINARY",
    }
)


async def look_back(desk: Desk) -> None:
    """Post the summary of the week that ended last, once; nothing where nothing is to be said.

    The first week of a new installation ends in silence. Which locales lag is read from
    Apple now and carried along: two requests for each app that prepares a version.
    """
    now = desk.clock.now()
    until = _last_end(desk, now)
    if until is None:
        return
    period = period_of(until)
    # What lies further ahead was taken by a clock that went wrong, and silences nobody.
    ahead = period_of(until + LONGEST_WEEKS * WEEK)
    last = await desk.store.watchlog.last(JOB, up_to=ahead)
    if last is not None and last.period >= period:
        return
    said: list[NewNotice] = []
    if last is not None:
        body = {
            "since": _begin(desk, until, last).isoformat(),
            "until": until.isoformat(),
            "head": await recording.head(desk.store.record),
            **await _lags(desk),
        }
        if not (await week(desk, body)).empty:
            said = [_notice(period, channel, body) for channel in await audience(desk, JOB)]
    if await desk.store.watchlog.first_run(JOB, period, now=now, notices=said):
        desk.notifier.notices_waiting()


async def week(desk: Desk, body: Mapping[str, Any]) -> WeekCard:
    """Return a week as its notice's body tells it: from when to when, and what lagged then."""
    zone = desk.rules.timezone
    since, until = (
        datetime.fromisoformat(body[name]).astimezone(zone) for name in ("since", "until")
    )
    known = {app.id: app for app in await apps(desk)}
    ended = await desk.store.weeks.ended(since=since, until=until)
    found = [await desk.store.proposals.get(row.proposal_id) for row in ended]
    waiting = await desk.store.proposals.listed(
        statuses=(Status.OPEN, Status.PARKED, Status.APPROVED)
    )
    return WeekCard(
        since=since,
        until=until,
        pushed=await _pushed(desk, known, since, until),
        pending=tuple(reversed([one for one in waiting if one.target.app_id in known])),
        waiting=await _waiting(desk, known),
        rejections=await _rejections(desk, known, since, until),
        rejected=_of(known, found),
        lags=tuple(_app_lags(known, one) for one in body["lags"] if one["app"] in known),
        unread=tuple(known[one] for one in body["unread"] if one in known),
        counts=await _counts(desk, until),
        head=body.get("head", ""),
    )


def _of(known: Mapping[str, App], found: Iterable[Proposal | None]) -> tuple[Proposal, ...]:
    return tuple(one for one in found if one is not None and one.target.app_id in known)


def _notice(period: str, channel: str, body: Mapping[str, Any]) -> NewNotice:
    return NewNotice(key=f"weekly:{period}:{channel}", kind="weekly", channel=channel, body=body)


def _last_end(desk: Desk, now: datetime) -> datetime | None:
    """Return when the last week ended, None when no summary of weeks is wanted."""
    if desk.rules.weekly is None:
        return None
    weekday, at = desk.rules.weekly
    zone = desk.rules.timezone
    return weekly(now, DAYS[weekday], at, zone).until.astimezone(zone)


def _begin(desk: Desk, until: datetime, last: Run) -> datetime:
    """Return where the summary before ended."""
    ended = told_up_to(last).astimezone(desk.rules.timezone)
    return max(ended, until - LONGEST_WEEKS * WEEK)


# -- what the store knows ------------------------------------------------------------------


async def _pushed(
    desk: Desk, known: Mapping[str, App], since: datetime, until: datetime
) -> tuple[AppWeek, ...]:
    return tuple(
        AppWeek(
            app=known[row.app_id],
            proposals=row.proposals,
            changes=row.changes,
            locales=row.locales,
        )
        for row in await desk.store.weeks.pushed(since=since, until=until)
        if row.app_id in known
    )


async def _waiting(desk: Desk, known: Mapping[str, App]) -> tuple[VersionCard, ...]:
    seen = await desk.store.watchlog.versions()
    return tuple(
        VersionCard(
            app=known[one.version.app_id],
            version=one.version,
            since=one.since,
            exact=one.exact,
        )
        for one in sorted(seen, key=lambda one: one.since)
        if one.version.app_id in known and one.version.state in WAITING
    )


async def _rejections(
    desk: Desk, known: Mapping[str, App], since: datetime, until: datetime
) -> tuple[Rejection, ...]:
    return tuple(
        Rejection(
            app=known[row.app_id],
            platform=row.platform,
            number=row.number,
            state=row.state,
            at=row.at,
        )
        for row in await desk.store.weeks.rejections(since=since, until=until)
        if row.app_id in known
    )


async def _counts(desk: Desk, until: datetime) -> tuple[WeekCount, ...]:
    """Return the last weeks from the first in which anything happened, the newest last."""
    counts: list[WeekCount] = []
    for back in range(CHART_WEEKS, 0, -1):
        starts = until - back * WEEK
        pushed, failed = await desk.store.weeks.counts(since=starts, until=starts + WEEK)
        if counts or pushed or failed:
            counts.append(WeekCount(starts=starts.date(), pushed=pushed, failed=failed))
    return tuple(counts)


# -- what Apple knows ----------------------------------------------------------------------


async def _lags(desk: Desk) -> dict[str, Any]:
    """Return which locales lag, as a notice carries it; an app Apple does not show is named."""
    lags: list[dict[str, Any]] = []
    unread: list[str] = []
    known = {app.id: app for app in await apps(desk)}
    for app, platform in await _preparing(desk, known):
        try:
            reading = await desk.store_of(app.id).read(app, platform)
        except BotError as error:
            log.warning("weekly.not_read app=%s error=%s", app.id, error)
            unread.append(app.id)
            continue
        found = await _lags_of(desk, reading)
        lags += [found] if found else []
    return {"lags": lags, "unread": list(dict.fromkeys(unread))}


async def _preparing(desk: Desk, known: Mapping[str, App]) -> list[tuple[App, str]]:
    seen = [one.version for one in await desk.store.watchlog.versions()]
    wanted = dict.fromkeys(
        (one.app_id, one.platform)
        for one in seen
        if one.app_id in known and phase(one) is Phase.PREPARING
    )
    return [(known[app_id], platform) for app_id, platform in wanted]


async def _lags_of(desk: Desk, reading: Reading) -> dict[str, Any] | None:
    version = editable_version(reading)
    if version is None:
        return None
    live = live_version(reading)
    found = lagging(
        listing(reading, version.id),
        listing(reading, live.id) if live else None,
        await desk.store.weeks.changed(version.id),
    )
    if not found:
        return None
    return {
        "app": reading.app.id,
        "platform": reading.platform,
        "number": version.number,
        "locales": [asdict(lag) for lag in found],
    }


def _app_lags(known: Mapping[str, App], body: Mapping[str, Any]) -> AppLags:
    return AppLags(
        app=known[body["app"]],
        platform=body["platform"],
        number=body["number"],
        lags=tuple(
            Lag(
                locale=one["locale"],
                missing=tuple(one["missing"]),
                old_news=one["old_news"],
                older=tuple(one["older"]),
            )
            for one in body["locales"]
        ),
    )
