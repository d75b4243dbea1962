"""Carries approved proposals out: claim, compare, write, read back, remember.

Every write may run twice. A step is written down before it is sent; what was cut off is
sent again when it sets whole values, and looked for first when it makes something.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, replace

from bot.appstore.client import AppStore
from bot.appstore.errors import AlreadyExists, Unsure
from bot.clock import Clock
from bot.domain.listing import App, Reading
from bot.domain.proposals import Item, ItemState, Proposal
from bot.errors import BotError, Refused, Unavailable
from bot.pushes.ledger import Ledger, TakenOver, problems_of
from bot.pushes.plan import Plan, plan, plan_rest
from bot.pushes.verdict import all_arrived, dropped_result, result, to_check
from bot.storage.pushes import Push, PushState
from bot.storage.steps import Step, StepState, StepVerb
from bot.storage.store import Store

log = logging.getLogger(__name__)

# Apple's reads may lag behind its writes: a difference counts only after these waits (seconds).
SECOND_LOOKS = (2.0, 5.0, 15.0)
# Waits before a read that Apple did not answer is tried again (seconds); then the push fails.
READ_AGAIN = (5.0, 30.0, 120.0, 300.0)
CREATE_TRIES = 3
# Waits after a run that broke for a reason of our own (seconds); then only a restart helps.
BROKEN_AGAIN = (5.0, 60.0, 600.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmation:
    """Whether a push may still begin; `verb` is the proposal's transition when it may not."""

    go: bool
    verb: str | None = None
    reason: str = ""


