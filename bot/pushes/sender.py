"""Sends the steps of a plan: side by side, each written down before and after.

An update sets whole values and may run twice; a creation is looked for before it is
repeated. What Apple had no time for stays to be sent later.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable
from dataclasses import replace

from bot.appstore.client import AppStore
from bot.appstore.errors import AlreadyExists, Unsure
from bot.clock import Clock
from bot.domain.proposals import Proposal
from bot.errors import BotError, Refused, Unavailable, Unwritable
from bot.pushes.ledger import Ledger, TakenOver, problems_of
from bot.storage.pushes import Push, Pushes
from bot.storage.steps import Step, StepState, StepVerb

log = logging.getLogger(__name__)

# Apple's reads may lag behind its writes: a difference counts only after these waits (seconds).
SECOND_LOOKS = (2.0, 5.0, 15.0)
CREATE_TRIES = 3
ENDED = (StepState.DONE, StepState.FAILED)


class Sender:
    """Carries steps to Apple for any push."""

    def __init__(
        self,
        pushes: Pushes,
        store_of: Callable[[str], AppStore],
        clock: Clock,
        *,
        changed: Callable[[int], None],
    ) -> None:
        self._pushes = pushes
        self._store_of = store_of
        self._clock = clock
        self._changed = changed
        self._asked_pause: dict[int, float] = {}

    def __repr__(self) -> str:
        return f"<Sender waiting={sorted(self._asked_pause)}>"

    async def send(self, push: Push, proposal: Proposal, steps: Iterable[Step]) -> float | None:
        """Send what is left of a push; return None when every step ended.

        Otherwise Apple had no time for some of them: return the seconds it asked for, 0 when
        it did not say. Raises TakenOver when another run has the right to the push.
        """
        chains = _side_by_side(steps)
        ledger = Ledger(self._pushes, push)
        store = self._store_of(proposal.target.app_id)
        await ledger.begin(chain[0] for chain in chains)
        try:
            async with asyncio.TaskGroup() as tasks:
                for chain in chains:
                    tasks.create_task(self._send_chain(push, store, ledger, chain))
        except* (TakenOver, Unwritable) as several:
            raise _one_of(several) from None
        return self._asked_pause.pop(push.id, None)

    async def give_up(self, push: Push, steps: Iterable[Step]) -> None:
        """Let what is left fail, each with what Apple said last."""
        left = [step for step in steps if step.state not in ENDED]
        await Ledger(self._pushes, push).end_all(
            replace(step, state=StepState.FAILED) for step in left
        )

    async def _send_chain(
        self, push: Push, store: AppStore, ledger: Ledger, chain: list[Step]
    ) -> None:
        for place, step in enumerate(chain):
            if place:
                await ledger.begin([step])
            ended = await self._send_step(push, store, step, look_first=bool(place))
            await ledger.end(ended)
            self._changed(push.proposal_id)
            if ended.state is StepState.FAILED and ended.verb is not StepVerb.UPDATE:
                await self._skip(ledger, chain[place + 1 :], ended)
            if ended.state is not StepState.DONE and ended.verb is not StepVerb.UPDATE:
                return

    async def _skip(self, ledger: Ledger, rest: list[Step], cause: Step) -> None:
        for step in rest:
            await ledger.end(replace(step, state=StepState.FAILED, problem=cause.problem))

    async def _send_step(
        self, push: Push, store: AppStore, step: Step, *, look_first: bool
    ) -> Step:
        try:
            if step.verb is StepVerb.UPDATE:
                await store.update((step.resource, step.resource_id), step.texts)
            elif step.verb is StepVerb.DELETE:
                await store.delete(step.resource, step.resource_id)
            else:
                return await self._create(store, step, look_first=look_first)
        except Unavailable as error:
            pause = max(self._asked_pause.get(push.id, 0.0), error.retry_after or 0.0)
            self._asked_pause[push.id] = pause
            waits = StepState.UNSURE if step.verb is StepVerb.CREATE else StepState.TODO
            return replace(step, state=waits, problem=problems_of(error))
        except BotError as error:
            log.info("push.step_failed locale=%s error=%s", step.locale, type(error).__name__)
            return replace(step, state=StepState.FAILED, problem=problems_of(error))
        return replace(step, state=StepState.DONE, problem="")

    async def _create(self, store: AppStore, step: Step, *, look_first: bool) -> Step:
        """Make a localization once: what may be there already is looked for before each try."""
        if look_first or step.state is StepState.UNSURE:
            adopted = await self._adopt(store, step, waits=())
            if adopted is not None:
                return adopted
        for _ in range(CREATE_TRIES):
            try:
                made = await store.create(
                    step.resource, parent_id=step.parent_id, locale=step.locale, texts=step.texts
                )
            except (AlreadyExists, Unsure) as answer:
                adopted = await self._adopt(store, step, waits=SECOND_LOOKS)
                if adopted is not None:
                    return adopted
                if isinstance(answer, AlreadyExists):
                    break
            else:
                return replace(step, state=StepState.DONE, resource_id=made.id, problem="")
        raise Refused(
            f"Apple did not show {step.locale} after it was made.",
            remedy="Look at the locale in App Store Connect, then retry.",
        )

    async def _adopt(self, store: AppStore, step: Step, *, waits: Iterable[float]) -> Step | None:
        """Change what was made already; looked for again after each of `waits`, as reads lag."""
        for wait in (0.0, *waits):
            if wait:
                await self._clock.sleep(wait)
            found = await store.find(step.resource, parent_id=step.parent_id, locale=step.locale)
            if found is not None:
                await store.update(found, step.texts)
                return replace(step, state=StepState.DONE, resource_id=found.id, problem="")
        return None


def _one_of(several: BaseExceptionGroup) -> BaseException:
    """Return what chains ended with, which is the same for all of them."""
    first = several.exceptions[0]
    return _one_of(first) if isinstance(first, BaseExceptionGroup) else first


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
