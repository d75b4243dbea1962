"""Fills the card of one proposal: its votes, what still waits for them, how its push goes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from bot.domain.actions import is_action
from bot.domain.approvals import Decision, Veto
from bot.domain.electorate import able, own_vote_counts
from bot.domain.items import Item, ItemState, may_wait
from bot.domain.lifetime import once_approved
from bot.domain.listing import Version
from bot.domain.needs import Need, needs
from bot.domain.parts import covered, outside
from bot.domain.proposals import GIVEN_UP, Proposal, Status
from bot.domain.timing import Held, warnings
from bot.domain.validation import Finding
from bot.errors import Refused, Unavailable
from bot.pushes.ledger import step_problems
from bot.pushes.unanswered import unanswered
from bot.storage.pushes import Push, PushState
from bot.storage.steps import Step, StepState
from bot.workflow.cards import LocaleProgress, ProposalCard
from bot.workflow.deciding import decided, question
from bot.workflow.desk import Desk, app_link
from bot.workflow.rivalry import named

ENDED_STEP = (StepState.DONE, StepState.FAILED)
# Where a push is on its way, or waits for its time.
GOING = (Status.APPROVED, Status.PARKED, Status.PUSHING)
_ACTED = {
    ItemState.DONE: "done",
    ItemState.STALE: "stale",
    ItemState.FAILED: "failed",
    ItemState.LEFT: "left",
}


async def proposal_card(
    desk: Desk, number: int, revision: int | None = None, *, listed: bool = False
) -> ProposalCard:
    """Return all that a proposal's message says; raises Refused when there is none.

    Where it is only `listed` with others its findings name no rivals: of hundreds of proposals
    of one app each looks for its own among all of them.
    """
    proposal = await desk.store.proposals.get(number, revision)
    if proposal is None:
        raise Refused(f"There is no proposal {number}.")
    newest = proposal if revision is None else await desk.store.proposals.get(number)
    current = newest is None or newest.revision == proposal.revision
    policy = desk.rules.policy
    decision = await _decision(desk, proposal)
    push = await desk.store.pushes.latest(number) if current else None
    steps = await desk.store.steps.of(push.id) if push else ()
    found = await desk.store.proposals.findings(number, proposal.revision)
    findings = await named(desk, proposal, found) if current and not listed else found
    part = await _part(desk, proposal) if current else ()
    told = replace(proposal, items=part or proposal.own)
    checking = push is not None and push.state is PushState.CHECKING
    vetoes = await _vetoes(desk, proposal)
    return ProposalCard(
        proposal=await _as_seen(desk, proposal),
        current=current,
        findings=(*_frozen(desk, proposal), *findings),
        needs=_open_needs(desk, proposal, part, decision),
        part=part,
        approved_by=await _decided_by(desk, proposal, part, push, decision),
        rejected_by=_rejected_by(vetoes, decision),
        self_approval=own_vote_counts(policy, proposal.items, proposal.version_state),
        approve_emoji=policy.approve,
        reject_emoji=policy.reject,
        progress=tuple(_progress(told, steps, checking=checking)) if push else (),
        stale_now=await desk.store.proposals.live_now(number, proposal.revision),
        link=app_link(proposal.target.app_id),
        pushed_at=push.finished_at if push else None,
        held=_held(desk, proposal),
        zone=desk.rules.timezone,
        vetoes=vetoes,
        glass=push.glass if push else "",
        unanswered=await _unanswered(desk, proposal),
        nothing_sent=not steps and await _nothing_sent(desk, proposal),
    )


async def own_locales(desk: Desk, card: ProposalCard, user: str) -> tuple[str, ...]:
    """Return the locales that a person decides, nothing where that is all of them or none.

    Who cannot be looked up in Slack now decides nothing.
    """
    groups = {one for need in card.needs for one in need.approvers if one.startswith("S")}
    try:
        members = await desk.people.members(groups, fresh=False)
    except (Refused, Unavailable):
        return ()
    accounts = desk.rules.policy.accounts((user,))
    decided_here = [need for need in card.needs if accounts & able(need, members)]
    texts = [item for item in card.proposal.items if not is_action(item)]
    mine = {item.locale for need in decided_here for item in need.items if not is_action(item)}
    codes = tuple(dict.fromkeys(item.locale for item in texts if item.locale in mine))
    return codes if len(codes) < len({item.locale for item in texts}) else ()


async def _nothing_sent(desk: Desk, proposal: Proposal) -> bool:
    """Return whether a pushed proposal of texts alone found all of them at Apple already."""
    texts = not any(map(is_action, proposal.items))
    return (
        proposal.status is Status.PUSHED
        and texts
        and not await desk.store.steps.had_any(proposal.id)
    )


async def _unanswered(desk: Desk, proposal: Proposal) -> tuple[Item, ...]:
    """Return what may stand at Apple of a proposal that ended, as nobody saw an answer."""
    if proposal.status not in (*GIVEN_UP, Status.SUPERSEDED, Status.PARTIAL):
        return ()
    return unanswered(proposal, await desk.store.steps.of_proposal(proposal.id))


async def _part(desk: Desk, proposal: Proposal) -> tuple[Item, ...]:
    """Return what goes now of a proposal of which more waits for votes, nothing for others."""
    if not proposal.in_parts or proposal.status not in GOING:
        return ()
    push = await desk.store.pushes.latest(proposal.id, dropped=True)
    if push is None or not any(map(may_wait, outside(proposal, push.part))):
        return ()
    items = covered(proposal, push.part).items
    return tuple(item for item in items if item.state is not ItemState.DONE)


def _open_needs(
    desk: Desk, proposal: Proposal, part: tuple[Item, ...], decision: Decision | None
) -> tuple[Need, ...]:
    """Return what is still voted on: in parts without what goes now, or is not what it was."""
    if proposal.status is not Status.OPEN and not part:
        return ()
    found = _needs(desk, proposal, decision)
    if not proposal.in_parts or proposal.barred:
        return found
    rest = [
        replace(need, items=tuple(one for one in need.items if may_wait(one) and one not in part))
        for need in found
    ]
    return tuple(need for need in rest if need.items)


def _needs(desk: Desk, proposal: Proposal, decision: Decision | None) -> tuple[Need, ...]:
    # Without Slack's word on who people are, what is needed is still known.
    return decision.needs if decision else needs(question(desk, proposal))


async def _decision(desk: Desk, proposal: Proposal) -> Decision | None:
    try:
        return await decided(desk, proposal)
    except (Refused, Unavailable):
        return None


async def _decided_by(
    desk: Desk,
    proposal: Proposal,
    part: tuple[Item, ...],
    push: Push | None,
    decision: Decision | None,
) -> tuple[str, ...]:
    """Return who approves what goes now, or approved what went."""
    if proposal.status not in GOING:
        return await desk.store.pushes.approvers(proposal.id)
    # Until it begins people may still come and go.
    waits = proposal.status is not Status.PUSHING and not proposal.returns_by_itself
    if waits and decision and not proposal.glass_by:
        return tuple(sorted(decision.approvers_of(part or proposal.items)))
    return push.approvers if push else ()


async def _vetoes(desk: Desk, proposal: Proposal) -> tuple[Veto, ...]:
    if proposal.status is not Status.REJECTED:
        return ()
    return await desk.store.vetoes.of(proposal.id, proposal.revision)


def _rejected_by(vetoes: tuple[Veto, ...], decision: Decision | None) -> tuple[str, ...]:
    if vetoes:
        return tuple(veto.user for veto in vetoes)
    return decision.rejected_by if decision else ()


def _frozen(desk: Desk, proposal: Proposal) -> tuple[Finding, ...]:
    """Return which freeze would hold an open proposal at this moment, were it approved."""
    if proposal.status is not Status.OPEN:
        return ()
    calendar = desk.rules.calendar(proposal.bundle_id)
    written = proposal.revised_at or proposal.created_at
    ends = once_approved(proposal.expires_at, proposal.timing, written=written)
    return warnings(proposal.timing, calendar, desk.clock.now(), ends=ends)


def _held(desk: Desk, proposal: Proposal) -> Held | None:
    if proposal.status is not Status.APPROVED:
        return None
    return desk.rules.held(proposal, desk.clock.now())


async def _as_seen(desk: Desk, proposal: Proposal) -> Proposal:
    """Return a proposal with the state that its version was seen in since it was written."""
    for seen in await desk.store.watchlog.versions(proposal.target.app_id):
        if _is_of(seen.version, proposal) and seen.since >= proposal.created_at:
            return replace(proposal, version_state=seen.version.state)
    return proposal


def _is_of(version: Version, proposal: Proposal) -> bool:
    target = proposal.target
    if target.version_id:
        return version.id == target.version_id
    # A version that the proposal makes is known by its number.
    return (version.platform, version.number) == (target.platform, proposal.version_number)


def _progress(
    proposal: Proposal, steps: Iterable[Step], *, checking: bool
) -> Iterable[LocaleProgress]:
    by_locale: dict[str, list[Step]] = {}
    for step in steps:
        by_locale.setdefault(step.locale, []).append(step)
    texts = [item for item in proposal.items if not is_action(item)]
    for locale in dict.fromkeys(item.locale for item in texts):
        items = [item for item in texts if item.locale == locale]
        yield _locale_progress(locale, items, by_locale.get(locale, []), checking=checking)
    yield from _acts_progress(proposal)


def _acts_progress(proposal: Proposal) -> Iterator[LocaleProgress]:
    """Tell what acts on the version: one after the other, so the first open one is under way."""
    under_way = proposal.status is not Status.PUSHING
    for item in proposal.items:
        if not is_action(item):
            under_way = under_way or item.state is ItemState.WAITING
            continue
        state = _ACTED.get(item.state, "waiting" if under_way else "acting")
        under_way = under_way or state == "acting"
        problems = (item.problem,) if item.problem else ()
        yield LocaleProgress(locale="", state=state, problems=problems, item=item)


def _locale_progress(
    locale: str, items: list[Item], steps: list[Step], *, checking: bool
) -> LocaleProgress:
    states = {item.state for item in items}
    problems = [item.problem for item in items if item.problem]
    if ItemState.FAILED in states:
        state = "failed"
    elif ItemState.STALE in states:
        state = "stale"
    elif ItemState.PARKED in states:
        state = "parked"
    elif ItemState.LEFT in states:
        state = "left"
    elif states == {ItemState.DONE}:
        state = "done"
    elif any(step.state is StepState.FAILED for step in steps):
        state = "failed"
        problems = [one.message for step in steps for one in step_problems(step)]
    elif checking or (steps and all(step.state in ENDED_STEP for step in steps)):
        state = "checking"
    else:
        begun = any(step.state is not StepState.TODO for step in steps)
        state = "writing" if begun else "waiting"
    return LocaleProgress(locale=locale, state=state, problems=tuple(dict.fromkeys(problems)))
