"""The ledger of a running push: every step is written down before it is sent and after."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Coroutine, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from bot.appstore.callbook import Hand, Taken
from bot.appstore.errors import AppleRefused
from bot.errors import BotError, Unwritable
from bot.pushes.telling import calls_of
from bot.storage.pushes import Push
from bot.storage.step_ledger import StepLedger
from bot.storage.steps import Step, StepState


class TakenOver(Exception):
    """Another run of the same push holds the right to it; this one stops."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepProblem:
    """Why a step failed: the field it was about ("" for all of them), Apple's code, words."""

    field: str
    cause: str
    message: str
    remedy: str


class Ledger:
    """Writes steps for one push; steps that end together share one transaction.

    What Apple answered goes to the record with them, so that neither is there without the other.
    """

    def __init__(self, written: StepLedger, push: Push) -> None:
        self._written = written
        self._push = push
        self._ended: list[tuple[Step, Taken]] = []
        self._turn = asyncio.Lock()

    async def begin(self, steps: Iterable[Step]) -> None:
        """Write that steps are about to be sent; what is unsure stays so until it is looked at."""
        doing = [
            step if step.state is StepState.UNSURE else replace(step, state=StepState.DOING)
            for step in steps
        ]
        await self._write(doing)

    async def sending(self, step: Step, hand: Hand) -> None:
        """Write that a step of which something was asked before sends its next write."""
        await surely(self._write([replace(step, state=StepState.DOING)], [hand.take()]))

    async def end(self, step: Step, hand: Hand) -> None:
        """Write how a step ended, together with all that ended meanwhile."""
        self._ended.append((step, hand.take()))
        await surely(self._end())

    async def cut_off(self, step: Step, hand: Hand) -> None:
        """Write how a step stands that nobody waits for any more, where that can be written."""
        with suppress(TakenOver, Unwritable):
            await self.end(step, hand)

    async def _end(self) -> None:
        async with self._turn:
            batch, self._ended = self._ended, []
            await self._write([step for step, _ in batch], [taken for _, taken in batch])

    async def end_all(self, steps: Iterable[Step]) -> None:
        """Write how several steps ended, in one transaction."""
        await self._write(list(steps))

    async def _write(self, steps: list[Step], taken: Sequence[Taken] = ()) -> None:
        if not steps:
            return
        told = calls_of(self._push, [call for one in taken for call in one.calls])
        marked = False
        try:
            marked = await self._written.mark(self._push, steps, told=told)
        finally:
            if not marked:
                give_back(taken)
        if not marked:
            raise TakenOver


def give_back(taken: Iterable[Taken]) -> None:
    """Let calls be written down by themselves, as what came of them could not be."""
    for one in taken:
        one.give_back()


async def surely(deed: Coroutine[object, object, None]) -> None:
    """Do what must not stop half-way: who is cut off meanwhile waits for its end first."""
    doing = asyncio.ensure_future(deed)
    try:
        await asyncio.shield(doing)
    except asyncio.CancelledError:
        await asyncio.wait([doing])
        raise


def problems_in(error: BotError) -> tuple[StepProblem, ...]:
    """Return an error as problems: one for each of Apple's, else the error as a whole."""
    if isinstance(error, AppleRefused) and error.problems:
        return tuple(
            StepProblem(
                field=one.attribute or "",
                cause=one.code,
                message=one.sentence,
                remedy=error.remedy,
            )
            for one in error.problems
        )
    cause = type(error).__name__
    return (StepProblem(field="", cause=cause, message=error.message, remedy=error.remedy),)


def problems_of(error: BotError) -> str:
    """Return an error as the ledger keeps it: one entry for each of Apple's problems."""
    found = [[one.field, one.cause, one.message, one.remedy] for one in problems_in(error)]
    return json.dumps(found, ensure_ascii=False)


def step_problems(step: Step) -> tuple[StepProblem, ...]:
    """Return what `problems_of` kept in a step."""
    entries = json.loads(step.problem) if step.problem else []
    return tuple(
        StepProblem(field=field, cause=cause, message=message, remedy=remedy)
        for field, cause, message, remedy in entries
    )
