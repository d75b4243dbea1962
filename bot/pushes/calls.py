"""What a runner of pushes asks those who look after proposals, and what it tells them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from bot.domain.proposals import Proposal
from bot.storage.pushes import Push


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmation:
    """Whether a push may still begin; `verb` is the proposal's transition when it may not.

    Where it is `later` the push waits, and is asked about again.

    `votes` are those it rests on, as the store tells them, and `approvers` (user ids) whose
    approvals counted; None where nobody was asked.
    """

    go: bool
    later: bool = False
    votes: str | None = None
    approvers: tuple[str, ...] | None = None
    verb: str | None = None
    reason: str = ""


async def _unknown(_proposal: Proposal) -> bool:
    """Know of no outage."""
    return False


async def _alone(_proposal: int) -> None:
    """Leave others alone."""


async def _nobody(_push: Push, _proposal: Proposal) -> None:
    """Tell nobody."""


async def _heard(_proposal: int) -> None:
    """Do nothing about it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Calls:
    """What a runner asks those who look after proposals, and tells them.

    `confirm` says whether a push may begin, `held` until when it has to wait; `changed` hears
    each step of a proposal by its number, `acted` the end of a push that acted on a version,
    `left` that a part was pushed and the rest of the proposal goes on waiting for votes. A
    proposal has those items alone that its push covers. `out` says whether Apple is known not
    to take pushes of this account, and `tried` hears the number of a proposal whose push ended
    although it was.
    """

    confirm: Callable[[Push, Proposal], Awaitable[Confirmation]]
    changed: Callable[[int], None]
    held: Callable[[Proposal], datetime | None] = lambda _: None
    acted: Callable[[Push, Proposal], Awaitable[None]] = _nobody
    left: Callable[[int], Awaitable[None]] = _heard
    out: Callable[[Proposal], Awaitable[bool]] = _unknown
    tried: Callable[[int], Awaitable[None]] = _alone
