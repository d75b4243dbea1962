"""The step that a reaction cannot take: who may approve sees what will happen, and says so.

A reaction that another app made with a person's token looks like the person's own (Slack,
"reactions.add"); a form that is sent does not come that way.
"""

from __future__ import annotations

import logging

from bot.domain.items import Which
from bot.domain.needs import Need
from bot.domain.proposals import Proposal
from bot.errors import Conflict, Refused
from bot.workflow import deciding, voting
from bot.workflow.desk import Desk
from bot.workflow.proposing import known

log = logging.getLogger(__name__)


async def ask(desk: Desk, number: int, *, user: str) -> Proposal:
    """Return what a person would confirm; raises Refused for who may not, or without need.

    Raises Unavailable when Slack does not say who people are.
    """
    proposal, _ = await _asked(desk, number, user)
    return proposal


async def _asked(desk: Desk, number: int, user: str) -> tuple[Proposal, frozenset[Which]]:
    """Return the same, with the items that the person's Confirm stands for now."""
    proposal = await known(desk, number)
    if not proposal.votable:
        raise Refused(f"Proposal {number} is {proposal.status}; there is nothing to confirm.")
    decision = await deciding.decided(desk, proposal, fresh_persons=True, fresh_groups=True)
    waiting = {need.items for need in decision.needs if need.unconfirmed}
    own = await deciding.decided(desk, proposal, fresh_persons=True, if_approved_by=user)
    if user in own.refused:
        raise Refused(own.refused[user])
    if not waiting:
        raise Refused(
            "Nothing of this proposal waits for Confirm.",
            remedy="Confirm comes once the votes are there, and again when they are there anew.",
        )
    mine = [need.items for need in own.needs if _decides(desk, user, need)]
    if waiting.isdisjoint(mine):
        raise Refused(
            "You cannot confirm this: none of what waits for it is yours to approve.",
            remedy="Ask one of the approvers that its message names.",
        )
    ready = [need.items for need in decision.needs if need.confirm and need.has_quorum]
    return proposal, frozenset(item.which for each in ready if each in mine for item in each)


async def confirm(desk: Desk, number: int, *, digest: str, user: str) -> None:
    """Keep a person's Confirm on the revision they saw, and decide anew.

    Raises Conflict when it was revised meanwhile, Refused and Unavailable likewise.
    """
    proposal, items = await known(desk, number), frozenset[Which]()
    if proposal.digest == digest:
        proposal, items = await _asked(desk, number, user)
    if proposal.digest != digest:
        raise Conflict(
            f"Proposal {number} was changed while you read it, and nothing was confirmed.",
            remedy="Close this and press Confirm under its newest message.",
        )
    await desk.store.votes.press(number, proposal.revision, user, items, now=desk.clock.now())
    log.info("proposal.confirmed proposal=%s by=%s", number, user)
    await voting.count(desk, number)
    desk.notifier.proposal_changed(number)


def _decides(desk: Desk, user: str, need: Need) -> bool:
    """Return whether a person's approval would count for it; one account is as good as another."""
    person = desk.rules.policy.person
    return person(user) in map(person, need.voted)
