"""Writes down what was asked of Apple, and says once when more of it fails than usual."""

from __future__ import annotations

from collections.abc import Mapping

from bot.appstore.usage import UsageRow
from bot.domain.usage import DAY, HOUR, Hour, Jump, jump
from bot.storage.outbox import NewNotice
from bot.workflow.desk import Desk
from bot.workflow.watch.audience import audience


async def keep_usage(desk: Desk) -> None:
    """Add what was counted since the last tick to the store, then look for a jump."""
    await write_down(desk)
    await _tell_jumps(desk)


async def write_down(desk: Desk) -> None:
    """Add what was counted since the last time to the store."""
    hours = [_hour(row) for row in _taken(desk)]
    if hours:
        await desk.store.usage.add(hours)


def hour_limits(desk: Desk) -> Mapping[str, int]:
    """Return how many requests Apple allows each account in an hour, where it has said so."""
    said = {name: desk.accounts.named(name).budget.hour_limit for name in desk.accounts.names}
    return {name: limit for name, limit in said.items() if limit is not None}


def _taken(desk: Desk) -> tuple[UsageRow, ...]:
    """Return what all accounts used since the last time."""
    return desk.accounts.take_usage()


async def _tell_jumps(desk: Desk) -> None:
    now = desk.clock.now()
    hours = await desk.store.usage.hours(since=now - DAY - 3 * HOUR, until=now + HOUR)
    for account in dict.fromkeys(one.account for one in hours):
        found = jump(account, hours, now)
        if found is not None:
            await _tell(desk, found)


async def _tell(desk: Desk, found: Jump) -> None:
    """Say a jump once: the hours of its going on are only marked, until one was calm."""
    job = f"failure_rate:{found.now.account}"
    period = found.hour.isoformat()
    last = await desk.store.watchlog.last_run(job, up_to=(found.hour + DAY).isoformat())
    goes_on = last is not None and last >= (found.hour - HOUR).isoformat()
    taken = await desk.store.watchlog.first_run(
        job, period, now=desk.clock.now(), notices=[] if goes_on else await _notices(desk, found)
    )
    if taken and not goes_on:
        desk.notifier.notices_waiting()


async def _notices(desk: Desk, found: Jump) -> list[NewNotice]:
    body = {
        "account": found.now.account,
        "requests": found.now.requests,
        "refused": found.now.refused,
        "faults": found.now.faults,
        "others": found.now.others,
        "busiest": found.now.busiest,
        "lowest_left": found.now.lowest_left,
        "hour": found.hour.isoformat(),
        "before": found.before,
    }
    return [
        NewNotice(
            key=f"failure_rate:{found.now.account}:{found.hour.isoformat()}:{channel}",
            kind="failure_rate",
            channel=channel,
            body=body,
        )
        for channel in await audience(desk, "failure_rate")
    ]


def _hour(row: UsageRow) -> Hour:
    return Hour(
        account=row.account,
        start=row.hour,
        requests=row.requests,
        refused=row.refused,
        faults=row.faults,
        others=row.declined,
        lowest_left=row.least_left,
    )
