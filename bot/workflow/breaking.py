"""Break-glass: a push without approval, by few, said aloud, and reviewed afterwards.

It needs no votes and waits for no undo window. Limits, a comparison with what Apple holds, a
freeze, a chosen time and a rejection are skipped by nobody.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain.items import ItemState
from bot.domain.listing import App
from bot.domain.proposals import Proposal, Status
from bot.errors import Conflict, Refused
from bot.storage.breaks import Break
from bot.storage.outbox import NewNotice
from bot.workflow import deciding
from bot.workflow.admission import in_words, owners, refuse_guest
from bot.workflow.desk import Desk
from bot.workflow.proposing import known

log = logging.getLogger(__name__)

SHORTEST, LONGEST = 20, 500
REVIEW_DUE = timedelta(hours=24)
# The messages about one break that stay in reach of a review.
MOST_REDRAWN = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakCard:
    """What is said of a push without approval; `owners` are ids of people and groups.

    `due` is when its review is, None while nothing of it arrived.
    """

    number: int
    proposal: Proposal
    user: str
    reason: str
    due: datetime | None
    owners: tuple[str, ...]
    reviewed_by: str = ""


async def ask(desk: Desk, number: int, *, user: str) -> Proposal:
    """Return what a person would push without approval; raises Refused where they may not.

    Raises Unavailable when Slack does not say who people are.
    """
    proposal, _ = await _asked(desk, number, user)
    return proposal


async def _asked(desk: Desk, number: int, user: str) -> tuple[Proposal, frozenset[str]]:
    """Return the proposal and everybody who could push it without approval now."""
    may = await _who_may(desk, user)
    proposal = await known(desk, number)
    if proposal.status is Status.REJECTED:
        raise Refused(
            f"Proposal {number} is rejected, and nobody pushes against a rejection.",
            remedy="Whoever rejected it can take the reaction back.",
        )
    if proposal.status is not Status.OPEN:
        raise Refused(f"Proposal {number} is {proposal.status}; only an open one can be pushed.")
    if proposal.stale:
        raise Refused(
            "What Apple holds changed since this was proposed, and that is never skipped.",
            remedy="Press Propose again under its message.",
        )
    return proposal, may


def why(reason: str) -> str:
    """Return a reason as it is kept; raises Refused for one that is too short or too long."""
    return in_words(reason, shortest=SHORTEST, longest=LONGEST)


async def break_glass(desk: Desk, number: int, *, digest: str, user: str, reason: str) -> None:
    """Push a proposal without approval, and say so in its channel at once.

    Raises Refused and Unavailable as `ask` does, Conflict when it was revised meanwhile.
    """
    words = why(reason)
    proposal, may = await _asked(desk, number, user)
    if proposal.digest != digest:
        raise Conflict(
            f"Proposal {number} was changed while you read it, and nothing was pushed.",
            remedy=f"Type `/aso break-glass {number}` again and read it.",
        )
    async with desk.turn(number):
        now = desk.clock.now()
        made = await desk.store.breaks.push(proposal, user=user, reason=words, now=now, may=may)
    if made is None:
        raise Refused(f"Proposal {number} was decided on meanwhile, so nothing was done.")
    log.warning("proposal.glass_broken proposal=%s by=%s", number, user)
    desk.start_pushes()
    desk.notifier.proposal_changed(number)


async def card(desk: Desk, number: int) -> BreakCard:
    """Return what is said of a break; raises Refused when there is none."""
    found = await _found(desk, number)
    proposal = await _as_it_was(desk, found)
    app = App(
        id=proposal.target.app_id,
        bundle_id=proposal.bundle_id,
        name=proposal.app_name,
        primary_locale="",
    )
    return BreakCard(
        number=number,
        proposal=proposal,
        user=found.user,
        reason=found.reason,
        due=found.arrived_at + REVIEW_DUE if found.arrived_at else None,
        owners=owners(desk, app),
        reviewed_by=found.reviewed_by,
    )


async def review(desk: Desk, number: int, *, user: str) -> None:
    """Keep that a person looked at it afterwards; every message about it shows who.

    Raises Refused for who broke the glass, for who could not approve it, and when it was
    reviewed before; Unavailable as `People` does.
    """
    found = await _found(desk, number)
    policy = desk.rules.policy
    if policy.person(user) == policy.person(found.user):
        raise Refused(
            "You broke the glass, so somebody else reviews it.",
            remedy="Ask one of the approvers.",
        )
    proposal = await _as_it_was(desk, found)
    whole = replace(
        proposal, items=tuple(replace(one, state=ItemState.WAITING) for one in proposal.items)
    )
    decision = await deciding.decided(
        desk, whole, fresh_persons=True, fresh_groups=True, if_approved_by=user
    )
    if user in decision.refused:
        raise Refused(decision.refused[user])
    if not await desk.store.breaks.review(number, user=user, now=desk.clock.now()):
        raise Refused("Somebody reviewed this already.")
    log.info("proposal.reviewed proposal=%s by=%s", proposal.id, user)
    told = [
        one
        for kind in ("glass", "review")
        for one in await desk.store.outbox.said_of(f"glass:{number}:", kind=kind, most=MOST_REDRAWN)
    ]
    await desk.say(
        NewNotice(
            key=f"reviewed:{one.key}",
            kind="reviewed",
            channel=one.channel,
            body={"break": number, "ts": one.ts},
        )
        for one in told
    )


async def _who_may(desk: Desk, user: str) -> frozenset[str]:
    """Return the users that are named, by groups as well; raises Refused for anybody else."""
    await refuse_guest(desk, user)
    named = desk.rules.break_glass
    groups = {one for one in named if one.startswith("S")}
    members = await desk.people.members(groups, fresh=True)
    may = frozenset(named).difference(groups).union(*members.values())
    if user not in may:
        raise Refused(
            "Only people whom `[break_glass]` in marquee.toml names can push without approval."
            + ("" if named else " It names nobody."),
            remedy="Ask one of the approvers instead.",
        )
    return may


async def _found(desk: Desk, number: int) -> Break:
    found = await desk.store.breaks.get(number)
    if found is None:
        raise Refused("There is no such push without approval.")
    return found


async def _as_it_was(desk: Desk, found: Break) -> Proposal:
    proposal = await desk.store.proposals.get(found.proposal_id, found.revision)
    if proposal is None:
        raise Refused(f"There is no proposal {found.proposal_id}.")
    return proposal