class Runner:
    """Runs every queued push, those of one app one after the other."""

    def __init__(
        self,
        store: Store,
        appstore: AppStore,
        clock: Clock,
        *,
        confirm: Callable[[Proposal], Awaitable[Confirmation]],
        changed: Callable[[int], None],
    ) -> None:
        self._store = store
        self._appstore = appstore
        self._clock = clock
        self._confirm = confirm
        self._changed = changed
        self._awake = asyncio.Event()
        self._running: dict[int, str] = {}
        self._broken: dict[int, int] = {}

    def __repr__(self) -> str:
        return f"<Runner running={sorted(self._running)}>"

    @property
    def busy(self) -> bool:
        """Whether any push is being carried out."""
        return bool(self._running)

    def wake(self) -> None:
        """Look for queued pushes now."""
        self._awake.set()

    async def run(self) -> None:
        """Run pushes for ever; what was cut off by a restart goes on first."""
        self._awake.set()
        async with asyncio.TaskGroup() as tasks:
            while True:
                await self._awake.wait()
                self._awake.clear()
                for push, proposal in await self._startable():
                    self._running[push] = proposal.target.app_id
                    tasks.create_task(self._guarded(push, proposal), name=f"push {push}")

    async def _startable(self) -> list[tuple[int, Proposal]]:
        found: list[tuple[int, Proposal]] = []
        busy = set(self._running.values())
        for push in await self._store.pushes.unfinished():
            if push in self._running or self._broken.get(push, 0) > len(BROKEN_AGAIN):
                continue
            proposal = await self._store.pushes.proposal_of(push)
            if proposal and proposal.target.app_id not in busy:
                busy.add(proposal.target.app_id)
                found.append((push, proposal))
        return found

    async def _guarded(self, number: int, proposal: Proposal) -> None:
        try:
            push = await self._store.pushes.claim(number)
            if push is not None:
                await self._carry_out(push, proposal)
        except TakenOver:
            log.warning("push.taken_over push=%s", number)
        except Exception:
            log.exception("push.broken push=%s", number)
            await self._pause_after_breaking(number)
        finally:
            self._running.pop(number, None)
            self._changed(proposal.id)
            self._awake.set()

    async def _pause_after_breaking(self, number: int) -> None:
        times = self._broken[number] = self._broken.get(number, 0) + 1
        if times > len(BROKEN_AGAIN):
            log.error("push.set_aside push=%s until=restart", number)
            return
        await self._clock.sleep(BROKEN_AGAIN[times - 1])

    async def _carry_out(self, push: Push, proposal: Proposal) -> None:
        log.info("push.claimed push=%s proposal=%s epoch=%s", push.id, proposal.id, push.epoch)
        if push.state is PushState.QUEUED and not await self._prepare(push, proposal):
            return
        if push.state is PushState.WRITING:
            await self._take_up(push, proposal)
        steps = await self._store.pushes.steps(push.id)
        if push.state is not PushState.CHECKING:
            self._changed(proposal.id)
            await self._send(push, steps)
            if not await self._store.pushes.checking(push):
                raise TakenOver
        await self._check(push, proposal.id)

    async def _prepare(self, push: Push, proposal: Proposal) -> bool:
        confirmation = await self._confirmed(proposal)
        if not confirmation.go:
            log.info("push.not_confirmed push=%s reason=%s", push.id, confirmation.reason)
            await self._drop(push, proposal, confirmation.verb, reason=confirmation.reason)
            return False
        await self._appstore.begin_batch()
        reading = await self._read(proposal)
        if isinstance(reading, BotError):
            await self._fail_unread(push, proposal, reading)
            return False
        made = plan(proposal, reading)
        if made.hopeless and all(one.item.problem for one in made.judged):
            return await self._give_back(push, proposal, made)
        judged = [(one.item, one.live_now) for one in made.judged]
        if not await self._store.pushes.plan(push, made.steps, judged, revision=proposal.revision):
            await self._drop(push, proposal, None)
            return False
        return True

    async def _take_up(self, push: Push, proposal: Proposal) -> None:
        """Go on with a push that was cut off: compare anew, since others worked meanwhile."""
        reading = await self._read(proposal)
        steps = await self._store.pushes.steps(push.id)
        if isinstance(reading, BotError):
            rest: Iterable[tuple[Item, str | None]] = _unread(proposal, reading)
            made: Iterable[Step] = ()
        else:
            again = plan_rest(proposal, reading, steps)
            rest, made = [(one.item, one.live_now) for one in again.judged], again.steps
        log.info("push.taken_up push=%s", push.id)
        if not await self._store.pushes.plan_rest(push, made, rest, revision=proposal.revision):
            raise TakenOver

    async def _confirmed(self, proposal: Proposal) -> Confirmation:
        for wait in READ_AGAIN:
            try:
                return await self._confirm(proposal)
            except Unavailable as error:
                log.warning("push.confirm_again proposal=%s error=%s", proposal.id, error)
                await self._clock.sleep(wait)
        reason = "Slack did not say whether the approval still stands, so nothing was pushed."
        return Confirmation(go=False, verb="unapprove", reason=reason)

    async def _give_back(self, push: Push, proposal: Proposal, made: Plan) -> bool:
        """Nothing can be sent: all stale goes back to people, the rest is a failure."""
        judged = [(one.item, one.live_now) for one in made.judged]
        if any(one.live_now is not None for one in made.judged):
            await self._store.pushes.drop(
                push,
                "stale",
                [dropped_result(push, proposal)],
                items=judged,
                revision=proposal.revision,
                now=self._clock.now(),
            )
            return False
        # The ledger stays empty and the verdict is read from the items themselves.
        return await self._store.pushes.plan(push, (), judged, revision=proposal.revision)

    async def _drop(
        self, push: Push, proposal: Proposal, verb: str | None, *, reason: str = ""
    ) -> None:
        notices = [dropped_result(push, proposal, reason=reason)] if reason else []
        await self._store.pushes.drop(push, verb, notices, now=self._clock.now())

    async def _fail_unread(self, push: Push, proposal: Proposal, error: BotError) -> None:
        failed = _unread(proposal, error)
        if await self._store.pushes.plan(push, (), failed, revision=proposal.revision):
            await self._finish(push, proposal.id, None, cause=type(error).__name__)

    async def _read(self, proposal: Proposal) -> Reading | BotError:
        app = App(id=proposal.target.app_id, bundle_id=proposal.bundle_id, name=proposal.app_name)
        for wait in (*READ_AGAIN, None):
            try:
                return await self._appstore.read(app, proposal.target.platform)
            except Unavailable as error:
                if wait is None:
                    return error
                log.warning("push.read_again proposal=%s in=%s", proposal.id, wait)
                await self._clock.sleep(wait)
            except BotError as error:
                return error
        raise AssertionError

    # -- writing -------------------------------------------------------------------------

    async def _send(self, push: Push, steps: Iterable[Step]) -> None:
        chains = _side_by_side(steps)
        ledger = Ledger(self._store.pushes, push)
        await ledger.begin(chain[0] for chain in chains)
        try:
            async with asyncio.TaskGroup() as tasks:
                for chain in chains:
                    tasks.create_task(self._send_chain(push, ledger, chain))
        except* TakenOver:
            raise TakenOver from None

    async def _send_chain(self, push: Push, ledger: Ledger, chain: list[Step]) -> None:
        for place, step in enumerate(chain):
            if place:
                await ledger.begin([step])
            ended = await self._send_step(step, look_first=bool(place))
            await ledger.end(ended)
            self._changed(push.proposal_id)
            if ended.state is StepState.FAILED and ended.verb is not StepVerb.UPDATE:
                await self._skip(ledger, chain[place + 1 :], ended)
                return

    async def _skip(self, ledger: Ledger, rest: list[Step], cause: Step) -> None:
        for step in rest:
            await ledger.end(replace(step, state=StepState.FAILED, problem=cause.problem))

    async def _send_step(self, step: Step, *, look_first: bool) -> Step:
        try:
            if step.verb is StepVerb.UPDATE:
                await self._appstore.update((step.resource, step.resource_id), step.texts)
            elif step.verb is StepVerb.DELETE:
                await self._appstore.delete(step.resource, step.resource_id)
            else:
                return await self._create(step, look_first=look_first)
        except BotError as error:
            log.info("push.step_failed locale=%s error=%s", step.locale, type(error).__name__)
            return replace(step, state=StepState.FAILED, problem=problems_of(error))
        return replace(step, state=StepState.DONE, problem="")

    async def _create(self, step: Step, *, look_first: bool) -> Step:
        """Make a localization once: what may be there already is looked for before each try."""
        look = look_first or step.state is StepState.UNSURE
        for _ in range(CREATE_TRIES):
            if look:
                found = await self._appstore.find(
                    step.resource, parent_id=step.parent_id, locale=step.locale
                )
                if found is not None:
                    await self._appstore.update(found, step.texts)
                    return replace(step, state=StepState.DONE, resource_id=found.id, problem="")
            try:
                made = await self._appstore.create(
                    step.resource, parent_id=step.parent_id, locale=step.locale, texts=step.texts
                )
            except (AlreadyExists, Unsure):
                look = True
            else:
                return replace(step, state=StepState.DONE, resource_id=made.id, problem="")
        raise Refused(
            f"Apple did not say whether it made {step.locale}, {CREATE_TRIES} times.",
            remedy="Look at the locale in App Store Connect, then retry.",
        )

    # -- reading back --------------------------------------------------------------------

    async def _check(self, push: Push, number: int) -> None:
        proposal = await self._store.proposals.get(number)
        if proposal is None:
            return
        steps = await self._store.pushes.steps(push.id)
        reading: Reading | BotError | None = None
        if to_check(proposal, steps):
            for wait in (*SECOND_LOOKS, None):
                reading = await self._read(proposal)
                if isinstance(reading, BotError) or all_arrived(proposal, steps, reading):
                    break
                if wait is not None:
                    log.info("push.read_lags push=%s wait=%s", push.id, wait)
                    await self._clock.sleep(wait)
        await self._finish(push, number, reading)

    async def _finish(
        self, push: Push, number: int, reading: Reading | BotError | None, *, cause: str = ""
    ) -> None:
        proposal = await self._store.proposals.get(number)
        if proposal is None:
            return
        now = self._clock.now()
        steps = await self._store.pushes.steps(push.id)
        ended = result(push, proposal, steps, reading, now=now, cause=cause)
        status = await self._store.pushes.finish(push, ended, revision=proposal.revision, now=now)
        log.info("push.finished push=%s proposal=%s status=%s", push.id, number, status)


def _side_by_side(steps: Iterable[Step]) -> list[list[Step]]:
    """Return what is left to send as lists that run side by side, each in its order.

    Only what makes or deletes something has an order within its locale; updates need none.
    """
    chains: dict[int, list[Step]] = {}
    for step in steps:
        if step.state in (StepState.TODO, StepState.UNSURE):
            chains.setdefault(step.chain, []).append(step)
    found: list[list[Step]] = []
    for chain in chains.values():
        if all(step.verb is StepVerb.UPDATE for step in chain):
            found.extend([step] for step in chain)
        else:
            found.append(chain)
    return found


def _unread(proposal: Proposal, error: BotError) -> list[tuple[Item, str | None]]:
    """Return what is left as failed, because Apple could not be read."""
    return [
        (replace(item, state=ItemState.FAILED, problem=str(error)), None)
        for item in proposal.items
        if item.state is not ItemState.DONE
    ]
