"""The composition root: settings in, a running bot out."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version

from aiohttp import web

from bot.appstore import Accounts, AppStore
from bot.clock import Clock, WallClock
from bot.domain.proposals import Proposal
from bot.errors import Unavailable
from bot.jobs import Scheduler
from bot.pushes.calls import Calls, Confirmation
from bot.pushes.runner import Runner
from bot.settings import ApiKey, AppSettings, Settings
from bot.slack.checks import Identity, SlackSide
from bot.slack.listeners import Front
from bot.slack.people import SlackPeople
from bot.slack.voice.notifier import SlackNotifier
from bot.slack.waiting import until_answered
from bot.slack.work import Work
from bot.storage.pushes import Push
from bot.storage.store import Store
from bot.web.api.problems import as_problems
from bot.web.api.routes import Api
from bot.web.hooks import AppleHooks
from bot.web.server import Bounds, HttpSide, waiting_room
from bot.workflow import catalogue, last_moment, recording, voting
from bot.workflow.desk import DEFAULT_ACCOUNT, Desk, Rules
from bot.workflow.policy import policy_of
from bot.workflow.recording import CallWriter
from bot.workflow.rhythm import freeze_of, hours_of, reminder_of
from bot.workflow.watch import hooks, outages, using

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bot:
    """A running bot, as its owner holds it."""

    desk: Desk
    http: HttpSide | None


async def serve(settings: Settings) -> None:
    """Run the bot until it is told to stop (SIGTERM, SIGINT), also while it starts.

    Raises BotError when the store cannot be opened or Slack refuses the token.
    """
    stop, ready = asyncio.Event(), asyncio.Event()
    serving = asyncio.ensure_future(_serve(settings, stop, ready))

    def told() -> None:
        stop.set()
        if not ready.is_set():
            serving.cancel()

    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, told)
    try:
        await serving
    except asyncio.CancelledError:
        if not stop.is_set():
            raise
        log.info("bot.stopped before it was ready")


async def _serve(settings: Settings, stop: asyncio.Event, ready: asyncio.Event) -> None:
    async with running(settings, clock=WallClock(), scheduled=True):
        ready.set()
        log.info("bot.ready")
        await stop.wait()
        log.info("bot.stopping")


@asynccontextmanager
async def running(settings: Settings, *, clock: Clock, scheduled: bool) -> AsyncIterator[Bot]:
    """Run the bot for as long as the block lasts; without `scheduled` no job runs by itself."""
    async with AsyncExitStack() as stack:
        store, calls = await _memory(stack, settings, clock)
        accounts = await stack.enter_async_context(_accounts(settings, clock, calls))
        slack = await stack.enter_async_context(SlackSide(settings.slack))
        identity = await _identity(settings, slack, clock)
        notifier = SlackNotifier(slack, clock)
        desk = Desk(
            store=store,
            accounts=accounts,
            people=SlackPeople(slack, identity, clock),
            notifier=notifier,
            clock=clock,
            rules=rules_of(settings),
            start_pushes=lambda: None,
        )
        await _recall(desk, settings)
        runner = _runner(desk)
        desk.start_pushes = runner.wake
        work = Work(await stack.enter_async_context(asyncio.TaskGroup()))
        stack.callback(work.stop)
        front = Front(settings.slack, desk, slack, work, identity)
        apple = AppleHooks(desk, clock)
        ready = asyncio.Event()
        api = Api(desk, clock)
        http = _http(settings, [*front.routes(), *apple.routes()], ready, api)
        if http is not None:
            await stack.enter_async_context(http)
        notifier.begin(desk, work)
        stack.push_async_callback(using.write_down, desk)
        front.begin()
        for loop in (runner.run, apple.run, calls.run):
            work.keep(loop, clock)
        if scheduled:
            _schedule(stack, desk)
        await stack.enter_async_context(front)
        # The first thing at a stop: what is on its way to Apple has the most time to arrive.
        stack.push_async_callback(runner.land)
        ready.set()
        yield Bot(desk=desk, http=http)


def rules_of(settings: Settings) -> Rules:
    """Return what `marquee.toml` says, in the workflow's terms."""
    return Rules(
        policy=policy_of(settings.approval),
        channel=settings.channel,
        channels={one.bundle_id: settings.channel_of(one.bundle_id) for one in settings.apps},
        reminders=tuple(reminder_of(one) for one in settings.reminders),
        timezone=settings.timezone,
        check_links=settings.check_links,
        poll=settings.poll,
        public_url=settings.public_url,
        secret=settings.secret,
        hours=hours_of(settings.hours),
        freezes=tuple(freeze_of(one) for one in settings.freezes),
        break_glass=settings.break_glass,
        summary_at=settings.summary_at,
        weekly=(settings.weekly.day, settings.weekly.at) if settings.weekly else None,
    )


