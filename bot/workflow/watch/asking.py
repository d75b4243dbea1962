"""Asks for what proposals wait for: missing approvers, the second list, the proposer.

A proposal that is stale waits for its proposer alone, who is told so once. One person gets one
message a day at most, with everything that waits for them; the channel gets none. A period is
(proposal, revision, hours, person) for having been asked, and (person, day) for the message.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from bot.domain.electorate import able, own_vote_counts, why_not_eligible
from bot.domain.items import may_wait
from bot.domain.lifetime import lives_until
from bot.domain.needs import Need
from bot.domain.periods import next_working_moment
from bot.domain.policy import ESCALATED_AFTER, Members, requirement
from bot.domain.proposals import Proposal, Status
from bot.errors import BotError
from bot.storage.outbox import NewNotice
from bot.workflow.deciding import decided, escalated
from bot.workflow.desk import Desk
from bot.workflow.voting import count
from bot.workflow.watch.cards import AskedCard
from bot.workflow.watch.tidying import undecided

log = logging.getLogger(__name__)

JOB = "ask"
# What a person switches off in `/aso settings` by.
ASKED = "asked"
# Who chose it is told of what was not pushed as it happens.
RESULTS = "results"
# Approvers are asked when a revision has waited so long; the second list after the last one.
ASKED_AFTER = (timedelta(hours=24), ESCALATED_AFTER)
EXPIRY_TOLD = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """Who could still decide an open proposal: user ids, those of the second list apart.

    `nobody` when a quorum cannot be reached any more because there is no one left.
    """

    first: frozenset[str]
    second: frozenset[str]
    nobody: bool


async def ask(desk: Desk) -> None:
    """Ask who is missing, announce what ends soon, let the second list decide in its time."""
    waiting: dict[str, list[str]] = {}
    works = desk.rules.works(desk.clock.now())
    for proposal in await undecided(desk):
        try:
            taken = await desk.store.periods.taken(JOB, _name(proposal, ""))
            if proposal.status is Status.OPEN and proposal.barred:
                await _hand_back(desk, proposal, taken)
                continue
            if proposal.votable:
                await _escalate(desk, proposal, taken)
            if _ends_unpushed(desk, proposal):
                await _announce_end(desk, proposal, taken)
            if works and proposal.votable:
                await _collect(desk, proposal, waiting, taken)
        except BotError as error:
            log.warning("proposal.not_asked proposal=%s error=%s", proposal.id, error)
    for user, periods in sorted(waiting.items()):
        await _tell(desk, user, periods)
    desk.notifier.notices_waiting()


async def asked_cards(desk: Desk, user: str) -> tuple[AskedCard, ...]:
    """Return the proposals that wait for a person's vote, in part or whole, the oldest first.

    Raises Unavailable when Slack does not say who people are.
    """
    found = []
    for proposal in reversed(await undecided(desk)):
        if not proposal.votable:
            continue
        missing = await who_is_missing(desk, proposal)
        if user in missing.first | missing.second:
            found.append(AskedCard(proposal=proposal, escalated=user not in missing.first))
    return tuple(found)


async def who_is_missing(desk: Desk, proposal: Proposal) -> Missing:
    """Return who has not voted yet, could, and would bring an open need further."""
    decision = await decided(desk, proposal)
    if decision.rejected_by or proposal.barred:
        return Missing(first=frozenset(), second=frozenset(), nobody=False)
    members = await _members(desk, proposal)
    counts = own_vote_counts(desk.rules.policy, proposal.items, proposal.version_state)
    policy = desk.rules.policy
    unable = frozenset() if counts else policy.accounts(proposal.authors)
    first: set[str] = set()
    second: set[str] = set()
    nobody = False
    for need in decision.needs:
        if need.met or not any(map(may_wait, need.items)):
            continue
        left = await _eligible(desk, able(need, members) - unable - policy.accounts(need.voted))
        nobody |= not left
        own = _first_list(desk, proposal, need, members)
        first |= left & own
        second |= left - own
    return Missing(first=frozenset(first), second=frozenset(second - first), nobody=nobody)


def _first_list(desk: Desk, proposal: Proposal, need: Need, members: Members) -> frozenset[str]:
    wanted = requirement(desk.rules.policy, need.items[0], proposal.bundle_id)
    return able(wanted, members)


async def _members(desk: Desk, proposal: Proposal) -> Members:
    asked: set[str] = set()
    for item in proposal.items:
        wanted = requirement(desk.rules.policy, item, proposal.bundle_id)
        asked |= {*wanted.approvers, *wanted.escalation}
    return await desk.people.members({one for one in asked if one.startswith("S")}, fresh=False)


async def _eligible(desk: Desk, users: Iterable[str]) -> frozenset[str]:
    people = await desk.people.persons(users, fresh=False)
    return frozenset(
        user
        for user, person in people.items()
        if why_not_eligible(
            person, team_id=desk.people.team_id, enterprise_id=desk.people.enterprise_id
        )
        is None
    )


async def _collect(
    desk: Desk, proposal: Proposal, waiting: dict[str, list[str]], taken: frozenset[str]
) -> None:
    """Add to each person's periods those of a proposal that are due and were not taken."""
    waited = desk.clock.now() - proposal.waits_since
    due = [after for after in ASKED_AFTER if waited >= after]
    if not due:
        return
    missing = await who_is_missing(desk, proposal)
    if missing.nobody and _name(proposal, "nobody") not in taken:
        await _once(desk, proposal, "nobody", [proposal.proposer])
    last = ASKED_AFTER[-1:]
    for users, marks in ((missing.first, due), (missing.second, last)):
        for user in users:
            periods = [_name(proposal, f"{_hours(mark)}:{user}") for mark in marks]
            if left := [one for one in periods if one not in taken]:
                waiting.setdefault(user, []).extend(left)


