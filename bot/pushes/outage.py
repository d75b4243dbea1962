"""Whether it was an outage of Apple's that stopped a push, and what waits for its end. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from bot.domain.causes import NOT_TRIED, NOT_VERIFIED, cause_of
from bot.domain.items import Item, ItemState
from bot.domain.lifetime import lives_until
from bot.domain.listing import Reading
from bot.domain.outages import SILENT, kind_of, outage_of
from bot.domain.proposals import Outage, Proposal
from bot.errors import BotError
from bot.pushes.ledger import StepProblem

Ended = tuple[Item, StepProblem | None]


def outage_met(
    proposal: Proposal, error: BotError, *, since: datetime, now: datetime
) -> Outage | None:
    """Return the outage that an error of Apple's stands for and that is worth waiting for."""
    return _outage(proposal, [type(error).__name__], since=since, now=now)


def waiting(
    proposal: Proposal, items: list[Ended], reading: Reading | BotError | None, *, now: datetime
) -> tuple[Outage | None, list[Ended]]:
    """Return the outage that stopped a push, and its items with those parked that wait for it.

    `reading` is what Apple held afterwards. Where it answers then, what it did not answer
    before was no outage.
    """
    silent = isinstance(reading, BotError)
    met = [problem.cause for _, problem in items if problem is not None]
    causes = (
        [type(reading).__name__, *met]
        if silent
        else [cause for cause in met if kind_of(cause) != SILENT]
    )
    outage = _outage(proposal, causes, since=now, now=now)
    if outage is None:
        return None, items
    return outage, [_parked(item, problem, silent=silent) for item, problem in items]


def _outage(
    proposal: Proposal, causes: Iterable[str], *, since: datetime, now: datetime
) -> Outage | None:
    """Return the outage behind any of these problems.

    A proposal that would expire before the next try is not kept waiting.
    """
    kind = next(filter(None, map(kind_of, causes)), None)
    if kind is None:
        return None
    outage = outage_of(kind, proposal.outage, since=since, now=now)
    in_time = proposal.returns_by_itself or (
        outage.try_at is not None and outage.try_at < lives_until(proposal)
    )
    return outage if in_time else None


def _parked(item: Item, problem: StepProblem | None, *, silent: bool) -> Ended:
    """Return an item that an outage stopped as one that waits; others as they ended."""
    if problem is None or not _is_of_outage(problem, silent=silent):
        return item, problem
    return replace(item, state=ItemState.PARKED), None


def _is_of_outage(problem: StepProblem, *, silent: bool) -> bool:
    """Return whether an outage is behind a problem, itself or by what it kept from happening."""
    unread = silent and cause_of(problem.cause) is NOT_VERIFIED
    return unread or kind_of(problem.cause) is not None or cause_of(problem.cause) is NOT_TRIED
