"""Fetches what Apple could not deliver to a webhook: at the start, and in turn afterwards."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from bot.domain.hooks import event_of
from bot.errors import BotError, Unavailable
from bot.storage.hooks import Hook
from bot.storage.standings import Standing, StandingSight
from bot.workflow.desk import Desk
from bot.workflow.watch.hooks import write_down
from bot.workflow.watch.sharing import IN_TURN

log = logging.getLogger(__name__)

DELIVERIES = "deliveries"
# A webhook is not asked for twice in an hour, however often the bot is started; a tick may be
# a little early.
ONCE_IN = timedelta(minutes=59)
# What failed before that is history that polling has told.
LONGEST_AWAY = timedelta(days=7)
# Apple's clock and ours need not agree.
MARGIN = timedelta(minutes=10)

Asked = Mapping[str, Standing]


async def catch_up(desk: Desk) -> None:
    """Fetch what Apple could not deliver; each event counts once.

    Each webhook is asked for once at the start and later some in turn, none twice in an hour.
    """
    asked = {one.app_id: one for one in await desk.store.standings.all(DELIVERIES)}
    known: dict[str, list[Hook]] = {}
    for hook in await desk.store.hooks.all():
        if hook.hook_id:
            known.setdefault(desk.accounts.account_of(hook.app_id), []).append(hook)
    due = {account: _due(desk, some, asked) for account, some in known.items()}
    await asyncio.gather(*(_catch_up(desk, account, some, asked) for account, some in due.items()))


def _due(desk: Desk, known: Sequence[Hook], asked: Asked) -> Sequence[Hook]:
    """Return the webhooks to ask for: those that Apple did not answer since the start, and some."""
    now = desk.clock.now()
    # What lies ahead was asked before the clock was set back.
    rested = [one for one in known if not now - ONCE_IN < _last(one, asked) <= now]
    owed = [one for one in rested if _done(one, asked) < desk.begun]
    others = [one for one in rested if _done(one, asked) >= desk.begun]
    return [*owed, *sorted(others, key=lambda one: _last(one, asked))[:IN_TURN]]


def _last(hook: Hook, asked: Asked) -> datetime:
    """Return when a webhook was last asked for."""
    one = asked.get(hook.app_id)
    return one.since if one else datetime.min.replace(tzinfo=UTC)


def _done(hook: Hook, asked: Asked) -> datetime:
    """Return when Apple last answered for a webhook."""
    one = asked.get(hook.app_id)
    return datetime.fromisoformat(one.detail["done"]) if one else datetime.min.replace(tzinfo=UTC)


async def _catch_up(desk: Desk, account: str, due: Sequence[Hook], asked: Asked) -> None:
    for hook in due:
        now, done = desk.clock.now(), _done(hook, asked)
        desk.spending.add(account, 1, now=now)
        since = max(done, now - LONGEST_AWAY + MARGIN) - MARGIN
        if await _fetch(desk, hook, since):
            done = now
        await _keep(desk, hook, asked, done=done, now=now)


async def _keep(desk: Desk, hook: Hook, asked: Asked, *, done: datetime, now: datetime) -> None:
    stands = Standing(
        kind=DELIVERIES,
        id=hook.app_id,
        app_id=hook.app_id,
        state="",
        since=now,
        detail={"done": done.isoformat()},
    )
    sight = StandingSight(now=stands, before=asked.get(hook.app_id))
    await desk.store.standings.see([], [sight], now=now)


async def _fetch(desk: Desk, hook: Hook, since: datetime) -> bool:
    try:
        failed = await desk.store_of(hook.app_id).failed_deliveries(hook.hook_id, since=since)
    except BotError as error:
        log.warning("hook.not_caught_up app=%s error=%s", hook.app_id, error)
        # What Apple does not know or refuses will not be better in an hour.
        return not isinstance(error, Unavailable)
    for delivery in failed:
        event = event_of(delivery.payload)
        if event is not None and not event.ping:
            await write_down(desk, hook.app_id, event.id)
    return True
