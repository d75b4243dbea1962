"""The ledger of a running push: every step is written down before it is sent and after."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable
from dataclasses import dataclass, replace

from bot.appstore.errors import AppleRefused
from bot.errors import BotError
from bot.storage.pushes import Push, Pushes
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
    """Writes steps for one push; steps that end together share one transaction."""

    def __init__(self, pushes: Pushes, push: Push) -> None:
        self._pushes = pushes
        self._push = push
        self._ended: list[Step] = []
        self._turn = asyncio.Lock()

    async def begin(self, steps: Iterable[Step]) -> None:
        """Write that steps are about to be sent; what is unsure stays so until it is looked at."""
        doing = [
            step if step.state is StepState.UNSURE else replace(step, state=StepState.DOING)
            for step in steps
        ]
        await self._write(doing)

    async def end(self, step: Step) -> None:
        """Write how a step ended, together with all that ended meanwhile."""
        self._ended.append(step)
        async with self._turn:
            batch, self._ended = self._ended, []
            await self._write(batch)

    async def end_all(self, steps: Iterable[Step]) -> None:
        """Write how several steps ended, in one transaction."""
        await self._write(list(steps))

    async def _write(self, steps: list[Step]) -> None:
        if steps and not await self._pushes.mark(self._push, steps):
            raise TakenOver


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
