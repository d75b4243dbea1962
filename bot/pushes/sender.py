"""Sends the steps of a plan: side by side, each written down before and after.

An update sets whole values and may run twice; a creation is looked for before it is
repeated. What Apple had no time for stays to be sent later.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from bot.appstore.callbook import Hand
from bot.appstore.client import AppStore
from bot.appstore.errors import AlreadyExists, Unsure
from bot.clock import Clock
from bot.domain.changes import Place
from bot.domain.listing import Localization
from bot.domain.proposals import Proposal
from bot.domain.text import normalise
from bot.errors import BotError, Conflict, Refused, Unavailable, Unwritable
from bot.pushes.flight import Flight
from bot.pushes.ledger import Ledger, TakenOver, problems_of
from bot.storage.pushes import Push
from bot.storage.step_ledger import StepLedger
from bot.storage.steps import REPEATABLE, Step, StepState, StepVerb

log = logging.getLogger(__name__)

# Apple's reads may lag behind its writes: a difference counts only after these waits (seconds).
SECOND_LOOKS = (2.0, 5.0, 15.0)
CREATE_TRIES = 3
ENDED = (StepState.DONE, StepState.FAILED)


class Foreign(Conflict):
    """A localization that was to be made is there, with somebody else's texts."""


@dataclass(frozen=True, slots=True)
class Errand:
    """A step on its way; `first` in its chain, so that it is written down as begun already.

    `baseline` holds by (locale, field) what people saw at Apple.
    """

    push: Push
    store: AppStore
    ledger: Ledger
    step: Step
    first: bool
    baseline: Mapping[Place, str]


class Sender:
    """Carries steps to Apple for any push."""

    def __init__(
        self,
        written: StepLedger,
        store_of: Callable[[str], AppStore],
        clock: Clock,
        flight: Flight,
        *,
        changed: Callable[[int], None],
    ) -> None:
        self._written = written
        self._store_of = store_of
        self._clock = clock
        self._flight = flight
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
        ledger = Ledger(self._written, push)
        store = self._store_of(proposal.target.app_id)
        baseline = {(item.locale, item.field): item.before for item in proposal.items}
        await self._flight.allowed()
        await ledger.begin(chain[0] for chain in chains)
        try:
            async with asyncio.TaskGroup() as tasks:
                for chain in chains:
                    errands = [
                        Errand(push, store, ledger, step, not place, baseline)
                        for place, step in enumerate(chain)
                    ]
                    tasks.create_task(self._send_chain(errands))
        except* (TakenOver, Unwritable) as several:
            raise _one_of(several) from None
        return self._asked_pause.pop(push.id, None)

    async def give_up(self, push: Push, steps: Iterable[Step]) -> None:
        """Let what is left fail, each with what Apple said last."""
        left = [step for step in steps if step.state not in ENDED]
        await Ledger(self._written, push).end_all(
            replace(step, state=StepState.FAILED) for step in left
        )

    async def _send_chain(self, chain: list[Errand]) -> None:
        for place, errand in enumerate(chain):
            ended = await self._send_and_tell(errand)
            self._changed(errand.push.proposal_id)
            if ended.state is StepState.FAILED and ended.verb is not StepVerb.UPDATE:
                await self._skip(errand.ledger, [one.step for one in chain[place + 1 :]], ended)
            if ended.state is not StepState.DONE and ended.verb is not StepVerb.UPDATE:
                return

    async def _skip(self, ledger: Ledger, rest: list[Step], cause: Step) -> None:
        await ledger.end_all(
            replace(step, state=StepState.FAILED, problem=cause.problem) for step in rest
        )

    async def _send_and_tell(self, errand: Errand) -> Step:
        """Send a step and write down how it ended, or that it was cut off."""
        ledger = errand.ledger
        left = errand.step
        with Hand() as hand:
            try:
                async with self._flight.one():
                    if not errand.first:
                        await ledger.begin([errand.step])
                    left = replace(errand.step, state=_unanswered(errand.step))
                    left = await self._send_step(errand, hand)
                    await ledger.end(left, hand)
            except asyncio.CancelledError:
                await ledger.cut_off(left, hand)
                raise
        return left

    async def _send_step(self, errand: Errand, hand: Hand) -> Step:
        push, store, step = errand.push, errand.store, errand.step
        try:
            if step.verb is StepVerb.UPDATE:
                await store.update((step.resource, step.resource_id), step.texts)
            elif step.verb is StepVerb.DELETE:
                await store.delete(step.resource, step.resource_id)
            else:
                return await self._create(errand, hand)
        except Foreign as error:
            # What somebody else wrote is compared with like any other text, and not written over.
            log.info("push.made_by_others push=%s locale=%s", push.id, step.locale)
            self._asked_pause.setdefault(push.id, 0.0)
            return replace(step, state=StepState.UNSURE, problem=problems_of(error))
        except Unavailable as error:
            pause = max(self._asked_pause.get(push.id, 0.0), error.retry_after or 0.0)
            self._asked_pause[push.id] = pause
            return replace(step, state=_unanswered(step), problem=problems_of(error))
        except BotError as error:
            log.info("push.step_failed locale=%s error=%s", step.locale, type(error).__name__)
            return replace(step, state=StepState.FAILED, problem=problems_of(error))
        return replace(step, state=StepState.DONE, problem="")

    async def _create(self, errand: Errand, hand: Hand) -> Step:
        """Make a localization once: what may be there already is looked for before each try."""
        step = errand.step
        fresh = errand.first and step.state is not StepState.UNSURE
        if not fresh:
            adopted = await self._adopt(errand, hand, waits=())
            if adopted is not None:
                return adopted
        for nth in range(CREATE_TRIES):
            try:
                made = await self._make(errand, hand, told=fresh and not nth)
            except (AlreadyExists, Unsure) as answer:
                adopted = await self._adopt(errand, hand, waits=SECOND_LOOKS)
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

    async def _make(self, errand: Errand, hand: Hand, *, told: bool) -> Localization:
        """Ask for a localization; the ledger is told before, where it is not yet."""
        step = errand.step
        if not told:
            await errand.ledger.sending(step, hand)
        return await errand.store.create(
            step.resource, parent_id=step.parent_id, locale=step.locale, texts=step.texts
        )

    async def _adopt(self, errand: Errand, hand: Hand, *, waits: Iterable[float]) -> Step | None:
        """Change what was made already; looked for again after each of `waits`, as reads lag."""
        store, step = errand.store, errand.step
        for wait in (0.0, *waits):
            if wait:
                await self._clock.sleep(wait)
            found = await store.find(step.resource, parent_id=step.parent_id, locale=step.locale)
            if found is not None:
                _refuse_foreign(errand, found)
                adopted = replace(step, resource_id=found.id, problem="")
                await errand.ledger.sending(adopted, hand)
                await store.update(found, step.texts)
                return replace(adopted, state=StepState.DONE)
        return None


def _refuse_foreign(errand: Errand, found: Localization) -> None:
    """Refuse to write over texts that are neither this push's own nor those people saw."""
    for field, text in errand.step.texts.items():
        known = (text, errand.baseline.get((found.locale, field), ""), "")
        if normalise(found.texts.get(field, "")) not in map(normalise, known):
            raise Foreign(
                f"Somebody else made {found.locale} meanwhile, with other texts.",
                remedy="Look at the locale in App Store Connect, then propose it again.",
            )


def _unanswered(step: Step) -> StepState:
    """Return how a step stands that was sent and not answered."""
    return StepState.TODO if step.verb in REPEATABLE else StepState.UNSURE


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
