"""Proposals whose version Apple does not have yet: read as it would begin, found when it comes."""

from __future__ import annotations

import logging
from collections.abc import Iterable

from bot.domain.awaiting import known_as, planned, why_never
from bot.domain.listing import Reading, Version
from bot.domain.proposals import Proposal
from bot.workflow.desk import Desk

log = logging.getLogger(__name__)


async def find_awaited(desk: Desk, seen: Iterable[Version]) -> None:
    """Let every proposal whose version a look has just seen know it.

    One whose version can come no more, or is public already, goes back to people. What was
    seen before says nothing: somebody may have deleted it.
    """
    versions = tuple(seen)
    for proposal in await desk.store.awaited.proposals():
        await _find(desk, proposal, versions)


async def settled(
    desk: Desk, proposal: Proposal, reading: Reading
) -> tuple[Reading, Version | None]:
    """Return a reading with the version that a proposal is about, None where that is gone.

    A version that is awaited still stands there as it would begin now, None once it cannot come
    any more; one that is there by now is the proposal's from here on, unless it is public.
    """
    target = proposal.target
    if not target.awaits:
        return reading, next((one for one in reading.versions if one.id == target.version_id), None)
    await _find(desk, proposal, reading.versions)
    version = known_as(target, reading.versions)
    if version is not None or why_never(target, reading.versions):
        return reading, version
    return planned(reading, target.awaited)


async def _find(desk: Desk, proposal: Proposal, versions: Iterable[Version]) -> None:
    there = tuple(versions)
    version, why = known_as(proposal.target, there), why_never(proposal.target, there)
    if why:
        await _give_back(desk, proposal, why)
    elif version is not None:
        await _bind(desk, proposal, version)


async def _give_back(desk: Desk, proposal: Proposal, why: str) -> None:
    if await desk.store.awaited.give_back(proposal.id, why, now=desk.clock.now()):
        log.info("proposal.awaits_in_vain proposal=%s", proposal.id)
        desk.notifier.proposal_changed(proposal.id)
        desk.notifier.notices_waiting()


async def _bind(desk: Desk, proposal: Proposal, version: Version) -> None:
    if await desk.store.awaited.bind(proposal.id, version, now=desk.clock.now()):
        log.info("proposal.bound proposal=%s version=%s", proposal.id, version.id)
        desk.notifier.proposal_changed(proposal.id)