async def _memory(
    stack: AsyncExitStack, settings: Settings, clock: Clock
) -> tuple[Store, CallWriter]:
    store = await stack.enter_async_context(Store(settings.database, clock=clock))
    calls = CallWriter(store.record, clock)
    # When everything else has ended, so that the last calls are in the record too.
    stack.push_async_callback(calls.write)
    return store, calls


async def _recall(desk: Desk, settings: Settings) -> None:
    accounts = {
        name: recording.Account(
            key_id=key.key_id,
            issuer_id=key.issuer_id,
            apps=tuple(one.bundle_id for one in settings.apps if _account_of(one) == name),
        )
        for name, key in _keys(settings).items()
    }
    in_force = recording.settings(desk.rules, version("marquee-bot"), accounts)
    await desk.store.record.add_if_new(in_force, now=desk.clock.now())
    await catalogue.recall(desk)


def _schedule(stack: AsyncExitStack, desk: Desk) -> None:
    scheduler = Scheduler(desk)
    scheduler.start()
    stack.callback(scheduler.stop)


def _keys(settings: Settings) -> dict[str, ApiKey]:
    return {DEFAULT_ACCOUNT: settings.key, **{one.name: one.key for one in settings.accounts}}


def _account_of(app: AppSettings) -> str:
    return app.account or DEFAULT_ACCOUNT


def _accounts(settings: Settings, clock: Clock, calls: CallWriter) -> Accounts:
    return Accounts(
        {
            name: AppStore(
                key,
                base_url=settings.asc_url,
                clock=clock,
                account=name,
                observer=calls.observer(name),
            )
            for name, key in _keys(settings).items()
        },
        DEFAULT_ACCOUNT,
        accounts_of_bundles={one.bundle_id: one.account for one in settings.apps if one.account},
    )


def _http(
    settings: Settings, routes: Iterable[web.RouteDef], ready: asyncio.Event, api: Api
) -> HttpSide | None:
    if settings.port is None:
        return None
    return HttpSide(
        settings.port,
        [*routes, *api.routes()],
        ready=ready.is_set,
        bounds=Bounds(larger=api.larger()),
        around=[as_problems],
    )


def _runner(desk: Desk) -> Runner:
    async def confirm(push: Push, proposal: Proposal) -> Confirmation:
        return await last_moment.confirm(desk, push, proposal)

    def changed(number: int) -> None:
        desk.notifier.proposal_changed(number)

    def waits(proposal: Proposal) -> datetime | None:
        held = desk.rules.held(proposal, desk.clock.now())
        return held.until if held else None

    async def acted(push: Push, proposal: Proposal) -> None:
        await hooks.after_push(desk, push.id, proposal)

    async def out(proposal: Proposal) -> bool:
        return await outages.out(desk, proposal)

    async def tried(number: int) -> None:
        await outages.tried(desk, number)

    async def left(number: int) -> None:
        await voting.count_again(desk, number)

    calls = Calls(
        confirm=confirm, changed=changed, held=waits, acted=acted, left=left, out=out, tried=tried
    )
    return Runner(desk.store, desk.store_of, desk.clock, calls)


async def _identity(settings: Settings, slack: SlackSide, clock: Clock) -> Identity:
    """Return whose token it is; while Slack is away, the port says that the bot is starting."""
    try:
        return await slack.identity()
    except Unavailable as error:
        log.warning("slack.unreachable error=%s", error)
    async with AsyncExitStack() as stack:
        if settings.port is not None:
            around = [as_problems]
            await stack.enter_async_context(waiting_room(settings.port, around=around))
        return await until_answered(slack.identity, clock)
