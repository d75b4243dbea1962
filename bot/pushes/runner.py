"""Carries approved proposals out: claim, compare, write, read back, remember.

Every write may run twice. A step is written down before it is sent; what was cut off is
sent again when it sets whole values, and looked for first when it makes something.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from bot.appstore.callbook import on_behalf
from bot.appstore.client import AppStore
from bot.clock import Clock
from bot.domain.items import Item
from bot.domain.listing import Reading
from bot.domain.proposals import Proposal, Status
from bot.errors import BotError, Unwritable
from bot.pushes.acting import Acting, in_order
from bot.pushes.approved import altered
from bot.pushes.arrival import all_arrived, lock_of, to_check, why_no_acts
from bot.pushes.beginning import Beginning
from bot.pushes.calls import Calls
from bot.pushes.errand import Acted, not_tried
from bot.pushes.flight import Flight
from bot.pushes.ledger import TakenOver
from bot.pushes.outage import outage_met
from bot.pushes.patience import Patience
from bot.pushes.plan import plan_rest
from bot.pushes.sender import SECOND_LOOKS, Sender
from bot.pushes.telling import cut_off
from bot.pushes.verdict import After, for_one_reason, result
from bot.storage.pushes import Begun, Push, PushState
from bot.storage.steps import Step
from bot.storage.store import Store

log = logging.getLogger(__name__)

# Waits after a run that broke for a reason of our own (seconds); then the push fails.
BROKEN_AGAIN = (5.0, 60.0, 600.0)
# What cannot be written down is tried again for as long as that lasts (seconds).
UNWRITABLE_AGAIN = 30.0
# Waits before what Apple had no time for is sent again (seconds); Apple may ask for longer.
SEND_AGAIN = (5.0, 30.0, 120.0, 300.0)
# Seconds that writes under way have to end in a stop; platforms kill after ten, and what else
# is to be closed takes its time, too.
LANDING = 6.0
# What waits for longer is begun by a job that looks every minute.
SOON = timedelta(minutes=2)


class Runner:
    """Runs every queued push, those of one app one after the other."""

    def __init__(
        self,
        store: Store,
        store_of: Callable[[str], AppStore],
        clock: Clock,
        calls: Calls,
    ) -> None:
        self._store = store
        self._store_of = store_of
        self._clock = clock
        self._calls = calls
        self._awake = asyncio.Event()
        self._running: dict[int, str] = {}
        self._broken: dict[int, int] = {}
        self._alarm: datetime | None = None
        self._flight = Flight()
        self._sender = Sender(store.steps, store_of, clock, self._flight, changed=calls.changed)
        brought = store.proposals.brought
        self._acting = Acting(
            store.acts, store_of, clock, self._flight, changed=calls.changed, brought=brought
        )
        self._patience = Patience(store_of, clock)
        self._beginning = Beginning(store, store_of, clock, calls, self._acting, self._patience)

    def __repr__(self) -> str:
        return f"<Runner running={sorted(self._running)}>"

    @property
    def busy(self) -> bool:
        """Whether any push is being carried out."""
        return bool(self._running)

    def wake(self) -> None:
        """Look for queued pushes now."""
        self._awake.set()

    async def land(self) -> None:
        """Begin no write any more; return when those under way ended, or took too long for it."""
        await self._flight.end(LANDING)

    async def run(self) -> None:
        """Run pushes for ever; what was cut off by a restart goes on first."""
        self._awake.set()
        async with asyncio.TaskGroup() as tasks:
            while True:
                await self._awake.wait()
                self._awake.clear()
                for push, proposal in await self._startable(tasks):
                    self._running[push] = proposal.target.app_id
                    tasks.create_task(self._guarded(push, proposal), name=f"push {push}")

    async def _startable(self, tasks: asyncio.TaskGroup) -> list[tuple[int, Proposal]]:
        found: list[tuple[int, Proposal]] = []
        busy = set(self._running.values())
        for push in await self._store.pushes.unfinished():
            if push in self._running or self._broken.get(push, 0) > len(BROKEN_AGAIN):
                continue
            proposal = await self._store.pushes.proposal_of(push)
            if proposal is None:
                continue
            if until := self._waits(proposal):
                self._wake_at(until, tasks)
                continue
            if proposal.target.app_id not in busy:
                busy.add(proposal.target.app_id)
                found.append((push, proposal))
        return found

    def _waits(self, proposal: Proposal) -> datetime | None:
        """Return until when a push may not begin yet; one that began goes on to its end."""
        if proposal.status is not Status.APPROVED or self._beginning.is_over(proposal):
            return None
        return self._calls.held(proposal)

    def _wake_at(self, until: datetime, tasks: asyncio.TaskGroup) -> None:
        """Look again at that very moment, where it is near; what is later is looked for anyway."""
        now = self._clock.now()
        if until - now > SOON or (self._alarm is not None and now < self._alarm <= until):
            return
        self._alarm = until
        tasks.create_task(self._ring((until - now).total_seconds()))

    async def _ring(self, seconds: float) -> None:
        await self._clock.sleep(seconds)
        self._alarm = None
        self._awake.set()

    async def _guarded(self, number: int, proposal: Proposal) -> None:
        # This task is the push's own: whatever it asks of Apple is for this proposal.
        on_behalf.set(proposal.id)
        try:
            push = await self._store.pushes.claim(number, cut_off=cut_off)
            if push is not None:
                await self._try(push, proposal)
                if in_order(proposal.items):
                    await self._calls.acted(push, proposal)
        except TakenOver:
            log.warning("push.taken_over push=%s", number)
        except Unwritable as error:
            log.warning("push.waits push=%s again_in=%s error=%s", number, UNWRITABLE_AGAIN, error)
            await self._clock.sleep(UNWRITABLE_AGAIN)
        except Exception:
            log.exception("push.broken push=%s", number)
            await self._pause_after_breaking(number)
        finally:
            self._running.pop(number, None)
            self._calls.changed(proposal.id)
            self._awake.set()

    async def _pause_after_breaking(self, number: int) -> None:
        times = self._broken[number] = self._broken.get(number, 0) + 1
        if times <= len(BROKEN_AGAIN):
            await self._clock.sleep(BROKEN_AGAIN[times - 1])
            return
        try:
            await self._set_aside(number)
        except Exception:
            # Not even that: it stays as it is, and a restart tries it again.
            log.exception("push.not_set_aside push=%s", number)
            await self._clock.sleep(BROKEN_AGAIN[-1])

    async def _set_aside(self, number: int) -> None:
        """End a push that keeps breaking, so that people see it and may retry."""
        push = await self._store.pushes.claim(number, cut_off=cut_off)
        proposal = await self._store.pushes.proposal_of(number)
        if push is None or proposal is None:
            return
        log.error("push.set_aside push=%s", number)
        broken = BotError(
            "Something broke on our side.",
            remedy=f"Retry; if it stays, tell whoever runs the bot: push {number}.",
        )
        await self._give_up(push, proposal, broken)

    async def _try(self, push: Push, proposal: Proposal) -> None:
        """Carry a push out; during an outage it is one question, and who waits hears of it."""
        out = await self._calls.out(proposal)
        if out:
            self._patience.none_for.add(proposal.id)
        try:
            await self._carry_out(push, proposal)
        finally:
            self._patience.none_for.discard(proposal.id)
        if out:
            await self._calls.tried(proposal.id)

    async def _carry_out(self, push: Push, proposal: Proposal) -> None:
        log.info("push.claimed push=%s proposal=%s epoch=%s", push.id, proposal.id, push.epoch)
        begun = await self._begun(push, proposal)
        if begun is None:
            return
        push = begun
        if push.state is PushState.QUEUED:
            proposal = await self._store.pushes.proposal_of(push.id) or proposal
        silent: BotError | None = None
        if push.state is PushState.WRITING:
            silent = await self._take_up(push, proposal)
        if push.state is not PushState.CHECKING:
            self._calls.changed(proposal.id)
            silent = silent or await self._send_all(push, proposal)
            if silent is not None:
                await self._finish(push, self._unread(proposal, silent))
                return
            if not await self._store.pushes.checking(push):
                raise TakenOver
        await self._check(push)

    async def _begun(self, push: Push, proposal: Proposal) -> Push | None:
        """Return a push that may send what it is for, None when it ended or waits."""
        # Nobody is asked about what is not what was approved.
        begun: Push | BotError | None = await altered(self._store, push, proposal) or push
        if begun is push and push.state is PushState.QUEUED:
            begun = await self._beginning.prepare(push, proposal)
        if isinstance(begun, BotError):
            await self._give_up(push, proposal, begun)
        return begun if isinstance(begun, Push) else None

    def _unread(self, proposal: Proposal, error: BotError) -> After:
        """Return what is known where Apple cannot be compared with: nothing more is tried."""
        acts = in_order(proposal.items)
        acted = {place: not_tried(item, "Not every text arrived.") for place, item in acts}
        return After(reading=error, acted=acted)

    async def _take_up(self, push: Push, proposal: Proposal) -> BotError | None:
        """Go on with a push that was cut off: compare anew, since others worked meanwhile.

        Return the error where an outage keeps it from being compared; then all stays as it is.
        """
        reading = await self._patience.read(proposal)
        steps = await self._store.steps.of(push.id)
        if isinstance(reading, BotError):
            now = self._clock.now()
            if outage_met(proposal, reading, since=now, now=now) is not None:
                return reading
            rest: Iterable[tuple[Item, str | None]] = for_one_reason(proposal, reading)
            made: Iterable[Step] = ()
        else:
            await self._beginning.mark_public(proposal, reading)
            again = plan_rest(proposal, reading, steps)
            rest, made = [(one.item, one.live_now) for one in again.judged], again.steps
        log.info("push.taken_up push=%s", push.id)
        if not await self._store.pushes.plan_rest(push, made, rest, revision=proposal.revision):
            raise TakenOver
        return None

    async def _give_up(self, push: Push, proposal: Proposal, error: BotError) -> None:
        """End a push with everything that is not done as failed, for one reason."""
        failed = for_one_reason(proposal, error)
        revision = proposal.revision
        if push.state is PushState.QUEUED:
            begun = await self._store.pushes.plan(
                push, (), failed, revision=revision, now=self._clock.now()
            )
            if begun is not Begun.YES:
                await self._store.pushes.drop(push, None, (), now=self._clock.now())
                return
        elif not await self._store.pushes.plan_rest(push, (), failed, revision=revision):
            raise TakenOver
        await self._finish(push, After(cause=type(error).__name__))

    # -- writing -------------------------------------------------------------------------

    async def _send_all(self, push: Push, proposal: Proposal) -> BotError | None:
        """Send every step; what Apple had no time for is compared anew and sent later.

        Return the error where an outage keeps it from being compared.
        """
        for wait in self._patience.waits(proposal, SEND_AGAIN):
            steps = await self._store.steps.of(push.id)
            pause = await self._sender.send(push, proposal, steps)
            if pause is None:
                return None
            if wait is None:
                await self._sender.give_up(push, await self._store.steps.of(push.id))
                return None
            log.warning("push.send_again push=%s in=%s", push.id, max(wait, pause))
            await self._clock.sleep(max(wait, pause))
            if (silent := await self._take_up(push, proposal)) is not None:
                return silent
        raise AssertionError

    # -- reading back --------------------------------------------------------------------

    async def _check(self, push: Push) -> None:
        proposal = await self._store.pushes.proposal_of(push.id)
        if proposal is None:
            return
        steps = await self._store.steps.of(push.id)
        reading: Reading | BotError | None = None
        if to_check(proposal, steps):
            for wait in (*SECOND_LOOKS, None):
                reading = await self._patience.read(proposal)
                if isinstance(reading, BotError) or all_arrived(proposal, steps, reading):
                    break
                if wait is not None:
                    log.info("push.read_lags push=%s wait=%s", push.id, wait)
                    await self._clock.sleep(wait)
        acted: dict[int, Acted] = {}
        if lock_of(proposal, steps, reading) is None:
            others = await self._store.pushes.others(push)
            why_not = why_no_acts(proposal, steps, reading, others=others)
            if in_order(proposal.items) and why_not is None:
                wrong = await altered(self._store, push, proposal)
                why_not = str(wrong) if wrong else None
            acted = await self._act(push, proposal, why_not)
        else:
            acted = {place: Acted(item=item) for place, item in in_order(proposal.items)}
        await self._finish(push, After(reading=reading, acted=acted))

    async def _act(self, push: Push, proposal: Proposal, why_not: str | None) -> dict[int, Acted]:
        """Carry out what acts on the version, once the texts it rests on are there."""
        if why_not is not None:
            return {place: not_tried(item, why_not) for place, item in in_order(proposal.items)}
        return await self._acting.run(push, proposal)

    async def _finish(self, push: Push, after: After) -> None:
        proposal = await self._store.pushes.proposal_of(push.id)
        if proposal is None:
            return
        now = self._clock.now()
        steps = await self._store.steps.of(push.id)
        known = replace(after, others=await self._store.pushes.others(push))
        ended = result(push, proposal, steps, known, now=now)
        status = await self._store.pushes.finish(push, ended, revision=proposal.revision, now=now)
        log.info("push.finished push=%s proposal=%s status=%s", push.id, proposal.id, status)
        if status is Status.OPEN:
            await self._calls.left(proposal.id)
