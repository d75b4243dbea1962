"""From the ledger and what Apple holds afterwards to how a push ended. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.domain.items import SETTLED, Item, ItemState, may_wait
from bot.domain.listing import Reading
from bot.domain.outages import lasts
from bot.domain.proposals import Proposal
from bot.domain.timing import TOO_LATE
from bot.errors import BotError, Refused
from bot.pushes.arrival import ended, lock_of, what_broke
from bot.pushes.errand import Acted
from bot.pushes.ledger import StepProblem
from bot.pushes.outage import waiting
from bot.storage.ending import Result
from bot.storage.outbox import NewNotice
from bot.storage.pushes import Push
from bot.storage.records import FailureRow, HistoryRow
from bot.storage.steps import Step


class TooLate(Refused):
    """A text was to return by now, so it is not sent any more."""


def too_late() -> TooLate:
    """Return the error that a text's time is over."""
    return TooLate(TOO_LATE, remedy="Propose it again with a later end if it is still wanted.")


@dataclass(frozen=True, slots=True, kw_only=True)
class After:
    """What is known once a push is over.

    `reading` is what Apple held after the writes, the error when it could not be read, None
    when nothing was written; `cause` why nothing could be; `acted` says by their places how
    actions ended. `others` are the proposal's items that the push did not cover.
    """

    reading: Reading | BotError | None = None
    cause: str = ""
    acted: Mapping[int, Acted] = field(default_factory=dict)
    others: tuple[Item, ...] = ()


def result(
    push: Push,
    proposal: Proposal,
    steps: Iterable[Step],
    after: After,
    *,
    now: datetime,
) -> Result:
    """Return how the push ended, with what is remembered and said about it."""
    broken, acted, in_part = what_broke(steps), after.acted, bool(after.others)
    items = [
        (acted[place].item, acted[place].problem)
        if place in acted
        else ended(item, broken, proposal, after.reading, after.cause)
        for place, item in enumerate(proposal.items)
    ]
    history = [
        _history(item, push, _of_version(proposal, acted.get(place)), now, in_part=in_part)
        for place, (item, _) in enumerate(items)
        if _brought(proposal.items[place], item, acted.get(place))
    ]
    outage, items = waiting(proposal, items, after.reading, now=now)
    failures = [
        _failure(item, problem, proposal, now)
        for item, problem in items
        if problem is not None and item.state is ItemState.FAILED
    ]
    states = {item.state for item in (*(item for item, _ in items), *after.others)}
    lock = lock_of(proposal, steps, after.reading)
    verb = _verb(states, after.others, parked=lock is not None or outage is not None)
    said = (_result_notice(push, proposal, verb=verb), *_failed_push(push, proposal, failures))
    # An outage that lasts is not told again.
    known = outage is not None and lasts(outage, proposal.outage)
    told = [
        (item, acted[place].live_now if place in acted else None)
        for place, (item, _) in enumerate(items)
        if item.state is not ItemState.STALE or place in acted
    ]
    return Result(
        verb=verb,
        parked_for=lock or "",
        items=tuple(told),
        history=tuple(history),
        failures=tuple(failures),
        notices=() if known else said,
        outage=outage,
    )


def _verb(states: Collection[ItemState], others: Iterable[Item], *, parked: bool) -> str:
    if parked:
        return "park"
    if any(map(may_wait, others)):
        return "rest"
    if ItemState.DONE not in states:
        return "fail"
    return "finish" if states == {ItemState.DONE} else "part"


def _brought(before: Item, after: Item, acted: Acted | None) -> bool:
    """Return whether this push brought an item to Apple, and not somebody else before it."""
    arrived = before.state is not ItemState.DONE and after.state is ItemState.DONE
    if acted is not None:
        return arrived and acted.ours
    return arrived and before.state is ItemState.WAITING


def dropped_result(push: Push, proposal: Proposal, *, reason: str = "") -> NewNotice:
    """Return the notice that a push did not begin and the proposal waits for people again."""
    return _result_notice(push, proposal, reason=reason)


def _result_notice(
    push: Push, proposal: Proposal, *, reason: str = "", verb: str = ""
) -> NewNotice:
    return NewNotice(
        key=f"result:{push.id}",
        kind="result",
        channel=proposal.channel,
        body={
            "proposal": proposal.id,
            "revision": proposal.revision,
            "reason": reason,
            **({"part": list(push.part or ())} if verb == "rest" else {}),
        },
    )


def _failed_push(
    push: Push, proposal: Proposal, failures: Iterable[FailureRow]
) -> Iterable[NewNotice]:
    """Yield the notice to the app's channel that something failed for good, once a push."""
    if any(True for _ in failures):
        yield NewNotice(
            key=f"failed_push:{push.id}",
            kind="failed_push",
            channel=proposal.channel,
            body={"proposal": proposal.id},
        )


def _of_version(proposal: Proposal, acted: Acted | None) -> Proposal:
    """Return a proposal with the version that its own push made, if it did."""
    if proposal.target.version_id or acted is None:
        return proposal
    return replace(proposal, target=replace(proposal.target, version_id=acted.version_id))


def _history(
    item: Item, push: Push, proposal: Proposal, now: datetime, *, in_part: bool
) -> HistoryRow:
    return HistoryRow(
        app_id=proposal.target.app_id,
        platform=proposal.target.platform,
        version_id=proposal.target.version_id,
        version_number=proposal.version_number,
        locale=item.locale,
        field=item.field,
        before=item.before,
        after=item.after,
        proposal_id=proposal.id,
        proposer=proposal.proposer,
        approvers=push.approvers,
        pushed_at=now,
        glass=push.glass,
        digest=push.digest,
        part=in_part,
    )


def _failure(item: Item, problem: StepProblem, proposal: Proposal, now: datetime) -> FailureRow:
    return FailureRow(
        app_id=proposal.target.app_id,
        locale=item.locale,
        field=item.field,
        cause=problem.cause,
        message=problem.message,
        remedy=problem.remedy,
        proposal_id=proposal.id,
        at=now,
    )


def for_one_reason(proposal: Proposal, error: BotError) -> list[tuple[Item, str | None]]:
    """Return what is neither done nor stale as failed."""
    return [
        (replace(item, state=ItemState.FAILED, problem=str(error)), None)
        for item in proposal.items
        if item.state not in SETTLED
    ]
