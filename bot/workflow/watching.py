"""The ticks of the scheduler: each looks, decides what is due, and says it once.

Every tick is idempotent: what it takes is a (job, period) row or a compare-and-set.
"""

from __future__ import annotations

import logging
from datetime import date, datetime, time, timedelta

from bot.domain.listing import Version
from bot.domain.proposals import Proposal, Status
from bot.errors import BotError
from bot.storage.outbox import NewNotice
from bot.storage.watchlog import SeenVersion
from bot.workflow.catalogue import apps
from bot.workflow.desk import Desk, Reminder
from bot.workflow.showing import failures
from bot.workflow.voting import reconcile as reconcile_one

log = logging.getLogger(__name__)

SUMMARY_AT = time(18, 0)
REPLACED = "REPLACED_WITH_NEW_VERSION"
KEEP_EVENTS = timedelta(days=3)
# A summary after a long downtime tells of these days at most.
LONGEST_SUMMARY = timedelta(days=7)
# Slack answers reactions.get 50 times a minute, and people react meanwhile; a pause after
# each question keeps a minute far below that.
RECONCILE_PAUSE = 4.0
# Listed newest first: with fewer the oldest would never be looked at.
EVERY_OPEN = 10_000
KEEP_SAID = KEEP_DRAFTS = timedelta(days=30)
# A period must be known for as long as a job could take it once more.
KEEP_PERIODS = timedelta(days=400)


async def watch(desk: Desk) -> None:
    """Look at all apps in one request and announce each state transition once.

    A version seen for the first time is kept and not announced. Raises BotError as the
    client does.
    """
    overview = await desk.appstore.overview()
    await desk.store.watchlog.keep_apps(one.app for one in overview)
    known = {one.version.id: one for one in await desk.store.watchlog.versions()}
    channels = {
        one.app.id: desk.rules.channel_of(one.app.bundle_id)
        for one in overview
        if desk.rules.serves(one.app.bundle_id)
    }
    seen: list[tuple[Version, str | None, list[NewNotice]]] = []
    for version in (version for one in overview for version in one.versions):
        before = known.get(version.id)
        if before is None:
            seen.append((version, None, []))
        elif before.version.state != version.state:
            channel = channels.get(version.app_id)
            said = [_transition(before, version, channel)] if channel else []
            seen.append((version, before.version.state, said))
    if seen:
        await desk.store.watchlog.see(seen, now=desk.clock.now())
        desk.notifier.notices_waiting()
    await _supersede(desk)


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


async def reconcile(desk: Desk) -> None:
    """Compare open proposals with Slack, at most twenty questions a minute.

    One that cannot be compared is left for the next time and stops no other.
    """
    for proposal in await _open(desk):
        try:
            await reconcile_one(desk, proposal.id)
        except BotError as error:
            log.warning("proposal.not_compared proposal=%s error=%s", proposal.id, error)
        await desk.clock.sleep(RECONCILE_PAUSE * await _questions(desk, proposal))


async def expire(desk: Desk) -> None:
    """End open proposals whose time is over, and forget what nobody asks for any more."""
    now = desk.clock.now()
    for proposal in await _open(desk):
        if proposal.expires_at <= now and await desk.store.proposals.move(proposal.id, "expire"):
            log.info("proposal.expired proposal=%s", proposal.id)
            desk.notifier.proposal_changed(proposal.id)
    await _forget(desk, now)


async def _forget(desk: Desk, now: datetime) -> None:
    """Drop old rows; Slack cannot repeat an event any more by then."""
    store = desk.store
    await store.inbox.forget(now=now, age=KEEP_EVENTS)
    await store.outbox.forget(now=now, age=KEEP_SAID)
    await store.drafts.forget(now=now, age=KEEP_DRAFTS)
    await store.watchlog.forget(now=now, age=KEEP_PERIODS)


async def _supersede(desk: Desk) -> None:
    """End proposals for versions that were replaced: their text can never be sent."""
    replaced = {
        one.version.id
        for one in await desk.store.watchlog.versions()
        if one.version.state == REPLACED
    }
    for proposal in await _open(desk):
        if proposal.target.version_id not in replaced:
            continue
        if await desk.store.proposals.move(proposal.id, "supersede"):
            log.info("proposal.superseded proposal=%s", proposal.id)
            desk.notifier.proposal_changed(proposal.id)


def _transition(before: SeenVersion, version: Version, channel: str) -> NewNotice:
    # The moment the old state was first seen makes a state that comes twice two transitions.
    key = f"release:{version.id}:{before.since.isoformat()}:{version.state}"
    return NewNotice(
        key=key,
        kind="release",
        channel=channel,
        body={
            "app": version.app_id,
            "version": version.id,
            "platform": version.platform,
            "number": version.number,
            "old": before.version.state,
            "new": version.state,
        },
    )


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


async def _open(desk: Desk) -> tuple[Proposal, ...]:
    return await desk.store.proposals.listed(statuses=(Status.OPEN,), limit=EVERY_OPEN)


async def _questions(desk: Desk, proposal: Proposal) -> int:
    """Return how many questions about a proposal Slack was asked: reactions and voters."""
    votes = await desk.store.votes.given(proposal.id, proposal.revision)
    return 1 + len({vote.user for vote in votes})


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
