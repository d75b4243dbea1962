"""Carries approved proposals out: claim, compare, write, read back, remember.

Every write may run twice. A step is written down before it is sent; what was cut off is
sent again when it sets whole values, and looked for first when it makes something.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, replace
from typing import TypeVar

from bot.appstore.client import AppStore
from bot.clock import Clock
from bot.domain.listing import Reading
from bot.domain.proposals import TEXTUAL, Item, ItemState, Proposal, Status
from bot.domain.returning import successor
from bot.errors import BotError, Unavailable
from bot.pushes.acting import Acted, Acting, app_of, in_order, not_tried
from bot.pushes.ledger import TakenOver
from bot.pushes.plan import SETTLED, Plan, plan, plan_rest, with_first_act
from bot.pushes.sender import SECOND_LOOKS, Sender
from bot.pushes.verdict import (
    After,
    all_arrived,
    dropped_result,
    result,
    to_check,
    too_late,
    why_no_acts,
)
from bot.storage.pushes import Begun, Push, PushState
from bot.storage.steps import Step
from bot.storage.store import Store

log = logging.getLogger(__name__)

# Waits before a read that Apple did not answer is tried again (seconds); then the push fails.
READ_AGAIN = (5.0, 30.0, 120.0, 300.0)
# Waits after a run that broke for a reason of our own (seconds); then the push fails.
BROKEN_AGAIN = (5.0, 60.0, 600.0)
# Waits before what Apple had no time for is sent again (seconds); Apple may ask for longer.
SEND_AGAIN = (5.0, 30.0, 120.0, 300.0)
CONFIRM_TRIES = 5
NOTHING = Plan(steps=(), judged=())
Answer = TypeVar("Answer")
VOTES_KEEP_CHANGING = "The votes kept changing while the push began, so nothing was pushed."


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmation:
    """Whether a push may still begin; `verb` is the proposal's transition when it may not.

    `votes` are those it rests on, as the store tells them; None where nobody was asked.
    """

    go: bool
    votes: str | None = None
    verb: str | None = None
    reason: str = ""


async def _nobody(_push: Push, _proposal: Proposal) -> None:
    """Tell nobody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Calls:
    """What a runner asks those who look after proposals, and tells them.

    `confirm` says whether a push may begin, `held` whether it has to wait; `changed` hears
    each step of a proposal by its number, `acted` the end of a push that acted on a version.
    """

    confirm: Callable[[Proposal], Awaitable[Confirmation]]
    changed: Callable[[int], None]
    held: Callable[[Proposal], bool] = lambda _: False
    acted: Callable[[Push, Proposal], Awaitable[None]] = _nobody


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
        self._sender = Sender(store.pushes, store_of, clock, changed=calls.changed)
        brought = store.proposals.brought
        self._acting = Acting(store.acts, store_of, clock, changed=calls.changed, brought=brought)

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
            if proposal is None or self._waits(proposal):
                continue
            if proposal.target.app_id not in busy:
                busy.add(proposal.target.app_id)
                found.append((push, proposal))
        return found

    def _waits(self, proposal: Proposal) -> bool:
        """Return whether a push may not begin yet; one that began goes on to its end."""
        if proposal.status is not Status.APPROVED or self._is_over(proposal):
            return False
        return self._calls.held(proposal)

    async def _guarded(self, number: int, proposal: Proposal) -> None:
        try:
            push = await self._store.pushes.claim(number)
            if push is not None:
                await self._carry_out(push, proposal)
                if in_order(proposal.items):
                    await self._calls.acted(push, proposal)
        except TakenOver:
            log.warning("push.taken_over push=%s", number)
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
        push = await self._store.pushes.claim(number)
        proposal = await self._store.pushes.proposal_of(number)
        if push is None or proposal is None:
            return
        log.error("push.set_aside push=%s", number)
        broken = BotError(
            "Something broke on our side.",
            remedy=f"Retry; if it stays, tell whoever runs the bot: push {number}.",
        )
        await self._give_up(push, proposal, broken)

    async def _carry_out(self, push: Push, proposal: Proposal) -> None:
        log.info("push.claimed push=%s proposal=%s epoch=%s", push.id, proposal.id, push.epoch)
        if push.state is PushState.QUEUED:
            if not await self._prepare(push, proposal):
                return
            proposal = await self._store.proposals.get(proposal.id) or proposal
        if push.state is PushState.WRITING:
            await self._take_up(push, proposal)
        if push.state is not PushState.CHECKING:
            self._calls.changed(proposal.id)
            await self._send_all(push, proposal)
            if not await self._store.pushes.checking(push):
                raise TakenOver
        await self._check(push, proposal.id)

    async def _prepare(self, push: Push, proposal: Proposal) -> bool:
        await self._store_of(proposal.target.app_id).begin_batch()
        made = await self._planned(proposal)
        # People may take a vote back until the moment the plan is written, so they come last.
        for _ in range(CONFIRM_TRIES):
            confirmation = await self._confirmed(proposal)
            if not confirmation.go:
                log.info("push.not_confirmed push=%s reason=%s", push.id, confirmation.reason)
                await self._drop(push, proposal, confirmation.verb, reason=confirmation.reason)
                return False
            if self._is_over(proposal):
                await self._end(push, proposal)
                return False
            if self._calls.held(proposal):
                await self._leave(push, proposal)
                return False
            if isinstance(made, BotError):
                await self._give_up(push, proposal, made)
                return False
            begun = await self._begin(push, proposal, made, confirmation)
            if begun is not Begun.VOTES_CHANGED:
                return begun is Begun.YES
        await self._drop(push, proposal, "unapprove", reason=VOTES_KEEP_CHANGING)
        return False

    def _is_over(self, proposal: Proposal) -> bool:
        return proposal.timing.over(self._clock.now())

    async def _end(self, push: Push, proposal: Proposal) -> None:
        """End a push whose texts were to return by now, before any of them is sent."""
        log.info("push.too_late push=%s proposal=%s", push.id, proposal.id)
        error = too_late()
        if any(item.state is ItemState.DONE for item in proposal.items):
            await self._give_up(push, proposal, error)
            return
        await self._store.pushes.drop(
            push,
            "expire",
            [dropped_result(push, proposal, reason=f"{error} Nothing was pushed.")],
            items=_for_one_reason(proposal, error),
            revision=proposal.revision,
            now=self._clock.now(),
        )

    async def _leave(self, push: Push, proposal: Proposal) -> None:
        """Let a push wait that is held since it was claimed, while people still want it."""
        if await self._store.proposals.status(proposal.id) is Status.APPROVED:
            log.info("push.held push=%s proposal=%s", push.id, proposal.id)
        else:
            await self._drop(push, proposal, None)

    async def _planned(self, proposal: Proposal) -> Plan | BotError:
        """Compare with what Apple holds: the texts, or the action where there are none."""
        if any(item.kind in TEXTUAL for item in proposal.items):
            reading = await self._read(proposal)
            if isinstance(reading, BotError):
                return reading
            made = plan(await self._rehomed(proposal, reading), reading)
            blocked = bool(made.judged) and made.hopeless
            return replace(made, acts=bool(in_order(proposal.items)) and not blocked)
        found = await self._patiently(lambda: self._acting.first_verdict(proposal))
        return found if isinstance(found, BotError) else with_first_act(NOTHING, found)

    async def _rehomed(self, proposal: Proposal, reading: Reading) -> Proposal:
        """Return a return's proposal, about the version that took its own one's place by now."""
        version = successor(proposal, reading)
        if version is None:
            return proposal
        log.info("push.rehomed proposal=%s version=%s", proposal.id, version.id)
        await self._store.proposals.rehome(proposal.id, version)
        return await self._store.proposals.get(proposal.id) or proposal

    async def _begin(
        self, push: Push, proposal: Proposal, made: Plan, confirmation: Confirmation
    ) -> Begun:
        judged = [(one.item, one.live_now) for one in made.judged]
        if made.hopeless and any(one.live_now is not None for one in made.judged):
            await self._give_back(push, proposal, judged)
            return Begun.NOT_APPROVED
        begun = await self._store.pushes.plan(
            push,
            made.steps,
            judged,
            revision=proposal.revision,
            now=self._clock.now(),
            votes=confirmation.votes,
        )
        if begun is Begun.NOT_APPROVED:
            await self._drop(push, proposal, None)
        return begun

    async def _take_up(self, push: Push, proposal: Proposal) -> None:
        """Go on with a push that was cut off: compare anew, since others worked meanwhile."""
        reading = await self._read(proposal)
        steps = await self._store.pushes.steps(push.id)
        if isinstance(reading, BotError):
            rest: Iterable[tuple[Item, str | None]] = _for_one_reason(proposal, reading)
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
                return await self._calls.confirm(proposal)
            except Unavailable as error:
                log.warning("push.confirm_again proposal=%s error=%s", proposal.id, error)
                await self._clock.sleep(wait)
        reason = "Slack did not say whether the approval still stands, so nothing was pushed."
        return Confirmation(go=False, verb="unapprove", reason=reason)

    async def _give_back(
        self, push: Push, proposal: Proposal, judged: Iterable[tuple[Item, str | None]]
    ) -> None:
        """Nothing can be sent, since Apple's texts changed: people look at it again."""
        await self._store.pushes.drop(
            push,
            "stale",
            [dropped_result(push, proposal)],
            items=judged,
            revision=proposal.revision,
            now=self._clock.now(),
        )

    async def _drop(
        self, push: Push, proposal: Proposal, verb: str | None, *, reason: str = ""
    ) -> None:
        notices = [dropped_result(push, proposal, reason=reason)] if reason else []
        await self._store.pushes.drop(push, verb, notices, now=self._clock.now())

    async def _give_up(self, push: Push, proposal: Proposal, error: BotError) -> None:
        """End a push with everything that is not done as failed, for one reason."""
        failed = _for_one_reason(proposal, error)
        revision = proposal.revision
        if push.state is PushState.QUEUED:
            begun = await self._store.pushes.plan(
                push, (), failed, revision=revision, now=self._clock.now()
            )
            if begun is not Begun.YES:
                await self._drop(push, proposal, None)
                return
        elif not await self._store.pushes.plan_rest(push, (), failed, revision=revision):
            raise TakenOver
        await self._finish(push, proposal.id, After(cause=type(error).__name__))

    async def _read(self, proposal: Proposal) -> Reading | BotError:
        target = proposal.target
        store = self._store_of(target.app_id)
        return await self._patiently(lambda: store.read(app_of(proposal), target.platform))

    async def _patiently(self, ask: Callable[[], Awaitable[Answer]]) -> Answer | BotError:
        """Return Apple's answer, asked for again while there is none; the error in the end."""
        for wait in (*READ_AGAIN, None):
            try:
                return await ask()
            except Unavailable as error:
                if wait is None:
                    return error
                log.warning("push.read_again in=%s error=%s", wait, error)
                await self._clock.sleep(wait)
            except BotError as error:
                return error
        raise AssertionError

    # -- writing -------------------------------------------------------------------------

    async def _send_all(self, push: Push, proposal: Proposal) -> None:
        """Send every step; what Apple had no time for is compared anew and sent later."""
        for wait in (*SEND_AGAIN, None):
            steps = await self._store.pushes.steps(push.id)
            pause = await self._sender.send(push, proposal, steps)
            if pause is None:
                return
            if wait is None:
                await self._sender.give_up(push, await self._store.pushes.steps(push.id))
                return
            log.warning("push.send_again push=%s in=%s", push.id, max(wait, pause))
            await self._clock.sleep(max(wait, pause))
            await self._take_up(push, proposal)

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
        acted = await self._act(push, proposal, why_no_acts(proposal, steps, reading))
        await self._finish(push, number, After(reading=reading, acted=acted))

    async def _act(self, push: Push, proposal: Proposal, why_not: str | None) -> dict[int, Acted]:
        """Carry out what acts on the version, once the texts it rests on are there."""
        if why_not is not None:
            return {place: not_tried(item, why_not) for place, item in in_order(proposal.items)}
        return await self._acting.run(push, proposal)

    async def _finish(self, push: Push, number: int, after: After) -> None:
        proposal = await self._store.proposals.get(number)
        if proposal is None:
            return
        now = self._clock.now()
        steps = await self._store.pushes.steps(push.id)
        ended = result(push, proposal, steps, after, now=now)
        status = await self._store.pushes.finish(push, ended, revision=proposal.revision, now=now)
        log.info("push.finished push=%s proposal=%s status=%s", push.id, number, status)


def _for_one_reason(proposal: Proposal, error: BotError) -> list[tuple[Item, str | None]]:
    """Return what is neither done nor stale as failed."""
    return [
        (replace(item, state=ItemState.FAILED, problem=str(error)), None)
        for item in proposal.items
        if item.state not in SETTLED
    ]
