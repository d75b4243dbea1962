"""The last moment to think better of it: a push that is approved and waits can be stopped."""

from __future__ import annotations

import logging

from bot.domain.proposals import Status
from bot.errors import Refused
from bot.workflow import voting
from bot.workflow.admission import refuse_author, refuse_bystander
from bot.workflow.desk import Desk
from bot.workflow.proposing import known

log = logging.getLogger(__name__)


async def stop(desk: Desk, number: int, *, user: str) -> None:
    """Stop a push before it begins: who wrote the proposal may, and who may approve any of it.

    The votes stay, but do not begin another push before somebody lets it go on. Raises Refused
    for others and where it is too late, Unavailable as `People` does.
    """
    proposal = await known(desk, number)
    await refuse_bystander(desk, proposal, user, to="stop")
    # Not while votes are being counted, which would approve what they saw unstopped.
    async with desk.turn(number):
        stopped = await desk.store.proposals.stop(
            number, digest=proposal.digest, user=user, now=desk.clock.now()
        )
    if not stopped:
        raise Refused(
            f"Proposal {number} is {proposal.status}; there is nothing to stop.",
            remedy="What was pushed can be reverted: press Revert under its message.",
        )
    log.info("proposal.stopped proposal=%s by=%s", number, user)
    desk.start_pushes()
    desk.notifier.proposal_changed(number)


async def go_on(desk: Desk, number: int, *, user: str) -> None:
    """Let a stopped proposal be pushed once it is approved.

    Who stopped it may, and who may approve any of it; who wrote it only if they stopped it.
    """
    proposal = await known(desk, number)
    await refuse_bystander(desk, proposal, user, to="push")
    person = desk.rules.policy.person
    if person(user) != person(proposal.stopped_by):
        await refuse_author(desk, proposal, user)
    if proposal.status is not Status.OPEN or not await desk.store.proposals.let_go_on(
        number, user=user, now=desk.clock.now()
    ):
        raise Refused(f"Proposal {number} is {proposal.status} and is not stopped.")
    log.info("proposal.goes_on proposal=%s by=%s", number, user)
    await voting.count(desk, number)
    desk.notifier.proposal_changed(number)
