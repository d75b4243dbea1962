"""Carries out what acts on a version: judge, ask, write down, and judge anew.

Where Apple stands says what is left, so that a run may stop at any moment and another goes
on. What makes something is looked for before it is asked for again; what Apple needs time
for is waited for, and only so long.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace

from bot.appstore.callbook import Hand
from bot.appstore.client import AppStore
from bot.appstore.errors import AlreadyExists, Gone, Unsure
from bot.clock import Clock
from bot.domain.actions import ACTIONS, is_action, judge
from bot.domain.acts import Act
from bot.domain.items import SETTLED, Item, ItemKind, ItemState
from bot.domain.listing import App
from bot.domain.proposals import Proposal
from bot.domain.returning import Brought
from bot.domain.scene import Scene, Verdict
from bot.errors import BotError, Unavailable, Unwritable
from bot.pushes.errand import (
    SECOND_LOOKS,
    Acted,
    Errand,
    as_ended,
    as_failed,
    as_one,
    not_tried,
    problem_of,
)
from bot.pushes.flight import Flight
from bot.pushes.ledger import StepProblem, TakenOver, problems_of, surely
from bot.pushes.telling import calls_of
from bot.storage.acts import Acts
from bot.storage.pushes import Push
from bot.storage.steps import StepState

log = logging.getLogger(__name__)

NOT_YET = "Apple has not done it within five minutes."
NOT_SHOWN = "Apple said yes and does not show it."
LOOK_REMEDY = "Look at it in App Store Connect, then retry."


@dataclass(frozen=True, slots=True)
class Entry:
    """Where an act stands in the ledger of its push, and the call it was sent with."""

    push: Push
    position: int
    hand: Hand


class Acting:
    """Carries items that act on a version to Apple, for any push."""

    def __init__(
        self,
        acts: Acts,
        store_of: Callable[[str], AppStore],
        clock: Clock,
        flight: Flight,
        *,
        changed: Callable[[int], None],
        brought: Callable[[str, str], Awaitable[tuple[Brought, ...]]],
    ) -> None:
        self._acts = acts
        self._brought = brought
        self._store_of = store_of
        self._clock = clock
        self._flight = flight
        self._changed = changed

    async def first_verdict(self, proposal: Proposal) -> tuple[Item, Verdict] | None:
        """Judge the action that comes first, None where there is none; raises BotError.

        What follows it is judged when it is done: it rests on it.
        """
        found = next(iter(in_order(proposal.items)), None)
        if found is None:
            return None
        _, item = found
        return item, judge(item, await self._scene(proposal, item))

    async def run(self, push: Push, proposal: Proposal) -> dict[int, Acted]:
        """Carry out every action that waits, one after the other; return how each ended.

        Keys are places in the proposal. What comes after one that did not succeed is not
        tried. Raises TakenOver when another run has the right to the push.
        """
        ended: dict[int, Acted] = {}
        stopped: Item | None = None
        for place, item in in_order(proposal.items):
            if stopped is not None:
                ended[place] = not_tried(item, f"{label(stopped)} did not succeed.")
                continue
            ended[place] = await self._carry(await self._errand(push, proposal, place))
            self._changed(proposal.id)
            if ended[place].item.state is not ItemState.DONE:
                stopped = item
        return ended

    async def _errand(self, push: Push, proposal: Proposal, place: int) -> Errand:
        """Return an item with what an earlier run of the same push asked for about it."""
        rows = [row for row in await self._acts.of(push.id) if row.item == place]
        return Errand(
            push=push,
            proposal=proposal,
            place=place,
            done=[row.act for row in rows if row.state is StepState.DONE],
            unsure=[row.act for row in rows if row.state is StepState.UNSURE],
        )

    async def _carry(self, errand: Errand) -> Acted:
        while True:
            try:
                verdict = await self._judge(errand)
                if verdict.state is not ItemState.WAITING:
                    return as_ended(errand, verdict)
                stopped = await self._advance(errand, verdict)
            except Unwritable:
                raise
            except Unavailable as error:
                stopped = await self._pause(errand, error)
            except (AlreadyExists, Gone) as error:
                stopped = await self._look_again(errand, as_one(error))
            except BotError as error:
                stopped = as_one(error)
            if stopped is not None:
                log.info("push.act_failed push=%s item=%s", errand.push.id, errand.item.kind)
                return await self._last_look(errand, stopped)

    async def _judge(self, errand: Errand) -> Verdict:
        scene = await self._scene(errand.proposal, errand.item)
        if scene.release is not None:
            errand.version_id = scene.release.version.id
        return judge(errand.item, scene)

    async def _last_look(self, errand: Errand, problem: StepProblem) -> Acted:
        """Return how an item ended that was refused: an answer that was lost may be why."""
        try:
            verdict = await self._judge(errand)
        except BotError:
            return as_failed(errand, problem)
        done = verdict.state is ItemState.DONE
        return as_ended(errand, verdict) if done else as_failed(errand, problem)

    async def _advance(self, errand: Errand, verdict: Verdict) -> StepProblem | None:
        """Ask for what is next, or wait; return why it cannot go on."""
        if not verdict.acts:
            wait = next(errand.patience, None)
            if wait is None:
                return problem_of("not done yet", NOT_YET, "Retry goes on from there.")
            await self._clock.sleep(wait)
            return None
        known = [*errand.done, *errand.unsure]
        fresh = [act for act in verdict.acts if act not in known]
        if fresh:
            errand.lags = iter(SECOND_LOOKS)
            await self._send(errand, fresh)
            return None
        stopped = await self._look_again(errand, problem_of("not stored", NOT_SHOWN, LOOK_REMEDY))
        lost = [act for act in verdict.acts if act in errand.unsure]
        if stopped is not None and lost and errand.resends:
            # It was looked for long enough: it did not happen, so it may be asked for again.
            errand.resends -= 1
            errand.unsure = [act for act in errand.unsure if act not in lost]
            errand.lags = iter(SECOND_LOOKS)
            return None
        return stopped

    async def _look_again(self, errand: Errand, problem: StepProblem) -> StepProblem | None:
        """Wait for a read to catch up with a write; return `problem` when it did not."""
        wait = next(errand.lags, None)
        if wait is None:
            return problem
        await self._clock.sleep(wait)
        return None

    async def _pause(self, errand: Errand, error: Unavailable) -> StepProblem | None:
        wait = next(errand.troubles, None)
        if wait is None:
            return as_one(error)
        pause = max(wait, error.retry_after or 0.0)
        log.warning("push.act_again push=%s in=%s error=%s", errand.push.id, pause, error)
        await self._clock.sleep(pause)
        return None

    async def _send(self, errand: Errand, acts: Iterable[Act]) -> None:
        """Ask for acts side by side; raises the first refusal once all were answered."""
        tasks = [self._ask(errand, act) for act in acts]
        answers = await asyncio.gather(*tasks, return_exceptions=True)
        found = [one for one in answers if isinstance(one, BaseException)]
        # A defect or another run's right to the push goes before what Apple said.
        found.sort(key=lambda one: isinstance(one, BotError))
        if found:
            raise found[0]

    async def _ask(self, errand: Errand, act: Act) -> None:
        with Hand() as hand:
            async with self._flight.one():
                position = await self._acts.begin(errand.push, errand.place, act)
                if position is None:
                    raise TakenOver
                await self._sent(errand, act, Entry(errand.push, position, hand))

    async def _sent(self, errand: Errand, act: Act, entry: Entry) -> None:
        try:
            made = await self._store_of(errand.proposal.target.app_id).act(act)
        except BotError as error:
            lost = isinstance(error, Unsure)
            if lost:
                errand.unsure.append(act)
            state = StepState.UNSURE if lost else StepState.FAILED
            await self._end(entry, state, problem=problems_of(error))
            raise
        except asyncio.CancelledError:
            with suppress(TakenOver, Unwritable):
                await self._end(entry, StepState.UNSURE)
            raise
        errand.done.append(act)
        await self._end(entry, StepState.DONE, made=made)

    async def _end(
        self, entry: Entry, state: StepState, *, made: str = "", problem: str = ""
    ) -> None:
        await surely(self._write(entry, state, made=made, problem=problem))

    async def _write(self, entry: Entry, state: StepState, *, made: str, problem: str) -> None:
        taken, push, ended = entry.hand.take(), entry.push, False
        told = calls_of(push, taken.calls)
        try:
            ended = await self._acts.end(
                push, entry.position, state, made=made, problem=problem, told=told
            )
        finally:
            if not ended:
                taken.give_back()
        if not ended:
            raise TakenOver

    async def _scene(self, proposal: Proposal, item: Item) -> Scene:
        target = proposal.target
        store = self._store_of(target.app_id)
        builds = item.kind is ItemKind.BUILD
        standing = await store.standing(target.app_id, target.platform, builds=builds)
        scene = Scene(target=target, number=proposal.version_number, standing=standing)
        if item.kind is not ItemKind.COPY_TEXTS:
            return scene
        reading = await store.read(app_of(proposal), target.platform)
        brought = await self._brought(target.app_id, target.platform)
        return replace(scene, reading=reading, brought=brought)


def in_order(items: Iterable[Item]) -> list[tuple[int, Item]]:
    """Return the actions that wait with their places, in the order they are carried out."""
    order = list(ACTIONS)
    found = [
        (place, item)
        for place, item in enumerate(items)
        if is_action(item) and item.state not in SETTLED
    ]
    return sorted(found, key=lambda entry: order.index(entry[1].kind))


def app_of(proposal: Proposal) -> App:
    """Return a proposal's app as it was when it was proposed."""
    target = proposal.target
    return App(id=target.app_id, bundle_id=proposal.bundle_id, name=proposal.app_name)


def label(item: Item) -> str:
    """Return what people call an action."""
    return ACTIONS[item.kind].label