async def _tell(desk: Desk, user: str, periods: list[str]) -> None:
    if not await desk.store.subscriptions.wants(user, ASKED):
        return
    now = desk.clock.now()
    day = now.astimezone(desk.rules.timezone).date().isoformat()
    period = f"day:{day}:{user}"
    if period in await desk.store.periods.taken(JOB, period):
        return
    notice = NewNotice(key=f"asked:{user}:{day}", kind="asked", channel=user, body={})
    await desk.store.periods.take(JOB, [period, *periods], now=now, notices=[notice])


async def _escalate(desk: Desk, proposal: Proposal, taken: frozenset[str]) -> None:
    """Count votes anew once the second list may decide, also those it gave before."""
    period = _name(proposal, "escalated")
    if period in taken or not escalated(proposal, desk.clock.now()):
        return
    if not _has_second_list(desk, proposal):
        return
    if await desk.store.periods.take(JOB, [period], now=desk.clock.now()):
        log.info("proposal.escalated proposal=%s", proposal.id)
        desk.notifier.proposal_changed(proposal.id)
        await count(desk, proposal.id)


async def _hand_back(desk: Desk, proposal: Proposal, taken: frozenset[str]) -> None:
    """Tell the proposer that nobody can vote on it; who gets results knows it from theirs."""
    told = _name(proposal, "stale") in taken
    if not told and not await desk.store.subscriptions.wants(proposal.proposer, RESULTS):
        await _once(desk, proposal, "stale", [proposal.proposer])


def _ends_unpushed(desk: Desk, proposal: Proposal) -> bool:
    """Return whether a proposal ends in its time if nothing happens before.

    Nobody decides on a text that returns by itself, so there is no time for it. What is
    approved is pushed before, unless what it waits for lasts longer than itself.
    """
    if proposal.returns_by_itself or proposal.status is not Status.APPROVED:
        return not proposal.returns_by_itself
    held = desk.rules.held(proposal, desk.clock.now())
    return held is not None and held.until >= lives_until(proposal)


def _has_second_list(desk: Desk, proposal: Proposal) -> bool:
    policy = desk.rules.policy
    return any(requirement(policy, item, proposal.bundle_id).escalation for item in proposal.items)


async def _announce_end(desk: Desk, proposal: Proposal, taken: frozenset[str]) -> None:
    """Tell the thread and the proposer a day before, when somebody is there to read it."""
    if _name(proposal, "expiring") in taken:
        return
    now = desk.clock.now()
    ends = lives_until(proposal)
    begins = ends - EXPIRY_TOLD
    if begins <= proposal.waits_since:
        # It lives for a day or less, which its message says.
        return
    reads = next_working_moment(begins, desk.rules.hours, desk.rules.timezone)
    told = reads if reads < ends else begins
    if told <= now < ends:
        await _once(desk, proposal, "expiring", [proposal.channel, proposal.proposer])


async def _once(desk: Desk, proposal: Proposal, kind: str, places: Iterable[str]) -> None:
    name = _name(proposal, kind)
    body = {"proposal": proposal.id, "revision": proposal.revision}
    notices = [
        NewNotice(key=f"{kind}:{name}:{place}", kind=kind, channel=place, body=body)
        for place in places
    ]
    await desk.store.periods.take(JOB, [name], now=desk.clock.now(), notices=notices)


def _name(proposal: Proposal, what: str) -> str:
    # What went back to people waits anew, and is told of anew.
    again = f"{proposal.opened_at:%Y%m%dT%H%M%S}:" if proposal.opened_at else ""
    return f"{proposal.id}:{proposal.revision}:{again}{what}"


def _hours(span: timedelta) -> int:
    return int(span / timedelta(hours=1))
