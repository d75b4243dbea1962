"""What failed for good, as people are shown it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.causes import cause_of
from bot.domain.listing import App
from bot.domain.usage import beginning, tallies
from bot.errors import BotError, Refused
from bot.storage.records import FailureRow
from bot.workflow import pushing
from bot.workflow.cards import FailureEntry, FailureSummary
from bot.workflow.desk import Desk
from bot.workflow.watch.using import hour_limits

# Ten apps in fifty locales with nine fields; what is drawn is cut to Slack's room.
MOST_FAILURES = 5_000
# What failed at this very moment belongs to it.
JUST_NOW = timedelta(seconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Retried:
    """What came of retrying several proposals at once.

    `queued` are sent again, `again` maps those of them to what will fail once more as it
    is; `refused` are (proposal, reason) for what was not sent.
    """

    queued: tuple[int, ...]
    refused: tuple[tuple[int, str], ...]
    again: tuple[tuple[int, str], ...] = ()


async def failures(
    desk: Desk, *, when: str, since: datetime, until: datetime, app: App | None = None
) -> FailureSummary:
    """Return what failed for good from `since` up to `until`, by app, locale and cause."""
    rows = await desk.store.watchlog.failures(
        since=since, until=until, app_id=app.id if app else None, limit=MOST_FAILURES
    )
    hours = await desk.store.usage.hours(since=beginning(since), until=until)
    return FailureSummary(
        when=when,
        entries=await _entries(desk, rows),
        usage=tallies(hours),
        hour_limits=hour_limits(desk),
    )


async def failures_of(desk: Desk, number: int) -> tuple[FailureEntry, ...]:
    """Return what of a proposal failed and was not mended since."""
    return await _entries(desk, await desk.store.watchlog.failures_of(number))


async def retry_all(desk: Desk, numbers: Iterable[int], *, user: str) -> Retried:
    """Send again what failed of several proposals, each if this person may and it can help.

    What would fail again as it is is left alone, with the reason, unless something else of
    the same proposal can arrive.
    """
    queued: list[int] = []
    refused: list[tuple[int, str]] = []
    again: list[tuple[int, str]] = []
    for number in dict.fromkeys(numbers):
        try:
            hopeless = await _hopeless(desk, number)
            await pushing.retry(desk, number, user=user)
        except BotError as error:
            refused.append((number, str(error)))
            continue
        queued.append(number)
        again += [(number, hopeless)] if hopeless else []
    return Retried(queued=tuple(queued), refused=tuple(refused), again=tuple(again))


async def _hopeless(desk: Desk, number: int) -> str:
    """Return the causes that a retry cannot mend, in words; raises Refused if all are such."""
    causes = [cause_of(row.cause) for row in await desk.store.watchlog.failures_of(number)]
    lasting = tuple(dict.fromkeys(one for one in causes if not one.again))
    words = ", ".join(one.words for one in lasting)
    if lasting and all(not one.again for one in causes):
        raise Refused(
            f"{words}: sent again as it is, Apple would refuse it again.",
            remedy=lasting[0].remedy,
        )
    return words


async def _entries(desk: Desk, rows: Iterable[FailureRow]) -> tuple[FailureEntry, ...]:
    apps = {one.id: one for one in await desk.store.watchlog.apps()}
    return tuple(
        FailureEntry(
            app=apps.get(row.app_id),
            locale=row.locale,
            field=row.field,
            cause=row.cause,
            message=row.message,
            remedy=row.remedy,
            proposal=row.proposal_id,
            at=row.at,
        )
        for row in rows
    )
