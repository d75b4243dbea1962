"""The composition root: settings in, a running bot out."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from bot.appstore.client import AppStore
from bot.clock import Clock, WallClock
from bot.domain.proposals import Proposal
from bot.errors import Unavailable
from bot.jobs import Scheduler
from bot.pushes.runner import Confirmation, Runner
from bot.settings import Settings
from bot.slack.checks import Identity, SlackSide
from bot.slack.listeners import Front
from bot.slack.people import SlackPeople
from bot.slack.voice.notifier import SlackNotifier
from bot.slack.work import Work
from bot.storage.store import Store
from bot.web.server import HttpSide
from bot.workflow import voting
from bot.workflow.desk import Desk, Reminder, Rules
from bot.workflow.policy import policy_of
from bot.workflow.watch import using

log = logging.getLogger(__name__)

CONNECT_AGAIN = (1.0, 2.0, 5.0, 10.0, 30.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bot:
    """A running bot, as its owner holds it."""

    desk: Desk
    http: HttpSide | None


async def serve(settings: Settings) -> None:
    """Run the bot until it is told to stop (SIGTERM, SIGINT).

    Raises BotError when the store cannot be opened or Slack refuses the token.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    async with running(settings, clock=WallClock(), scheduled=True):
        log.info("bot.ready")
        await stop.wait()
        log.info("bot.stopping")


@asynccontextmanager
async def running(settings: Settings, *, clock: Clock, scheduled: bool) -> AsyncIterator[Bot]:
    """Run the bot for as long as the block lasts; without `scheduled` no job runs by itself."""
    async with AsyncExitStack() as stack:
        store = await stack.enter_async_context(Store(settings.database))
        appstore = await stack.enter_async_context(
            AppStore(settings.key, base_url=settings.asc_url, clock=clock)
        )
        slack = await stack.enter_async_context(SlackSide(settings.slack))
        identity = await _identity(slack, clock)
        notifier = SlackNotifier(slack, clock)
        desk = Desk(
            store=store,
            appstore=appstore,
            people=SlackPeople(slack, identity, clock),
            notifier=notifier,
            clock=clock,
            rules=rules_of(settings),
            start_pushes=lambda: None,
        )
        runner = _runner(desk)
        desk.start_pushes = runner.wake
        work = Work(await stack.enter_async_context(asyncio.TaskGroup()))
        stack.callback(work.stop)
        front = Front(settings.slack, desk, slack, work)
        ready = asyncio.Event()
        http = None
        if settings.port is not None:
            http = HttpSide(settings.port, front.routes(), ready=ready.is_set)
            await stack.enter_async_context(http)
        notifier.begin(desk, work)
        stack.push_async_callback(using.write_down, desk)
        front.begin()
        work.keep(runner.run, clock)
        if scheduled:
            scheduler = Scheduler(desk)
            scheduler.start()
            stack.callback(scheduler.stop)
        await stack.enter_async_context(front)
        ready.set()
        yield Bot(desk=desk, http=http)


def rules_of(settings: Settings) -> Rules:
    """Return what `marquee.toml` says, in the workflow's terms."""
    return Rules(
        policy=policy_of(settings.approval),
        channel=settings.channel,
        channels={one.bundle_id: settings.channel_of(one.bundle_id) for one in settings.apps},
        reminders=tuple(
            Reminder(state=one.state, after=one.after, every=one.every)
            for one in settings.reminders
        ),
        timezone=settings.timezone,
        summary_at=settings.summary_at,
        weekly=(settings.weekly.day, settings.weekly.at) if settings.weekly else None,
    )


def _runner(desk: Desk) -> Runner:
    async def confirm(proposal: Proposal) -> Confirmation:
        return await voting.confirm(desk, proposal)

    def changed(number: int) -> None:
        desk.notifier.proposal_changed(number)

    return Runner(desk.store, desk.store_of, desk.clock, confirm=confirm, changed=changed)


async def _identity(slack: SlackSide, clock: Clock) -> Identity:
    for wait in CONNECT_AGAIN:
        try:
            return await slack.identity()
        except Unavailable as error:
            log.warning("slack.unreachable again_in=%s error=%s", wait, error)
            await clock.sleep(wait)
    return await slack.identity()
