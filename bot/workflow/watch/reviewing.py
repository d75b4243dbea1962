"""Asks for the review of what was pushed without approval, each day until somebody did it."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.periods import interval
from bot.domain.proposals import Proposal
from bot.storage.breaks import Break
from bot.storage.outbox import NewNotice
from bot.workflow.breaking import REVIEW_DUE
from bot.workflow.desk import Desk

JOB = "reviews"
EVERY = timedelta(days=1)


async def ask(desk: Desk) -> None:
    """Remind the owners of each review that is due, once a day, while the team works.

    Of the days that went by outside of working hours the last one is said. What has not arrived
    needs no review yet: that is said once.
    """
    now = desk.clock.now()
    if not desk.rules.works(now):
        return
    said = False
    for one in await desk.store.breaks.unreviewed():
        turn = interval((one.arrived_at or one.at) + REVIEW_DUE, EVERY, now)
        proposal = await desk.store.proposals.get(one.proposal_id)
        if turn is None or proposal is None:
            continue
        if one.arrived_at is None:
            said |= await _say(desk, one, proposal, f"unsent:{one.id}")
        elif turn > await _last_turn(desk, one.id):
            said |= await _say(desk, one, proposal, f"{one.id}:{turn}")
    if said:
        desk.notifier.notices_waiting()


async def _say(desk: Desk, one: Break, proposal: Proposal, period: str) -> bool:
    told = NewNotice(
        key=f"glass:{period}" if one.arrived_at else f"glass:{one.id}:unsent",
        kind="review",
        channel=proposal.channel,
        body={"break": one.id},
    )
    return await desk.store.periods.take(JOB, [period], now=desk.clock.now(), notices=[told])


async def _last_turn(desk: Desk, number: int) -> int:
    taken = await desk.store.periods.taken(JOB, f"{number}:")
    return max((int(one.rpartition(":")[2]) for one in taken), default=-1)
